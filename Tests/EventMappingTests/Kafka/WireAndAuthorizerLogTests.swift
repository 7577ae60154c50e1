// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Testing

/// The same recorded run as the clients' connections and as the broker's authorizer tell of it, check by check.
@Suite(.enabled(if: WireRecording.isThere, "the recording is not beside this package"))
struct WireAndAuthorizerLogTests {
    /// A decision, without when and how often.
    private struct Check: Hashable, Comparable, CustomTestStringConvertible {
        let principal: String
        /// `kafka.CreateTopics Topic:Create`.
        let what: String
        let name: String
        let granted: Bool

        var testDescription: String { "\(principal) \(granted ? "may" : "may not") \(what) \(name)" }

        static func < (left: Self, right: Self) -> Bool { left.testDescription < right.testDescription }
    }

    /// Refusals that the log alone has: how many, and why no answer shows them.
    private static let refusedInLogOnly: [String: (count: Int, why: String)] = [
        "kafka.CreateTopics Cluster:Create": (1, "asked first, quietly; the topic is asked about next, and told"),
        "kafka.CreateTopics Topic:DescribeConfigs": (1, "decides whether the answer shows the configuration"),
        "kafka.DeleteTopics Cluster:Delete": (1, "asked first, quietly; the topic is asked about next, and told"),
        "kafka.DeleteTopics Topic:Describe": (1, "asked together with Delete; one code answers both"),
        "kafka.FindCoordinator Group:Describe": (2, "the clients of connections 22 and 24 had gone before the answer"),
        "kafka.InitProducerId Cluster:IdempotentWrite": (2, "Write on some topic was enough"),
        "kafka.Metadata Topic:Describe": (6, "of all topics, those that may not be seen are left out"),
    ]

    /// Allowed checks that the log alone has.
    private static let allowedInLogOnly: [String: String] = [
        "kafka.CreateTopics Cluster:Create": "asked first; the event is about the topic",
        "kafka.CreateTopics Topic:DescribeConfigs": "decides whether the answer shows the configuration",
        "kafka.DeleteTopics Cluster:Delete": "asked first; the event is about the topic",
        "kafka.DescribeCluster Cluster:Describe": "decides whether the answer shows the allowed operations",
        "kafka.Fetch Topic:Read": "only refusals are told of traffic",
        "kafka.FindCoordinator Group:Describe": "the client had gone before the answer",
        "kafka.InitProducerId Cluster:IdempotentWrite": "Write on some topic would have been enough",
        "kafka.ListGroups Cluster:Describe": "decides which groups the answer shows",
        "kafka.Metadata Cluster:Create": "of a topic that a look-up made",
        "kafka.Produce Topic:Write": "only refusals are told of traffic",
        "kafka.Produce TransactionalId:Write": "only refusals are told of traffic",
    ]

    /// Brokers' requests to each other, which no client's connection has; and the number in which Metadata says what is allowed.
    private static let neverOnWire = [
        "kafka.AddPartitionsToTxn Cluster:ClusterAction", "kafka.AllocateProducerIds", "kafka.BrokerHeartbeat",
        "kafka.BrokerRegistration", "kafka.ControllerRegistration", "kafka.Envelope", "kafka.Metadata Cluster:",
        "kafka.WriteTxnMarkers",
    ]

    /// Allowed checks that the wire alone has; each such event says so in its remark.
    private static let allowedOnWireOnly: [String: String] = [
        "kafka.CreateTopics Topic:Create": "Create on the cluster had been enough",
        "kafka.DeleteTopics Topic:Delete": "Delete on the cluster had been enough",
    ]

    @Test func `every refusal on the wire is a line of the log, and the other way round but for a list`() throws {
        let (wire, log) = try (Self.wire(granted: false), Self.log(granted: false))

        #expect(wire.values.reduce(0, +) == 14)
        #expect(Self.rest(of: wire, without: log) == [:])
        var more: [String: Int] = [:]
        for (check, count) in Self.rest(of: log, without: wire) { more[check.what, default: 0] += count }
        #expect(more == Self.refusedInLogOnly.mapValues(\.count))
    }

    @Test func `every allowed check on the wire is a line of the log, and the other way round but for lists`() throws {
        let (wire, log) = try (Self.wire(granted: true), Self.log(granted: true))

        let made = Self.rest(of: wire, without: log).keys.sorted()
        #expect(made.filter { Self.allowedOnWireOnly[$0.what] == nil } == [])
        let more = Self.rest(of: log, without: wire).keys.sorted()
        let unexplained = more.filter { check in
            Self.allowedInLogOnly[check.what] == nil && !Self.neverOnWire.contains { check.what.hasPrefix($0) }
        }
        #expect(unexplained == [])
    }

    // MARK: - Both sides

    private static func wire(granted: Bool) throws -> [Check: Int] {
        counts(
            try WireRecordingTests.mapped(WireRecordingTests.uncounted).map(\.event)
                .filter { $0.event.action == .authorization }
                .map { event in
                    check {
                        event.string($0)
                    } granted: {
                        event.bool($0)
                    }
                }
                .filter { $0.granted == granted }
        )
    }

    private static func log(granted: Bool) throws -> [Check: Int] {
        counts(
            try Broker.authorizer(Broker.lines("authorizer.TRACE.log")).objects
                .map { event in
                    check {
                        event.text($0)
                    } granted: {
                        event.text($0) == "1"
                    }
                }
                .filter { $0.granted == granted }
        )
    }

    private static func check(_ text: (String) -> String?, granted: (String) -> Bool?) -> Check {
        let info = "data.authorizationInfo"
        let resource = "\(text("\(info).resourceType") ?? ""):\(text("\(info).operation") ?? "")"
        return Check(
            principal: text("data.authenticationInfo.principal") ?? "",
            what: "\(text("data.methodName") ?? "") \(resource)",
            name: text("\(info).resourceName") ?? "",
            granted: granted("\(info).granted") ?? false
        )
    }

    private static func counts(_ checks: [Check]) -> [Check: Int] {
        Dictionary(checks.map { ($0, 1) }, uniquingKeysWith: +)
    }

    private static func rest(of these: [Check: Int], without those: [Check: Int]) -> [Check: Int] {
        Dictionary(these.map { ($0, $1 - those[$0, default: 0]) }) { first, _ in first }.filter { $0.value > 0 }
    }
}
