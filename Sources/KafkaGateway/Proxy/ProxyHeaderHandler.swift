// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Takes a PROXY header off the beginning of a connection and then itself out of the way.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let isRequired: Bool
    private let accepted: AcceptedChannel
    private let next: (AcceptedChannel) throws -> Void
    private var buffer = ByteBuffer()
    private var isDone = false

    /// - Parameters:
    ///   - isRequired: whether a connection without a header is closed.
    ///   - accepted: told of the client's address.
    ///   - next: adds the handlers that follow.
    init(isRequired: Bool, accepted: AcceptedChannel, next: @escaping (AcceptedChannel) throws -> Void) {
        self.isRequired = isRequired
        self.accepted = accepted
        self.next = next
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var read = unwrapInboundIn(data)
        guard !isDone else { return context.fireChannelRead(data) }
        buffer.writeBuffer(&read)
        do {
            let start = buffer.getBytes(
                at: buffer.readerIndex,
                length: min(buffer.readableBytes, GatewayLimits.proxyHeaderByteCount)
            )
            switch try ProxyHeader.read(start ?? []) {
            case .incomplete:
                return
            case .absent where isRequired:
                throw ProxyHeader.Problem.malformed
            case .absent:
                try finish(context)
            case .header(let header):
                if case .client(let address, let port) = header.source {
                    accepted.host = address.description
                    accepted.port = port
                }
                buffer.moveReaderIndex(forwardBy: header.byteCount)
                try finish(context)
            }
        } catch {
            if error is ProxyHeader.Problem { GatewayTelemetry.closed(.proxyHeader) }
            isDone = true
            context.close(promise: nil)
        }
    }

    private func finish(_ context: ChannelHandlerContext) throws {
        isDone = true
        try context.channel.syncOptions?.setOption(.autoRead, value: false)
        try next(accepted)
        if buffer.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(buffer))
            context.fireChannelReadComplete()
        }
        buffer = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nothing is owed to who ends before it began.
        if !isDone, event as? ChannelEvent == .inputClosed {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
