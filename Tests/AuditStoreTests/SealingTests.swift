// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import SegmentFormat
import SystemPackage
import Testing

@testable import AuditStore

/// How the journal's events become segments, and small segments larger ones.
@Suite struct SealingTests {
    private let fileSystem = SimulatedFileSystem()
    private let clock = TestClock()

    private func options(boundary: UInt64 = 4, eventCount: Int = 8) -> StoreOptions {
        var options = Samples.options()
        options.now = { [clock] in clock.now }
        options.sealing.boundary = boundary
        options.sealing.eventCount = eventCount
        return options
    }

    private func indices(_ core: StoreCore) -> [Range<UInt64>] { core.snapshot.segments.map(\.description.indices) }

    /// Commits batches of so many events.
    private func add(_ counts: [Int], to core: inout StoreCore, byteCount: Int = 100) throws {
        for count in counts {
            let first = core.snapshot.endIndex
            let events = (first..<first + UInt64(count)).map { SampleEvent($0, byteCount: byteCount) }
            _ = try core.append(events)
        }
    }

    // MARK: - Where segments end

    @Test(
        arguments: [
            (batches: [3], boundary: 4, eventCount: 8, ends: []),
            (batches: [8], boundary: 4, eventCount: 8, ends: [8]),
            (batches: [1, 1, 1, 1, 1, 1, 1, 1, 1], boundary: 4, eventCount: 8, ends: [8]),
            (batches: [30], boundary: 4, eventCount: 8, ends: [8, 16, 24]),
            (batches: [5, 5, 5, 5], boundary: 4, eventCount: 8, ends: [8, 16]),
            // A size that is no multiple of the boundary is rounded down, but never below one boundary.
            (batches: [30], boundary: 4, eventCount: 11, ends: [8, 16, 24]),
            (batches: [9], boundary: 4, eventCount: 1, ends: [4, 8]),
            (batches: [9], boundary: 1, eventCount: 3, ends: [3, 6, 9]),
        ] as [(batches: [Int], boundary: UInt64, eventCount: Int, ends: [UInt64])]
    )
    func `segments have the size that is asked for and end at multiples of the boundary`(
        batches: [Int],
        boundary: UInt64,
        eventCount: Int,
        ends: [UInt64]
    ) throws {
        var core = try Samples.open(fileSystem, options(boundary: boundary, eventCount: eventCount))
        try add(batches, to: &core)
        let before = try core.snapshot.allRecords()

        try core.seal(all: false)

        #expect(indices(core).map(\.upperBound) == ends)
        #expect(core.snapshot.liveStart == ends.last ?? 0)
        #expect(try core.snapshot.allRecords() == before)
    }

    @Test func `large events make a segment end at the first boundary past the bytes`() throws {
        var options = options(boundary: 2, eventCount: 100)
        options.sealing.eventByteCount = 1000
        var core = try Samples.open(fileSystem, options)
        try add([7], to: &core, byteCount: 300)

        try core.seal(all: false)

        #expect(indices(core) == [0..<4])
        #expect(core.snapshot.segments.first?.description.eventByteCount == 1200)
    }

    @Test func `an old event makes its segment end at the next boundary, not before`() throws {
        var core = try Samples.open(fileSystem, options(boundary: 4, eventCount: 100))
        var maker = core.segmentMaker()
        func sealDue() throws {
            try maker.catchUp(with: core.snapshot, to: core.snapshot.endIndex)
            maker.finishIfDue(now: clock.now)
            try core.adoptAll(of: &maker)
        }
        try add([4], to: &core)
        try sealDue()
        #expect(indices(core) == [], "young")

        clock.advance(by: SealPolicy().age - 1)
        try sealDue()
        #expect(indices(core) == [], "nearly old enough")

        try add([2], to: &core)
        clock.advance(by: 1)
        try sealDue()
        #expect(indices(core) == [], "old, and not at a boundary")

        try add([1], to: &core)
        try sealDue()
        #expect(indices(core) == [])
        try add([3], to: &core)
        try sealDue()
        #expect(indices(core) == [0..<8], "at the boundary, inside of a batch")

        // The next one is young again.
        try add([2], to: &core)
        try sealDue()
        #expect(indices(core) == [0..<8])
    }

    @Test func `all can be sealed anywhere, and the next segment ends at a multiple again`() throws {
        var core = try Samples.open(fileSystem, options())
        try add([3], to: &core)
        try core.seal()
        try core.seal()
        #expect(indices(core) == [0..<3])

        try add([2, 6], to: &core)
        try core.seal(all: false)
        #expect(indices(core) == [0..<3, 3..<8])
        try core.seal()
        #expect(indices(core) == [0..<3, 3..<8, 8..<11])

        #expect(try core.snapshot.allRecords().map(\.bytes) == (0..<11).map { SampleEvent($0).bytes })
        core = try Samples.open(fileSystem, options())
        #expect(indices(core) == [0..<3, 3..<8, 8..<11])
        #expect(core.snapshot.endIndex == 11)
    }

    // MARK: - What is kept

    /// Several submitters, sources, positions, streams, times of receipt and conflicts, in five segments.
    private func varied(_ core: inout StoreCore) throws -> [EventRecord] {
        var expected: [EventRecord] = []
        for number in 0..<10 as Range<UInt64> {
            let submitter = number % 3 == 0 ? "User:carol" : "User:alice"
            let position: [UInt8] = number % 2 == 0 ? [UInt8(number), 0, 0xFF] : []
            let frame = JournalFrame(
                stream: number % 4 == 3 ? .system : .audit,
                submitter: submitter,
                source: number % 2 == 0 ? "topic" : "file ä",
                position: position
            )
            let events = [SampleEvent(number), SampleEvent(1000, variant: Int(number), byteCount: 30)]
            for event in events {
                frame.append(event.bytes.span.bytes, time: 1, keyHash: event.keyHash(submitter: submitter))
            }
            frame.finish()
            _ = try core.commit([frame])[0].get()
            if number % 2 == 1 { try core.seal() }
            clock.advance(by: 1_000_000_007)
        }
        expected = try core.snapshot.allRecords()
        return expected
    }

    @Test func `sealing and merging keep indices, labels, positions, flags and bytes`() throws {
        var unsealed = try Samples.open(fileSystem, options(boundary: 1, eventCount: 1000))
        let records = try varied(&unsealed)
        #expect(records.count == 20)
        #expect(records.filter { $0.flags == EventFlags.conflict.rawValue }.count == 8)
        #expect(Set(records.map(\.position)).count == 6)
        #expect(Set(records.map(\.received)).count == 10)
        #expect(indices(unsealed).count == 5)
        let whole = unsealed.snapshot.segments.map(\.description)

        #expect(try unsealed.merge())

        #expect(indices(unsealed) == [0..<20])
        #expect(try unsealed.snapshot.allRecords() == records)
        let merged = try #require(unsealed.snapshot.segments.first).description
        #expect(merged.eventByteCount == whole.reduce(0) { $0 + $1.eventByteCount })
        #expect(merged.receivedRange.lowerBound == whole.first?.receivedRange.lowerBound)
        #expect(merged.receivedRange.upperBound == whole.last?.receivedRange.upperBound)
        #expect(merged.streams == [.audit, .system])
        #expect(try !unsealed.merge())
        unsealed = try Samples.open(fileSystem, options(boundary: 1, eventCount: 1000))
        #expect(try unsealed.snapshot.allRecords() == records)
        #expect(unsealed.position(ofSource: "topic", submitter: "User:alice") == [8, 0, 0xFF])
        #expect(unsealed.position(ofSource: "topic", submitter: "User:carol") == [6, 0, 0xFF])
    }

    @Test func `segments that would be too large together are not merged`() throws {
        var core = try Samples.open(fileSystem, options(boundary: 1, eventCount: 5))
        for count in [3, 2, 4, 1, 1, 5] {
            try add([count], to: &core)
            try core.seal()
        }
        let before = try core.snapshot.allRecords()

        while try core.merge() {}

        #expect(indices(core) == [0..<5, 5..<10, 10..<11, 11..<16])
        #expect(try core.snapshot.allRecords() == before)
    }

    @Test func `a snapshot of before reads what was merged since, and its files go when it does`() throws {
        var core = try Samples.open(fileSystem, options(boundary: 1, eventCount: 100))
        for _ in 0..<3 {
            try add([2], to: &core)
            try core.seal()
        }
        var earlier: StoreSnapshot? = core.snapshot
        let paths = core.snapshot.segments.flatMap { [$0.path, $0.indexPath] }
        let records = try core.snapshot.allRecords()
        try core.merge()
        core.removeUnused()

        #expect(earlier?.segments.count == 3 && core.snapshot.segments.count == 1)
        #expect(try earlier?.allRecords() == records)
        #expect(paths.allSatisfy(fileSystem.exists))

        earlier = nil
        core.removeUnused()

        #expect(!paths.contains(where: fileSystem.exists))
        #expect(try core.snapshot.allRecords() == records)
    }

    @Test func `journal files go when their events are in segments and nobody reads them`() throws {
        var core = try Samples.open(fileSystem, options(boundary: 1, eventCount: 100))
        try add(Array(repeating: 1, count: 20), to: &core)
        var earlier: StoreSnapshot? = core.snapshot
        let files = try Samples.files(fileSystem)
        try #require(files.count == 3)
        try core.seal()
        core.removeUnused()
        #expect(try Samples.files(fileSystem) == files)
        #expect(try earlier?.allRecords().count == 20)

        earlier = nil
        core.removeUnused()

        #expect(try Samples.files(fileSystem) == [])
        #expect(try core.snapshot.allRecords().count == 20)
        #expect(try core.append([SampleEvent(20)]).indices == 20..<21)
        #expect(try Samples.open(fileSystem, options()).snapshot.allRecords().count == 21)
    }

    @Test func `a segment beyond the manifest and the journal is not removed, and the log does not open`() throws {
        var core = try Samples.open(fileSystem, options())
        try add([4, 4], to: &core)
        try core.seal()
        core.close()
        let segment = try #require(core.snapshot.segments.last)
        try fileSystem.remove(Samples.directory.appending("manifest"))
        try fileSystem.remove(Samples.directory.appending("journal-end"))
        for file in try Samples.files(fileSystem) { try fileSystem.remove(file) }

        let error = #expect(throws: StoreError.self) { try Samples.open(fileSystem, options()) }

        #expect(error?.code == .damaged)
        #expect(error?.message.contains("manifest is missing, or older") == true)
        #expect(fileSystem.exists(segment.path) && fileSystem.exists(segment.indexPath))
    }

    @Test func `what a crash left is cleared at the start, and other files are left alone`() throws {
        var core = try Samples.open(fileSystem, options())
        try add([4, 4], to: &core)
        try core.seal()
        core.close()
        let segment = try #require(core.snapshot.segments.first)
        let day = segment.path.removingLastComponent()
        // Of events that are in a segment with a name: half of it, made before two were merged.
        let name = "00000000000000000004-00000000000000000007"
        let strays = ["\(name).parquet", "\(name).index", "\(name).parquet.new", "\(name).index.new"]
        let others = ["notes.parquet", "\(name).parquet.bak", "8-11.parquet", "README"]
        for name in strays + others { try fileSystem.place(day.appending(name), [1, 2, 3]) }
        try fileSystem.place(Samples.directory.appending("segments/somebody"), [4])

        core = try Samples.open(fileSystem, options())

        for name in strays { #expect(!fileSystem.exists(day.appending(name)), "\(name)") }
        for name in others { #expect(fileSystem.exists(day.appending(name)), "\(name)") }
        #expect(fileSystem.exists(Samples.directory.appending("segments/somebody")))
        #expect(fileSystem.exists(segment.path) && fileSystem.exists(segment.indexPath))
        #expect(try core.snapshot.allRecords().count == 8)
    }

    // MARK: - Repeated events

    @Test(arguments: [false, true], [false, true])
    func `repeated and conflicting events are recognised in segments`(isReopened: Bool, isMerged: Bool) throws {
        var core = try Samples.open(fileSystem, options(boundary: 1, eventCount: 100))
        try add([3], to: &core)
        try core.seal()
        _ = try core.append([SampleEvent(1, variant: 1), SampleEvent(3)], submitter: "User:alice")
        try core.seal()
        if isMerged { try core.merge() }
        core.removeUnused()
        if isReopened {
            core.close()
            core = try Samples.open(fileSystem, options())
        }

        let answer = try core.append([
            SampleEvent(0), SampleEvent(1, variant: 1), SampleEvent(2, variant: 7), SampleEvent(9), SampleEvent(1),
        ])

        #expect(
            answer.repeated == [.init(place: 0, index: 0), .init(place: 1, index: 3), .init(place: 4, index: 1)]
        )
        #expect(answer.conflicts == [2])
        #expect(answer.indices == 5..<7)
        #expect(try core.append([SampleEvent(0)], submitter: "User:carol").acceptedCount == 1)
    }

    // MARK: - Failures

    @Test func `sealing on a full disk changes nothing, and is done when there is room`() throws {
        var core = try Samples.open(fileSystem, options())
        try add([4, 4, 2], to: &core)
        let records = try core.snapshot.allRecords()
        fileSystem.setCapacity(0)
        var maker = core.segmentMaker()
        try maker.catchUp(with: core.snapshot, to: core.snapshot.endIndex)
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { _ = try maker.writeNext() }
            #expect(error?.code == .noSpace)
        }
        #expect(indices(core) == [])
        #expect(try core.snapshot.allRecords() == records)

        fileSystem.setCapacity(.max)
        try core.adoptAll(of: &maker)

        #expect(indices(core) == [0..<8])
        #expect(try core.snapshot.allRecords() == records)
    }

    @Test func `a store that could not seal for want of room says so, and seals everything later`() async throws {
        let store = try LogStore(directory: Samples.directory, fileSystem: fileSystem, options: options())
        for id in 0..<4 as Range<UInt64> { _ = try await store.append(SampleBatch([SampleEvent(id)]).frame()) }
        fileSystem.setCapacity(0)
        let error = await #expect(throws: StoreError.self) { try await store.sealAll() }
        #expect(error?.code == .noSpace)
        #expect(store.sealingFailure?.code == .noSpace)
        #expect(store.snapshot.segments.isEmpty)

        fileSystem.setCapacity(.max)
        for id in 4..<30 as Range<UInt64> { _ = try await store.append(SampleBatch([SampleEvent(id)]).frame()) }
        try await store.sealAll()

        #expect(store.sealingFailure == nil)
        #expect(store.snapshot.liveStart == 30)
        #expect(try store.snapshot.allRecords().map(\.bytes) == (0..<30).map { SampleEvent($0).bytes })
        await store.close()
    }

    // MARK: - The journal beside segments

    /// A store of 24 events, one in each frame, 7 frames in a file; the first 16 are in segments.
    ///
    /// Nothing was removed.
    private func partlySealed() throws -> (records: [EventRecord], files: [FilePath]) {
        var core = try Samples.open(fileSystem, options())
        try add(Array(repeating: 1, count: 20), to: &core)
        try core.seal(all: false)
        try add(Array(repeating: 1, count: 4), to: &core)
        #expect(indices(core) == [0..<8, 8..<16])
        core.close()
        return (try core.snapshot.allRecords(), try Samples.files(fileSystem))
    }

    @Test func `any of the journal files that are sealed may be there or not`() throws {
        let (records, files) = try partlySealed()
        #expect(
            files.map { $0.lastComponent?.string.suffix(10) } == [
                "00.journal", "07.journal", "14.journal", "21.journal",
            ]
        )
        let contents = try files.map { try fileSystem.contents(of: $0, maximumByteCount: 1 << 20) }
        for subset in 0..<4 {
            for (number, path) in files.enumerated().prefix(2) {
                if fileSystem.exists(path) { try fileSystem.remove(path) }
                if subset & 1 << number != 0 { try fileSystem.place(path, contents[number]) }
            }
            var core = try Samples.open(fileSystem, options())
            #expect(try core.snapshot.allRecords() == records, "subset \(subset)")
            #expect(core.snapshot.endIndex == 24)
            #expect(try core.append([SampleEvent(15), SampleEvent(22)]).acceptedCount == 0)
            core.close()
        }
    }

    @Test(arguments: [2, 3])
    func `a missing journal file whose events are in no segment is told`(number: Int) throws {
        let (_, files) = try partlySealed()
        try fileSystem.remove(files[number])

        let error = #expect(throws: StoreError.self) { try Samples.open(fileSystem, options()) }

        #expect(error?.code == .damaged)
        #expect(try Samples.files(fileSystem).count == 3)
    }

    @Test func `a log without its manifest is told, unless its whole journal is there`() throws {
        let (records, files) = try partlySealed()
        let manifest = Samples.directory.appending("manifest")
        let contents = try fileSystem.contents(of: manifest, maximumByteCount: 1 << 20)
        try fileSystem.remove(manifest)
        try fileSystem.remove(files[0])
        #expect(throws: StoreError.self) { try Samples.open(fileSystem, options()) }

        // Nothing was removed meanwhile.
        try fileSystem.place(manifest, contents)
        #expect(try Samples.open(fileSystem, options()).snapshot.allRecords() == records)
    }
}
