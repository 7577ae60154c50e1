// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Listens, keeps all that it gets, and answers each frame as it is told.
final class FakeBroker: Sendable {
    /// What becomes of a frame, which comes without its length.
    enum Reply: Sendable {
        case answer([UInt8])
        case none
        /// The broker goes away.
        case close
    }

    let port: Int
    private let listener: any Channel
    private let state: State

    fileprivate final class State: Sendable {
        struct Value {
            var bytes: [UInt8] = []
            var connectionCount = 0
            var channels: [any Channel] = []
            var waiting: [(count: Int, continuation: CheckedContinuation<[UInt8], Never>)] = []
        }

        let value = Mutex(Value())
        let reply: @Sendable ([UInt8]) -> Reply

        init(_ reply: @escaping @Sendable ([UInt8]) -> Reply) { self.reply = reply }

        func add(_ bytes: [UInt8]) {
            let ready = value.withLock { value in
                value.bytes += bytes
                let ready = value.waiting.filter { $0.count <= value.bytes.count }
                value.waiting.removeAll { $0.count <= value.bytes.count }
                return ready.map { ($0.continuation, value.bytes) }
            }
            for (continuation, bytes) in ready { continuation.resume(returning: bytes) }
        }
    }

    /// Listens at a free port; `reads` is whether it reads at all, `keepsBytes` whether what came can be asked for.
    init(
        tls: NIOSSLContext? = nil,
        reads: Bool = true,
        keepsBytes: Bool = true,
        reply: @escaping @Sendable ([UInt8]) -> Reply = { .answer(Frames.answer(to: $0)) }
    ) async throws {
        let state = State(reply)
        self.state = state
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: reads)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    state.value.withLock {
                        $0.connectionCount += 1
                        $0.channels.append(channel)
                    }
                    try channel.pipeline.syncOperations.addHandler(BrokerEnd(state, keepsBytes: keepsBytes))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    /// All that came, once it is so much.
    func received(_ count: Int) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            let bytes = state.value.withLock { value -> [UInt8]? in
                guard value.bytes.count < count else { return value.bytes }
                value.waiting.append((count, continuation))
                return nil
            }
            if let bytes { continuation.resume(returning: bytes) }
        }
    }

    var receivedByteCount: Int { state.value.withLock { $0.bytes.count } }
    var connectionCount: Int { state.value.withLock { $0.connectionCount } }

    /// Sends something to every connection.
    func send(_ bytes: [UInt8]) {
        for channel in state.value.withLock({ $0.channels }) {
            channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        }
    }

    /// Bytes that it wants to send and its socket does not take.
    func waitingByteCount() async throws -> Int {
        guard let channel = state.value.withLock({ $0.channels.first }) else { return 0 }
        return try await channel.getOption(.bufferedWritableBytes).get()
    }

    /// Returns when the first connection is over.
    func closed() async {
        try? await state.value.withLock { $0.channels.first }?.closeFuture.get()
    }

    func close() async {
        try? await listener.close()
        for channel in state.value.withLock({ $0.channels }) { try? await channel.close() }
    }
}

private final class BrokerEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let state: FakeBroker.State
    private let keepsBytes: Bool
    private var buffer = ByteBuffer()

    init(_ state: FakeBroker.State, keepsBytes: Bool) {
        self.state = state
        self.keepsBytes = keepsBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var read = unwrapInboundIn(data)
        if keepsBytes { state.add(Array(read.readableBytesView)) }
        buffer.writeBuffer(&read)
        while let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self),
            buffer.readableBytes >= Int(length) + 4
        {
            buffer.moveReaderIndex(forwardBy: 4)
            switch state.reply(buffer.readBytes(length: Int(length)) ?? []) {
            case .answer(let bytes): context.writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
            case .none: break
            case .close: context.close(promise: nil)
            }
        }
        buffer.discardReadBytes()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // As a broker does: who sends no more gets no more.
        if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
