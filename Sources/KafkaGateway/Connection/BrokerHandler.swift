// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOTLS

/// The broker's end of a connection.
final class BrokerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let isEncrypted: Bool
    private let attempt: Int
    private weak var connecting: GatewayConnection?
    private var connection: GatewayConnection?

    /// - Parameters:
    ///   - connection: told when the broker is there, and of what happens then.
    ///   - attempt: its number, so that one that comes too late is known.
    ///   - isEncrypted: whether a TLS handshake comes first.
    init(_ connection: GatewayConnection, attempt: Int, isEncrypted: Bool) {
        connecting = connection
        self.attempt = attempt
        self.isEncrypted = isEncrypted
    }

    func channelActive(context: ChannelHandlerContext) {
        if isEncrypted { context.read() } else { ready(context) }
    }

    private func ready(_ context: ChannelHandlerContext) {
        guard let connecting, connecting.brokerIsReady(context, attempt: attempt) else {
            return context.close(promise: nil)
        }
        connection = connecting
        self.connecting = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection?.receiveFromBroker(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let connection { connection.brokerReadComplete() } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection?.brokerWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted:
            if connection == nil { ready(context) }
        case ChannelEvent.inputClosed:
            if let connection { connection.brokerInputEnded() } else { context.close(promise: nil) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection?.brokerGone()
        connecting?.brokerFailed(attempt: attempt, nil)
        connection = nil
        connecting = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connecting?.brokerFailed(attempt: attempt, error)
        connecting = nil
        context.close(promise: nil)
    }
}
