// SPDX-License-Identifier: Apache-2.0

package import AuditModel
import ByteCoding
import EventScanner

/// Why a policy captures something or does not.
package struct PolicyExplanation: Equatable, Sendable {
    /// The pattern of the rule that applies, as it was written; nil where none does.
    package let rule: String?
    /// What is captured of the resource in question, by categories.
    package let categories: Set<CaptureCategory>
    /// Whether the event or method is captured; nil where the question was only about a resource.
    package let isCaptured: Bool?
    /// In plain English, one thought each.
    package let sentences: [String]
}

extension CapturePolicy {
    /// What is captured of a resource, by which rule.
    package func explain(_ crn: CRN) -> PolicyExplanation {
        let rule = rule(for: crn)
        let categories = rule?.categories ?? self.categories
        var sentences = [ruleSentence(rule), "Captured there: \(Self.list(categories))."]
        let off = Set(CaptureCategory.allCases).subtracting(categories)
        if !off.isEmpty { sentences.append("Not captured there: \(Self.list(off)).") }
        sentences.append(contentsOf: exceptions)
        return PolicyExplanation(rule: rule?.text, categories: categories, isCaptured: nil, sentences: sentences)
    }

    /// What becomes of requests of a method or API: `kafka.CreateTopics`, `CreateTopics`; nil for one that does not exist.
    package func explain(method name: String) -> PolicyExplanation? {
        let isLogin = name == "kafka.Authentication"
        guard let category = isLogin ? .authentication : KafkaAPI.named(name)?.category else { return nil }
        let method = isLogin ? name : KafkaAPI.named(name)?.method ?? name
        let subject = Subject(
            kind: isLogin ? .login : .act,
            category: category,
            method: method,
            principal: "",
            resources: [CRN(authority: "", elements: [])]
        )
        var sentences = ["\(method) belongs to category \(category.rawValue)."]
        let isCaptured = captures(subject)
        sentences.append(reason(subject, rule: nil, categories: categories, isCaptured: isCaptured))
        for rule in rules where rule.categories.contains(category) != categories.contains(category) {
            sentences.append(
                "For \(rule.text), category \(category.rawValue) is \(rule.categories.contains(category) ? "on" : "off")."
            )
        }
        if !isLogin, !isCaptured, methods[method] == nil, categories.contains(.authorize) {
            sentences.append("Refusals of it are captured all the same, because authorize is on.")
        }
        return PolicyExplanation(rule: nil, categories: categories, isCaptured: isCaptured, sentences: sentences)
    }

    /// Whether an event of Kafka's would be captured, and why.
    ///
    /// - Returns: nil for bytes that are no event with a type and a method of Kafka's.
    package func explain(event bytes: [UInt8]) -> PolicyExplanation? {
        guard let event = ExplainedEvent(bytes) else { return nil }
        let isLogin = event.method == "kafka.Authentication"
        guard let category = isLogin ? .authentication : KafkaAPI.named(event.method)?.category else { return nil }
        let kind: Subject.Kind
        switch event.action {
        case .authentication: kind = .login
        case .authorization: kind = event.isGranted ? .check : .refusal
        default: kind = .act
        }
        let crn = event.resource.flatMap { CRN($0) }
        let subject = Subject(
            kind: kind,
            category: category,
            method: event.method,
            principal: event.principal,
            resources: crn.map { [$0] } ?? [CRN(authority: "", elements: [])]
        )
        let rule = crn.flatMap { self.rule(for: $0) }
        let categories = rule?.categories ?? self.categories
        let isCaptured = captures(subject)
        var sentences = ["\(event.method) belongs to category \(category.rawValue)."]
        if crn == nil { sentences.append("The event names no resource, so no rule applies.") }
        if !excludedPrincipals.contains(event.principal), methods[event.method] == nil {
            sentences.append(ruleSentence(rule))
        }
        sentences.append(reason(subject, rule: rule, categories: categories, isCaptured: isCaptured))
        return PolicyExplanation(rule: rule?.text, categories: categories, isCaptured: isCaptured, sentences: sentences)
    }
}

// MARK: - Sentences

extension CapturePolicy {
    private func ruleSentence(_ rule: Rule?) -> String {
        if let rule { return "The rule for \(rule.text) applies: the most specific one that matches." }
        return rules.isEmpty
            ? "There are no rules, so the general categories apply."
            : "No rule matches, so the general categories apply."
    }

    private func reason(_ subject: Subject, rule: Rule?, categories: Set<CaptureCategory>, isCaptured: Bool) -> String {
        let verdict = isCaptured ? "Captured" : "Not captured"
        if excludedPrincipals.contains(subject.principal) { return "\(verdict): \(subject.principal) is excluded." }
        if methods[subject.method] != nil { return "\(verdict): the policy names the method." }
        let category = subject.category.rawValue
        func state(_ category: CaptureCategory) -> String { categories.contains(category) ? "on" : "off" }
        switch subject.kind {
        case .login, .act: return "\(verdict): category \(category) is \(state(subject.category))."
        case .check:
            return "\(verdict): a check that was allowed needs \(category), which is \(state(subject.category)), "
                + "and authorize, which is \(state(.authorize))."
        case .refusal: return "\(verdict): a refusal needs authorize alone, which is \(state(.authorize))."
        }
    }

    private var exceptions: [String] {
        var sentences: [String] = []
        let included = methods.filter(\.value).keys.sorted()
        let excluded = methods.filter { !$0.value }.keys.sorted()
        if !included.isEmpty {
            sentences.append("Captured whatever their category: \(included.joined(separator: ", ")).")
        }
        if !excluded.isEmpty { sentences.append("Never captured: \(excluded.joined(separator: ", ")).") }
        if !excludedPrincipals.isEmpty {
            sentences.append("Nothing is captured of \(excludedPrincipals.sorted().joined(separator: ", ")).")
        }
        return sentences
    }

    private static func list(_ categories: Set<CaptureCategory>) -> String {
        let names = CaptureCategory.allCases.filter(categories.contains).map(\.rawValue)
        return names.isEmpty ? "nothing" : names.joined(separator: ", ")
    }
}

/// What an explanation needs to know of an event.
private struct ExplainedEvent {
    let action: AuditAction?
    let method: String
    let principal: String
    let resource: String?
    let isGranted: Bool

    private static let places = [
        "type", "data.methodName", "data.resourceName", "subject", "data.authenticationInfo.principal",
        "data.authorizationInfo.granted",
    ]

    init?(_ bytes: [UInt8]) {
        let table = PathTable(Self.places.enumerated().map { (path: $0.element, slot: UInt16($0.offset)) })
        var scanner = ObjectScanner(table)
        guard (try? unsafe scanner.scan(bytes.span.bytes, in: 0..<bytes.count)) != nil else { return nil }
        func text(_ slot: UInt16) -> String? {
            guard let hit = scanner.hits.first(where: { $0.slot == slot }), hit.kind.isScalar, hit.kind != .null else {
                return nil
            }
            let raw = Array(bytes[hit.range])
            return hit.kind == .escapedString ? JSONString.decode(raw.span) : String(decoding: raw, as: UTF8.self)
        }
        guard let type = text(0), let method = text(1) else { return nil }
        action = AuditAction(ofType: type)
        self.method = method
        principal = text(4) ?? ""
        resource = text(2) ?? text(3)
        isGranted = text(5) == "true"
    }
}
