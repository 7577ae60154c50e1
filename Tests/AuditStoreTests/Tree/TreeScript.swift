// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat
import Synchronization
import SystemPackage
import TransparencyLog

/// What somebody remembers who has seen every checkpoint that a log ever signed, and holds the log to all of them.
///
/// `Mutex`: what was seen, because the log it watches crashes in between.
final class CheckpointWatch: Sendable {
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    private let roots = Mutex<[UInt64: LogHash]>([:])

    /// How many different ones were seen.
    var count: Int { roots.withLock { $0.count } }

    /// The largest size that was seen.
    var largestSize: UInt64 { roots.withLock { $0.keys.max() ?? 0 } }

    /// Takes note of a checkpoint.
    ///
    /// - Throws: `Violation` when another of its size was seen.
    func see(_ text: [UInt8]) throws {
        let checkpoint = try Checkpoint(parsing: text)
        try roots.withLock { roots in
            if let root = roots[checkpoint.size], root != checkpoint.root {
                throw Violation(description: "two roots of the size \(checkpoint.size)")
            }
            roots[checkpoint.size] = checkpoint.root
        }
    }

    /// Compares the tree as it is with everything that was seen.
    ///
    /// - Parameters:
    ///   - leaves: hashes of the leaves that are in no full tile.
    ///   - before: the tree of those that are; nothing smaller was signed.
    /// - Throws: `Violation` when one of them is not what the tree was.
    func check(_ leaves: [LogHash], after before: CompactRange) throws {
        let seen = roots.withLock { $0 }
        var range = before
        for leaf in [nil] + leaves.map(Optional.some) {
            if let leaf { range.append(leaf) }
            guard let root = seen[range.size] else { continue }
            guard root == range.root else {
                throw Violation(description: "the tree of \(range.size) is not the one that was signed")
            }
        }
        guard seen.keys.allSatisfy({ $0 <= range.size }) else {
            throw Violation(description: "the log has \(range.size) events, and more were signed")
        }
    }
}

/// What the thread of the tree does, in step with a store's commits, so that a simulation knows the order of everything.
final class TreeScript {
    /// Nil after a failure, until it is opened anew.
    private var keeper: TreeKeeper?
    private let fileSystem: SimulatedFileSystem
    private let watch: CheckpointWatch

    /// Opens the tree; what it had signed before is seen again.
    init(_ core: StoreCore, _ fileSystem: SimulatedFileSystem, _ watch: CheckpointWatch) throws {
        keeper = try core.treeKeeper(Self.options)
        self.fileSystem = fileSystem
        self.watch = watch
        try see()
    }

    static var options: TreeOptions {
        var options = TreeOptions()
        options.origin = "log.example/simulated"
        options.historyInterval = 0
        return options
    }

    /// Takes note of a committed frame.
    func take(_ frame: JournalFrame, _ reference: FrameReference) {
        // Sometimes it has fallen behind, and has to read the log.
        guard let keeper, reference.firstIndex <= keeper.nextIndex, reference.firstIndex % 3 != 0 else { return }
        do {
            try keeper.take(frame, reference)
        } catch {
            self.keeper = nil
        }
    }

    /// Takes what is missing and signs.
    ///
    /// - Throws: `StoreError` of a code that no fault of the disk explains; `CheckpointWatch.Violation`.
    func proceed(_ core: StoreCore) throws {
        do {
            let keeper = try keeper ?? core.treeKeeper(Self.options)
            self.keeper = keeper
            while keeper.nextIndex < core.snapshot.endIndex { try keeper.catchUp(with: core.snapshot) }
            try keeper.publish()
        } catch let error as StoreError {
            guard error.code == .noSpace || error.code == .inputOutput else { throw error }
            keeper = nil
        }
        try see()
    }

    /// Everything that can have been read from the log by now.
    private func see() throws {
        if let note = keeper?.checkpoint { try watch.see(note.text) }
        // What is in the record may have been signed.
        for name in ["log/checkpoint", "signer/record"] {
            guard let bytes = try? fileSystem.contents(of: Samples.directory.appending(name), maximumByteCount: 1 << 20)
            else { continue }
            try watch.see((try? SignedNote(parsing: bytes))?.text ?? bytes)
        }
        guard let keeper, let record = keeper.record, keeper.nextIndex >= record.size else { return }
        var range = CompactRange()
        for level in (1..<8).reversed() {
            for hash in keeper.frontier.partial[level] { try range.append(subtree: hash, level: 8 * level) }
        }
        try watch.check(keeper.frontier.partial[0], after: range)
    }
}
