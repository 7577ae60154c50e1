// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Ingest
import KafkaGateway
import Logging
import NIOPosix
import Testing

@Suite struct RecorderTests {
    private let destination = MemoryDestination()

    private func recorder(
        capacity: Int = 1 << 20,
        passes: @escaping @Sendable (CaptureCategory) -> Bool = { _ in false }
    ) -> Recorder {
        var options = Recorder.Options(submitter: "kafka-gateway", source: "crn:///kafka=test", passes: passes)
        options.capacity = capacity
        options.retryDelays = [.milliseconds(5)]
        return Recorder(
            destination,
            options: options,
            timers: MultiThreadedEventLoopGroup.singleton,
            now: { GatewayHarness.now().nanosecondsSinceEpoch },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private static func event(_ number: Int, size: Int = 40) -> MappedEvent {
        let text = #"{"number":\#(number)"# + String(repeating: " ", count: max(0, size - 20)) + "}"
        return MappedEvent(bytes: Array(text.utf8), category: .management, isDenial: false, fact: nil)
    }

    @Test func `a single event is stored soon, many at once together`() async throws {
        let recorder = recorder()
        async let lost = recorder.run()
        recorder.record([Self.event(1)])
        await destination.wait(1)
        recorder.record((2...10_001).map { Self.event($0) })
        await destination.wait(10_001)
        recorder.finish(by: .now + .seconds(10))

        #expect(await lost == nil)
        #expect(destination.lines.count == 10_001)
        #expect(destination.lines.last?.hasPrefix(#"{"number":10001 "#) == true)
        #expect(destination.items.count < 100)
        #expect(recorder.waitingByteCount == 0)
    }

    @Test func `room is promised as far as there is some, and what has none is refused or passes`() {
        let recorder = recorder(capacity: 10_000) { $0 == .describe }
        #expect(recorder.reserve(.management, 6_000) == .granted(byteCount: 6_000))
        #expect(recorder.reserve(.management, 6_000) == .refused)
        #expect(recorder.reserve(.describe, 6_000) == .unrecorded)
        recorder.release(6_000)
        #expect(recorder.reserve(.management, 6_000) == .granted(byteCount: 6_000))
    }

    @Test func `while nothing can be stored events wait, and what has no room becomes one gap`() async throws {
        destination.setFails(true)
        let recorder = recorder(capacity: 10_000) { _ in true }
        async let lost = recorder.run()
        for number in 1...300 { recorder.record([Self.event(number, size: 100)]) }
        #expect(recorder.waitingByteCount <= 10_000)
        #expect(recorder.reserve(.management, 1) == .unrecorded)
        destination.setFails(false)
        let kept = 10_000 / (Self.event(100, size: 100).bytes.count + 1)
        await destination.wait(kept - 1)
        recorder.finish(by: .now + .seconds(10))

        #expect(await lost == nil)
        let gap = try #require(destination.gaps.first)
        #expect(destination.gaps.count == 1)
        #expect(gap.reason == .queueDropped)
        #expect(gap.lostCount == 300 - destination.lines.count)
        #expect(gap.from == "event \(destination.lines.count + 1) since the start")
        #expect(gap.to == "event 300 since the start")
        #expect(gap.timeRange != nil)
    }

    @Test func `events whose requests were let through have room beyond the promise`() async throws {
        destination.setFails(true)
        let recorder = recorder(capacity: 10_000)
        #expect(recorder.reserve(.management, 10_000) == .granted(byteCount: 10_000))
        // 12,120 bytes with the ends of lines; without the promise 2,120 of them had no room.
        recorder.record((0..<120).map { Self.event($0 + 100, size: 106) })
        recorder.release(10_000)
        destination.setFails(false)
        async let lost = recorder.run()
        await destination.wait(120)
        recorder.finish(by: .now + .seconds(10))
        #expect(await lost == nil)
        #expect(destination.gaps.isEmpty)
    }

    @Test func `what cannot be stored at the end is told`() async throws {
        destination.setFails(true)
        let recorder = recorder()
        async let lost = recorder.run()
        recorder.record((1...1_000).map { Self.event($0) })
        recorder.finish(by: .now + .milliseconds(50))
        #expect(try #require(await lost).lostCount == 1_000)
    }

    @Test func `a gateway refuses what it can't record, or lets it pass, as the policy says`() async throws {
        let broker = try await FakeBroker { frame in
            .answer(Frames.deleteAnswer(Frames.correlationID(Array(frame[4...]))))
        }
        var harness = GatewayHarness([broker])
        harness.destination = destination
        harness.queueByteCount = 100
        harness.policy.refusing = [.management]
        try await harness.run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.deleteRequest(1))
            // REQUEST_TIMED_OUT, or the end of the connection.
            if let answer = try? await client.takeFrame() { #expect(answer == Frames.deleteAnswer(1, errorCode: 7)) }
            await client.close()
        }
        #expect(broker.receivedByteCount == 0)
        await broker.close()
    }
}
