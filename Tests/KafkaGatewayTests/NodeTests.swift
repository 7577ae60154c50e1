// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Ingest
import KafkaGateway
import KafkaProtocol
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(30))) struct NodeTests {
    /// A harness at a port with free ones behind it.
    private static func withPorts<Value: Sendable>(
        _ harness: GatewayHarness,
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        for _ in 0..<50 {
            let port = Int.random(in: 20_000..<30_000)
            var listeners: [any Channel] = []
            var isFree = true
            for offset in 0...3 {
                do {
                    listeners.append(
                        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                            .bind(host: "127.0.0.1", port: port + offset).get()
                    )
                } catch {
                    isFree = false
                }
            }
            for listener in listeners { try? await listener.close() }
            guard isFree else { continue }
            var harness = harness
            harness.options.listenPort = port
            harness.options.addressing = .ports(nodeIDs: 0...2)
            if let value = try await Self.run(harness, body) { return value }
        }
        throw PeerEnd()
    }

    /// Nil when a port is taken: a program that another test is just starting holds it until it runs.
    private static func run<Value: Sendable>(
        _ harness: GatewayHarness,
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value? {
        do {
            return try await harness.run(body)
        } catch let error as GatewayError where error.code == .unavailablePort {
            try await Task.sleep(for: .milliseconds(100))
            return nil
        }
    }

    /// A broker that names nodes in its metadata and says who it is in answers to unknown requests.
    private static func broker(
        _ name: UInt8,
        _ nodes: @escaping @Sendable () -> [(Int32, String, Int32)]
    ) async throws
        -> FakeBroker
    {
        try await FakeBroker { frame in
            let correlationID = Frames.correlationID(Array(frame[4...]))
            return frame[1] == UInt8(Frames.metadata) && frame[0] == 0
                ? .answer(Frames.metadataAnswer(correlationID, nodes()))
                : .answer(Frames.answer(to: frame, body: [name, name]))
        }
    }

    @Test func `a node's port is there before its client hears of it, and again after a restart`() async throws {
        let second = try await Self.broker(2) { [] }
        let port = Int32(second.port)
        let first = try await Self.broker(1) { [(1, "127.0.0.1", port)] }
        let harness = GatewayHarness([first])
        let base = try await Self.withPorts(harness) { base in
            let client = try await TestPeer.connect(base)
            try await client.send(Frames.metadataRequest(1))
            let answer = try await client.takeFrame()
            #expect(answer == Frames.metadataAnswer(1, [(1, "gateway.test", Int32(base + 2))]))
            let other = try await TestPeer.connect(base + 2)
            try await other.send(Frames.request(Frames.unknownAPI, 1, []))
            #expect(try await other.takeFrame().suffix(2) == [2, 2])
            await other.close()
            await client.close()
            return base
        }

        var again = harness
        again.options.listenPort = base
        var hasRun: Bool?
        while hasRun == nil {
            hasRun = try await Self.run(again) { base in
                let other = try await TestPeer.connect(base + 2)
                try await other.send(Frames.request(Frames.unknownAPI, 1, []))
                #expect(try await other.takeFrame().suffix(2) == [2, 2])
                await other.close()
                return true
            }
        }
        await first.close()
        await second.close()
    }

    @Test func `an address without a port here is taken out, and the log says so once`() async throws {
        let broker = try await Self.broker(1) { [(7, "broker-7", 9092)] }
        let destination = MemoryDestination()
        var harness = GatewayHarness([broker])
        harness.destination = destination
        try await Self.withPorts(harness) { base in
            let client = try await TestPeer.connect(base)
            for number in 1...2 as ClosedRange<Int32> {
                try await client.send(Frames.metadataRequest(number))
                #expect(try await client.takeFrame() == Frames.metadataAnswer(number, [(7, "", -1)]))
            }
            await client.close()
        }
        let alarms = destination.systemEvents.filter { $0.kind == .gatewayBypassed }
        #expect(alarms.count == 1)
        #expect(alarms.first?.details.contains { $0.name == "host" && $0.value == "broker-7" } == true)
        await broker.close()
    }

    @Test func `a node whose port is taken is never named`() async throws {
        let broker = try await Self.broker(1) { [(1, "127.0.0.1", 1)] }
        try await Self.withPorts(GatewayHarness([broker])) { base in
            let thief = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(host: "127.0.0.1", port: base + 2).get()
            let client = try await TestPeer.connect(base)
            try await client.send(Frames.metadataRequest(1))
            #expect(try await client.rest().isEmpty)

            let again = try await TestPeer.connect(base)
            try await again.send(Frames.metadataRequest(2))
            #expect(try await again.takeFrame() == Frames.metadataAnswer(2, [(1, "", -1)]))
            await again.close()
            try await thief.close()
        }
        await broker.close()
    }

    @Test func `known nodes have their ports from the beginning`() async throws {
        let second = try await Self.broker(2) { [] }
        var harness = GatewayHarness(ports: [1])
        harness.options.knownNodes = [NodeEndpoint(nodeID: 0, host: "127.0.0.1", port: Int32(second.port))]
        try await Self.withPorts(harness) { base in
            let client = try await TestPeer.connect(base + 1)
            try await client.send(Frames.request(Frames.unknownAPI, 1, []))
            #expect(try await client.takeFrame().suffix(2) == [2, 2])
            await client.close()
        }
        await second.close()
    }
}
