// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Ingest
import KafkaCapture
import KafkaProtocol
import Logging
import NIOCore
import NIOSSL

/// What all connections of a gateway share.
struct GatewayShared: Sendable {
    let options: KafkaGatewayOptions
    let policy: CapturePolicy
    let cluster: KafkaCluster
    let recorder: Recorder
    let events: SystemEventMaker
    let nodes: NodeTable
    let ports: NodePorts
    let counts: ConnectionCounts
    let clientTLS: NIOSSLContext?
    let brokerTLS: NIOSSLContext?
    let logger: Logger
    let bytes = ByteCounters()
    /// Makes connections' ids.
    let random: @Sendable () -> UInt64

    /// Nanoseconds since 1970 (UTC).
    func now() -> Int64 { events.now().nanosecondsSinceEpoch }

    func conversationOptions(_ reservations: Reservations) -> ConversationOptions {
        ConversationOptions(
            captures: { [policy] in policy.captures($0) },
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
                        ("cluster", options.cluster), ("nodeId", String(node.nodeID)), ("host", node.host),
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
