// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import SystemPackage
import Testing

@testable import AuditStore

/// A store on a disk that gets full and has room again.
@Suite struct DiskFullTests {
    private let fileSystem = SimulatedFileSystem()
    private static let reserve = Samples.directory.appending("reserve")

    /// Seven events of one block fill a journal file; the reserve is enough for one file of one event.
    private var options: StoreOptions {
        var options = Samples.options()
        options.reserveByteCount = 12 << 10
        return options
    }

    private func open() throws -> LogStore {
        try LogStore(directory: Samples.directory, fileSystem: fileSystem, options: options)
    }

    /// Leaves so many bytes of the disk.
    private func leave(_ byteCount: Int) throws {
        fileSystem.setCapacity(.max)
        fileSystem.setCapacity(.max - (try fileSystem.availableByteCount(at: "/")) + byteCount)
    }

    private func append(_ ids: Range<UInt64>, to store: LogStore) async throws {
        for id in ids { _ = try await store.append(SampleBatch([SampleEvent(id)]).frame()) }
    }

    private func isRefused(_ id: UInt64, by store: LogStore) async throws -> Bool {
        do {
            try await append(id..<id + 1, to: store)
            return false
        } catch let error as StoreError {
            #expect(error.code == .noSpace)
            return true
        }
    }

    private var reservedByteCount: Int? {
        get throws {
            guard fileSystem.exists(Self.reserve) else { return nil }
            return try fileSystem.openForReading(Self.reserve).byteCount()
        }
    }

    @Test func `room is kept with the first journal file, and given up for one last word`() async throws {
        let store = try open()
        #expect(try reservedByteCount == nil)
        try await append(0..<7, to: store)
        #expect(try reservedByteCount == 12 << 10)

        try leave(0)
        #expect(try await isRefused(7, by: store))
        #expect(try await isRefused(8, by: store))
        #expect(try reservedByteCount == 12 << 10, "nobody else gets it")
        #expect(store.failure?.code == .noSpace)

        let word = SampleBatch([SampleEvent(1000)], submitter: "martlet")
        try await store.appendFromReserve(word.frame())

        #expect(try reservedByteCount == nil)
        #expect(store.failure?.code == .noSpace, "the disk is full all the same")
        let error = await #expect(throws: StoreError.self) {
            try await store.appendFromReserve(SampleBatch([SampleEvent(1001)], submitter: "martlet").frame())
        }
        #expect(error?.code == .noSpace)
        fileSystem.crash(keeping: .nothing)
        let found = try Samples.open(fileSystem, options).snapshot.allRecords()
        #expect(found.map(\.bytes) == (0..<7).map { SampleEvent($0).bytes } + [SampleEvent(1000).bytes])
        #expect(found.last?.submitter == "martlet")
        await store.close()
    }

    @Test func `ingest goes on by itself when there is room, and room is kept again`() async throws {
        let store = try open()
        try await append(0..<7, to: store)
        try leave(0)
        #expect(try await isRefused(7, by: store))
        try await store.appendFromReserve(SampleBatch([SampleEvent(1000)], submitter: "martlet").frame())
        #expect(try await isRefused(7, by: store))

        // As much as a journal file, and no more: not enough, with the record of the journal's end.
        try leave(options.journalFileByteCount)
        #expect(store.failure?.code == .noSpace)
        try leave(100 << 10)
        #expect(store.failure == nil, "nobody has to try first")

        try await append(7..<9, to: store)
        #expect(store.failure == nil)
        #expect(try reservedByteCount == 12 << 10)
        await store.close()
        let found = try Samples.open(fileSystem, options).snapshot.allEvents()
        #expect(found.map(\.bytes) == ([0, 1, 2, 3, 4, 5, 6, 1000, 7, 8] as [UInt64]).map { SampleEvent($0).bytes })
    }

    @Test func `the reserve can be used again after it was kept again`() async throws {
        let store = try open()
        var next: UInt64 = 0
        for round in 0..<3 as Range<UInt64> {
            fileSystem.setCapacity(.max)
            // Past the end of a file, so that a new one is begun and room is kept.
            try await append(next..<next + 8, to: store)
            next += 8
            #expect(try reservedByteCount == 12 << 10, "round \(round)")
            try leave(0)
            while try await !isRefused(next, by: store) { next += 1 }
            try await store.appendFromReserve(SampleBatch([SampleEvent(1000 + round)]).frame())
        }
        fileSystem.setCapacity(.max)
        await store.close()
        let found = try Samples.open(fileSystem, options).snapshot.allEvents()
        #expect(Set(found.map(\.bytes)).count == Int(next) + 3)
        #expect(found.count == Int(next) + 3)
    }

    @Test func `on a nearly full disk a journal file is smaller, and the reserve waits`() async throws {
        var options = options
        options.journalFileByteCount = 512 << 10
        var core = try Samples.open(fileSystem, options)
        // A sixteenth of a file, and a little for the record of the journal's end.
        try leave(33 << 10)

        for id in 0..<7 as Range<UInt64> { #expect(try core.append([SampleEvent(id)]).acceptedCount == 1) }

        let file = try #require(try Samples.files(fileSystem).first)
        #expect(try fileSystem.openForReading(file).byteCount() == 32 << 10)
        #expect(try reservedByteCount == nil)
        guard case .failure(let error) = core.commit([SampleBatch([SampleEvent(7)])])[0] else {
            Issue.record("there is no room")
            return
        }
        #expect(error.code == .noSpace)

        fileSystem.setCapacity(.max)
        #expect(try core.append([SampleEvent(7)]).acceptedCount == 1)
        #expect(try fileSystem.openForReading(#require(try Samples.files(fileSystem).last)).byteCount() == 512 << 10)
        #expect(try reservedByteCount == 12 << 10)
    }

    @Test func `what is repeated is answered on a full disk as long as the file has room`() async throws {
        let store = try open()
        try await append(0..<3, to: store)
        try leave(0)

        let answer = try await store.append(SampleBatch([SampleEvent(0), SampleEvent(3)]).frame())

        #expect(answer.repeated.map(\.index) == [0])
        #expect(answer.acceptedCount == 1)
        await store.close()
    }
}
