// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat
import SystemPackage
import Testing

@Suite struct StoreCoreTests {
    private let fileSystem = SimulatedFileSystem()

    // MARK: - Indices

    @Test func `a new store is empty and begins with index 0`() throws {
        var core = try Samples.open(fileSystem)
        #expect(core.snapshot.endIndex == 0)
        #expect(try core.snapshot.event(at: 0) == nil)

        #expect(try core.append([SampleEvent(1), SampleEvent(2)]).indices == 0..<2)
        #expect(try core.append([SampleEvent(3)]).indices == 2..<3)
    }

    @Test func `batches of one group get indices in order, and are read back byte for byte`() throws {
        var core = try Samples.open(fileSystem)
        let batches = [[SampleEvent(1), SampleEvent(2)], [SampleEvent(3)], [SampleEvent(4), SampleEvent(5)]]

        let answers = try core.commit(batches.map { SampleBatch($0) }).map { try $0.get() }

        #expect(answers.map(\.indices) == [0..<2, 2..<3, 3..<5])
        let stored = try core.snapshot.allEvents()
        #expect(stored.map(\.bytes) == batches.joined().map(\.bytes))
        #expect(stored.map(\.index) == Array(0..<5))
        #expect(try core.snapshot.event(at: 3)?.bytes == SampleEvent(4).bytes)
    }

    @Test func `indices go on across files and across restarts`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<30)
        #expect(try Samples.files(fileSystem).count > 3)
        fileSystem.crash(keeping: .nothing)

        core = try Samples.open(fileSystem)

        #expect(core.snapshot.endIndex == 30)
        #expect(try core.append([SampleEvent(30)]).indices == 30..<31)
        #expect(try core.snapshot.allEvents().map(\.bytes) == (0..<31).map { SampleEvent($0).bytes })
    }

    @Test func `a snapshot does not show what comes later`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<3)
        let earlier = core.snapshot
        _ = try core.append([SampleEvent(3)])

        #expect(earlier.endIndex == 3)
        #expect(try earlier.allEvents().count == 3)
        #expect(try earlier.event(at: 3) == nil)
    }

    @Test func `a group larger than a file gets a file of its own`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<2)

        #expect(try core.append([SampleEvent(2, byteCount: 100_000)]).indices == 2..<3)
        #expect(try core.append([SampleEvent(3)]).indices == 3..<4)

        core = try Samples.open(fileSystem)
        #expect(try core.snapshot.allEvents().map(\.bytes.count) == [100, 100, 100_000, 100])
    }

    // MARK: - Repeated events

    @Test func `a repeated event within a batch is stored once`() throws {
        var core = try Samples.open(fileSystem)

        let answer = try core.append([SampleEvent(1), SampleEvent(2), SampleEvent(1)])

        #expect(answer.indices == 0..<2)
        #expect(answer.repeated == [.init(place: 2, index: 0)])
        #expect(try core.snapshot.allEvents().map(\.bytes) == [SampleEvent(1).bytes, SampleEvent(2).bytes])
    }

    @Test func `a repeated event within a group is stored once`() throws {
        var core = try Samples.open(fileSystem)

        let answers = try core.commit([
            SampleBatch([SampleEvent(1)]),
            SampleBatch([SampleEvent(2), SampleEvent(1), SampleEvent(3)]),
            SampleBatch([SampleEvent(3)]),
        ]).map { try $0.get() }

        #expect(answers.map(\.indices) == [0..<1, 1..<3, nil])
        #expect(answers.map(\.repeated) == [[], [.init(place: 1, index: 0)], [.init(place: 0, index: 2)]])
        #expect(answers.map(\.acceptedCount) == [1, 2, 0])
        #expect(core.snapshot.endIndex == 3)
    }

    @Test func `a repeated event is found in the journal, and after a restart`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<20)
        #expect(try core.append([SampleEvent(7)]).repeated == [.init(place: 0, index: 7)])

        core = try Samples.open(fileSystem)

        #expect(try core.append([SampleEvent(7)]).repeated == [.init(place: 0, index: 7)])
        #expect(core.snapshot.endIndex == 20)
    }

    @Test func `every event inside the window is recognised, and one beyond both generations is new`() throws {
        let options = Samples.options(repeatWindowEventCount: 8)
        var core = try Samples.open(fileSystem, options)
        for id in 0..<40 as Range<UInt64> { _ = try core.append([SampleEvent(id)]) }

        for id in 32..<40 as Range<UInt64> {
            #expect(try core.append([SampleEvent(id)]).repeated == [.init(place: 0, index: id)])
        }
        #expect(try core.append([SampleEvent(3)]).indices == 40..<41)
    }

    @Test(arguments: [1, 5, 8, 100])
    func `a window of any size is kept across a restart`(count: Int) throws {
        let options = Samples.options(repeatWindowEventCount: count)
        var core = try Samples.open(fileSystem, options)
        for id in 0..<30 as Range<UInt64> { _ = try core.append([SampleEvent(id)]) }
        core = try Samples.open(fileSystem, options)

        for id in UInt64(max(0, 30 - count))..<30 {
            #expect(try core.append([SampleEvent(id)]).repeated == [.init(place: 0, index: id)])
        }
    }

    @Test func `an event with the same id and other bytes is stored and marked, and its repetition found`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<2)

        let answer = try core.append([SampleEvent(5), SampleEvent(1, variant: 1), SampleEvent(6)])

        #expect(answer.indices == 2..<5)
        #expect(answer.conflicts == [1])
        #expect(try core.snapshot.event(at: 3)?.flags == .conflict)
        #expect(try core.snapshot.event(at: 2)?.flags == [])
        #expect(try core.append([SampleEvent(1, variant: 1)]).repeated == [.init(place: 0, index: 3)])
        #expect(try core.append([SampleEvent(1)]).repeated == [.init(place: 0, index: 1)])
    }

    @Test func `conflicts are found within a batch and within a group`() throws {
        var core = try Samples.open(fileSystem)

        let answers = try core.commit([
            SampleBatch([SampleEvent(1), SampleEvent(1, variant: 1)]),
            SampleBatch([SampleEvent(1, variant: 2), SampleEvent(1, variant: 1)]),
        ]).map { try $0.get() }

        #expect(answers.map(\.conflicts) == [[1], [0]])
        #expect(answers[1].repeated == [.init(place: 1, index: 1)])
        #expect(try core.snapshot.allEvents().map(\.flags) == [[], .conflict, .conflict])
    }

    @Test func `the same event from another submitter is another event`() throws {
        var core = try Samples.open(fileSystem)
        _ = try core.append([SampleEvent(1)], submitter: "User:alice")

        let answer = try core.append([SampleEvent(1)], submitter: "User:carol")

        #expect(answer.indices == 1..<2)
        #expect(answer.conflicts.isEmpty && answer.repeated.isEmpty)
    }

    @Test func `repeated events that need a larger file than the empty one are answered, and the store goes on`() throws
    {
        var core = try Samples.filled(fileSystem, commits: 0..<7)
        let all = (0..<7).map { SampleBatch([SampleEvent($0)]) }
        // Begins a file for a group of which nothing is left to store; then needs a larger file at the same index.
        #expect(core.commit(all).allSatisfy { (try? $0.get().acceptedCount) == 0 })
        #expect(try core.append([SampleEvent(50, byteCount: 60_000)]).indices == 7..<8)

        core = try Samples.open(fileSystem)
        #expect(core.snapshot.endIndex == 8)
    }

    // MARK: - A full disk

    @Test func `a full disk refuses, keeps what was acknowledged, and goes on when there is room`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<1)
        fileSystem.setCapacity(48 << 10)
        var refused: [UInt64] = []
        for id in 1..<20 as Range<UInt64> {
            let answer = core.commit([SampleBatch([SampleEvent(id)])])[0]
            if case .failure(let error) = answer {
                #expect(error.code == .noSpace)
                refused.append(id)
            }
        }
        #expect(!refused.isEmpty && refused.count < 19)
        let end = core.snapshot.endIndex
        #expect(try core.snapshot.allEvents().count == Int(end))

        fileSystem.setCapacity(1 << 20)
        for id in refused { #expect(try core.append([SampleEvent(id)]).acceptedCount == 1) }

        fileSystem.crash(keeping: .nothing)
        #expect(
            try Samples.open(fileSystem).snapshot.allEvents().map(\.bytes) == (0..<20).map { SampleEvent($0).bytes }
        )
    }

    // MARK: - Endings

    @Test func `a closed store refuses, and is whole when it is opened again`() throws {
        var core = try Samples.filled(fileSystem, commits: 0..<3)
        core.close()

        #expect(throws: StoreError.self) { try core.append([SampleEvent(3)]) }
        core = try Samples.open(fileSystem)
        #expect(core.snapshot.endIndex == 3)
        #expect(core.cutByteCount == 0)
    }

    @Test func `a journal without its identity is no data directory`() throws {
        _ = try Samples.filled(fileSystem, commits: 0..<1)
        try fileSystem.remove(Samples.directory.appending("identity"))

        let error = #expect(throws: StoreError.self) { try Samples.open(fileSystem) }

        #expect(error?.code == .notADataDirectory)
    }
}
