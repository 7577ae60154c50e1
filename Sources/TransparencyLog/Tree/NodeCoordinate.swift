// SPDX-License-Identifier: Apache-2.0

/// The place of a perfect subtree: 2^level leaves from index · 2^level on.
package struct NodeCoordinate: Hashable, Sendable {
    /// 0 for a leaf; at most 63.
    package let level: Int
    package let index: UInt64

    /// Traps unless the level is 0 to 63 and all leaves have an index.
    package init(level: Int, index: UInt64) {
        precondition((0..<64).contains(level) && index <= UInt64.max >> UInt64(level), "no tree has such a node")
        self.level = level
        self.index = index
    }

    /// Index of its first leaf.
    package var firstLeaf: UInt64 { index << UInt64(level) }

    /// Index of its last leaf.
    package var lastLeaf: UInt64 { firstLeaf | ((1 << UInt64(level)) - 1) }

    /// Where its hash follows from: `hashes` of the tile, 2^(level mod 8) in a row.
    ///
    /// The tile may be partial, but it has these hashes in every tree that has the node.
    package var inTile: (level: Int, index: UInt64, hashes: Range<Int>) {
        let height = level % 8
        let first = Int(truncatingIfNeeded: index & ((1 << UInt64(8 - height)) - 1)) << height
        return (level / 8, index >> UInt64(8 - height), first..<first + (1 << height))
    }
}

/// Where the hashes of nodes come from: memory, tiles, a server.
package protocol NodeSource {
    /// The hash of a perfect subtree, which is only asked for when all its leaves are in the tree.
    func hash(of node: NodeCoordinate) throws -> LogHash
}
