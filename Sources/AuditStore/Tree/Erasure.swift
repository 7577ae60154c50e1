// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import NIOPosix
import SegmentFormat
package import SystemPackage
package import TransparencyLog

/// What became of an event that was erased: its leaf is what it was, its bytes are a tombstone.
package struct Erasure: Sendable {
    package let index: UInt64
    /// As it was, and as it stays in the tree.
    package let leaf: LogLeaf
    /// The event that stands in the place of the one that was erased.
    package let tombstone: [UInt8]
    /// Files with the event's bytes that somebody is still reading; they are removed when he is done.
    package let remaining: [FilePath]
}

extension LogLeaf {
    /// The hash that the tree has for it, in Base64, as it is shown.
    package var hashText: String { hash.base64 }
}

/// Why an event is not erased.
package struct ErasureRefusal: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The log has no event with that index, or none any more.
        case noSuchEvent
        /// It was erased before.
        case alreadyErased
        /// It is one of the log's own events, which are evidence of what was done to the log.
        case ownEvent
        /// Without a tree there is no leaf that could stay.
        case noTree
    }

    package let code: Code
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

/// Erasing an event, in steps of which each is durable before the next:
///
/// 1. The log says what is about to happen: whoever calls `erase` has recorded it.
/// 2. The event is in a signed tree and in a segment; the journal's files with it are removed.
/// 3. Its leaf and the tombstone are kept (`ErasedLeaf`). From here on a start finishes what a crash cut off.
/// 4. The segment is written anew with the tombstone, under another name, and the manifest names that one.
/// 5. The leaf's salts are forgotten, and the segment's old file and index are removed.
extension LogStore {
    /// Whether an event can be erased, and the leaf that would stay.
    ///
    /// The event is in a signed tree when this returns.
    ///
    /// - Throws: `ErasureRefusal`; `StoreError`.
    package func erasableLeaf(of index: UInt64) async throws -> LogLeaf {
        let tree = try await erasableTree(index)
        try await tree.settle()
        return try await NIOThreadPool.singleton.runIfActive { try tree.signedLeaf(of: index) }
    }

    /// Erases the bytes of an event for ever; its leaf and every proof stay what they are.
    ///
    /// The log must have been told before.
    ///
    /// - Parameters:
    ///   - index: the event's.
    ///   - tombstone: makes the event that stands in its place, of the leaf that stays.
    ///   - releasing: is called when the log has the tombstone, for whoever keeps something of segments that were read.
    /// - Returns: what stays, once nothing else does.
    /// - Throws: `ErasureRefusal`, and nothing was erased; `StoreError`, and then the erasure may be repeated, or is finished
    ///   by the next start.
    package func erase(
        _ index: UInt64,
        tombstone: @escaping @Sendable (LogLeaf) -> [UInt8],
        releasing: @Sendable (StoreSnapshot) -> Void = { _ in }
    ) async throws -> Erasure {
        let tree = try await erasableTree(index)
        let leaf = try await erasableLeaf(of: index)
        try state.change { (core) throws(StoreError) in core.finishJournalFile(holding: index) }
        try await sealAll()
        let (log, fileSystem) = (directory.appending(TreeKeeper.directoryName), fileSystem)
        let kept = try await sealing.perform { [state] (maker) throws(StoreError) -> ErasedLeaf? in
            guard let segment = state.snapshot.segment(holding: index) else { return nil }
            guard try segment.indicesNotErased(of: [index]) == [index] else { return nil }
            // What an attempt before this one kept is what its segment has, if it has come so far.
            let erased: ErasedLeaf
            if ErasedLeaf.exists(index, in: log, fileSystem) {
                erased = try ErasedLeaf.read(index, in: log, fileSystem)
                guard erased.leaf == leaf else {
                    throw StoreError(.damaged, "what is kept of event \(index) is another leaf than the tree has")
                }
            } else {
                erased = ErasedLeaf(leaf: leaf, tombstone: tombstone(leaf))
                try erased.write(index, in: log, fileSystem)
            }
            let rewritten = try maker.writeErased(segment, [index: erased.tombstone])
            try state.change { (core) throws(StoreError) in try core.adopt(rewritten, erasing: [index]) }
            return erased
        }
        guard let kept else {
            // It was erased or deleted by somebody else meanwhile.
            _ = try await erasableTree(index)
            throw StoreError(.busy, "event \(index) is being changed; try again")
        }
        try await forget(index, in: tree)
        releasing(snapshot)
        return Erasure(
            index: index,
            leaf: kept.leaf,
            tombstone: kept.tombstone,
            remaining: try await removeRemains(of: index)
        )
    }

    // MARK: - Parts

    /// The tree, when an event may be erased; what an erasure of it before left undone is finished.
    private func erasableTree(_ index: UInt64) async throws -> LogTree {
        guard let tree else {
            throw ErasureRefusal(.noTree, "this log keeps no tree: nothing would prove what is left of an erased event")
        }
        let snapshot = snapshot
        guard index < snapshot.endIndex else { throw ErasureRefusal(.noSuchEvent, "the log has no event \(index)") }
        guard index >= snapshot.floorIndex else {
            throw ErasureRefusal(
                .noSuchEvent,
                "event \(index) was deleted by retention: the log begins at \(snapshot.floorIndex)"
            )
        }
        let event = try await NIOThreadPool.singleton.runIfActive { try snapshot.event(at: index) }
        guard let event else { throw ErasureRefusal(.noSuchEvent, "the log has no event \(index)") }
        guard !event.flags.contains(.erased) else {
            try await forget(index, in: tree)
            _ = try await removeRemains(of: index)
            throw ErasureRefusal(
                .alreadyErased,
                "event \(index) was erased before; martlet show \(index) says who did it and why"
            )
        }
        guard event.stream != .system else {
            throw ErasureRefusal(.ownEvent, "event \(index) is one of the log's own, which are never erased")
        }
        return tree
    }

    private func forget(_ index: UInt64, in tree: LogTree) async throws {
        try await NIOThreadPool.singleton.runIfActive { try tree.forget(index) }
    }

    /// How often it is tried to remove what somebody is reading: for five seconds, longer than most queries take.
    private static let removalAttemptCount = 100

    /// - Returns: files that could not be removed.
    private func removeRemains(of index: UInt64) async throws -> [FilePath] {
        var remaining: [FilePath] = []
        for attempt in 1...Self.removalAttemptCount {
            remaining = try await sealing.perform { [state] (_) throws(StoreError) in
                try state.removeRemains(of: index)
            }
            if remaining.isEmpty || attempt == Self.removalAttemptCount { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        return remaining
    }

    /// Tries again what stood in the way of finishing an erasure when the log was opened.
    func finishErasures() async throws {
        guard state.read({ !$0.unfinishedErasures.isEmpty }) else { return }
        try await sealing.perform { [state] (_) throws(StoreError) in
            try state.change { (core) throws(StoreError) in try core.finishErasures() }
        }
    }
}

extension LogState {
    /// Removes all files with what an erased event was, as far as nobody is reading them.
    ///
    /// - Returns: files that are still there.
    /// - Throws: `inputOutput`.
    fileprivate func removeRemains(of index: UInt64) throws(StoreError) -> [FilePath] {
        var remaining: [FilePath] = []
        try change { (core) throws(StoreError) in remaining = try core.removeRemains(of: index) }
        return remaining
    }
}

extension LogTree {
    /// The leaf of an event as it follows from the event, and as the newest checkpoint has it.
    ///
    /// - Throws: `busy` when no checkpoint covers it; `damaged` when the tree has another; `inputOutput`.
    fileprivate func signedLeaf(of index: UInt64) throws(StoreError) -> LogLeaf {
        guard let reader, index < reader.view.size,
            let leaf = try reader.opening(of: index, withSalts: false)?.leaf
        else {
            let reason = status.failure.map { ": \($0.message)" } ?? ""
            throw StoreError(.busy, "no checkpoint covers event \(index) yet\(reason)")
        }
        let size = reader.view.size
        let proof = try reader.inclusionProof(of: index, size: size)
        do {
            try TreeProof.checkInclusion(
                of: leaf.hash,
                at: index,
                size: size,
                proof: proof,
                root: reader.view.frontier.root
            )
        } catch {
            throw StoreError(.damaged, "event \(index) makes another leaf than the tree has: \(error.message)")
        }
        return leaf
    }
}

extension SealedSegment {
    /// Those of some events that are not erased.
    ///
    /// - Throws: as `events`.
    func indicesNotErased(of indices: [UInt64]) throws(StoreError) -> [UInt64] {
        let decompressor = ZstdDecompressor()
        return try read { (reader) throws(SegmentError) in
            var left: [UInt64] = []
            for index in indices {
                let row = Int(index - description.firstIndex)
                let labels = try reader.labels(row..<row + 1, using: decompressor)
                let isErased = labels.flags.contains { EventFlags(rawValue: $0.flags).contains(.erased) }
                if !isErased { left.append(index) }
            }
            return left
        }
    }
}
