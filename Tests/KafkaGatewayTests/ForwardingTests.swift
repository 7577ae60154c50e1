// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import KafkaGateway
import NIOCore
import Synchronization
import Testing

@Suite struct ForwardingTests {
    /// tcpmux (RFC 1078), where nobody listens; a port that was free a moment ago may be another test's by now.
    private static let unusedPort = 1

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `bytes arrive as they were sent, however they were cut`(seed: UInt64) async throws {
        let broker = try await FakeBroker()
        let requests = (0..<200).flatMap { number in
            Frames.request(
                Frames.unknownAPI,
                Int32(number),
                [UInt8](repeating: UInt8(number), count: number * 37 % 3000)
            )
        }
        let answers = (0..<200).flatMap { number in
            // What the broker answers: the request's last two bytes.
            let body = [UInt8](repeating: UInt8(number), count: number * 37 % 3000)
            let content = Frames.bytes(Frames.unknownAPI) + Frames.bytes(Int16(0)) + Frames.bytes(Int32(number))
            return Frames.answer(to: content + Frames.string("test") + body)
        }

        try await GatewayHarness([broker]).run { port in
            var generator = SeededGenerator(seed: seed)
            let client = try await TestPeer.connect(port)
            var rest = requests[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int(generator.next() % 977) + 1)
                rest = rest.dropFirst(part.count)
                try await client.send(Array(part))
            }
            #expect(try await client.take(answers.count) == answers, "seed \(seed)")
            #expect(await broker.received(requests.count) == requests, "seed \(seed)")
            await client.close()
        }
        await broker.close()
    }

    @Test func `what a client sends at once waits for its broker`() async throws {
        let broker = try await FakeBroker()
        try await GatewayHarness([broker]).run { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 as Range<Int32> {
                    group.addTask {
                        let client = try await TestPeer.connect(port)
                        try await client.send(Frames.heartbeatRequest(number) + Frames.heartbeatRequest(number + 100))
                        #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == number)
                        #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == number + 100)
                        await client.close()
                    }
                }
                try await group.waitForAll()
            }
        }
        await broker.close()
    }

    @Test func `a server that is not there is passed over`() async throws {
        let broker = try await FakeBroker()
        try await GatewayHarness(ports: [Self.unusedPort, broker.port]).run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.heartbeatRequest(7))
            #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == 7)
            await client.close()
        }
        await broker.close()
    }

    @Test func `with no server there the client is let go`() async throws {
        try await GatewayHarness(ports: [Self.unusedPort]).run { port in
            let client = try await TestPeer.connect(port)
            #expect(try await client.rest().isEmpty)
        }
    }

    @Test func `connections beyond the limits are let go`() async throws {
        let broker = try await FakeBroker()
        var harness = GatewayHarness([broker])
        harness.options.limits.connections = 2
        try await harness.run { port in
            let first = try await TestPeer.connect(port)
            let second = try await TestPeer.connect(port)
            for client in [first, second] {
                try await client.send(Frames.heartbeatRequest(1))
                _ = try await client.takeFrame()
            }
            #expect(try await TestPeer.connect(port).rest().isEmpty)
            await first.close()
            await second.close()
        }
        harness.options.limits = ConnectionLimits(connections: 10, connectionsPerAddress: 1)
        try await harness.run { port in
            let first = try await TestPeer.connect(port)
            try await first.send(Frames.heartbeatRequest(1))
            _ = try await first.takeFrame()
            #expect(try await TestPeer.connect(port).rest().isEmpty)
            await first.close()
        }
        await broker.close()
    }

    @Test func `a client that does not read holds no more than the buffers`() async throws {
        let size = 96 << 20
        let broker = try await FakeBroker(keepsBytes: false) { frame in
            .answer(Frames.answer(to: frame, body: [UInt8](repeating: 7, count: size)))
        }
        try await GatewayHarness([broker]).run { port in
            let client = try await TestPeer.connect(port, readsByItself: false, receiveBuffer: 64 << 10)
            try await client.send(Frames.request(Frames.unknownAPI, 1, [1, 2]))
            let loop = client.channel.eventLoop
            // What the broker is not rid of was not read: the rest is in two sockets' buffers and the gateway's.
            var waiting = 0
            var before = -1
            while waiting == 0 || waiting != before {
                before = waiting
                try await loop.scheduleTask(in: .milliseconds(200)) {}.futureResult.get()
                waiting = try await broker.waitingByteCount()
            }
            #expect(waiting > size - (32 << 20), "\(size - waiting) bytes were taken from the broker")
            try await client.channel.setOption(.autoRead, value: true).get()
            #expect(try await client.take(size + 8).count == size + 8)
            await client.close()
        }
        await broker.close()
    }

    @Test func `a broker that does not read stops its client`() async throws {
        let broker = try await FakeBroker(reads: false)
        try await GatewayHarness([broker]).run { port in
            let client = try await TestPeer.connect(port)
            let frame = Frames.request(Frames.unknownAPI, 1, [UInt8](repeating: 1, count: 1 << 20))
            let written = Atomic(0)
            // 64 MB are more than all buffers on the way.
            for _ in 0..<64 {
                client.channel.writeAndFlush(ByteBuffer(bytes: frame)).whenSuccess {
                    written.add(1, ordering: .relaxed)
                }
            }
            let loop = client.channel.eventLoop
            try await loop.scheduleTask(in: .milliseconds(500)) {}.futureResult.get()
            let count = written.load(ordering: .relaxed)
            #expect(count < 40, "\(count) MB were taken from the client")
            await client.close()
        }
        await broker.close()
    }
}

/// What the process holds.
enum Memory {
    static var residentByteCount: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let words = text.split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * 4096 : 0
    }
}
