// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import SegmentFormat
import SystemPackage
import Testing
import TransparencyLog

@testable import AuditStore

/// What is gone of an erased event, and what stays.
@Suite struct ErasureTests {
    private let log = ErasureLog()
    private var index: UInt64 { ErasureLog.index }
    private var fileSystem: SimulatedFileSystem { log.fileSystem }

    private func opened<Result>(_ body: (LogStore) async throws -> Result) async throws -> Result {
        let store = try log.open()
        do {
            let result = try await body(store)
            await store.close()
            return result
        } catch {
            await store.close()
            throw error
        }
    }

    @discardableResult
    private func erase(_ index: UInt64, in store: LogStore) async throws -> Erasure {
        try await store.erase(index, tombstone: { _ in Secret.tombstone })
    }

    // MARK: - What stays

    @Test func `the leaf, the tree and the other events stay, and a tombstone stands in the event's place`()
        async throws
    {
        try await opened { store in
            try await log.fill(store)
            let (leaves, before) = (try await log.leaves(store), try store.snapshot.allRecords())
            let root = try #require(store.tree?.reader?.view.frontier.root)

            let erasure = try await erase(index, in: store)

            #expect(erasure.leaf.hash == leaves[Int(index)])
            #expect(erasure.tombstone == Secret.tombstone)
            #expect(erasure.remaining == [])
            #expect(try await log.leaves(store) == leaves)
            #expect(store.tree?.reader?.view.frontier.root == root)
            for record in try store.snapshot.allRecords() where record.index != index {
                #expect(record == before[Int(record.index)])
            }
            let event = try #require(try store.snapshot.event(at: index))
            #expect(event.bytes == Secret.tombstone)
            #expect(event.flags == .erased)
            #expect(event.submitter == "User:alice")
            #expect(event.received == before[Int(index)].received)
            let position = try store.snapshot.allRecords()[Int(index)].position
            #expect(position == [1, 2])
        }
        try await opened { store in
            let (event, leaves) = (try store.snapshot.event(at: index), try await log.leaves(store))
            #expect(event?.bytes == Secret.tombstone)
            #expect(leaves.count == 12)
        }
    }

    @Test func `a receipt from before still holds, and a new one opens nothing`() async throws {
        try await opened { store in
            try await log.fill(store)
            let reader = try #require(store.tree?.reader)
            let before = try #require(try reader.receipt(of: index, withSalts: true))
            let vkey = try #require(reader.view.verifierKeys.first)

            try await erase(index, in: store)

            let opening = try LeafOpening(parsing: try #require(before.extra))
            let bytes = Secret.event.bytes
            try opening.check(event: bytes.span.bytes)
            let policy = try TrustPolicy(log: try NoteVerifier(vkey: vkey))
            _ = try before.check(leafHash: opening.leaf.hash, policy: policy)
            let after = try #require(try store.tree?.reader?.receipt(of: index, withSalts: true))
            let closed = try LeafOpening(parsing: try #require(after.extra))
            #expect(closed.leaf == opening.leaf)
            #expect(closed.bodySalt == nil)
            _ = try after.check(leafHash: closed.leaf.hash, policy: policy)
        }
    }

    @Test func `the mark of a conflict stays`() async throws {
        try await opened { store in
            try await log.fill(store)
            var other = Secret.event
            other.bytes.insert(0x20, at: 1)
            #expect(try await store.append(ErasureLog.frame([other], seed: store.keySeed)).conflicts == [0])

            let erasure = try await erase(12, in: store)

            let isConflict = erasure.leaf.isConflict
            #expect(isConflict)
            #expect(try store.snapshot.event(at: 12)?.flags == [.conflict, .erased])
        }
    }

    // MARK: - What goes

    @Test func `nothing of it is in any file, from the journal and from a segment`() async throws {
        for isSealed in [false, true] {
            let test = ErasureTests()
            try await test.opened { store in
                try await test.log.fill(store)
                if isSealed { try await store.sealAll() }
                #expect(Set(test.fileSystem.findings(below: "/data").map { $0.split(separator: " ").last }).count == 4)

                try await test.erase(test.index, in: store)

                #expect(test.fileSystem.findings(below: "/data") == [])
                let segment = try #require(store.snapshot.segment(holding: test.index))
                #expect(segment.description.name.hasSuffix(".e1.parquet"))
                let index = try #require(segment.index())
                #expect(try index.ids(using: ZstdDecompressor()).rows(withID: Secret.tokens[0]).isEmpty)
            }
            #expect(test.fileSystem.findings(below: "/data") == [])
        }
    }

    @Test func `its salts are forgotten, and those of its neighbours are not`() async throws {
        try await opened { store in
            try await log.fill(store)
            try await erase(index, in: store)

            let path: FilePath = "/data/log/spans/00000000000000000000"
            let bytes = try fileSystem.contents(of: path, maximumByteCount: LeafLimits.maximumSecretsByteCount)
            let secrets = try SpanSecrets(decoding: bytes.span.bytes)
            #expect(secrets.salts(at: index) == nil)
            #expect(secrets.salts(at: index + 1) != nil)
            // The tree goes on with the keys that are left.
            _ = try await store.append(SampleBatch([SampleEvent(99)]).frame())
            #expect(try await log.leaves(store).count == 13)
        }
    }

    @Test func `it stays erased when segments are merged, and several can be in one segment`() async throws {
        try await opened { store in
            try await log.fill(store)
            let leaves = try await log.leaves(store)
            try await store.sealAll()
            for index in [5, 6, 9] as [UInt64] { try await erase(index, in: store) }
            #expect(store.snapshot.segments.first?.description.name.hasSuffix(".e2.parquet") == true)
            _ = try await store.append(SampleBatch((20..<24).map { SampleEvent($0) }).frame())
            try await store.sealAll()

            try await store.compact()

            let erased = try store.snapshot.allRecords().filter { $0.flags & 2 != 0 }.map(\.index)
            #expect(erased == [5, 6, 9])
            #expect(Array(try await log.leaves(store).prefix(12)) == leaves)
            #expect(fileSystem.findings(below: "/data") == [])
        }
    }

    @Test func `the same event sent again is a new one`() async throws {
        for isReopened in [false, true] {
            let test = ErasureTests()
            func send(_ store: LogStore) async throws -> Acknowledgement {
                try await store.append(ErasureLog.frame([Secret.event], seed: store.keySeed))
            }
            try await test.opened { store in
                try await test.log.fill(store)
                #expect(try await send(store).repeated.map(\.index) == [test.index])
                try await test.erase(test.index, in: store)
                guard !isReopened else { return }
                let answer = try await send(store)
                #expect(answer.indices == 12..<13)
                #expect(answer.conflicts == [])
            }
            if isReopened {
                try await test.opened { store in
                    let answer = try await send(store)
                    #expect(answer.indices == 12..<13)
                }
            }
        }
    }

    @Test func `a file that somebody reads is named, and goes when he is done`() async throws {
        try await opened { store in
            try await log.fill(store)
            try await store.sealAll()
            var held: SealedSegment? = store.snapshot.segment(holding: index)
            let path = try #require(held?.path)

            let erasure = try await erase(index, in: store)

            #expect(erasure.remaining.contains(path))
            #expect(held != nil)
            held = nil
            try await store.maintain()
            #expect(fileSystem.findings(below: "/data") == [])
        }
    }

    @Test func `who keeps something of segments is told before files are removed`() async throws {
        try await opened { store in
            try await log.fill(store)
            try await store.sealAll()
            nonisolated(unsafe) var held: SealedSegment? = store.snapshot.segment(holding: index)

            let erasure = try await store.erase(index, tombstone: { _ in Secret.tombstone }) { snapshot in
                if held?.path != snapshot.segments.first?.path { held = nil }
            }

            #expect(erasure.remaining == [])
        }
    }

    // MARK: - Refusals

    private func refusal(_ index: UInt64, _ store: LogStore) async -> ErasureRefusal.Code? {
        do {
            try await erase(index, in: store)
            return nil
        } catch {
            return (error as? ErasureRefusal)?.code
        }
    }

    @Test func `what is not there, was erased, or is the log's own is not erased`() async throws {
        try await opened { store in
            try await log.fill(store)
            let own = JournalFrame(stream: .system, submitter: "martlet", source: "martlet", capacity: 64)
            own.append(SampleEvent(50).bytes.span.bytes, time: nil, keyHash: 1)
            own.finish()
            _ = try await store.append(own)
            try await erase(index, in: store)
            let before = try store.snapshot.allRecords()

            #expect(await refusal(13, store) == .noSuchEvent)
            #expect(await refusal(.max, store) == .noSuchEvent)
            #expect(await refusal(index, store) == .alreadyErased)
            #expect(await refusal(12, store) == .ownEvent)
            #expect(try store.snapshot.allRecords() == before)
        }
    }

    @Test func `without a tree nothing is erased`() async throws {
        var options = log.options
        options.tree = nil
        let store = try LogStore(directory: "/other", fileSystem: fileSystem, options: options)
        try await log.fill(store)
        #expect(await refusal(index, store) == .noTree)
        await store.close()
    }

    @Test func `what retention deleted is not there, and what was kept of erased ones goes with it`() async throws {
        let clock = TestClock()
        var options = log.options
        options.now = { clock.now }
        options.retention.age = 1000
        options.sealing.boundary = 256
        options.sealing.eventCount = 256
        let store = try LogStore(directory: Samples.directory, fileSystem: fileSystem, options: options)
        _ = try await store.append(SampleBatch((0..<256).map { SampleEvent($0) }).frame())
        try await erase(3, in: store)
        #expect(fileSystem.exists("/data/log/erased/00000000000000000003"))
        clock.advance(by: 10_000)
        _ = try await store.append(SampleBatch([SampleEvent(256)]).frame())
        try await store.tree?.settle()
        try store.delete(try #require(store.retentionPlan))

        #expect(await refusal(3, store) == .noSuchEvent)
        #expect(!fileSystem.exists("/data/log/erased/00000000000000000003"))
        await store.close()
    }
}
