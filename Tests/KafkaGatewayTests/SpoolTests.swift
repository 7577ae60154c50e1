// SPDX-License-Identifier: Apache-2.0

import AuditModel
import DurableFiles
import Ingest
import KafkaGateway
import Logging
import Synchronization
import SystemPackage
import Testing

@Suite struct SpoolTests {
    private static let directory: FilePath = "/spool"

    private static func item(_ number: Int, padding: Int = 0) -> RecordedItem {
        .events(lines: Array("{\"number\":\(number)}\(String(repeating: " ", count: padding))\n".utf8), count: 1)
    }

    private static func text(_ item: RecordedItem?) -> String? {
        guard case .events(let lines, _)? = item else { return nil }
        return String(decoding: lines.prefix { $0 != 0x7D }, as: UTF8.self)
    }

    private static func drain(_ spool: inout RecordSpool) throws -> [String] {
        var texts: [String] = []
        while let item = try spool.next() {
            texts.append(text(item) ?? "?")
            try spool.acknowledge()
        }
        return texts
    }

    private static func number(_ number: Int) -> String { "{\"number\":\(number)" }

    @Test func `items come out in order, and nothing of them is left`() throws {
        let files = SimulatedFileSystem()
        var spool = try RecordSpool(Self.directory, files)
        // More than one file.
        for number in 0..<40 { try spool.append(Self.item(number, padding: 1 << 20)) }
        #expect(try files.names(in: Self.directory).count > 3)
        #expect(try Self.drain(&spool) == (0..<40).map(Self.number))
        #expect(try files.names(in: Self.directory) == ["lock"])
        try spool.append(Self.item(40))
        #expect(try Self.drain(&spool) == [Self.number(40)])
    }

    @Test func `gaps and events of our own come out as they went in`() throws {
        var spool = try RecordSpool(Self.directory, SimulatedFileSystem())
        let gap = Gap(
            submitter: "a",
            source: "crn:///kafka=x",
            from: "event 1",
            to: nil,
            reason: .spoolOverflowed,
            lostCount: 7,
            timeRange: Timestamp(nanosecondsSinceEpoch: -5)...Timestamp(nanosecondsSinceEpoch: 9)
        )
        let event = SystemEvent(
            .gatewayStarted,
            method: "Start",
            principal: "martlet",
            time: "2026-01-01T00:00:00Z",
            id: "x",
            resource: nil,
            details: [("a", "é\n"), ("b", "")]
        )
        try spool.append(.gap(gap))
        try spool.append(.system(event))
        guard case .gap(let readGap)? = try spool.next() else {
            Issue.record("no gap")
            return
        }
        #expect(readGap == gap)
        try spool.acknowledge()
        guard case .system(let readEvent)? = try spool.next() else {
            Issue.record("no event")
            return
        }
        #expect(readEvent.kind == event.kind && readEvent.id == event.id && readEvent.resource == nil)
        #expect(readEvent.details.map(\.name) == ["a", "b"] && readEvent.details.map(\.value) == ["é\n", ""])
    }

    @Test func `a spool that is full takes nothing, and again when something was delivered`() throws {
        var spool = try RecordSpool(Self.directory, SimulatedFileSystem(), maximumByteCount: 1_000)
        try spool.append(Self.item(0, padding: 600))
        let error = #expect(throws: GatewayError.self) { try spool.append(Self.item(1, padding: 600)) }
        #expect(error?.code == .spoolFull)
        #expect(try Self.drain(&spool) == [Self.number(0)])
        try spool.append(Self.item(1, padding: 600))
        #expect(try Self.drain(&spool) == [Self.number(1)])
    }

    @Test func `only one has a spool`() throws {
        let files = SimulatedFileSystem()
        let spool = try RecordSpool(Self.directory, files)
        let error = #expect(throws: FileError.self) { try RecordSpool(Self.directory, files) }
        #expect(error?.code == .locked)
        _ = spool
    }

    /// At each operation in turn the power goes, or the operation fails; what was taken before is there afterwards, in order, and
    /// nothing that was never offered is.
    @Test(arguments: [Fault.powerCut, .inputOutput, .noSpace, .shortWrite])
    func `what was taken survives whatever happens next`(fault: Fault) throws {
        for operation in 0... {
            let files = SimulatedFileSystem(seed: UInt64(operation))
            var taken: [Int] = []
            var delivered: [String] = []
            files.fail(operation, with: fault)
            if var spool = try? RecordSpool(Self.directory, files) {
                for number in 0..<12 {
                    do {
                        try spool.append(Self.item(number, padding: number * 90))
                        taken.append(number)
                    } catch {}
                    guard number == 5 || number == 8, let item = try? spool.next() else { continue }
                    delivered.append(Self.text(item) ?? "?")
                    try? spool.acknowledge()
                }
            }
            let happened = files.faultCount > 0
            files.crash(keeping: .random(seed: UInt64(operation)))

            var spool = try RecordSpool(Self.directory, files)
            let left = try Self.drain(&spool)
            let all = taken.map(Self.number).filter { !delivered.contains($0) }
            #expect(all.allSatisfy(left.contains), "operation \(operation): \(taken) \(delivered) \(left)")
            let known = left.compactMap { text in (0..<12).first { Self.number($0) == text } }
            #expect(known.count == left.count && known == known.sorted(), "operation \(operation): \(left)")
            guard happened else { break }
        }
    }

    @Test func `a flipped bit is noticed, kept, and costs no other item than its own`() throws {
        let files = SimulatedFileSystem()
        let name = "00000000000000000001.spool"
        do {
            var spool = try RecordSpool(Self.directory, files)
            for number in 0..<3 { try spool.append(Self.item(number)) }
        }
        let bytes = try files.contents(of: Self.directory.appending(name), maximumByteCount: 10_000)
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            let files = SimulatedFileSystem()
            try files.createDirectory(Self.directory)
            try files.place(Self.directory.appending(name), changed)
            var spool = try RecordSpool(Self.directory, files)
            #expect(spool.cutByteCount > 0, "bit \(bit)")
            let left = try Self.drain(&spool)
            let (hit, isLength) = (bit / 8 * 3 / bytes.count, bit / 8 % (bytes.count / 3) < 4)
            // Behind a wrong length nobody knows where the next one begins.
            let expected = isLength ? Array(0..<hit) : (0..<3).filter { $0 != hit }
            #expect(left == expected.map(Self.number), "bit \(bit)")
            let damage = spool.takeDamage()
            #expect(damage.map(\.place) == ["\(Self.directory)/\(name), byte \(bytes.count / 3 * hit)"], "bit \(bit)")
            let copy = try damage.first.map { try files.contents(of: $0.copy, maximumByteCount: 10_000) }
            #expect(copy == changed, "bit \(bit)")
        }
    }

    @Test func `a destination elsewhere gets everything in order, however often it fails`() async throws {
        let files = SimulatedFileSystem()
        let got = Mutex<[String]>([])
        let attempts = Atomic(0)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let destination = try SpooledDestination(
            Self.directory,
            files,
            retryDelays: [.milliseconds(1)],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { item in
            guard attempts.add(1, ordering: .relaxed).newValue.isMultiple(of: 3) else {
                throw MemoryDestination.Failure()
            }
            let count = got.withLock { got in
                got.append(Self.text(item) ?? "?")
                return got.count
            }
            if count == 50 { end.finish() }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await destination.run() }
            for number in 0..<50 { try await destination.record(Self.item(number)) }
            for await _ in ends {}
            group.cancelAll()
        }
        #expect(got.withLock { $0 } == (0..<50).map(Self.number))
    }

    @Test(arguments: [true, false])
    func `whoever ends waits for what is on its way, and not for a destination that takes nothing`(
        isTaken: Bool
    ) async throws {
        let files = SimulatedFileSystem()
        let destination = try SpooledDestination(
            Self.directory,
            files,
            retryDelays: [.seconds(900)],
            lastDelivery: .seconds(900),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in
            try await Task.sleep(for: .milliseconds(1))
            if !isTaken { throw MemoryDestination.Failure() }
        }
        for number in 0..<50 { try await destination.record(Self.item(number)) }
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await destination.run() }
            await destination.flush()
            group.cancelAll()
            try? await group.waitForAll()
        }
        let left = try files.names(in: Self.directory).filter { $0.hasSuffix(".spool") }
        #expect(left.isEmpty == isTaken)
    }
}

@Suite struct RunMarkerTests {
    private static let now = Timestamp(nanosecondsSinceEpoch: 5_000_000_000)

    @Test func `a run that ended well leaves nothing, any other a gap`() throws {
        let files = SimulatedFileSystem()
        let marker = RunMarker("/gateway", files)
        #expect(try marker.begin(Self.now, submitter: "s", source: "x") == nil)
        try marker.end(Self.now, lost: nil)
        #expect(try marker.begin(Self.now, submitter: "s", source: "x") == nil)
        try marker.stored(until: Self.now.adding(.seconds(9)))
        files.crash(keeping: .nothing)

        let gap = try #require(try marker.begin(Self.now.adding(.seconds(60)), submitter: "s", source: "x"))
        #expect(gap.reason == .shutdownUnclean)
        #expect(gap.timeRange == Self.now.adding(.seconds(9))...Self.now.adding(.seconds(60)))
        // Until the gap is in the log, the run that lost it is not over.
        #expect(try marker.begin(Self.now.adding(.seconds(61)), submitter: "s", source: "x") != nil)
    }

    @Test func `what a run could not store is told by the next one`() async throws {
        let broker = try await FakeBroker { frame in
            .answer(Frames.deleteAnswer(Frames.correlationID(Array(frame[4...]))))
        }
        let destination = MemoryDestination()
        var harness = GatewayHarness([broker])
        harness.destination = destination
        try await harness.run { port in
            destination.setFails(true)
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.deleteRequest(1))
            _ = try await client.takeFrame()
            await client.close()
        }
        #expect(destination.gaps.isEmpty)

        destination.setFails(false)
        try await harness.run { _ in }
        #expect(destination.gaps.map(\.reason) == [.shutdownUnclean])
        #expect(destination.gaps.first?.lostCount == 2)

        try await harness.run { _ in }
        #expect(destination.gaps.count == 1)
        await broker.close()
    }
}
