// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import Foundation
import JournalFormat
import SystemPackage
import Testing
import TransparencyLog

/// The tree of a store on real files: what is signed, what is handed out, and when nothing is signed any more.
@Suite struct LogTreeTests {
    private let scratch: Scratch
    private let clock = TestClock()

    init() throws { scratch = try Scratch() }

    private func options() -> StoreOptions {
        var options = StoreOptions(now: { [clock] in clock.now })
        options.journalFileByteCount = 1 << 20
        options.sealing.eventCount = 256
        options.retention.age = 3_600_000_000_000
        var tree = TreeOptions()
        tree.origin = "log.example/test"
        tree.signerDirectory = scratch.path.appending("signer")
        tree.checkpointInterval = 1_000_000
        tree.rotationOverlap = 60_000_000_000
        options.tree = tree
        return options
    }

    private var data: FilePath { scratch.path.appending("data") }

    private func open() throws -> LogStore { try LogStore(directory: data, options: options()) }

    /// Opens the store, and closes it and lets go of it behind `body`, so that it can be opened again.
    private func opened<Result>(_ body: (LogStore) async throws -> Result) async throws -> Result {
        let store = try open()
        let result: Result
        do {
            result = try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        return result
    }

    private static func append(_ ids: Range<UInt64>, to store: LogStore) async throws {
        for first in stride(from: ids.lowerBound, to: ids.upperBound, by: 100) {
            let last = min(ids.upperBound, first + 100)
            _ = try await store.append(SampleBatch((first..<last).map { SampleEvent($0) }).frame())
        }
    }

    private static func tree(_ store: LogStore) throws -> LogTree { try #require(store.tree) }

    /// The newest checkpoint, once all that is in the log is signed.
    private static func settled(_ store: LogStore) async throws -> (reader: TreeReader, checkpoint: Checkpoint) {
        let tree = try tree(store)
        try await tree.settle()
        let reader = try #require(tree.reader)
        return (reader, try Checkpoint(parsing: reader.view.checkpoint.text))
    }

    /// Checks a receipt as its holder does, with nothing but the event and the log's key.
    private static func check(_ receipt: Receipt, of event: [UInt8], vkey: String) throws {
        let opening = try LeafOpening(parsing: try #require(receipt.extra))
        try opening.check(event: event.span.bytes)
        try opening.checkSender()
        _ = try receipt.check(leafHash: opening.leaf.hash, policy: TrustPolicy(log: NoteVerifier(vkey: vkey)))
    }

    // MARK: - Signing

    @Test func `an empty log has the checkpoint of the empty tree, and each event moves it`() async throws {
        try await opened { store in
            #expect(try await Self.settled(store).checkpoint.root == .ofEmptyTree)

            try await Self.append(0..<1, to: store)
            let (reader, one) = try await Self.settled(store)

            #expect(one.size == 1)
            #expect(one.origin == "log.example/test")
            let leaf = try #require(try reader.opening(of: 0, withSalts: false)).leaf
            #expect(one.root == leaf.hash)
        }
    }

    @Test func `whoever waits is told what his events are`() async throws {
        try await opened { store in
            try await Self.append(0..<3, to: store)
            let tree = try Self.tree(store)

            #expect(await tree.wait(for: 3, toBe: .integrated, atMost: .seconds(900)) == .integrated)
            #expect(await tree.wait(for: 3, toBe: .witnessed, atMost: .milliseconds(30)) == .integrated)
            #expect(await tree.wait(for: 4, toBe: .integrated, atMost: .milliseconds(30)) == .durable)
        }
    }

    @Test func `every checkpoint extends the ones before it, through restarts, sealing and merging`() async throws {
        var seen: [Checkpoint] = []
        var end: UInt64 = 0
        for count in [1, 254, 1, 1, 300, 77] as [UInt64] {
            try await opened { store in
                try await Self.append(end..<end + count, to: store)
                end += count
                if end > 256 { try await store.sealAll() }
                if end > 600 { try await store.compact() }
                let (reader, checkpoint) = try await Self.settled(store)
                #expect(checkpoint.size == end)
                for old in seen {
                    try TreeProof.checkConsistency(
                        old: old.size,
                        oldRoot: old.root,
                        new: checkpoint.size,
                        newRoot: checkpoint.root,
                        proof: try #require(try reader.consistencyProof(from: old.size, to: checkpoint.size))
                    )
                }
                seen.append(checkpoint)
            }
        }
        #expect(seen.count == 6)
    }

    @Test func `every event has a receipt that anybody can check, from the journal and from segments`() async throws {
        try await opened { store in
            try await Self.append(0..<520, to: store)
            try await store.sealAll()
            try await Self.append(520..<530, to: store)
            let reader = try await Self.settled(store).reader
            let vkey = try #require(reader.view.verifierKeys.first)

            for index in Array(0..<530 as Range<UInt64>).filter({ $0 % 7 == 0 || $0 > 500 || $0 % 256 > 252 }) {
                let receipt = try #require(try reader.receipt(of: index, withSalts: true))
                let event = try #require(try store.snapshot.event(at: index))
                try Self.check(try Receipt(parsing: receipt.encoded()), of: event.bytes, vkey: vkey)
                #expect(throws: LogError.self) { try Self.check(receipt, of: event.bytes + [0x20], vkey: vkey) }
                let closed = try #require(try reader.receipt(of: index, withSalts: false)?.extra)
                #expect(try LeafOpening(parsing: closed).bodySalt == nil)
            }
            #expect(try reader.receipt(of: 530, withSalts: true) == nil)
        }
    }

    @Test func `tiles and bundles are those of the specification, and of no other size`() async throws {
        try await opened { store in
            try await Self.append(0..<600, to: store)
            let reader = try await Self.settled(store).reader
            var leaves: [LogHash] = []
            for (index, width) in [(0, 256), (1, 256), (2, 88)] as [(UInt64, Int)] {
                let bytes = try #require(try reader.bytes(of: .entries(index: index, width: width)))
                let bundle = try EntryBundle(parsing: bytes, width: width)
                let hashes = (0..<width).map { bundle.leafHash(at: $0) }
                leaves += hashes
                let tile = TileCoordinate(level: 0, index: index, width: width)
                #expect(try reader.bytes(of: .hashes(tile)) == HashTile.encode(hashes))
                // A part of a tile that has grown since is cut from it.
                let part = TileCoordinate(level: 0, index: index, width: 5)
                #expect(try reader.bytes(of: .hashes(part)) == HashTile.encode(hashes.prefix(5)))
            }
            let upper = try #require(try reader.bytes(of: .hashes(TileCoordinate(level: 1, index: 0, width: 2))))
            let expected = [leaves[0..<256], leaves[256..<512]].map { HashTile.root(of: $0) }
            #expect(upper == HashTile.encode(expected))
            for absent in [
                TileRequest.entries(index: 2, width: 89), .entries(index: 3, width: 1),
                .entries(index: .max, width: 256),
                .hashes(TileCoordinate(level: 1, index: 0, width: 3)),
                .hashes(TileCoordinate(level: 2, index: 0, width: 1)),
            ] {
                #expect(try reader.bytes(of: absent) == nil)
            }
        }
    }

    // MARK: - Deleting

    @Test func `after retention the tree goes on, and what is left has its receipts`() async throws {
        let before = try await opened { store in
            try await Self.append(0..<700, to: store)
            try await store.sealAll()
            let before = try await Self.settled(store).checkpoint
            clock.advance(by: 7_200_000_000_000)
            try await Self.append(700..<710, to: store)
            _ = try await Self.settled(store)
            let plan = try #require(store.retentionPlan)
            #expect(plan.floorIndex == 512)
            try store.delete(plan)
            // Forgotten are the salts of the deleted, so that nobody can guess at them.
            return before
        }

        try await opened { store in
            try await Self.append(710..<800, to: store)
            let (reader, after) = try await Self.settled(store)
            #expect(after.size == 800)
            #expect(reader.minimumIndex == 512)
            try TreeProof.checkConsistency(
                old: before.size,
                oldRoot: before.root,
                new: 800,
                newRoot: after.root,
                proof: try #require(try reader.consistencyProof(from: 700, to: 800))
            )
            let vkey = try #require(reader.view.verifierKeys.first)
            for index in [512, 699, 799] as [UInt64] {
                let event = try #require(try store.snapshot.event(at: index))
                try Self.check(
                    try #require(try reader.receipt(of: index, withSalts: true)),
                    of: event.bytes,
                    vkey: vkey
                )
            }
            #expect(try reader.receipt(of: 511, withSalts: true) == nil)
            #expect(try reader.bytes(of: .entries(index: 1, width: 256)) == nil)
            #expect(try reader.bytes(of: .hashes(TileCoordinate(level: 0, index: 1))) == nil)
            #expect(try reader.bytes(of: .hashes(TileCoordinate(level: 1, index: 0, width: 3))) != nil)
            let bytes = try RealFileSystem().contents(
                of: data.appending("log/spans/00000000000000000000"),
                maximumByteCount: LeafLimits.maximumSecretsByteCount
            )
            let secrets = try SpanSecrets(decoding: bytes.span.bytes)
            #expect(secrets.salts(at: 511) == nil)
            #expect(secrets.salts(at: 512) != nil)
        }
    }

    @Test func `nothing is deleted that no checkpoint covers`() async throws {
        let plan = try await opened { store in
            try await Self.append(0..<512, to: store)
            try await store.sealAll()
            _ = try await Self.settled(store)
            clock.advance(by: 7_200_000_000_000)
            let plan = try #require(store.retentionPlan)
            // The tree can't go on: its secret is gone.
            try FileManager.default.removeItem(atPath: data.appending("log").string)
            try FileManager.default.removeItem(atPath: scratch.path.appending("signer/record").string)
            return plan
        }

        try await opened { store in
            #expect(throws: StoreError.self) { try store.delete(plan) }
            #expect(store.snapshot.floorIndex == 0)
        }
    }

    // MARK: - Not signing

    private func copy(_ from: FilePath, _ to: FilePath) throws {
        try FileManager.default.copyItem(atPath: from.string, toPath: to.string)
    }

    @Test func `a directory that was put back to an older state signs nothing until that is recorded`() async throws {
        try await opened { store in
            try await Self.append(0..<300, to: store)
            _ = try await Self.settled(store)
        }
        try copy(data, scratch.path.appending("backup"))
        let signed = try await opened { store in
            try await Self.append(300..<400, to: store)
            let signed = try await Self.settled(store).checkpoint
            return signed
        }
        try FileManager.default.removeItem(atPath: data.string)
        try copy(scratch.path.appending("backup"), data)

        try await opened { store in
            try await Self.append(1000..<1200, to: store)
            await #expect(throws: StoreError.self) { try await Self.settled(store) }
            let failure = try Self.tree(store).status.failure
            #expect(failure?.code == .forked)
            #expect(
                try RealFileSystem().contents(of: data.appending("log/checkpoint"), maximumByteCount: 4096).count > 0
            )
            // Events are kept all the same.
            #expect(store.snapshot.endIndex == 500)

            let resumption = try #require(try store.signingResumption())
            #expect(resumption.kind == .forked)
            #expect(resumption.record == signed)
            #expect(resumption.origin == "log.example/test/2")
            try store.resumeSigning(resumption)
        }

        try await opened { store in
            let (reader, forked) = try await Self.settled(store)
            #expect(forked.origin == "log.example/test/2")
            #expect(forked.size == 500)
            #expect(reader.view.verifierKeys.allSatisfy { $0.hasPrefix("log.example/test/2+") })
            #expect(try store.signingResumption() == nil)
        }
    }

    @Test func `a copy of the signer signs nothing; moved for good, it goes on under its name`() async throws {
        let signed = try await opened { store in
            try await Self.append(0..<10, to: store)
            let signed = try await Self.settled(store).checkpoint
            return signed
        }
        let signer = scratch.path.appending("signer")
        try copy(signer, scratch.path.appending("other"))
        try FileManager.default.removeItem(atPath: signer.string)
        // A directory of the same name may be given the number of the one before; another one keeps it taken.
        try FileManager.default.createDirectory(
            atPath: scratch.path.appending("taken").string,
            withIntermediateDirectories: true
        )
        try copy(scratch.path.appending("other"), signer)

        try await opened { store in
            try await Self.append(10..<20, to: store)
            await #expect(throws: StoreError.self) { try await Self.settled(store) }
            let resumption = try #require(try store.signingResumption())
            #expect(resumption.kind == .moved)
            try store.resumeSigning(resumption)
        }

        try await opened { store in
            let (reader, after) = try await Self.settled(store)
            #expect(after.origin == signed.origin)
            let proof = try #require(try reader.consistencyProof(from: 10, to: 20))
            try TreeProof.checkConsistency(
                old: 10,
                oldRoot: signed.root,
                new: 20,
                newRoot: after.root,
                proof: proof
            )
        }
    }

    @Test func `without its keys a log that was signed before signs nothing, and makes no new ones`() async throws {
        try await opened { store in
            try await Self.append(0..<10, to: store)
            _ = try await Self.settled(store)
        }
        try FileManager.default.removeItem(atPath: scratch.path.appending("signer").string)

        try await opened { store in
            await #expect(throws: StoreError.self) { try await Self.settled(store) }
            let failure = try Self.tree(store).status.failure
            #expect(failure?.code == .damaged)
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path.appending("signer/keys").string))
    }

    @Test(arguments: ["log/source-secret", "log/spans/00000000000000000000"])
    func `without a secret no leaf is made anew`(name: String) async throws {
        try await opened { store in
            try await Self.append(0..<10, to: store)
            _ = try await Self.settled(store)
        }
        try FileManager.default.removeItem(atPath: data.appending(name).string)

        try await opened { store in
            try await Self.append(10..<20, to: store)
            await #expect(throws: StoreError.self) { try await Self.settled(store) }
            let failure = try Self.tree(store).status.failure
            #expect(failure?.code == .damaged)
        }
    }

    // MARK: - Keys

    @Test func `a new key signs beside the one before for a while, and then alone`() async throws {
        let keys = try await opened { store in
            try await Self.append(0..<10, to: store)
            let old = try #require(try await Self.settled(store).reader.view.verifierKeys.first)
            let keys = try Self.tree(store).rotateKey()
            #expect(keys.count == 2)
            #expect(keys.last == old)
            let verifiers = try keys.map { try NoteVerifier(vkey: $0) }
            try await Self.append(10..<20, to: store)
            #expect(try await Self.settled(store).reader.view.checkpoint.verified(by: verifiers).count == 2)

            clock.advance(by: 61_000_000_000)
            try await Self.append(20..<30, to: store)
            let note = try await Self.settled(store).reader.view.checkpoint
            #expect(try note.verified(by: verifiers).map(\.verifierIndex) == [0])
            #expect(throws: LogError.self) { try note.verified(by: [verifiers[1]]) }
            return keys
        }
        // Readers of the directory find both.
        let lines = try RealFileSystem().contents(of: data.appending("log/vkeys"), maximumByteCount: 4096)
        #expect(String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init) == keys)
    }

    @Test func `keys and secrets are readable by their owner alone`() async throws {
        try await opened { store in
            try await Self.append(0..<1, to: store)
            _ = try await Self.settled(store)
        }
        for path in ["signer/keys", "data/log/source-secret", "data/log/spans/00000000000000000000"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path.appending(path).string)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
        }
        let directory = try FileManager.default.attributesOfItem(atPath: scratch.path.appending("signer").string)
        #expect(directory[.posixPermissions] as? Int == 0o700)
    }

    @Test func `a statement that could be taken for a checkpoint is not signed`() async throws {
        try await opened { store in
            let (_, checkpoint) = try await Self.settled(store)
            let tree = try Self.tree(store)
            #expect(throws: StoreError.self) { try tree.sign(statement: checkpoint.text) }
            let note = try tree.sign(statement: Array("martlet.dev/pack@v1\nlog.example/test\nhash\n".utf8))
            let vkey = try #require(tree.view?.verifierKeys.first)
            #expect(try note.verified(by: [NoteVerifier(vkey: vkey)]).count == 1)
        }
    }
}
