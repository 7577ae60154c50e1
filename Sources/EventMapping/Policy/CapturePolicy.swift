// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import KafkaProtocol

/// What of Kafka's traffic becomes events, and what happens to a request whose event finds no room.
///
/// Decided in this order, the first that applies:
/// 1. events of an excluded principal are not captured;
/// 2. a method that is named under `methods` is captured or not as said there;
/// 3. the most specific rule whose pattern matches the resource says which categories are;
/// 4. else `categories` does.
///
/// A request is captured when its API's category is. A check that was allowed needs `authorize` besides. A refusal needs
/// `authorize` alone, whatever was asked for: who may not write is stopped at the look-up before, whose category is usually
/// off. An event about several resources is captured when it is for one of them.
package struct CapturePolicy: Sendable, Equatable {
    package struct Rule: Sendable, Equatable {
        /// As it was written.
        package let text: String
        package let pattern: CRNPattern
        package let categories: Set<CaptureCategory>

        package init(text: String, pattern: CRNPattern, categories: Set<CaptureCategory>) {
            self.text = text
            self.pattern = pattern
            self.categories = categories
        }
    }

    /// What happens to a request whose event cannot be stored.
    package enum Unavailable: String, Sendable, CaseIterable {
        /// The client gets an error or is disconnected.
        case refuse
        /// The request goes on, and that events are missing is recorded.
        case pass
    }

    package var categories: Set<CaptureCategory> = Self.defaultCategories
    /// By name, as in `kafka.DescribeConfigs`: whether the method is captured, whatever its category.
    package var methods: [String: Bool] = [:]
    /// With their type: `User:monitor`.
    package var excludedPrincipals: Set<String> = []
    package var rules: [Rule] = []
    /// Nothing of a category that is not here is refused.
    package var refusing: Set<CaptureCategory> = []
    /// For how long repeats of a check on one connection are counted, in nanoseconds; 0 for not at all.
    package var checkWindow: Int64 = Self.defaultWindow
    /// For how long repeats of a failed login are counted, in nanoseconds; 0 for not at all.
    package var failureWindow: Int64 = Self.defaultWindow

    package static let defaultCategories: Set<CaptureCategory> = [
        .authentication, .authorize, .management, .produce, .consume,
    ]
    package static let defaultWindow: Int64 = 60_000_000_000

    /// The defaults.
    package init() {}
}

// MARK: - Asked by the gateway

extension CapturePolicy {
    /// The category of an API by itself; nil for one that no event is made of.
    ///
    /// What a broker's principal does may belong to `interbroker` instead.
    package func category(of key: APIKey) -> CaptureCategory? {
        Self.loginAPIs.contains(key.rawValue) ? .authentication : KafkaAPI.of(key)?.category
    }

    /// Whether exchanges of an API are wanted at all: some event might be made of one, or topics are learnt from it.
    package func captures(_ key: APIKey) -> Bool {
        if Self.topicAPIs.contains(key.rawValue) { return true }
        guard let category = category(of: key) else { return false }
        if let method = KafkaAPI.of(key)?.method, let isCaptured = methods[method] { return isCaptured }
        let wanted = rules.reduce(categories) { $0.union($1.categories) }
        if wanted.contains(category) { return true }
        switch category {
        case .interbroker, .heartbeat: return false
        // Consumers' requests may be a broker's, and every look-up may be refused.
        case .produce, .consume, .describe, .management:
            return wanted.contains(.authorize) || wanted.contains(.interbroker)
        case .authentication, .authorize: return false
        }
    }

    package func whenUnavailable(_ category: CaptureCategory) -> Unavailable {
        refusing.contains(category) ? .refuse : .pass
    }

    /// SaslHandshake and SaslAuthenticate.
    static let loginAPIs: Set<Int16> = [17, 36]
    /// Metadata, CreateTopics, DeleteTopics, DescribeTopicPartitions.
    static let topicAPIs: Set<Int16> = [3, 19, 20, 75]
}

// MARK: - Asked by the mapping

extension CapturePolicy {
    /// What might become an event.
    struct Subject {
        enum Kind {
            case login
            /// A check that was allowed.
            case check
            case refusal
            case act
        }

        let kind: Kind
        /// Of what was asked for.
        let category: CaptureCategory
        let method: String
        let principal: String
        /// At least one.
        let resources: [CRN]
    }

    func captures(_ subject: Subject) -> Bool {
        guard !excludedPrincipals.contains(subject.principal) else { return false }
        if let isCaptured = methods[subject.method] { return isCaptured }
        if rules.isEmpty { return Self.suffices(categories, for: subject) }
        return subject.resources.contains { Self.suffices(rule(for: $0)?.categories ?? categories, for: subject) }
    }

    /// The only rule that applies to a resource: the most specific of those that match, of equals the first.
    package func rule(for crn: CRN) -> Rule? {
        var best: Rule?
        for rule in rules where rule.pattern.matches(crn) {
            if let current = best, !rule.pattern.isMoreSpecific(than: current.pattern) { continue }
            best = rule
        }
        return best
    }

    private static func suffices(_ categories: Set<CaptureCategory>, for subject: Subject) -> Bool {
        switch subject.kind {
        case .login, .act: categories.contains(subject.category)
        case .check: categories.contains(subject.category) && categories.contains(.authorize)
        case .refusal: categories.contains(.authorize)
        }
    }
}

// MARK: - What is weaker than by default

extension CapturePolicy {
    /// What this policy does not capture although a log is expected to: sentences for an event of the log's own.
    ///
    /// Empty for a policy that captures logins, refusals and management of everybody and everything.
    package var weakenings: [String] {
        var found: [String] = []
        for category in Self.expected where !categories.contains(category) {
            found.append("category \(category.rawValue) is off")
        }
        for (method, isCaptured) in methods.sorted(by: { $0.key < $1.key }) where !isCaptured {
            let category = method == "kafka.Authentication" ? .authentication : KafkaAPI.named(method)?.category
            if let category, Self.expected.contains(category) {
                found.append("method \(method) of category \(category.rawValue) is not captured")
            } else if categories.contains(.authorize) {
                found.append("refusals of method \(method) are not captured")
            }
        }
        for rule in rules {
            for category in Self.expected where categories.contains(category) && !rule.categories.contains(category) {
                // Logins are about the cluster, and a rule for a topic never applies to one.
                if category == .authentication, rule.pattern.elements.last?.type != "kafka" { continue }
                found.append("category \(category.rawValue) is off for \(rule.text)")
            }
        }
        for principal in excludedPrincipals.sorted() {
            found.append("nothing that \(principal) does is captured")
        }
        return found
    }

    private static let expected: [CaptureCategory] = [.authentication, .authorize, .management]
}
