// SPDX-License-Identifier: Apache-2.0

/// The right edge of a tree that grows: of each level the hashes of the tile that is not full yet.
///
/// What is left of it is in full tiles, which never change. Source of the tiles: c2sp.org/tlog-tiles. Memory: at most 255
/// hashes for each of 8 levels.
package struct TreeFrontier: Equatable, Sendable {
    /// A full tile.
    package struct Tile: Equatable, Sendable {
        package let level: Int
        package let index: UInt64
        /// 256 of them.
        package let hashes: [LogHash]

        package init(level: Int, index: UInt64, hashes: [LogHash]) {
            self.level = level
            self.index = index
            self.hashes = hashes
        }
    }

    /// Hashes of one tile.
    package static let width = 256

    /// Levels of a tree of 2⁶⁴ leaves.
    package static let levelCount = 8

    /// Leaves of the tree.
    package private(set) var size: UInt64 = 0

    /// Of each level the hashes of the tile that is not full; level 0 has leaves' hashes.
    package private(set) var partial: [[LogHash]]

    package init() {
        partial = Array(repeating: [], count: Self.levelCount)
        for level in partial.indices { partial[level].reserveCapacity(Self.width) }
    }

    /// The edge of a tree of full bundles, given the hashes of its tiles' right ends.
    ///
    /// - Parameters:
    ///   - bundleCount: the tree has 256 times as many leaves.
    ///   - hash: gives of a level from 1 on, and an index there, the hash of the node; called for what the edge needs.
    /// - Throws: what `hash` throws.
    package init<Failure: Error>(
        bundleCount: UInt64,
        _ hash: (_ level: Int, _ index: UInt64) throws(Failure) -> LogHash
    ) throws(Failure) {
        self.init()
        size = bundleCount * UInt64(Self.width)
        for level in 1..<Self.levelCount {
            let count = bundleCount >> UInt64(8 * (level - 1))
            for index in count & ~0xFF..<count { partial[level].append(try hash(level, index)) }
        }
    }

    /// Adds a leaf.
    ///
    /// - Parameters:
    ///   - leaf: its hash.
    ///   - full: is told of each tile of a level above 0 that this filled, lowest first.
    package mutating func append(_ leaf: LogHash, _ full: (Tile) -> Void) {
        partial[0].append(leaf)
        size += 1
        if partial[0].count == Self.width { carry(full) }
    }

    /// Has the full tile of level 0 become a hash of the level above it, and so on.
    private mutating func carry(_ full: (Tile) -> Void) {
        for level in 0..<Self.levelCount - 1 where partial[level].count == Self.width {
            let hash = LogHash.ofPerfectTree(partial[level])
            if level > 0 {
                full(Tile(level: level, index: (size >> UInt64(8 * (level + 1))) - 1, hashes: partial[level]))
            }
            partial[level].removeAll(keepingCapacity: true)
            partial[level + 1].append(hash)
        }
    }

    /// The tree's root.
    package var root: LogHash {
        // The perfect subtrees that the tree consists of, largest first, are in the partial tiles from the top down.
        var range = CompactRange()
        for level in partial.indices.reversed() {
            for hash in partial[level] { range.append(hash, level: 8 * level) }
        }
        return range.root
    }
}

extension LogHash {
    /// The root of a tree of 2ⁿ hashes.
    package static func ofPerfectTree(_ hashes: [LogHash]) -> LogHash {
        precondition(hashes.count > 0 && hashes.count & (hashes.count - 1) == 0, "a perfect tree has 2ⁿ leaves")
        var level = hashes
        while level.count > 1 {
            for place in 0..<level.count / 2 { level[place] = .ofNode(level[2 * place], level[2 * place + 1]) }
            level.removeLast(level.count / 2)
        }
        return level[0]
    }
}

extension CompactRange {
    /// Adds a perfect subtree where one of its size may stand, which is for the caller to know.
    fileprivate mutating func append(_ hash: LogHash, level: Int) {
        do {
            try append(subtree: hash, level: level)
        } catch {
            preconditionFailure("the tiles of a frontier hold its subtrees, largest first")
        }
    }
}
