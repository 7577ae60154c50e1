// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import Foundation
import SystemPackage
import Testing
import TransparencyLog

/// What somebody shows with the log's own signature, and what stops signing.
@Suite struct ContradictionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func open() throws -> LogStore {
        var options = StoreOptions(now: { 1_790_000_000_000_000_000 })
        var tree = TreeOptions()
        tree.origin = "log.example/test"
        options.tree = tree
        return try LogStore(directory: scratch.path.appending("data"), options: options)
    }

    /// Opens the store, and closes it and lets go of it behind `body`, so that it can be opened again.
    private func opened(_ body: (LogStore) async throws -> Void) async throws {
        let store = try open()
        do {
            try await body(store)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private func signer() throws -> NoteSigner {
        let path = scratch.path.appending("data/signer/keys")
        let text = String(decoding: try RealFileSystem().contents(of: path, maximumByteCount: 4096), as: UTF8.self)
        let word = try #require(text.split { $0 == " " || $0 == "\n" }.last)
        return try NoteSigner(skey: String(word))
    }

    private func note(_ size: UInt64, _ root: LogHash, by signer: NoteSigner) throws -> SignedNote {
        let text = try Checkpoint(origin: "log.example/test", size: size, root: root).text
        return try SignedNote(text: text, signatures: [signer.sign(text)])
    }

    @Test func `a checkpoint of the log itself, or one that it did not sign, stops nothing`() async throws {
        try await opened { store in
            _ = try await store.append(SampleBatch((0..<300 as Range<UInt64>).map { SampleEvent($0) }).frame())
            let tree = try #require(store.tree)
            try await tree.settle()
            let reader = try #require(tree.reader)
            let stranger = try NoteSigner(name: "log.example/test", seed: [UInt8](repeating: 1, count: 32))

            for size in [0, 1, 2, 255, 256, 257, 299, 300] as [UInt64] {
                let root = try #require(try reader.root(ofSize: size))
                #expect(!(try tree.stopSigning(contradictedBy: note(size, root, by: signer()))), "size \(size)")
                if size > 0 { #expect(!(try tree.stopSigning(contradictedBy: note(size, .ofEmptyTree, by: stranger)))) }
            }
            #expect(!(try tree.stopSigning(contradictedBy: note(400, .ofEmptyTree, by: stranger))))
            #expect(try reader.root(ofSize: 301) == nil)
            #expect(tree.status.failure == nil)
        }
    }

    @Test(arguments: [1, 256, 299, 300, 301, 1 << 40] as [UInt64])
    func `one that it signed and that is not of its tree stops it, also after a new start`(size: UInt64) async throws {
        try await opened { store in
            _ = try await store.append(SampleBatch((0..<300 as Range<UInt64>).map { SampleEvent($0) }).frame())
            let tree = try #require(store.tree)
            try await tree.settle()
            let before = try #require(tree.view?.checkpoint)

            #expect(try tree.stopSigning(contradictedBy: note(size, .ofEmptyTree, by: signer())))

            #expect(tree.status.failure?.code == .forked)
            _ = try await store.append(SampleBatch([SampleEvent(300)]).frame())
            await #expect(throws: StoreError.self) { try await tree.settle() }
            #expect(tree.view?.checkpoint == before)
        }
        try await opened { store in
            await #expect(throws: StoreError.self) { try await store.tree?.settle() }
            #expect(store.tree?.status.failure?.code == .forked)
            let resumption = try #require(try store.signingResumption())
            #expect(resumption.kind == .forked)
            #expect(resumption.origin == "log.example/test/2")
            try store.resumeSigning(resumption)
        }
        try await opened { store in
            try await store.tree?.settle()
            #expect(store.tree?.view?.origin == "log.example/test/2")
            #expect(store.tree?.view?.size == 301)
        }
    }
}
