// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// Puts together what a new connection of a client goes through: PROXY header, server name, TLS, conversation.
struct Acceptor: Sendable {
    let shared: GatewayShared
    /// The node whose port it is; nil on the bootstrap port.
    let node: Int32?

    /// Prepares a connection; it is closed when this throws.
    func accept(_ channel: any Channel) throws {
        let accepted = AcceptedChannel(channel, on: shared.options.times.firstFrame)
        guard shared.counts.enter(channel, accepted.entry) else {
            accepted.ended.succeed()
            GatewayTelemetry.closed(.tooManyConnections)
            throw GatewayError(.configuration, "too many connections")
        }
        GatewayTelemetry.accepted()
        // Until its client is known, what it sends is read as it comes; both steps are bounded.
        let peer = channel.remoteAddress
        accepted.host = peer?.ipAddress ?? ""
        accepted.port = peer?.port ?? 0
        let isTrusted: ([IPNetwork]) -> Bool = { networks in
            IPAddress(accepted.host).map { address in networks.contains { $0.contains(address) } } ?? false
        }
        switch shared.options.proxyProtocol {
        case .allowed(let networks) where isTrusted(networks):
            try channel.pipeline.syncOperations.addHandler(
                ProxyHeaderHandler(isRequired: false, accepted: accepted, next: identified)
            )
            try channel.syncOptions?.setOption(.autoRead, value: true)
        case .required(let networks):
            guard isTrusted(networks) else {
                GatewayTelemetry.closed(.proxyHeader)
                throw GatewayError(.configuration, "a connection past the load balancer")
            }
            try channel.pipeline.syncOperations.addHandler(
                ProxyHeaderHandler(isRequired: true, accepted: accepted, next: identified)
            )
            try channel.syncOptions?.setOption(.autoRead, value: true)
        default:
            try identified(accepted)
        }
    }

    /// Goes on when the client's address is known.
    private func identified(_ accepted: AcceptedChannel) throws {
        guard shared.counts.enter(address: accepted.host, ended: accepted.ended.futureResult) else {
            GatewayTelemetry.closed(.tooManyFromAddress)
            throw GatewayError(.configuration, "too many connections from one address")
        }
        guard let context = shared.clientTLS else { return try converse(accepted, node: node) }
        try accepted.channel.syncOptions?.setOption(.autoRead, value: true)
        guard case .names = shared.options.addressing else { return try secure(accepted, context, node: node) }
        let bound = NIOLoopBound(accepted, eventLoop: accepted.channel.eventLoop)
        let handler = SNIHandler { result in
            let accepted = bound.value
            let node: Int32? =
                switch result {
                case .hostname(let name): shared.nodes.node(ofName: name)
                case .fallback: nil
                }
            return accepted.channel.eventLoop.makeCompletedFuture { try secure(accepted, context, node: node) }
        }
        try accepted.channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(handler))
    }

    private func secure(_ accepted: AcceptedChannel, _ context: NIOSSLContext, node: Int32?) throws {
        try accepted.channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        try converse(accepted, node: node)
    }

    private func converse(_ accepted: AcceptedChannel, node: Int32?) throws {
        try accepted.channel.pipeline.syncOperations.addHandler(
            ClientHandler(shared, accepted, node: node, isEncrypted: shared.clientTLS != nil)
        )
    }
}

/// A client's connection before its conversation begins.
///
/// Belongs to the channel's event loop.
final class AcceptedChannel {
    let channel: any Channel
    let acceptedAt: NIODeadline
    /// Succeeds when nothing of the connection is left.
    let ended: EventLoopPromise<Void>
    /// The client's address; untrusted where nobody vouches for it.
    var host = ""
    var port = 0
    /// The conversation that has taken over `ended`.
    private var connection: GatewayConnection?
    private var timeout: Scheduled<Void>?

    init(_ channel: any Channel, on firstFrame: Duration) {
        self.channel = channel
        acceptedAt = .now()
        ended = channel.eventLoop.makePromise()
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.closeFuture.whenComplete { _ in
            bound.value.timeout?.cancel()
            if bound.value.connection == nil { bound.value.ended.succeed() }
        }
        timeout = channel.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(firstFrame)) {
            GatewayTelemetry.closed(.firstFrameTimeout)
            channel.close(promise: nil)
        }
    }

    /// For whoever ends the gateway.
    var entry: ConnectionCounts.Entry {
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        return ConnectionCounts.Entry(ended: ended.futureResult) { event in
            bound.eventLoop.execute {
                if let connection = bound.value.connection {
                    connection.gatewayEnds(event)
                } else {
                    bound.value.channel.close(promise: nil)
                }
            }
        }
    }

    /// Hands the connection over to a conversation, which has its own times.
    func hand(to connection: GatewayConnection) {
        self.connection = connection
        timeout?.cancel()
        timeout = nil
    }
}
