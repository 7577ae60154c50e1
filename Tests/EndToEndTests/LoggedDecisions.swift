// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A decision about a check: about what and for whom, not when and how often.
struct LoggedDecision: Hashable {
    /// The decisions of a kind stand in one row.
    struct Kind: Hashable, Comparable {
        let method: String
        /// `Topic:Create`.
        let check: String
        let granted: Bool

        var text: String { "\(method) \(check) \(granted ? "allowed" : "denied")" }

        static func < (left: Self, right: Self) -> Bool { left.text < right.text }
    }

    let kind: Kind
    let resourceName: String
    let principal: String
}

/// The decisions of a run as the gateway and the brokers' authorizers tell of them.
struct DecisionTable {
    /// How many both have, and how many one side alone.
    struct Row {
        var both = 0
        var wire = 0
        /// At INFO, as refusals are, or DEBUG.
        var log = 0
        /// At TRACE: asked to learn something, and not to refuse the request.
        var quiet = 0
    }

    private(set) var rows: [LoggedDecision.Kind: Row] = [:]

    init(wire: [LoggedDecision: Int], log: [LoggedDecision: Int], quiet: [LoggedDecision: Int]) {
        for decision in Set(wire.keys).union(log.keys).union(quiet.keys) {
            let (told, loud, soft) = (
                wire[decision, default: 0], log[decision, default: 0], quiet[decision, default: 0]
            )
            var row = rows[decision.kind, default: Row()]
            row.both += min(told, loud + soft)
            row.wire += max(0, told - loud - soft)
            row.log += max(0, loud - told)
            row.quiet += soft - min(soft, max(0, told - loud))
            rows[decision.kind] = row
        }
    }

    /// What one side alone has and no reason is known for.
    var unexplained: [String] {
        rows.sorted { $0.key < $1.key }.flatMap { kind, row in
            [(row.wire, DecisionDifference.Side.wire), (row.log, .log), (row.quiet, .quiet)].compactMap { count, side in
                guard count > 0, DecisionDifference.reason(kind, side) == nil else { return nil }
                return "\(count) \(kind.text) in \(side.rawValue) alone"
            }
        }
    }

    var text: String {
        let head = TextTable.row("check", ["both", "wire", "log", "quiet"])
        let lines = rows.sorted { $0.key < $1.key }.map { kind, row in
            TextTable.row(kind.text, [row.both, row.wire, row.log, row.quiet].map(String.init))
        }
        return ([head] + lines).joined(separator: "\n")
    }
}

/// Why one side has a decision that the other has not: what is not on this list is a fault of ours.
///
/// Found with Kafka 4.0 on KRaft; docs/capture-kafka.md tells of it.
struct DecisionDifference {
    enum Side: String { case wire, log, quiet }

    let side: Side
    let method: String
    /// Nil for all.
    var check: String?
    /// Nil for both.
    var granted: Bool?
    let why: String

    static func reason(_ kind: LoggedDecision.Kind, _ side: Side) -> String? {
        all.first {
            $0.side == side && "kafka.\($0.method)" == kind.method && $0.check ?? kind.check == kind.check
                && $0.granted ?? kind.granted == kind.granted
        }?.why
    }

    private static let enough = "the broker asked for it on the whole cluster, which was enough; the event says so"
    private static let first = "asked first; the event is about the topic, which is asked about next"
    private static let traffic = "of traffic only refusals are told"
    private static let mask = "which operations are allowed is a number in the answer, and no code"
    private static let shortened = "what may not be seen is left out of the answer"
    private static let anyTopic = "Write on any topic is enough: only the refusal is certain"
    private static let lookup = "a look-up made the topic"
    private static let member = "a member that goes on tells nothing new; of its topics only a refusal is certain"
    private static let shown = "decides whether the answer shows the new topic's configuration"

    static let all: [DecisionDifference] = [
        .init(side: .wire, method: "CreateTopics", check: "Topic:Create", granted: true, why: enough),
        .init(side: .wire, method: "DeleteTopics", check: "Topic:Delete", granted: true, why: enough),

        .init(side: .log, method: "ConsumerGroupHeartbeat", granted: true, why: member),
        .init(side: .log, method: "CreateTopics", check: "Cluster:Create", granted: true, why: first),
        .init(side: .log, method: "CreateTopics", check: "Topic:DescribeConfigs", granted: true, why: shown),
        .init(side: .log, method: "DeleteTopics", check: "Cluster:Delete", granted: true, why: first),
        .init(side: .log, method: "DeleteTopics", check: "Topic:Describe", why: "asked with Delete: one code for both"),
        .init(side: .log, method: "DescribeCluster", check: "Cluster:Describe", why: mask),
        .init(side: .log, method: "Fetch", granted: true, why: traffic),
        .init(side: .log, method: "InitProducerId", check: "Cluster:IdempotentWrite", granted: true, why: anyTopic),
        .init(side: .log, method: "ListGroups", check: "Cluster:Describe", granted: true, why: shortened),
        .init(side: .log, method: "ListGroups", check: "Group:Describe", granted: true, why: shortened),
        .init(side: .log, method: "ListTransactions", check: "TransactionalId:Describe", why: shortened),
        .init(side: .log, method: "Metadata", check: "Cluster:Create", granted: true, why: lookup),
        .init(side: .log, method: "Metadata", check: "Cluster:Describe", why: mask),
        .init(side: .log, method: "Metadata", check: "Topic:Create", granted: true, why: lookup),
        .init(side: .log, method: "Produce", granted: true, why: traffic),

        .init(side: .quiet, method: "ConsumerGroupDescribe", why: mask),
        .init(side: .quiet, method: "CreateTopics", check: "Cluster:Create", granted: false, why: first),
        .init(side: .quiet, method: "CreateTopics", check: "Topic:DescribeConfigs", granted: false, why: shown),
        .init(side: .quiet, method: "DeleteTopics", check: "Cluster:Delete", granted: false, why: first),
        .init(side: .quiet, method: "DescribeCluster", why: mask),
        .init(side: .quiet, method: "DescribeGroups", why: mask),
        .init(side: .quiet, method: "DescribeTopicPartitions", why: mask),
        .init(side: .quiet, method: "InitProducerId", check: "Cluster:IdempotentWrite", granted: false, why: anyTopic),
        .init(side: .quiet, method: "ListGroups", check: "Cluster:Describe", granted: false, why: shortened),
        .init(side: .quiet, method: "ListGroups", check: "Group:Describe", granted: false, why: shortened),
        .init(side: .quiet, method: "Metadata", check: "Topic:Describe", granted: false, why: shortened),
        .init(side: .quiet, method: "Metadata", why: mask),
    ]
}

/// Columns for people.
enum TextTable {
    static func row(_ name: String, _ values: [String]) -> String {
        name.padding(toLength: 66, withPad: " ", startingAt: 0)
            + values.map { String(repeating: " ", count: max(1, 8 - $0.count)) + $0 }.joined()
    }
}
