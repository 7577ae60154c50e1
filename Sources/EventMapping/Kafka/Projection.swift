// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import KafkaProtocol

/// Which fields of a message go into an event, in words: `topics(name numPartitions configs(name value:config)) validateOnly`.
///
/// Fields that a message has not are left out. A word behind a colon says what a number or id means.
struct Projection: Sendable {
    struct Node: Sendable {
        let field: String
        let words: Words?
        let inner: [Node]
    }

    /// How a value is put into words.
    enum Words: String, Sendable {
        /// Resource types of ACLs.
        case resource
        case pattern
        case operation
        case permission
        /// Resource types of configurations.
        case target
        /// What is done to a configuration.
        case change
        case coordinator
        case election
        case scram
        case match
        case upgrade
        /// An id of a topic; its name goes beside it.
        case topic
        /// A value of a configuration, which may be a secret.
        case config
    }

    let nodes: [Node]

    var isEmpty: Bool { nodes.isEmpty }

    init(_ text: String) {
        var rest = Substring(text)
        nodes = Self.nodes(&rest)
    }

    private static func nodes(_ rest: inout Substring) -> [Node] {
        var nodes: [Node] = []
        while true {
            rest = rest.drop { $0 == " " }
            guard let first = rest.first, first != ")" else { break }
            let word = rest.prefix { $0 != " " && $0 != "(" && $0 != ")" }
            rest = rest.dropFirst(word.count)
            let parts = word.split(separator: ":", maxSplits: 1)
            var inner: [Node] = []
            if rest.first == "(" {
                rest = rest.dropFirst()
                inner = Self.nodes(&rest)
                rest = rest.dropFirst()
            }
            nodes.append(
                Node(
                    field: parts.first.map(String.init) ?? "",
                    words: parts.count == 2 ? Words(rawValue: String(parts[1])) : nil,
                    inner: inner
                )
            )
        }
        return nodes
    }
}

extension Projection.Words {
    /// The word for a number; nil where there is none.
    func word(_ number: Int64) -> String? {
        let words: [Int64: String]
        switch self {
        case .resource: words = Self.resources
        case .pattern: words = [1: "ANY", 2: "MATCH", 3: "LITERAL", 4: "PREFIXED"]
        case .operation: words = Self.operations
        case .permission: words = [1: "ANY", 2: "DENY", 3: "ALLOW"]
        case .target: words = [2: "Topic", 4: "Broker", 8: "BrokerLogger", 16: "ClientMetrics", 32: "Group"]
        case .change: words = [0: "SET", 1: "DELETE", 2: "APPEND", 3: "SUBTRACT"]
        case .coordinator: words = [0: "GROUP", 1: "TRANSACTION", 2: "SHARE"]
        case .election: words = [0: "PREFERRED", 1: "UNCLEAN"]
        case .scram: words = [1: "SCRAM-SHA-256", 2: "SCRAM-SHA-512"]
        case .match: words = [0: "EXACT", 1: "DEFAULT", 2: "ANY"]
        case .upgrade: words = [1: "UPGRADE", 2: "SAFE_DOWNGRADE", 3: "UNSAFE_DOWNGRADE"]
        case .topic, .config: words = [:]
        }
        return words[number]
    }

    private static let resources: [Int64: String] = [
        1: "Any", 2: "Topic", 3: "Group", 4: "Cluster", 5: "TransactionalId", 6: "DelegationToken", 7: "User",
    ]

    private static let operations: [Int64: String] = [
        1: "Any", 2: "All", 3: "Read", 4: "Write", 5: "Create", 6: "Delete", 7: "Alter", 8: "Describe",
        9: "ClusterAction", 10: "DescribeConfigs", 11: "AlterConfigs", 12: "IdempotentWrite", 13: "CreateTokens",
        14: "DescribeTokens", 15: "TwoPhaseCommit",
    ]
}
