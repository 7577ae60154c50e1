// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat
import SystemPackage
import Testing

@Suite struct LogStoreTests {
    private let fileSystem = SimulatedFileSystem()

    private func open() throws -> LogStore {
        try LogStore(directory: Samples.directory, fileSystem: fileSystem, options: Samples.options())
    }

    @Test func `what eight producers were acknowledged is there once, in their order`() async throws {
        let store = try open()
        let producers = 8
        let batchesOfEach: UInt64 = 40

        let acknowledged = try await withThrowingTaskGroup(of: [(UInt64, UInt64)].self) { group in
            for producer in 0..<UInt64(producers) {
                group.addTask {
                    var indices: [(UInt64, UInt64)] = []
                    for number in 0..<batchesOfEach {
                        let ids = (0..<2).map { producer << 32 | number << 8 | $0 }
                        let batch = SampleBatch(ids.map { SampleEvent($0) }, submitter: "User:\(producer)")
                        let range = try #require(try await store.append(batch.frame()).indices)
                        indices += zip(ids, range).map { ($0, $1) }
                    }
                    return indices
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        let stored = try store.snapshot.allEvents()
        #expect(stored.count == producers * Int(batchesOfEach) * 2)
        #expect(Set(stored.map(\.bytes)).count == stored.count)
        for ofOne in acknowledged {
            #expect(ofOne.map(\.1) == ofOne.map(\.1).sorted())
            for (id, index) in ofOne { #expect(stored[Int(index)].bytes == SampleEvent(id).bytes) }
        }
        await store.close()
        let reopened = try StoreCore(directory: Samples.directory, fileSystem: fileSystem, options: Samples.options())
        #expect(reopened.snapshot.endIndex == UInt64(stored.count))
    }

    @Test func `growth begins with the end, tells when it moves, and ends with the store`() async throws {
        let store = try open()
        var growth = store.growth().makeAsyncIterator()
        #expect(await growth.next() == 0)

        _ = try await store.append(SampleBatch([SampleEvent(1), SampleEvent(2)]).frame())
        #expect(await growth.next() == 2)
        _ = try await store.append(SampleBatch([SampleEvent(1)]).frame())
        _ = try await store.append(SampleBatch([SampleEvent(3)]).frame())
        #expect(await growth.next() == 3)

        await store.close()
        #expect(await growth.next() == nil)
        var late = store.growth().makeAsyncIterator()
        #expect(await late.next() == 3)
        #expect(await late.next() == nil)
    }

    @Test func `a closed store refuses, and still shows what it holds`() async throws {
        let store = try open()
        _ = try await store.append(SampleBatch([SampleEvent(1)]).frame())
        await store.close()

        let error = await #expect(throws: StoreError.self) {
            try await store.append(SampleBatch([SampleEvent(2)]).frame())
        }

        #expect(error?.code == .closed)
        #expect(try store.snapshot.allEvents().count == 1)
    }

    @Test func `a second store on a directory is refused until the first is gone`() async throws {
        var first: LogStore? = try open()
        let error = #expect(throws: StoreError.self) { try open() }
        #expect(error?.code == .locked)

        await first?.close()
        first = nil

        let second = try open()
        await second.close()
    }

    @Test func `a full queue says that it is busy`() async throws {
        var options = Samples.options()
        options.maximumQueuedBatchCount = 0
        let store = try LogStore(directory: Samples.directory, fileSystem: fileSystem, options: options)

        let error = await #expect(throws: StoreError.self) {
            try await store.append(SampleBatch([SampleEvent(1)]).frame())
        }

        #expect(error?.code == .busy)
        await store.close()
    }

    @Test func `a failed write is told to all, and stays until the directory is opened again`() async throws {
        let store = try open()
        _ = try await store.append(SampleBatch([SampleEvent(1)]).frame())
        fileSystem.fail(fileSystem.operationCount, with: .inputOutput)

        for id in 2..<4 as Range<UInt64> {
            let error = await #expect(throws: StoreError.self) {
                try await store.append(SampleBatch([SampleEvent(id)]).frame())
            }
            #expect(error?.code == .writeFailed)
        }

        #expect(store.failure?.code == .writeFailed)
        await store.close()
    }

    @Test func `a store keeps real files`() async throws {
        let scratch = try Scratch()
        let store = try LogStore(directory: scratch.path, options: Samples.options())
        for id in 0..<20 as Range<UInt64> { _ = try await store.append(SampleBatch([SampleEvent(id)]).frame()) }
        #expect(throws: StoreError.self) { try LogStore(directory: scratch.path, options: Samples.options()) }
        await store.close()

        let core = try StoreCore(directory: scratch.path, fileSystem: RealFileSystem(), options: Samples.options())

        #expect(try core.snapshot.allEvents().map(\.bytes) == (0..<20).map { SampleEvent($0).bytes })
    }
}
