// SPDX-License-Identifier: Apache-2.0

import EventMapping
import KafkaProtocol
import Logging
import Metrics

/// Every message and metric of the gateway that more than one place has.
enum GatewayTelemetry {
    // MARK: - Connections

    static func connections(_ count: Int) {
        Gauge(label: "kafka_gateway_connections").record(count)
    }

    static func accepted() {
        Counter(label: "kafka_gateway_connections_accepted_total").increment()
    }

    /// A connection that was not taken, or was ended before its time.
    static func closed(_ reason: ConnectionEnd) {
        Counter(label: "kafka_gateway_connections_closed_total", dimensions: [("reason", reason.rawValue)]).increment()
    }

    // MARK: - Recording

    static func mapped(_ events: [MappedEvent]) {
        for event in events {
            Counter(label: "kafka_gateway_events_total", dimensions: [("category", event.category.rawValue)])
                .increment()
        }
    }

    static func authenticationFailed() {
        Counter(label: "kafka_gateway_authentication_failures_total").increment()
    }

    static func exchanged(_ count: Int) {
        Counter(label: "kafka_gateway_exchanges_total").increment(by: count)
    }

    static func refused(_ count: Int) {
        Counter(label: "kafka_gateway_requests_refused_total").increment(by: count)
    }

    static func dropped(_ count: Int) {
        Counter(label: "kafka_gateway_events_dropped_total").increment(by: count)
    }

    static func stored(_ count: Int, byteCount: Int) {
        Counter(label: "kafka_gateway_events_stored_total").increment(by: count)
        Counter(label: "kafka_gateway_stored_bytes_total").increment(by: byteCount)
    }

    static func notStored() {
        Counter(label: "kafka_gateway_store_failures_total").increment()
    }

    static func queue(byteCount: Int) {
        Gauge(label: "kafka_gateway_queue_bytes").record(byteCount)
    }

    static func spool(byteCount: Int) {
        Gauge(label: "kafka_gateway_spool_bytes").record(byteCount)
    }

    // MARK: - Nodes

    static func unmapped(_ node: NodeEndpoint, _ connection: String, _ logger: Logger) {
        Counter(label: "kafka_gateway_addresses_unmapped_total").increment()
        logger.warning(
            "an address that leads around the gateway was taken out of an answer",
            metadata: [
                "kafka.node_id": "\(node.nodeID)", "kafka.host": "\(node.host)", "kafka.port": "\(node.port)",
                "connection.id": "\(connection)",
            ]
        )
    }

    static func nodes(_ count: Int) {
        Gauge(label: "kafka_gateway_nodes").record(count)
    }
}

/// Why a connection ended, where it was the gateway that ended it.
enum ConnectionEnd: String, Sendable {
    case tooManyConnections = "too-many-connections"
    case tooManyFromAddress = "too-many-from-address"
    case proxyHeader = "proxy-header"
    case clientTLS = "client-tls"
    case unreachableBroker = "unreachable-broker"
    case unboundPort = "unbound-port"
    case protocolError = "protocol-error"
    case firstFrameTimeout = "first-frame-timeout"
    case authenticationTimeout = "authentication-timeout"
    case idleTimeout = "idle-timeout"
    case silentBroker = "silent-broker"
    case slowClient = "slow-client"
    case slowBroker = "slow-broker"
    case shutdown
    /// One of the two sides ended it, in the middle or not.
    case peer
}

/// The counters that are asked for once, because they count on every read.
struct TrafficCounters: Sendable {
    private let clientBytes = Counter(label: "kafka_gateway_client_bytes_total")
    private let brokerBytes = Counter(label: "kafka_gateway_broker_bytes_total")
    private let requests = Counter(label: "kafka_gateway_requests_total")

    func fromClient(byteCount: Int) { clientBytes.increment(by: byteCount) }

    func fromBroker(byteCount: Int) { brokerBytes.increment(by: byteCount) }

    func requested(_ count: Int) { requests.increment(by: count) }
}
