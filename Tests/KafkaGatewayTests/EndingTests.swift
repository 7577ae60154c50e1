// SPDX-License-Identifier: Apache-2.0

import Ingest
import KafkaGateway
import NIOCore
import Testing

@Suite struct EndingTests {
    @Test func `a client that sends no more gets what it is owed`() async throws {
        let broker = try await FakeBroker()
        try await GatewayHarness([broker]).run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.heartbeatRequest(1) + Frames.heartbeatRequest(2))
            try await client.finishOutput()
            #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == 1)
            #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == 2)
            #expect(try await client.rest().isEmpty)
        }
        await broker.close()
    }

    @Test func `an answer that comes after the client left is recorded`() async throws {
        let broker = try await FakeBroker { _ in .none }
        let destination = MemoryDestination()
        var harness = GatewayHarness([broker])
        harness.destination = destination
        harness.options.times.halfClosed = .seconds(20)
        try await harness.run { port in
            let client = try await TestPeer.connect(port)
            let request = Frames.deleteRequest(5)
            try await client.send(request)
            _ = await broker.received(request.count)
            await client.close()
            broker.send(Frames.deleteAnswer(5, errorCode: 29))
            await destination.wait(1)
        }
        await broker.close()
    }

    @Test func `an answer that never comes is not waited for`() async throws {
        let broker = try await FakeBroker { _ in .none }
        let destination = MemoryDestination()
        var harness = GatewayHarness([broker])
        harness.destination = destination
        harness.options.times.halfClosed = .milliseconds(50)
        try await harness.run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.deleteRequest(5))
            try await client.finishOutput()
            #expect(try await client.rest().isEmpty)
            await destination.wait(1)
        }
        await broker.close()
    }

    @Test func `a broker that goes away takes its client along, behind its last answer`() async throws {
        let broker = try await FakeBroker { frame in
            Frames.correlationID(Array(frame[4...])) == 2 ? .close : .answer(Frames.answer(to: frame))
        }
        try await GatewayHarness([broker]).run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.heartbeatRequest(1) + Frames.heartbeatRequest(2))
            #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == 1)
            #expect(try await client.rest().isEmpty)
        }
        await broker.close()
    }

    @Test func `all of a large answer arrives although the broker ended behind it`() async throws {
        let size = 20 << 20
        let broker = try await FakeBroker(keepsBytes: false) { frame in
            .answer(Frames.answer(to: frame, body: [UInt8](repeating: 3, count: size)))
        }
        var harness = GatewayHarness([broker])
        harness.options.times.halfClosed = .seconds(20)
        try await harness.run { port in
            let client = try await TestPeer.connect(port, readsByItself: false)
            try await client.send(Frames.request(Frames.unknownAPI, 1, []))
            try await client.finishOutput()
            try await client.channel.setOption(.autoRead, value: true).get()
            #expect(try await client.rest().count == size + 8)
        }
        await broker.close()
    }

    // MARK: - Times

    @Test func `who sends no whole frame in time is let go`() async throws {
        let broker = try await FakeBroker()
        var harness = GatewayHarness([broker])
        harness.options.times.firstFrame = .milliseconds(80)
        try await harness.run { port in
            let silent = try await TestPeer.connect(port)
            let slow = try await TestPeer.connect(port, sending: Array(Frames.heartbeatRequest(1).dropLast()))
            #expect(try await silent.rest().isEmpty)
            #expect(try await slow.rest().isEmpty)
        }
        await broker.close()
    }

    @Test func `a connection without a byte is let go`() async throws {
        let broker = try await FakeBroker()
        var harness = GatewayHarness([broker])
        harness.options.times.idle = .seconds(2)
        try await harness.run { port in
            let client = try await TestPeer.connect(port, sending: Frames.heartbeatRequest(1))
            _ = try await client.takeFrame()
            #expect(try await client.rest().isEmpty)
        }
        await broker.close()
    }

    @Test func `a broker that owes an answer for too long is let go`() async throws {
        let broker = try await FakeBroker { _ in .none }
        let destination = MemoryDestination()
        var harness = GatewayHarness([broker])
        harness.destination = destination
        harness.options.times.stalled = .milliseconds(80)
        try await harness.run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.deleteRequest(1))
            #expect(try await client.rest().isEmpty)
            await destination.wait(1)
        }
        await broker.close()
    }

    @Test func `a client that takes nothing for too long is let go`() async throws {
        let broker = try await FakeBroker(keepsBytes: false) { frame in
            .answer(Frames.answer(to: frame, body: [UInt8](repeating: 3, count: 32 << 20)))
        }
        var harness = GatewayHarness([broker])
        harness.options.times.stalled = .milliseconds(200)
        try await harness.run { port in
            let client = try await TestPeer.connect(port, readsByItself: false, receiveBuffer: 64 << 10)
            try await client.send(Frames.request(Frames.unknownAPI, 1, []))
            // The broker sees the end of it.
            await broker.closed()
            await client.close()
        }
        await broker.close()
    }

    @Test func `a gateway that ends waits for answers and then ends its connections`() async throws {
        let broker = try await FakeBroker { _ in .none }
        let destination = MemoryDestination()
        var harness = GatewayHarness([broker])
        harness.destination = destination
        harness.options.times.drain = .seconds(20)
        let client = try await harness.run { port in
            let client = try await TestPeer.connect(port)
            let request = Frames.deleteRequest(5)
            try await client.send(request)
            _ = await broker.received(request.count)
            client.channel.eventLoop.scheduleTask(in: .milliseconds(100)) { broker.send(Frames.deleteAnswer(5)) }
            return client
        }
        #expect(try await client.rest() == Frames.deleteAnswer(5))
        // That it was allowed, and what became of it.
        #expect(destination.lines.count == 2)
        #expect(destination.systemEvents.map(\.kind) == [.gatewayStarted, .gatewayStopped])
        await broker.close()
    }
}
