// SPDX-License-Identifier: Apache-2.0

import AuditModel
import DurableFiles
import EventMapping
import Glibc
import Ingest
import KafkaGateway
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import SystemPackage

/// Keeps what is recorded in memory, and fails when it is told to.
final class MemoryDestination: RecordDestination {
    struct Failure: Error {}

    private struct State {
        var items: [RecordedItem] = []
        var fails = false
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func record(_ item: RecordedItem) async throws {
        let ready = try state.withLock { state in
            if state.fails { throw Failure() }
            state.items.append(item)
            let ready = state.waiting.filter { $0.count <= Self.lines(state.items).count }
            state.waiting.removeAll { $0.count <= Self.lines(state.items).count }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func setFails(_ fails: Bool) { state.withLock { $0.fails = fails } }

    var items: [RecordedItem] { state.withLock { $0.items } }
    var lines: [String] { Self.lines(items) }

    var gaps: [Gap] {
        items.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
    }

    var systemEvents: [SystemEvent] {
        items.compactMap { if case .system(let event) = $0 { event } else { nil } }
    }

    /// Returns when so many events are there.
    func wait(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if Self.lines(state.items).count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private static func lines(_ items: [RecordedItem]) -> [String] {
        items.flatMap { item -> [String] in
            guard case .events(let lines, _) = item else { return [] }
            return String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
}

/// A gateway that runs for as long as a test's body.
struct GatewayHarness {
    var options: KafkaGatewayOptions
    var policy = CapturePolicy()
    var destination: any RecordDestination = MemoryDestination()
    var fileSystem: any FileSystem = SimulatedFileSystem()
    var queueByteCount = 1 << 20
    var group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

    init(_ brokers: [FakeBroker]) {
        self.init(ports: brokers.map(\.port))
    }

    init(ports: [Int]) {
        options = KafkaGatewayOptions(
            cluster: CRN(authority: "", elements: [CRN.Element(type: "kafka", name: "test")]),
            listenHost: "127.0.0.1",
            listenPort: 0,
            advertisedHost: "gateway.test",
            bootstrapServers: ports.map { BrokerAddress(host: "127.0.0.1", port: $0) }
        )
        // A test's own steps may be late by minutes where all tests share few cores: none of these may strike but in the tests
        // that are about them.
        options.times.firstFrame = .seconds(3600)
        options.times.authentication = .seconds(3600)
        options.times.halfClosed = .seconds(20)
        options.times.drain = .milliseconds(500)
        options.times.record = .seconds(5)
    }

    static let directory: FilePath = "/gateway"

    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanosecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Runs the gateway and the body, which gets the bootstrap port; ends the gateway, and returns when it has ended.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Int) async throws -> Value) async throws -> Value {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let gateway = KafkaGateway(
            options,
            policy: policy,
            destination: destination,
            submitter: "kafka-gateway",
            queueByteCount: queueByteCount,
            directory: Self.directory,
            fileSystem: fileSystem,
            events: SystemEventMaker(now: Self.now),
            group: group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            listening: { found.yield($0.port ?? 0) }
        )
        let services = ServiceGroup(
            configuration: .init(
                services: [.init(service: gateway)],
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                defer { found.finish() }
                try await services.run()
                return nil
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            let result: Result<Value, any Error>
            do { result = .success(try await body(port)) } catch { result = .failure(error) }
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try result.get()
        }
    }
}
