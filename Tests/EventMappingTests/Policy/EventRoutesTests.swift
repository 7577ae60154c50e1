// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventReading
import EventScanner
import Testing

@testable import EventMapping

@Suite struct EventRoutesTests {
    /// A document as JSON has it: texts, nulls and maps.
    private static func map(_ members: (String, PolicyValue)...) -> PolicyValue {
        .map(members.map { PolicyValue.Member($0.0, $0.1) })
    }

    private static func topics(_ allowed: PolicyValue, _ denied: PolicyValue) -> PolicyValue {
        map(("allowed", allowed), ("denied", denied))
    }

    private static let document = map(
        ("destinations", map(("bootstrap_servers", .array([.string("b:9092")])))),
        ("default_topics", topics(.string("allowed"), .string("denied"))),
        ("excluded_principals", .array([.string("User:monitor")])),
        (
            "routes",
            map(
                (
                    "crn:///kafka=*/topic=*",
                    map(("produce", topics(.string("produced"), .null)), ("management", topics(.string(""), .null)))
                ),
                ("crn:///kafka=*/topic=secret-*", map(("produce", topics(.string("secret"), .string("secret-denied")))))
            )
        )
    )

    private static func event(
        _ method: String,
        _ resource: String = "crn:///kafka=lkc-1/topic=a",
        action: String = "authorization",
        granted: Bool = true,
        principal: String = "User:alice"
    ) throws -> AuditEvent {
        let status = granted ? "SUCCESS" : "UNAUTHENTICATED"
        let text = #"""
            {"specversion":"1.0","id":"1","source":"crn:///kafka=lkc-1","type":"io.confluent.kafka.server/\#(action)",
             "data":{"methodName":"\#(method)","resourceName":"\#(resource)",
              "authenticationInfo":{"principal":"\#(principal)"},"authorizationInfo":{"granted":\#(granted)},
              "result":{"status":"\#(status)"}}}
            """#
        let bytes = Array(text.utf8)
        var scanner = ObjectScanner(.model, limits: .unbounded)
        _ = try scanner.scan(bytes.span.bytes, in: 0..<bytes.count)
        return AuditEvent(ScannedValues(bytes: bytes, hits: scanner.hits))
    }

    private let routes: EventRoutes

    init() throws { routes = try EventRoutes(Self.document) }

    @Test func `the topics are all that an event may go to`() {
        #expect(routes.topics == ["allowed", "denied", "produced", "secret", "secret-denied"])
    }

    @Test func `only the most specific route applies, and of it the category and the outcome`() throws {
        let secret = "crn:///kafka=lkc-1/topic=secret-1"
        #expect(routes.topic(of: try Self.event("kafka.Produce")) == "produced")
        #expect(routes.topic(of: try Self.event("kafka.Produce", secret)) == "secret")
        #expect(routes.topic(of: try Self.event("kafka.Produce", secret, granted: false)) == "secret-denied")
        // The general route says something of management, and does not apply.
        #expect(routes.topic(of: try Self.event("kafka.DeleteTopics", secret)) == "allowed")
    }

    @Test func `where nothing is said, three categories have the default topics and others none`() throws {
        #expect(routes.topic(of: try Self.event("kafka.Produce", granted: false)) == nil)
        #expect(routes.topic(of: try Self.event("kafka.DeleteTopics", granted: false)) == "denied")
        #expect(routes.topic(of: try Self.event("kafka.FetchConsumer")) == nil)
        #expect(routes.topic(of: try Self.event("mds.Authorize", "crn:///kafka=lkc-1")) == "allowed")
        let request = try Self.event("CreateAPIKey", "crn://confluent.cloud/api-key=x", action: "request")
        #expect(routes.topic(of: request) == "allowed")
    }

    @Test func `an empty topic drops the event`() throws {
        #expect(routes.topic(of: try Self.event("kafka.DeleteTopics")) == nil)
    }

    @Test func `a login that failed is denied`() throws {
        let cluster = "crn:///kafka=lkc-1"
        let passed = try Self.event("kafka.Authentication", cluster, action: "authentication")
        #expect(routes.topic(of: passed) == "allowed")
        let failed = try Self.event("kafka.Authentication", cluster, action: "authentication", granted: false)
        #expect(routes.topic(of: failed) == "denied")
    }

    @Test func `what excluded principals do goes nowhere`() throws {
        #expect(routes.topic(of: try Self.event("kafka.Produce", principal: "User:monitor")) == nil)
    }

    @Test(arguments: [
        (map(("route", .null)), "route"), (map(), "the policy"),
        (map(("default_topics", topics(.integer(1), .null))), "default_topics.allowed"),
        (map(("routes", map(("topic=x", map())))), "routes.topic=x"),
        (
            map(("routes", map(("crn:///kafka=*", map(("write", topics(.string("t"), .null))))))),
            "routes.crn:///kafka=*.write"
        ),
        (map(("routes", .array([]))), "routes"),
    ])
    func `what is wrong is told with its place`(document: PolicyValue, place: String) {
        let error = #expect(throws: PolicyError.self) { try EventRoutes(document) }
        #expect(error?.description.hasPrefix("\(place):") == true, "\(error?.description ?? "")")
    }
}
