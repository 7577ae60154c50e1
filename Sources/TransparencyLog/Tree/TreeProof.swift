// SPDX-License-Identifier: Apache-2.0

/// One hash of a proof: that of a subtree which need not be perfect, as the nodes that it is made from.
package struct ProofStep: Hashable, Sendable {
    /// Perfect subtrees side by side, the largest first; never empty.
    package let nodes: [NodeCoordinate]

    /// The subtree of `count` leaves, more than 0, from a multiple of the next power of two on.
    init(start: UInt64, count: UInt64) {
        var nodes: [NodeCoordinate] = []
        var start = start
        for level in (0..<64).reversed() where count & 1 << UInt64(level) != 0 {
            nodes.append(NodeCoordinate(level: level, index: start >> UInt64(level)))
            start &+= 1 << UInt64(level)
        }
        self.nodes = nodes
    }

    /// The hash that stands in the proof.
    package func hash(from source: some NodeSource) throws -> LogHash {
        var result: LogHash?
        for node in nodes.reversed() {
            let hash = try source.hash(of: node)
            result = result.map { .ofNode(hash, $0) } ?? hash
        }
        return result ?? .ofEmptyTree
    }
}

/// Proofs that a leaf is in a tree, and that a tree is the beginning of another: made and checked.
///
/// Made as RFC 6962 §2.1.1 and §2.1.2 define them, checked as RFC 9162 §2.1.3.2 and §2.1.4.2 describe it. A check costs
/// at most two hashes per hash of the proof, and there are at most `LogLimits.maximumProofHashCount` of those.
package enum TreeProof {
    // MARK: - Making

    /// The steps of the proof that the leaf at an index is in a tree, from the leaf's sibling up.
    ///
    /// - Throws: `outOfRange` when the tree has no such leaf, `tooLarge` beyond `LogLimits.maximumTreeSize`.
    package static func inclusionNodes(of index: UInt64, inSize size: UInt64) throws(LogError) -> [ProofStep] {
        try checkSize(size)
        guard index < size else { throw LogError(.outOfRange, "no leaf \(index) in a tree of \(size)") }
        var steps: [ProofStep] = []
        var start: UInt64 = 0
        var count = size
        while count > 1 {
            let left = leftCount(of: count)
            if index - start < left {
                steps.append(ProofStep(start: start + left, count: count - left))
                count = left
            } else {
                steps.append(ProofStep(start: start, count: left))
                start += left
                count -= left
            }
        }
        return steps.reversed()
    }

    /// The steps of the proof that the first `old` leaves of a tree of `new` are a tree of `old`; none when either is empty.
    ///
    /// - Throws: `outOfRange` when the old tree is larger, `tooLarge` beyond `LogLimits.maximumTreeSize`.
    package static func consistencyNodes(from old: UInt64, to new: UInt64) throws(LogError) -> [ProofStep] {
        try checkSize(new)
        guard old <= new else { throw LogError(.outOfRange, "a tree of \(old) is not the beginning of one of \(new)") }
        guard old > 0 else { return [] }
        // RFC 6962 §2.1.2, SUBPROOF(m, D[n], b): `rest` is m, `isWhole` is b, and D[n] begins at `start`.
        var steps: [ProofStep] = []
        var start: UInt64 = 0
        var count = new
        var rest = old
        var isWhole = true
        while rest != count {
            let left = leftCount(of: count)
            if rest <= left {
                steps.append(ProofStep(start: start + left, count: count - left))
                count = left
            } else {
                steps.append(ProofStep(start: start, count: left))
                start += left
                count -= left
                rest -= left
                isWhole = false
            }
        }
        if !isWhole { steps.append(ProofStep(start: start, count: count)) }
        return steps.reversed()
    }

    /// The proof that the leaf at an index is in a tree.
    ///
    /// - Throws: as `inclusionNodes`, and what the source throws.
    package static func inclusion(
        of index: UInt64,
        size: UInt64,
        from source: some NodeSource
    ) throws -> [LogHash] {
        try inclusionNodes(of: index, inSize: size).map { try $0.hash(from: source) }
    }

    /// The proof that a tree is the beginning of another.
    ///
    /// - Throws: as `consistencyNodes`, and what the source throws.
    package static func consistency(
        from old: UInt64,
        to new: UInt64,
        from source: some NodeSource
    ) throws -> [LogHash] {
        try consistencyNodes(from: old, to: new).map { try $0.hash(from: source) }
    }

    /// The tree of the first `size` leaves, from which its root follows.
    ///
    /// - Throws: `tooLarge` beyond `LogLimits.maximumTreeSize`, and what the source throws.
    package static func range(ofSize size: UInt64, from source: some NodeSource) throws -> CompactRange {
        try checkSize(size)
        let hashes = try ProofStep(start: 0, count: size).nodes.map { try source.hash(of: $0) }
        return try CompactRange(size: size, hashes: hashes)
    }

    // MARK: - Checking

    /// Checks that the leaf with this hash is at an index of the tree with this root.
    ///
    /// - Throws: `outOfRange` when the tree has no such index, `wrongProof`, `wrongRoot` when the proof leads elsewhere.
    package static func checkInclusion(
        of leafHash: LogHash,
        at index: UInt64,
        size: UInt64,
        proof: [LogHash],
        root: LogHash
    ) throws(LogError) {
        guard index < size else { throw LogError(.outOfRange, "no leaf \(index) in a tree of \(size)") }
        try checkCount(proof)
        // RFC 9162 §2.1.3.2, with its names.
        var fn = index
        var sn = size - 1
        var r = leafHash
        for p in proof {
            guard sn != 0 else { throw LogError(.wrongProof, "\(proof.count) hashes, fewer are needed") }
            if fn & 1 == 1 || fn == sn {
                r = .ofNode(p, r)
                climb(&fn, &sn)
            } else {
                r = .ofNode(r, p)
            }
            fn >>= 1
            sn >>= 1
        }
        guard sn == 0 else { throw LogError(.wrongProof, "\(proof.count) hashes, more are needed") }
        guard r == root else { throw LogError(.wrongRoot, "the proof of leaf \(index) does not lead to the root") }
    }

    /// Checks that the tree with the old root is the beginning of the tree with the new one.
    ///
    /// The empty tree, with the root that it has, is the beginning of each, and needs no proof.
    ///
    /// - Throws: `outOfRange` when the old tree is larger, `wrongProof`, `wrongRoot` when the proof leads elsewhere.
    package static func checkConsistency(
        old: UInt64,
        oldRoot: LogHash,
        new: UInt64,
        newRoot: LogHash,
        proof: [LogHash]
    ) throws(LogError) {
        guard old <= new else { throw LogError(.outOfRange, "a tree of \(old) is not the beginning of one of \(new)") }
        try checkCount(proof)
        if old == 0 || old == new {
            guard proof.isEmpty else { throw LogError(.wrongProof, "\(proof.count) hashes, none are needed") }
            guard old != 0 || oldRoot == .ofEmptyTree else { throw LogError(.wrongRoot, "no root of an empty tree") }
            guard old != new || oldRoot == newRoot else {
                throw LogError(.wrongRoot, "two roots of one size, \(old)")
            }
            return
        }
        // RFC 9162 §2.1.4.2, with its names. The old root stands for the first hash where it is one of the tree's nodes.
        let isNode = old.nonzeroBitCount == 1
        guard let first = isNode ? oldRoot : proof.first, !proof.isEmpty else {
            throw LogError(.wrongProof, "no hashes, some are needed")
        }
        var fn = old - 1
        var sn = new - 1
        let common = UInt64((~fn).trailingZeroBitCount)
        fn >>= common
        sn >>= common
        var fr = first
        var sr = first
        for c in proof.dropFirst(isNode ? 0 : 1) {
            guard sn != 0 else { throw LogError(.wrongProof, "\(proof.count) hashes, fewer are needed") }
            if fn & 1 == 1 || fn == sn {
                fr = .ofNode(c, fr)
                sr = .ofNode(c, sr)
                climb(&fn, &sn)
            } else {
                sr = .ofNode(sr, c)
            }
            fn >>= 1
            sn >>= 1
        }
        guard sn == 0 else { throw LogError(.wrongProof, "\(proof.count) hashes, more are needed") }
        guard fr == oldRoot else { throw LogError(.wrongRoot, "the proof does not lead to the root of size \(old)") }
        guard sr == newRoot else { throw LogError(.wrongRoot, "the proof does not lead to the root of size \(new)") }
    }

    // MARK: - Parts

    /// The largest power of two below a count of at least 2: how many leaves are left of the root.
    private static func leftCount(of count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }

    /// Goes up while the node has no sibling: at the right border of the tree, where it is a left child.
    private static func climb(_ fn: inout UInt64, _ sn: inout UInt64) {
        while fn & 1 == 0, fn != 0 {
            fn >>= 1
            sn >>= 1
        }
    }

    private static func checkSize(_ size: UInt64) throws(LogError) {
        guard size <= LogLimits.maximumTreeSize else {
            throw LogError(.tooLarge, "a tree of \(size) leaves, \(LogLimits.maximumTreeSize) are allowed")
        }
    }

    private static func checkCount(_ proof: [LogHash]) throws(LogError) {
        guard proof.count <= LogLimits.maximumProofHashCount else {
            throw LogError(
                .tooLarge,
                "a proof of \(proof.count) hashes, \(LogLimits.maximumProofHashCount) are allowed"
            )
        }
    }
}
