// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import KafkaProtocol

/// Where a gateway stands, in front of whom, and what it bears.
package struct KafkaGatewayOptions: Sendable {
    /// The `source` of its events.
    package var cluster: CRN
    /// Principals that the brokers themselves use, with their type: `User:admin`.
    package var interbrokerPrincipals: Set<String> = []
    package var listenHost: String
    /// The bootstrap port; 0 for any that is free.
    package var listenPort: Int
    /// The host that clients are told; names of nodes stand in its place when nodes have names.
    package var advertisedHost: String
    /// The bootstrap port that clients are told, behind a load balancer; the one that is listened at when nil.
    package var advertisedPort: Int?
    package var addressing: NodeAddressing
    /// Asked in this order; the next one when one can't be reached.
    package var bootstrapServers: [BrokerAddress]
    /// Nodes that have a port from the beginning.
    package var knownNodes: [NodeEndpoint]
    package var clientTLS: ClientTLSOptions?
    package var brokerTLS: BrokerTLSOptions?
    package var proxyProtocol: ProxyProtocolMode
    package var limits: ConnectionLimits
    package var times: ConnectionTimes

    package init(
        cluster: CRN,
        listenHost: String,
        listenPort: Int,
        advertisedHost: String,
        advertisedPort: Int? = nil,
        addressing: NodeAddressing = .ports(nodeIDs: 0...9),
        bootstrapServers: [BrokerAddress],
        knownNodes: [NodeEndpoint] = [],
        clientTLS: ClientTLSOptions? = nil,
        brokerTLS: BrokerTLSOptions? = nil,
        proxyProtocol: ProxyProtocolMode = .off,
        limits: ConnectionLimits = ConnectionLimits(),
        times: ConnectionTimes = ConnectionTimes()
    ) {
        self.cluster = cluster
        self.listenHost = listenHost
        self.listenPort = listenPort
        self.advertisedHost = advertisedHost
        self.advertisedPort = advertisedPort
        self.addressing = addressing
        self.bootstrapServers = bootstrapServers
        self.knownNodes = knownNodes
        self.clientTLS = clientTLS
        self.brokerTLS = brokerTLS
        self.proxyProtocol = proxyProtocol
        self.limits = limits
        self.times = times
    }
}

/// Whether a load balancer's PROXY header names the client.
package enum ProxyProtocolMode: Sendable {
    case off
    /// Connections from these networks may begin with one; from elsewhere it is a protocol error.
    case allowed(from: [IPNetwork])
    /// Only connections from these networks are taken, and each has to begin with one.
    case required(from: [IPNetwork])
}

/// How many connections there may be.
package struct ConnectionLimits: Sendable {
    package var connections: Int
    /// From one address, the PROXY header's where there is one.
    package var connectionsPerAddress: Int

    package init(connections: Int = GatewayLimits.connections, connectionsPerAddress: Int = GatewayLimits.connections) {
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress
    }
}

/// How long a connection may take for what.
package struct ConnectionTimes: Sendable {
    /// To reach a broker, its TLS handshake included; for each server that is tried.
    package var connect = Duration.seconds(10)
    /// Until the client's first frame is whole, counted from the accept.
    ///
    /// As long as a TLS handshake over a bad line and a slow virtual machine need; who sends a byte now and then is gone.
    package var firstFrame = Duration.seconds(30)
    /// Until a SASL exchange that was begun has ended, counted from the accept.
    package var authentication = Duration.seconds(60)
    /// Without a byte in either direction.
    ///
    /// Brokers close after 10 minutes (`connections.max.idle.ms`), and that is what clients should see.
    package var idle = Duration.seconds(11 * 60)
    /// Without a byte from a broker that owes an answer, or without one taken by a side that has some waiting.
    ///
    /// A JoinGroup waits for `max.poll.interval.ms`, 5 minutes; a consumer that works on its records reads as late.
    package var stalled = Duration.seconds(11 * 60)
    /// For what one side still owes when the other is gone.
    package var halfClosed = Duration.seconds(1)
    /// For connections to come to an end when the gateway does.
    package var drain = Duration.seconds(5)
    /// For what is in the queue then.
    package var record = Duration.seconds(10)

    package init() {}
}
