// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// Which nodes stand for the leaves that a pack does not have, so that they and the pack's own leaves are the whole tree.
///
/// Between two leaves of the pack, before the first and behind the last, the largest perfect subtrees that fit. Each of
/// them is needed for the proof of some leaf, and none follows from others: what is shared by proofs is there once.
/// Appended in their order to a `CompactRange`, leaves and nodes give the root of the tree; so all leaves are proven
/// with one hash a node, and with at most 64 hashes in memory.
package struct TreeCover: Sendable {
    /// Leaves that are covered so far.
    package private(set) var position: UInt64 = 0

    package init() {}

    /// The nodes of the leaves before an index, from where it is now; then it is at that index.
    ///
    /// At most 126. None when the index is not ahead.
    package mutating func nodes(upTo end: UInt64) -> [NodeCoordinate] {
        var nodes: [NodeCoordinate] = []
        while position < end {
            let level = min(63, min(position.trailingZeroBitCount, 63 - (end - position).leadingZeroBitCount))
            nodes.append(NodeCoordinate(level: level, index: position >> UInt64(level)))
            position += 1 << UInt64(level)
        }
        return nodes
    }

    /// Steps over one leaf, which is the pack's own.
    package mutating func skipLeaf() { position += 1 }
}
