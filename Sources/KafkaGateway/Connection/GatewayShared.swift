// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Ingest
import KafkaCapture
import KafkaProtocol
import Logging
import NIOCore
import NIOSSL

/// What a policy says of each API, looked up once: it is asked for every request.
struct CapturedAPIs: Sendable {
    private static let keys = 0..<Int16(128)

    private let policy: CapturePolicy
    private let categories: [CaptureCategory?]

    init(_ policy: CapturePolicy) {
        self.policy = policy
        categories = Self.keys.map { Self.category(APIKey(rawValue: $0), policy) }
    }

    /// Whether exchanges of an API can become events.
    func holds(_ key: APIKey) -> Bool { category(key) != nil }

    /// What room for the events of a request is kept under; nil when it makes none.
    func category(_ key: APIKey) -> CaptureCategory? {
        Self.keys.contains(key.rawValue) ? categories[Int(key.rawValue)] : Self.category(key, policy)
    }

    private static func category(_ key: APIKey, _ policy: CapturePolicy) -> CaptureCategory? {
        policy.captures(key) ? policy.category(of: key) : nil
    }
}

/// What all connections of a gateway share.
struct GatewayShared: Sendable {
    let options: KafkaGatewayOptions
    let policy: CapturePolicy
    let captured: CapturedAPIs
    let cluster: KafkaCluster
    let recorder: Recorder
    let events: SystemEventMaker
    let nodes: NodeTable
    let ports: NodePorts
    let counts: ConnectionCounts
    let clientTLS: NIOSSLContext?
    let brokerTLS: NIOSSLContext?
    let logger: Logger
    let traffic = TrafficCounters()
    /// Makes connections' ids.
    let random: @Sendable () -> UInt64

    /// Nanoseconds since 1970 (UTC).
    func now() -> Int64 { events.now().nanosecondsSinceEpoch }

    func conversationOptions(_ reservations: Reservations) -> ConversationOptions {
        ConversationOptions(
            captures: { [captured] in captured.holds($0) },
            admits: { reservations.admit($0) },
            mapping: { [nodes] in nodes.mapping($0) }
        )
    }

    /// Says that an address was unmapped: always in the metrics and to the operator, once in the log.
    func unmapped(_ unmapped: [NodeEndpoint], connection: String) {
        for node in unmapped {
            GatewayTelemetry.unmapped(node, connection, logger)
            guard nodes.isFirstUnmapped(node) else { continue }
            recorder.record(
                events.make(
                    .gatewayBypassed,
                    method: "RemoveAddress",
                    principal: "martlet",
                    details: [
                        ("cluster", options.cluster.description), ("nodeId", String(node.nodeID)), ("host", node.host),
                        ("port", String(node.port)), ("connection", connection),
                    ]
                )
            )
        }
    }

    /// A connection's id: 32 hexadecimal digits.
    func connectionID() -> String {
        [random(), random()].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
