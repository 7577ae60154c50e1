// SPDX-License-Identifier: Apache-2.0

/// A tree of hashes of which only the roots of its perfect subtrees are kept: enough to append, and to know the root.
///
/// One hash for each bit that is set in the size, the largest subtree first: at most 64, 2 KiB. Appending costs one hash
/// per leaf on average and no allocation.
package struct CompactRange: Equatable, Sendable {
    package private(set) var size: UInt64

    /// Roots of the perfect subtrees, the largest first.
    package private(set) var hashes: [LogHash]

    /// The empty tree.
    package init() {
        size = 0
        hashes = []
        hashes.reserveCapacity(64)
    }

    /// The tree that was kept as these hashes.
    ///
    /// - Throws: `tooLarge` beyond `LogLimits.maximumTreeSize`, `wrongProof` unless there is a hash for each subtree.
    package init(size: UInt64, hashes: [LogHash]) throws(LogError) {
        guard size <= LogLimits.maximumTreeSize else {
            throw LogError(.tooLarge, "a tree of \(size) leaves, \(LogLimits.maximumTreeSize) are allowed")
        }
        guard hashes.count == size.nonzeroBitCount else {
            throw LogError(
                .wrongProof,
                "\(hashes.count) subtrees for \(size) leaves, \(size.nonzeroBitCount) are needed"
            )
        }
        self.size = size
        self.hashes = []
        self.hashes.reserveCapacity(64)
        self.hashes.append(contentsOf: hashes)
    }

    /// Appends a leaf; traps beyond `LogLimits.maximumTreeSize`, which no counting reaches.
    package mutating func append(_ leafHash: LogHash) {
        precondition(size < LogLimits.maximumTreeSize, "a tree of 2^62 leaves is full")
        join(leafHash, filled: size)
        size += 1
    }

    /// Appends the root of a perfect subtree of 2^level leaves.
    ///
    /// - Throws: `outOfRange` unless the size is a multiple of 2^level and the tree has room.
    package mutating func append(subtree: LogHash, level: Int) throws(LogError) {
        guard (0..<63).contains(level), size & ((1 << UInt64(level)) - 1) == 0 else {
            throw LogError(.outOfRange, "a subtree of level \(level) cannot stand behind \(size) leaves")
        }
        guard size <= LogLimits.maximumTreeSize - 1 << UInt64(level) else {
            throw LogError(.tooLarge, "a tree of \(size) leaves has no room for a subtree of level \(level)")
        }
        join(subtree, filled: size >> UInt64(level))
        size += 1 << UInt64(level)
    }

    /// A full subtree joins its left neighbour of the same size: as in counting, where a 1 meets a 1, it carries.
    private mutating func join(_ subtree: LogHash, filled: UInt64) {
        var hash = subtree
        for _ in 0..<(~filled).trailingZeroBitCount {
            hash = .ofNode(hashes.removeLast(), hash)
        }
        hashes.append(hash)
    }

    /// RFC 6962 §2.1: the root hash of the tree.
    package var root: LogHash {
        guard var hash = hashes.last else { return .ofEmptyTree }
        for index in hashes.indices.dropLast().reversed() { hash = .ofNode(hashes[index], hash) }
        return hash
    }
}
