// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import NIOSSL

/// One end of a connection, for tests: keeps what it reads, and says when there is enough of it or no more.
final class TestPeer: Sendable {
    let channel: any Channel
    private let reader: NIOLoopBound<PeerHandler>

    private init(_ channel: any Channel, _ reader: NIOLoopBound<PeerHandler>) {
        self.channel = channel
        self.reader = reader
    }

    /// Connects to a port of this machine, and sends some bytes as soon as it is connected.
    static func connect(
        _ port: Int,
        sending bytes: [UInt8] = [],
        readsByItself: Bool = true,
        receiveBuffer: Int32? = nil,
        tls: (context: NIOSSLContext, name: String?)? = nil
    ) async throws -> TestPeer {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: readsByItself)
            .channelOption(.allowRemoteHalfClosure, value: true)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        return try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: tls.context, serverHostname: tls.name)
                    )
                }
                let handler = PeerHandler(greeting: bytes)
                try channel.pipeline.syncOperations.addHandler(handler)
                return TestPeer(channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
            }
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// The first bytes that were not taken yet.
    ///
    /// - Throws: `PeerEnd` when the other side ends before.
    func take(_ count: Int) async throws -> [UInt8] {
        try await channel.eventLoop.flatSubmit { [reader] in reader.value.wait(count) }.get()
    }

    /// All that is left, when the other side has ended.
    func rest() async throws -> [UInt8] {
        try await channel.eventLoop.flatSubmit { [reader] in reader.value.waitForEnd() }.get()
    }

    /// A whole frame, its length included.
    func takeFrame() async throws -> [UInt8] {
        let length = try await take(4)
        return length + (try await take(length.reduce(0) { $0 << 8 | Int($1) }))
    }

    func finishOutput() async throws {
        try await channel.close(mode: .output)
    }

    func close() async {
        // With it, the end of TLS is waited for until a time-out.
        try? await channel.setOption(.allowRemoteHalfClosure, value: false).get()
        try? await channel.close()
    }
}

/// The other side ended.
struct PeerEnd: Error {}

private final class PeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var buffer = ByteBuffer()
    private var hasEnded = false
    private var waiting: (count: Int, promise: EventLoopPromise<[UInt8]>)?
    private var ending: EventLoopPromise<[UInt8]>?
    private var loop: (any EventLoop)?
    private let greeting: [UInt8]

    init(greeting: [UInt8]) {
        self.greeting = greeting
    }

    func channelActive(context: ChannelHandlerContext) {
        if !greeting.isEmpty { context.writeAndFlush(NIOAny(ByteBuffer(bytes: greeting)), promise: nil) }
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) { loop = context.eventLoop }

    func wait(_ count: Int) -> EventLoopFuture<[UInt8]> {
        guard let promise = loop?.makePromise(of: [UInt8].self) else { preconditionFailure("not added") }
        waiting = (count, promise)
        check()
        return promise.futureResult
    }

    func waitForEnd() -> EventLoopFuture<[UInt8]> {
        guard let promise = loop?.makePromise(of: [UInt8].self) else { preconditionFailure("not added") }
        ending = promise
        check()
        return promise.futureResult
    }

    private func check() {
        if let waiting {
            if let bytes = buffer.readBytes(length: waiting.count) {
                self.waiting = nil
                waiting.promise.succeed(bytes)
            } else if hasEnded {
                self.waiting = nil
                waiting.promise.fail(PeerEnd())
            }
        }
        if hasEnded, let ending {
            self.ending = nil
            ending.succeed(buffer.readBytes(length: buffer.readableBytes) ?? [])
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var read = unwrapInboundIn(data)
        buffer.writeBuffer(&read)
        check()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event as? ChannelEvent == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
        hasEnded = true
        check()
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasEnded = true
        check()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hasEnded = true
        context.close(promise: nil)
        check()
    }
}
