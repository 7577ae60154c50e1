// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import SystemPackage
import Testing

@testable import AuditStore

/// A segment whose file is not what was written: named, set aside, and the rest answers.
@Suite struct DamagedSegmentTests {
    private let fileSystem = SimulatedFileSystem()

    enum Damage: CaseIterable {
        case page, footer, cut, longer, missing, empty
    }

    private var options: StoreOptions {
        var options = Samples.options()
        options.sealing.boundary = 1
        options.sealing.eventCount = 100
        options.sealing.mergedCount = 2
        return options
    }

    /// Three events in each of five segments, and two in the journal.
    private func filled() throws -> StoreCore {
        var core = try Samples.open(fileSystem, options)
        for segment in 0..<5 as Range<UInt64> {
            _ = try core.append((segment * 3..<segment * 3 + 3).map { SampleEvent($0) })
            try core.seal()
        }
        _ = try core.append([SampleEvent(15), SampleEvent(16)])
        return core
    }

    private func apply(_ damage: Damage, to segment: SealedSegment) throws {
        let footer = segment.description.range(ofPart: segment.description.parts.count - 1)
        switch damage {
        case .missing: try fileSystem.remove(segment.path)
        case .page:
            try fileSystem.corrupt(segment.path) { bytes in for place in 8..<footer.lowerBound { bytes[place] ^= 4 } }
        case .footer: try fileSystem.corrupt(segment.path) { $0[footer.lowerBound + 9] ^= 1 }
        case .cut: try fileSystem.corrupt(segment.path) { $0.removeLast() }
        case .longer: try fileSystem.corrupt(segment.path) { $0.append(0) }
        case .empty: try fileSystem.corrupt(segment.path) { $0 = [] }
        }
    }

    /// The events of each segment, nil where it can't be read, and of the journal.
    private func read(_ snapshot: StoreSnapshot) throws -> [[UInt64]?] {
        try snapshot.parts.map { part in
            do throws(StoreError) {
                return try snapshot.events(of: part).events.map(\.index)
            } catch {
                guard error.code == .damaged else { throw error }
                return nil
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func `a damaged segment is named and set aside, the rest answers, and a restored one is taken back`(
        _ damage: Damage
    ) throws {
        var core = try filled()
        core.close()
        core = try Samples.open(fileSystem, options)
        let whole = try fileSystem.contents(of: core.snapshot.segments[2].path, maximumByteCount: 1 << 20)
        // As a new process finds it.
        try apply(damage, to: core.snapshot.segments[2])
        core = try Samples.open(fileSystem, options)
        let snapshot = core.snapshot
        let segment = snapshot.segments[2]

        let error = #expect(throws: StoreError.self) { try segment.events(0..<3) }
        #expect(error?.code == .damaged)
        #expect(error?.path == segment.path)
        #expect(error?.message.contains(segment.description.name) == true)
        #expect(segment.damage?.message == error?.message)
        #expect(try read(snapshot) == [[0, 1, 2], [3, 4, 5], nil, [9, 10, 11], [12, 13, 14], [15, 16]])
        #expect(snapshot.segments.map { $0.damage == nil } == [true, true, false, true, true])
        #expect(throws: StoreError.self) { try snapshot.event(at: 7) }
        #expect(try snapshot.event(at: 9)?.bytes == SampleEvent(9).bytes)
        #expect(throws: StoreError.self) { try segment.check() }
        #expect(try !segment.findDamage(in: fileSystem).isEmpty)
        #expect(core.snapshot.segments[2].damage != nil, "another look at the log knows it too")

        if fileSystem.exists(segment.path) { try fileSystem.remove(segment.path) }
        try fileSystem.place(segment.path, whole)
        #expect(throws: StoreError.self) { try segment.events(0..<3) }
        try segment.check()

        #expect(segment.damage == nil)
        #expect(try snapshot.allEvents().map(\.bytes) == (0..<17).map { SampleEvent($0).bytes })
    }

    @Test func `a file that can't be read now is not damaged`() throws {
        var core = try filled()
        var options = options
        options.repeatWindowEventCount = 1
        core.close()
        core = try Samples.open(fileSystem, options)
        let segment = core.snapshot.segments[1]
        fileSystem.fail(fileSystem.operationCount, with: .inputOutput)

        let error = #expect(throws: StoreError.self) { try segment.events(0..<3) }

        #expect(error?.code == .inputOutput)
        #expect(segment.damage == nil)
        #expect(try segment.events(0..<3).count == 3)
    }

    // MARK: - Ingest goes on

    @Test(arguments: Damage.allCases)
    func `events of a damaged segment that are sent again are stored again`(_ damage: Damage) throws {
        var core = try filled()
        core.close()
        try apply(damage, to: core.snapshot.segments[2])
        core = try Samples.open(fileSystem, options)

        #expect(try core.append([SampleEvent(7)]).indices == 17..<18)
        #expect(try core.append([SampleEvent(4)]).repeated == [.init(place: 0, index: 4)])
        #expect(try core.append([SampleEvent(7)]).repeated == [.init(place: 0, index: 17)])
    }

    @Test(arguments: Damage.allCases)
    func `so are those of one that is damaged after the store was opened`(_ damage: Damage) throws {
        var core = try filled()
        try apply(damage, to: core.snapshot.segments[2])

        #expect(try core.append([SampleEvent(7)]).indices == 17..<18)
        #expect(try core.append([SampleEvent(8, variant: 1), SampleEvent(20)]).acceptedCount == 2)
        #expect(try core.append([SampleEvent(4)]).repeated == [.init(place: 0, index: 4)])
        #expect(core.snapshot.segments.map { $0.damage == nil } == [true, true, false, true, true])
    }

    @Test func `merging passes over a damaged segment, and sealing goes on`() async throws {
        var core = try filled()
        let path = core.snapshot.segments[2].path
        core.close()
        try apply(.page, to: core.snapshot.segments[2])
        // Nothing is read at opening that would find it.
        var options = options
        options.repeatWindowEventCount = 1
        let store = try LogStore(directory: Samples.directory, fileSystem: fileSystem, options: options)

        try await store.maintain()

        #expect(store.sealingFailure == nil)
        #expect(store.snapshot.segments.map(\.description.indices) == [0..<6, 6..<9, 9..<15])
        #expect(store.snapshot.segments.map { $0.damage == nil } == [true, false, true])
        #expect(fileSystem.exists(path))
        _ = try await store.append(SampleBatch([SampleEvent(17)]).frame())
        try await store.sealAll()
        #expect(store.snapshot.liveStart == 18)
        try await store.compact()
        #expect(try read(store.snapshot).map { $0?.count } == [6, nil, 9])
        await store.close()
    }
}
