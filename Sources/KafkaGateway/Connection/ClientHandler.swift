// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol
import NIOCore
import NIOSSL
import NIOTLS

/// The client's end of a connection.
///
/// Says what happens there to the `GatewayConnection`, which it makes when the client's side is up.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let shared: GatewayShared
    private let accepted: AcceptedChannel
    private let node: Int32?
    private let isEncrypted: Bool
    private var connection: GatewayConnection?

    init(_ shared: GatewayShared, _ accepted: AcceptedChannel, node: Int32?, isEncrypted: Bool) {
        self.shared = shared
        self.accepted = accepted
        self.node = node
        self.isEncrypted = isEncrypted
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive, !isEncrypted { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if connection == nil, !isEncrypted { begin(context) }
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        let subject = certificateSubject(context)
        let information = KafkaConnection(
            id: shared.connectionID(),
            clientHost: accepted.host,
            clientPort: accepted.port,
            isEncrypted: isEncrypted,
            certificateSubject: subject,
            certificateName: subject.flatMap { shared.options.clientTLS?.principalRules.name(of: $0) },
            nodeID: node
        )
        do {
            try context.channel.syncOptions?.setOption(.autoRead, value: false)
        } catch {
            return context.close(promise: nil)
        }
        let connection = GatewayConnection(shared, accepted, information, client: context)
        accepted.hand(to: connection)
        self.connection = connection
        connection.begin()
    }

    private func certificateSubject(_ context: ChannelHandlerContext) -> String? {
        guard isEncrypted, let tls = shared.options.clientTLS, tls.clientCertificates != .none,
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate(),
            let bytes = try? certificate.toDERBytes()
        else { return nil }
        return DistinguishedName.subject(ofCertificate: bytes)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection?.receiveFromClient(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        connection?.clientReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection?.clientWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted:
            if connection == nil { begin(context) }
        case ChannelEvent.inputClosed:
            if let connection { connection.clientInputEnded() } else { context.close(promise: nil) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection?.clientGone()
        connection = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if connection == nil, error is NIOSSLError || error is BoringSSLError {
            GatewayTelemetry.closed(.clientTLS)
        }
        context.close(promise: nil)
    }
}
