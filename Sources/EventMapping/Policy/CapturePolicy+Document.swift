// SPDX-License-Identifier: Apache-2.0

import AuditModel

extension CapturePolicy {
    /// Reads a policy.
    ///
    /// Keys that are not there have their defaults; keys that have no meaning are an error. A rule says what is different from
    /// the general categories.
    ///
    /// ```yaml
    /// categories:
    ///   describe: true
    /// methods:
    ///   include: [kafka.DescribeConfigs]
    ///   exclude: [kafka.OffsetCommit]
    /// excludedPrincipals: [User:monitor]
    /// rules:
    ///   - pattern: crn:///kafka=*/topic=metrics-*
    ///     categories: {produce: false, consume: false}
    /// whenUnavailable:
    ///   management: refuse
    /// coalesce:
    ///   checks: 60s
    ///   failures: 60s
    /// ```
    ///
    /// - Throws: `PolicyError`; its `path` names the place in the document.
    package init(_ document: PolicyValue) throws(PolicyError) {
        self.init()
        if document == .null { return }
        let root = PolicyPlace(path: "", value: document)
        let members = try root.members(
            allowed: ["categories", "methods", "excludedPrincipals", "rules", "whenUnavailable", "coalesce"]
        )
        // First, whatever the order: rules are told by their difference from these.
        for (key, place) in members where key == "categories" {
            categories = try place.categories(changing: categories)
        }
        for (key, place) in members where key != "categories" {
            switch key {
            case "methods": try readMethods(place)
            case "excludedPrincipals": excludedPrincipals = try Self.principals(place)
            case "rules": rules = try Self.rules(place, categories)
            case "whenUnavailable": try readUnavailable(place)
            default: try readCoalesce(place)
            }
        }
    }

    private mutating func readMethods(_ place: PolicyPlace) throws(PolicyError) {
        for (key, list) in try place.members(allowed: ["include", "exclude"]) {
            for element in try list.elements() {
                let text = try element.text("the name of a method, such as kafka.DescribeConfigs")
                let isLogin = text == "kafka.Authentication"
                guard let method = isLogin ? text : KafkaAPI.named(text)?.method else {
                    throw element.error(
                        .unknownName,
                        "no method \"\(text)\"",
                        "methods are kafka. and the name of an API of Kafka's, such as kafka.DescribeConfigs"
                    )
                }
                guard methods[method] == nil else {
                    throw element.error(.repeatedKey, "\(method) is there twice", "a method is named once")
                }
                methods[method] = key == "include"
            }
        }
    }

    private static func principals(_ place: PolicyPlace) throws(PolicyError) -> Set<String> {
        var found: Set<String> = []
        for element in try place.elements() {
            let expected = "a principal with its type, such as User:monitor"
            let text = try element.text(expected)
            guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
                text.index(after: colon) < text.endIndex
            else { throw element.error(.wrongValue, "\"\(text)\" has no type", expected) }
            found.insert(text)
        }
        return found
    }

    private static func rules(_ place: PolicyPlace, _ general: Set<CaptureCategory>) throws(PolicyError) -> [Rule] {
        let elements = try place.elements()
        guard elements.count <= MappingLimits.policyRules else {
            throw place.error(.tooMany, "\(elements.count) rules", "at most \(MappingLimits.policyRules)")
        }
        var rules: [Rule] = []
        for element in elements {
            let rule = try rule(element, general)
            if rules.contains(where: { $0.pattern == rule.pattern }) {
                throw element.error(.repeatedKey, "a second rule for \(rule.text)", "one rule for a pattern")
            }
            rules.append(rule)
        }
        return rules
    }

    private static func rule(_ place: PolicyPlace, _ general: Set<CaptureCategory>) throws(PolicyError) -> Rule {
        var found: (text: String, pattern: CRNPattern)?
        var categories: Set<CaptureCategory>?
        for (key, member) in try place.members(allowed: ["pattern", "categories"]) {
            if key == "pattern" {
                let expected = "a CRN whose names may be * or end in *, such as crn:///kafka=*/topic=billing-*"
                let text = try member.text(expected)
                guard let pattern = CRNPattern(text), !pattern.elements.isEmpty else {
                    throw member.error(.wrongPattern, "\"\(text)\" is no pattern", expected)
                }
                found = (text, pattern)
            } else {
                categories = try member.categories(changing: general)
            }
        }
        guard let found else { throw place.error(.missingKey, "no pattern", "a rule has pattern and categories") }
        guard let categories else {
            throw place.error(.missingKey, "no categories", "a rule has pattern and categories")
        }
        return Rule(text: found.text, pattern: found.pattern, categories: categories)
    }

    private mutating func readUnavailable(_ place: PolicyPlace) throws(PolicyError) {
        for (key, member) in try place.members(allowed: CaptureCategory.allCases.map(\.rawValue)) {
            guard let category = CaptureCategory(rawValue: key) else { continue }
            let text = try member.text("refuse or pass")
            guard let action = Unavailable(rawValue: text) else {
                throw member.error(.unknownName, "no action \"\(text)\"", "refuse or pass")
            }
            if action == .refuse { refusing.insert(category) } else { refusing.remove(category) }
        }
    }

    private mutating func readCoalesce(_ place: PolicyPlace) throws(PolicyError) {
        for (key, member) in try place.members(allowed: ["checks", "failures"]) {
            let window = try member.window()
            if key == "checks" { checkWindow = window } else { failureWindow = window }
        }
    }
}
