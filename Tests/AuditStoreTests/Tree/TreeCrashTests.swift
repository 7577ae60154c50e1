// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import DurableFiles
import Foundation
import ManifestFormat
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

@testable import AuditStore

/// The tree on files that crash: no checkpoint may ever be contradicted by a later one.
///
/// `MARTLET_LONG=1` tries ten times as many ways to survive.
@Suite struct TreeCrashTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// Groups of batches, of which each becomes a checkpoint.
    private static let script: [[SampleBatch]] = (0..<4 as Range<UInt64>).map { group in
        [
            SampleBatch([SampleEvent(group * 10), SampleEvent(group * 10 + 1)]),
            SampleBatch([SampleEvent(group * 10 + 2, byteCount: 5000)], submitter: "User:carol"),
        ]
    }

    private func oracle(_ fileSystem: SimulatedFileSystem) -> Oracle {
        var oracle = Oracle(fileSystem)
        oracle.seals = .full
        oracle.watch = CheckpointWatch()
        // Secrets that were lost and made anew must not be the same by chance.
        let counter = Mutex<UInt64>(0)
        let seeds = Mutex(SeededGenerator(seed: 0xC0FFEE))
        oracle.options.random = {
            counter.withLock { $0 += 1 }
            return seeds.withLock { $0.next() }
        }
        return oracle
    }

    private func run(_ fault: Fault, at operation: Int, _ survival: Survival?, _ name: String) {
        let fileSystem = SimulatedFileSystem(seed: UInt64(operation))
        var oracle = oracle(fileSystem)
        fileSystem.fail(operation, with: fault)
        do {
            try oracle.send(Self.script) { fileSystem in
                if let survival { fileSystem.crash(keeping: survival) } else { fileSystem.endProcess() }
            }
            // Whatever failed before, in the end everything is signed.
            let core = try Samples.open(fileSystem, oracle.options)
            try TreeScript(core, fileSystem, #require(oracle.watch)).proceed(core)
            #expect(oracle.watch?.largestSize == 12)
        } catch {
            let log = fileSystem.log.suffix(40).map(\.description).joined(separator: "\n")
            Issue.record("\(fault) at operation \(operation), \(name): \(error)\n\(log)")
        }
    }

    private func operations() throws -> [FileOperation] {
        let fileSystem = SimulatedFileSystem()
        var oracle = oracle(fileSystem)
        try oracle.send(Self.script) { _ in Issue.record("nothing was to fail") }
        #expect(oracle.watch?.count == 5)
        return fileSystem.log
    }

    /// What a power cut leaves.
    static let survivals: [Survival] = [.nothing, .everything] + (0..<seedCount).map { .random(seed: $0) }
    private static let seedCount: UInt64 = environment["MARTLET_LONG"] == "1" ? 32 : 1

    @Test(arguments: survivals)
    func `after a power cut in any file operation no checkpoint contradicts one before it`(_ survival: Survival) throws
    {
        let cuts = try operations().filter(\.isChange).map(\.number)
        #expect(cuts.count >= 80)
        for cut in cuts { run(.powerCut, at: cut, survival, "\(survival)") }
    }

    @Test(arguments: [Fault.inputOutput, .noSpace])
    func `any file operation may fail, and no checkpoint contradicts one before it`(_ fault: Fault) throws {
        for operation in try operations() where operation.isChange {
            run(fault, at: operation.number, nil, "the process starts again")
        }
    }

    // MARK: - Tiles

    /// A log whose tree lacks two bundles of a full tile of level 1, because retention deleted what is below.
    private func logBeforeFullTile() throws -> SimulatedFileSystem {
        let fileSystem = SimulatedFileSystem()
        let logID = try Samples.open(fileSystem).snapshot.logID
        var manifest = Manifest(logID: logID)
        manifest.floorIndex = Self.floor
        try fileSystem.replaceAtomically(
            Samples.directory.appending("manifest"),
            with: ManifestText.encode(manifest),
            mode: .ownerReadWrite
        )
        let hashes = (0..<254).map { LogHash.ofLeaf([UInt8($0)].span.bytes) }
        let tile = TileCoordinate(level: 1, index: 0, width: hashes.count)
        let path = Samples.directory.appending("log").appending(tile.path)
        try fileSystem.createDirectory(path.removingLastComponent())
        try fileSystem.replaceAtomically(path, with: HashTile.encode(hashes), mode: .ownerReadWrite)
        let spans = Samples.directory.appending("log/spans")
        try fileSystem.createDirectory(spans)
        try fileSystem.replaceAtomically(
            spans.appending(String(repeating: "0", count: 20)),
            with: SpanSecrets(span: 0, key: Array(0..<32)).encoded(),
            mode: .ownerReadWrite
        )
        return fileSystem
    }

    private static let floor: UInt64 = 254 * 256

    /// Fills the tile, whatever happens, with a checkpoint behind every batch.
    private func fillTile(_ fileSystem: SimulatedFileSystem, _ survival: Survival) throws -> CheckpointWatch {
        let watch = CheckpointWatch()
        var options = Samples.options()
        let seeds = Mutex(SeededGenerator(seed: 0xC0FFEE))
        options.random = { seeds.withLock { $0.next() } }
        for _ in 0..<5 {
            do {
                var core = try Samples.open(fileSystem, options)
                let tree = try TreeScript(core, fileSystem, watch)
                try tree.proceed(core)
                while core.snapshot.endIndex < Self.floor + 600 {
                    let next = core.snapshot.endIndex
                    _ = try core.commit([SampleBatch((next..<next + 150).map { SampleEvent($0, byteCount: 60) })])[0]
                        .get()
                    try tree.proceed(core)
                }
                if watch.largestSize == Self.floor + 600 { return watch }
            } catch let error as StoreError where [.inputOutput, .noSpace, .writeFailed].contains(error.code) {
                // The power went.
            }
            fileSystem.crash(keeping: survival)
        }
        throw CheckpointWatch.Violation(description: "the tree is not signed after five starts")
    }

    @Test(arguments: survivals)
    func `a power cut while a tile is filled and written leaves a tree that goes on`(_ survival: Survival) throws {
        let undisturbed = try logBeforeFullTile()
        let before = undisturbed.operationCount
        _ = try fillTile(undisturbed, .everything)
        let cuts = undisturbed.log.filter { $0.isChange && $0.number >= before }.map(\.number)
        #expect(
            undisturbed.log.contains { $0.description.contains("log/tile/1/000") && $0.isChange && $0.number >= before }
        )
        #expect(cuts.count >= 30)

        for cut in cuts {
            let fileSystem = try logBeforeFullTile()
            fileSystem.fail(cut, with: .powerCut)
            do {
                let watch = try fillTile(fileSystem, survival)
                #expect(watch.largestSize == Self.floor + 600)
                let tile = Samples.directory.appending("log").appending(TileCoordinate(level: 1, index: 0).path)
                #expect(try fileSystem.contents(of: tile, maximumByteCount: 1 << 20).count == HashTile.fullByteCount)
            } catch {
                Issue.record("cut at operation \(cut), \(survival): \(error)")
            }
        }
    }
}
