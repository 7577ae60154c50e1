// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat
import Testing

@testable import Ingest

@Suite struct StreamIngestTests {
    @Test func `events keep the order of the stream`() async throws {
        let input = Samples.lines(byteCount: 3 << 20, padding: 8000)
        let lines = Self.lines(of: input)

        try await withLog(TestLog()) { log async throws in
            let told = await Self.run(input, into: log)

            #expect(told.failure == nil)
            #expect(told.steps.count > 1)
            #expect(try log.texts() == lines)
            let last = try #require(told.steps.last)
            #expect(last.lineCount == lines.count)
            #expect(last.acceptedCount == lines.count)
            #expect(last.firstIndex == 0)
            #expect(last.lastIndex == UInt64(lines.count - 1))
            #expect(last.readByteCount == input.count)
            #expect(last.totalByteCount == input.count)
        }
    }

    @Test func `progress only grows, and each step is what is stored by then`() async throws {
        let input = Samples.lines(byteCount: 5 << 19, padding: 8000)

        try await withLog(TestLog()) { log async throws in
            let told = await Self.run(input, into: log)

            for (earlier, later) in zip(told.steps, told.steps.dropFirst()) {
                #expect(earlier.lineCount < later.lineCount)
                #expect(earlier.acceptedCount < later.acceptedCount)
                #expect(earlier.byteCount < later.byteCount)
            }
            for (step, endIndex) in zip(told.steps, told.endIndices) { #expect(UInt64(step.acceptedCount) <= endIndex) }
        }
    }

    @Test func `what is no event is told with its place and the rest is stored`() async throws {
        let one = Samples.event("1")
        let input = Array("\(one)\nnonsense\n\n{\"a\":1\n\(Samples.event("2"))".utf8)

        try await withLog(TestLog()) { log async throws in
            let told = await Self.run(input, into: log)

            #expect(told.rejected.map(\.line) == [2, 4])
            #expect(told.rejected.map(\.byteOffset) == [one.utf8.count + 1, one.utf8.count + 17])
            #expect(told.steps.last?.quarantinedCount == 2)
            #expect(told.steps.last?.acceptedCount == 2)
            #expect(told.steps.last?.lineCount == 5)
            #expect(try await log.quarantine.entries().map(\.line) == [2, 4])
            #expect(try Self.gaps(log) == [#""reason":"quarantined","from":"line 2","to":"line 4","lost":"2""#])
        }
    }

    @Test(arguments: [(1, 3), (4, 3), (5, 3), (2, 0), (1, 0)])
    func `a stream that is shorter than it was read already has a gap`(firstLine: Int, lineCount: Int) async throws {
        let input = Array((0..<lineCount).map { Samples.event("\($0)") + "\n" }.joined().utf8)

        try await withLog(TestLog()) { log async throws in
            let told = await Self.run(input, into: log, firstLine: firstLine)

            #expect(told.failure == nil)
            let gap = #""reason":"truncated","from":"line \#(firstLine)","to":"line \#(lineCount)""#
            #expect(try Self.gaps(log) == (firstLine > lineCount + 1 ? [gap] : []))
        }
    }

    @Test func `the same stream again stores nothing twice`() async throws {
        let input = Samples.lines(byteCount: 10_000, padding: 100)

        try await withLog(TestLog()) { log async throws in
            let first = try #require(await Self.run(input, into: log).steps.last)
            let second = try #require(await Self.run(input, into: log).steps.last)

            #expect(second.acceptedCount == 0)
            #expect(second.repeatedCount == first.acceptedCount)
            #expect(second.firstIndex == nil)
            #expect(log.store.snapshot.endIndex == UInt64(first.acceptedCount))
        }
    }

    @Test func `a stream goes on from a line`() async throws {
        let input = Samples.lines(byteCount: 10_000, padding: 100)
        let lines = Self.lines(of: input)

        try await withLog(TestLog()) { log async throws in
            let told = await Self.run(input, into: log, firstLine: 5)

            #expect(try log.texts() == Array(lines.dropFirst(4)))
            #expect(told.steps.last?.lineCount == lines.count - 4)
        }
    }

    @Test func `an empty stream is no fault`() async throws {
        try await withLog(TestLog()) { log async throws in
            let told = await Self.run([], into: log)

            #expect(told.failure == nil)
            #expect(told.steps.isEmpty)
        }
    }

    @Test func `a line that is cut because it is too long counts once`() async throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        let input = Array("\(Samples.event("1"))\n".utf8) + long + Array("\n\(Samples.event("2"))\n".utf8)

        try await withLog(TestLog()) { log async throws in
            let told = await Self.run(input, into: log)

            #expect(told.failure == nil)
            #expect(told.steps.last?.lineCount == 3)
            #expect(told.steps.last?.acceptedCount == 2)
            #expect(Set(told.rejected.map(\.line)) == [2])
        }
    }

    // MARK: - Failures

    @Test func `before damage everything is stored and told`() async throws {
        let input = Samples.lines(byteCount: 20_000, padding: 100)
        let packed = try Packing.gzip.packed(input) + Packing.gzip.packed(input).prefix(40)

        try await withLog(TestLog()) { log async throws in
            let told = await Self.run(packed, into: log)

            #expect((told.failure as? StreamError)?.code == .corrupt)
            #expect(try log.texts() == Self.lines(of: input))
            #expect(told.steps.last?.lineCount == Self.lines(of: input).count)
            let next = Self.lines(of: input).count + 1
            #expect(try Self.gaps(log) == [#""reason":"unreadable","from":"line \#(next)""#])
        }
    }

    @Test func `when the disk is full the stored beginning is told, and the stream can go on behind it`() async throws {
        let input = Samples.lines(byteCount: 9 << 19, padding: 8000)
        let lines = Self.lines(of: input)
        var options = Samples.options()
        options.journalFileByteCount = 1 << 20
        options.maximumGroupByteCount = 1
        let files = SimulatedFileSystem(capacity: 5 << 19)

        try await withLog(TestLog(files, options)) { log async throws in
            let told = await Self.run(input, into: log)

            #expect((told.failure as? StoreError)?.code == .noSpace)
            let count = told.steps.last?.lineCount ?? 0
            #expect(count > 0 && count < lines.count)
            #expect(try log.texts().prefix(count) == lines.prefix(count))

            files.setCapacity(.max)
            let rest = await Self.run(input, into: log, firstLine: 1 + count)
            #expect(rest.failure == nil)
            #expect(Set(try log.texts()) == Set(lines))
            #expect(try log.texts().count == lines.count)
        }
    }

    @Test func `a busy store ends the stream, and nothing is told that is not stored`() async throws {
        var options = Samples.options()
        options.maximumQueuedBatchCount = 0

        try await withLog(TestLog(options)) { log async throws in
            let told = await Self.run(Samples.lines(byteCount: 3 << 19), into: log)

            #expect((told.failure as? StoreError)?.code == .busy)
            #expect(told.steps.isEmpty)
            #expect(log.store.snapshot.endIndex == 0)
        }
    }

    @Test func `a cancelled stream tells nothing that is not stored`() async throws {
        // Many more parts than are on their way at once: however slow the machine, some are left to read after the first.
        let input = Samples.lines(byteCount: 4 * IngestLimits.chunksInFlight << 20, padding: 8000)

        try await withLog(TestLog()) { log async throws in
            let told = await withTaskGroup(of: Told.self) { group in
                group.addTask { await Self.run(input, into: log, cancelsAfterFirstStep: true) }
                return await group.next() ?? Told()
            }

            let count = told.steps.last?.acceptedCount ?? 0
            #expect(told.failure != nil)
            await log.store.close()
            #expect(Int(log.store.snapshot.endIndex) >= count)
            #expect(told.steps.allSatisfy { $0.lineCount == $0.acceptedCount })
        }
    }

    // MARK: - Running

    private struct Told: Sendable {
        var steps: [StreamIngest.Progress] = []
        /// The end of the log when each step was told.
        var endIndices: [UInt64] = []
        var rejected: [Rejection] = []
        var failure: (any Error)?
    }

    private static func run(
        _ input: [UInt8],
        into log: TestLog,
        firstLine: Int = 1,
        cancelsAfterFirstStep: Bool = false
    ) async -> Told {
        var told = Told()
        do {
            let scratch = try Scratch()
            let reader = try StreamReader(path: scratch.file(input), layout: nil, maximumEventByteCount: 1 << 20)
            try await StreamIngest(log.admission, submitter: "User:alice", source: "file:input").run(
                reader,
                firstLine: firstLine,
                progress: { step in
                    told.steps.append(step)
                    told.endIndices.append(log.store.snapshot.endIndex)
                    if cancelsAfterFirstStep { withUnsafeCurrentTask { $0?.cancel() } }
                },
                rejected: { told.rejected += $0 }
            )
        } catch {
            told.failure = error
        }
        return told
    }

    /// What the gaps of a log say, without their source.
    private static func gaps(_ log: TestLog) throws -> [String] {
        try log.texts(of: .system).compactMap { text in
            text.firstMatch(of: /"source":"file:input",(.*?)}}/).map { String($0.1) }
        }
    }

    private static func lines(of input: [UInt8]) -> [String] {
        input.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}
