// SPDX-License-Identifier: Apache-2.0

package import AuditModel

/// To which topic an event goes, in the form of Confluent Platform's router (`confluent.security.event.router.config`).
///
/// The most specific route whose pattern matches the event's resource is the only one that applies; of it the event's category, and of that
/// the topic for what was allowed or for what was denied. An empty topic drops the event. Where nothing is said, events of the categories
/// authentication, authorize and management go to the default topics, and others are dropped.
package struct EventRoutes: Sendable, Equatable {
    /// A topic for what was allowed and one for what was denied; nil where nothing is said.
    package struct Topics: Sendable, Equatable {
        package var allowed: String?
        package var denied: String?

        package init(allowed: String? = nil, denied: String? = nil) {
            self.allowed = allowed
            self.denied = denied
        }

        var all: [String] { [allowed, denied].compactMap { $0 }.filter { !$0.isEmpty } }
    }

    private struct Route: Sendable, Equatable {
        let pattern: CRNPattern
        let topics: [CaptureCategory: Topics]
    }

    private var routes: [Route] = []
    private var defaults = Topics()
    private var excludedPrincipals: Set<String> = []

    /// Every topic that an event may go to, each once, in the order of the document.
    package var topics: [String] {
        var seen: Set<String> = []
        let all =
            defaults.all
            + routes.flatMap { route in
                CaptureCategory.allCases.flatMap { route.topics[$0]?.all ?? [] }
            }
        return all.filter { seen.insert($0).inserted }
    }

    /// The topic of an event; nil when it is dropped.
    package func topic(of event: AuditEvent) -> String? {
        if let names = event.principal?.names, names.contains(where: excludedPrincipals.contains) { return nil }
        let category = Self.category(of: event)
        let isDenied = event.outcome == .denied || (category == .authentication && event.outcome == .failure)
        func choose(_ topics: Topics) -> String? { isDenied ? topics.denied : topics.allowed }
        if let crn = event.resource.flatMap({ CRN($0) }), let topics = route(of: crn)?.topics[category],
            let topic = choose(topics)
        {
            return topic.isEmpty ? nil : topic
        }
        guard Self.withDefaults.contains(category) else { return nil }
        return choose(defaults).flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let withDefaults: Set<CaptureCategory> = [.authentication, .authorize, .management]

    /// The category of an event, by its method.
    ///
    /// What is no request of Kafka's is a login, a check by itself, or management.
    static func category(of event: AuditEvent) -> CaptureCategory {
        if event.action == .authentication { return .authentication }
        guard let method = event.method else { return .management }
        if let category = KafkaAPI.named(method)?.category { return category }
        return method.hasSuffix(".Authorize") ? .authorize : .management
    }

    private func route(of crn: CRN) -> Route? {
        var best: Route?
        for route in routes where route.pattern.matches(crn) {
            if let current = best, !route.pattern.isMoreSpecific(than: current.pattern) { continue }
            best = route
        }
        return best
    }
}

// MARK: - Document

extension EventRoutes {
    /// Reads a router's configuration.
    ///
    /// ```json
    /// {"routes": {"crn:///kafka=*/topic=secret-*": {"produce": {"allowed": "audit-data", "denied": "audit-denied"}}},
    ///  "default_topics": {"allowed": "audit", "denied": "audit-denied"},
    ///  "excluded_principals": ["User:monitor"]}
    /// ```
    ///
    /// `destinations` and `metadata` may be there and say nothing here: how brokers are reached, and how long topics keep what they have,
    /// is configured elsewhere.
    ///
    /// - Throws: `PolicyError`; its `path` names the place in the document.
    package init(_ document: PolicyValue) throws(PolicyError) {
        let root = PolicyPlace(path: "", value: document)
        for (key, place) in try root.members(allowed: Self.keys) {
            switch key {
            case "routes": routes = try Self.routes(place)
            case "default_topics": defaults = try Self.topics(place)
            case "excluded_principals":
                for element in try place.elements() {
                    excludedPrincipals.insert(try element.text("a principal with its type, such as User:monitor"))
                }
            default: continue
            }
        }
        guard !topics.isEmpty else {
            throw root.error(.missingKey, "no topic", "at least one under default_topics or routes")
        }
    }

    private static let keys = ["routes", "default_topics", "excluded_principals", "destinations", "metadata"]

    private static func routes(_ place: PolicyPlace) throws(PolicyError) -> [Route] {
        guard case .map(let members) = place.value else {
            throw place.error(.wrongValue, place.value.kind, "a map from patterns over CRNs to categories")
        }
        guard members.count <= MappingLimits.policyRules else {
            throw place.error(.tooMany, "\(members.count) routes", "at most \(MappingLimits.policyRules)")
        }
        var routes: [Route] = []
        for member in members {
            let inner = PolicyPlace(path: "\(place.path).\(member.key)", value: member.value)
            guard let pattern = CRNPattern(member.key), !pattern.elements.isEmpty else {
                throw inner.error(
                    .wrongPattern,
                    "no pattern",
                    "a CRN whose names may be * or end in *, such as crn:///kafka=*/topic=billing-*"
                )
            }
            guard !routes.contains(where: { $0.pattern == pattern }) else {
                throw inner.error(.repeatedKey, "a second route for the same pattern", "one route for a pattern")
            }
            var topics: [CaptureCategory: Topics] = [:]
            // Platform's "other" was taken into management.
            for (name, place) in try inner.members(allowed: CaptureCategory.allCases.map(\.rawValue) + ["other"]) {
                guard let category = CaptureCategory(rawValue: name) else { continue }
                topics[category] = try Self.topics(place)
            }
            routes.append(Route(pattern: pattern, topics: topics))
        }
        return routes
    }

    private static func topics(_ place: PolicyPlace) throws(PolicyError) -> Topics {
        var topics = Topics()
        for (key, topic) in try place.members(allowed: ["allowed", "denied"]) where topic.value != .null {
            let text = try topic.text("a topic, \"\" to drop the event, or null")
            if key == "allowed" { topics.allowed = text } else { topics.denied = text }
        }
        return topics
    }
}
