// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct TreeProofTests {
    private static let sizes = 1...40

    // MARK: - Every proof of small trees

    @Test func `inclusion proofs are those of the definition, and are accepted`() throws {
        for size in Self.sizes {
            let tree = NaiveTree(size: size)
            for index in 0..<size {
                let proof = try TreeProof.inclusion(of: UInt64(index), size: UInt64(size), from: tree)
                #expect(proof == NaiveTree.path(index, tree.leaves[...]), "\(index) of \(size)")
                #expect(Inclusion(tree, index).refusal == nil, "\(index) of \(size)")
            }
        }
    }

    @Test func `consistency proofs are those of the definition, and are accepted`() throws {
        for new in Self.sizes {
            let tree = NaiveTree(size: new)
            for old in 0...new {
                let proof = try TreeProof.consistency(from: UInt64(old), to: UInt64(new), from: tree)
                #expect(proof == (old == 0 ? [] : NaiveTree.subproof(old, tree.leaves[...], true)), "\(old) of \(new)")
                #expect(Consistency(tree, old).refusal == nil, "\(old) of \(new)")
            }
        }
    }

    @Test func `the beginning of a tree follows from its nodes`() throws {
        let tree = NaiveTree(size: 40)
        for size in 0...40 {
            let range = try TreeProof.range(ofSize: UInt64(size), from: tree)
            #expect(range.root == NaiveTree(size: size).root && range.size == size)
        }
    }

    // MARK: - Every damage

    @Test func `inclusion proofs with a damage are refused`() {
        for size in Self.sizes {
            let tree = NaiveTree(size: size)
            for index in 0..<size {
                let good = Inclusion(tree, index)
                for (name, bad) in good.damages where bad != good {
                    #expect(bad.refusal != nil, "\(name): \(index) of \(size)")
                }
            }
        }
    }

    @Test func `consistency proofs with a damage are refused`() {
        for new in Self.sizes {
            let tree = NaiveTree(size: new)
            for old in 0...new {
                let good = Consistency(tree, old)
                for (name, bad) in good.damages where bad != good {
                    // All trees begin with the empty one; a proof for another new tree is as good.
                    let isEmptyOld = bad.old == 0 && bad.proof.isEmpty && bad.oldRoot == .ofEmptyTree && bad.new > 0
                    #expect(isEmptyOld || bad.refusal != nil, "\(name): \(old) of \(new)")
                }
            }
        }
    }

    @Test func `one leaf alone needs no proof`() {
        let leaf = LogSamples.leaf(0)
        #expect(Inclusion(index: 0, size: 1, leaf: leaf, proof: [], root: leaf).refusal == nil)
        #expect(Inclusion(index: 0, size: 1, leaf: leaf, proof: [leaf], root: leaf).refusal == .wrongProof)
        #expect(Inclusion(index: 0, size: 1, leaf: leaf, proof: [], root: .ofEmptyTree).refusal == .wrongRoot)
        #expect(Inclusion(index: 0, size: 0, leaf: leaf, proof: [], root: leaf).refusal == .outOfRange)
        #expect(Inclusion(index: 1, size: 1, leaf: leaf, proof: [], root: leaf).refusal == .outOfRange)
        #expect(Inclusion(index: .max, size: .max, leaf: leaf, proof: [], root: leaf).refusal == .outOfRange)
    }

    @Test func `the empty tree is the beginning of each, and has one root`() {
        let leaf = LogSamples.leaf(0)
        func refusal(
            _ old: UInt64,
            _ oldRoot: LogHash,
            _ new: UInt64,
            _ newRoot: LogHash,
            _ proof: [LogHash]
        ) -> LogError
            .Code?
        {
            Consistency(old: old, oldRoot: oldRoot, new: new, newRoot: newRoot, proof: proof).refusal
        }
        #expect(refusal(0, .ofEmptyTree, 5, leaf, []) == nil)
        #expect(refusal(0, .ofEmptyTree, 0, .ofEmptyTree, []) == nil)
        #expect(refusal(0, .ofEmptyTree, 5, leaf, [leaf]) == .wrongProof)
        #expect(refusal(0, leaf, 5, leaf, []) == .wrongRoot)
        #expect(refusal(0, leaf, 0, leaf, []) == .wrongRoot)
        #expect(refusal(0, .ofEmptyTree, 0, leaf, []) == .wrongRoot)
        #expect(refusal(1, leaf, 0, .ofEmptyTree, []) == .outOfRange)
        #expect(refusal(3, leaf, 3, leaf, []) == nil)
        #expect(refusal(3, leaf, 3, leaf, [leaf]) == .wrongProof)
        #expect(refusal(3, leaf, 3, .ofEmptyTree, []) == .wrongRoot)
        #expect(refusal(2, leaf, 3, leaf, []) == .wrongProof)
    }

    // MARK: - Large numbers

    @Test(arguments: [1 << 62, 1 << 63 - 1, 1 << 63, .max - 1, .max] as [UInt64])
    func `sizes up to the last make nothing crash`(size: UInt64) {
        let leaf = LogSamples.leaf(0)
        for count in [0, 1, 61, 62, 63] {
            let proof = [LogHash](repeating: leaf, count: count)
            for number in [0, 1, size / 2, size - 2, size - 1, size] as [UInt64] {
                let inclusion = Inclusion(index: number, size: size, leaf: leaf, proof: proof, root: leaf)
                #expect(inclusion.refusal != nil)
                let consistency = Consistency(old: number, oldRoot: leaf, new: size, newRoot: leaf, proof: proof)
                #expect(consistency.refusal != nil || number == size && count == 0)
            }
        }
    }

    @Test func `a proof in a tree of 2^62 leaves is accepted`() throws {
        // All leaves are one hash, so the nodes of a level are.
        struct Uniform: NodeSource {
            let hashes: [LogHash]
            func hash(of node: NodeCoordinate) -> LogHash { hashes[node.level] }
        }
        var hashes = [LogSamples.leaf(0)]
        for _ in 0..<63 { hashes.append(.ofNode(hashes[hashes.count - 1], hashes[hashes.count - 1])) }
        let source = Uniform(hashes: hashes)
        for size in [1 << 62, 1 << 62 - 1, 1 << 61 + 1, 12_345_678_901_234_567] as [UInt64] {
            let root = try TreeProof.range(ofSize: size, from: source).root
            for number in [0, 1, size / 3, size - 2, size - 1] {
                let inclusion = try TreeProof.inclusion(of: number, size: size, from: source)
                try TreeProof.checkInclusion(of: hashes[0], at: number, size: size, proof: inclusion, root: root)
                let old = number + 1
                let consistency = try TreeProof.consistency(from: old, to: size, from: source)
                let oldRoot = try TreeProof.range(ofSize: old, from: source).root
                try TreeProof.checkConsistency(
                    old: old,
                    oldRoot: oldRoot,
                    new: size,
                    newRoot: root,
                    proof: consistency
                )
                #expect(inclusion.count <= 63 && consistency.count <= 63)
            }
        }
    }

    @Test func `what no tree has is not proved`() {
        let tree = NaiveTree(size: 4)
        #expect(LogSamples.refusal { _ = try TreeProof.inclusion(of: 4, size: 4, from: tree) } == .outOfRange)
        #expect(LogSamples.refusal { _ = try TreeProof.inclusion(of: 0, size: 0, from: tree) } == .outOfRange)
        #expect(LogSamples.refusal { _ = try TreeProof.consistency(from: 5, to: 4, from: tree) } == .outOfRange)
        #expect(LogSamples.refusal { _ = try TreeProof.inclusionNodes(of: 0, inSize: 1 << 62 + 1) } == .tooLarge)
        #expect(LogSamples.refusal { _ = try TreeProof.consistencyNodes(from: 1, to: 1 << 62 + 1) } == .tooLarge)
        #expect(LogSamples.refusal { _ = try TreeProof.range(ofSize: .max, from: tree) } == .tooLarge)
    }

    @Test func `a proof of 64 hashes is too large`() {
        let leaf = LogSamples.leaf(0)
        let proof = [LogHash](repeating: leaf, count: 64)
        #expect(Inclusion(index: 0, size: .max, leaf: leaf, proof: proof, root: leaf).refusal == .tooLarge)
        #expect(Consistency(old: 1, oldRoot: leaf, new: .max, newRoot: leaf, proof: proof).refusal == .tooLarge)
    }
}

/// What an inclusion proof is checked with.
private struct Inclusion: Equatable {
    var index: UInt64
    var size: UInt64
    var leaf: LogHash
    var proof: [LogHash]
    var root: LogHash

    init(index: UInt64, size: UInt64, leaf: LogHash, proof: [LogHash], root: LogHash) {
        self.index = index
        self.size = size
        self.leaf = leaf
        self.proof = proof
        self.root = root
    }

    init(_ tree: NaiveTree, _ index: Int) {
        let path = NaiveTree.path(index, tree.leaves[...])
        let size = UInt64(tree.leaves.count)
        self.init(index: UInt64(index), size: size, leaf: tree.leaves[index], proof: path, root: tree.root)
    }

    var refusal: LogError.Code? {
        LogSamples.refusal {
            try TreeProof.checkInclusion(of: leaf, at: index, size: size, proof: proof, root: root)
        }
    }

    /// The kinds that the vectors of transparency-dev/merkle have, and each other index.
    var damages: [(String, Inclusion)] {
        func with(_ change: (inout Inclusion) -> Void) -> Inclusion {
            var copy = self
            change(&copy)
            return copy
        }
        let other = LogSamples.leaf(1_000_000)
        var all: [(String, Inclusion)] = [
            ("index beyond", with { $0.index = size }),
            ("index changed", with { $0.index ^= 2 }),
            ("index far away", with { $0.index |= 1 << 40 }),
            ("size doubled", with { $0.size *= 2 }),
            ("size halved", with { $0.size /= 2 }),
            ("size zero", with { $0.size = 0 }),
            ("other leaf", with { $0.leaf = other }),
            ("empty leaf", with { $0.leaf = .ofEmptyTree }),
            ("root as leaf", with { $0.leaf = root }),
            ("other root", with { $0.root = other }),
            ("empty root", with { $0.root = .ofEmptyTree }),
            ("empty root and other leaf", with { ($0.root, $0.leaf) = (.ofEmptyTree, other) }),
            ("leaf and root swapped", with { ($0.root, $0.leaf) = (leaf, root) }),
            ("a hash behind", with { $0.proof.append(other) }),
            ("the root behind", with { $0.proof.append(root) }),
            ("a hash before", with { $0.proof.insert(other, at: 0) }),
            ("the root before", with { $0.proof.insert(root, at: 0) }),
            ("the leaf before", with { $0.proof.insert(leaf, at: 0) }),
            ("the last missing", with { _ = $0.proof.popLast() }),
            ("the first missing", with { $0.proof = Array($0.proof.dropFirst()) }),
            ("no hashes", with { $0.proof = [] }),
            ("in another order", with { $0.proof.reverse() }),
        ]
        for place in proof.indices {
            all.append(("hash \(place) changed", with { $0.proof[place] = proof[place].flipped(bit: 8 * place + 3) }))
            all.append(("hash \(place) missing", with { $0.proof.remove(at: place) }))
            all.append(("a hash inserted at \(place)", with { $0.proof.insert(other, at: place) }))
            all.append(("hash \(place) twice", with { $0.proof.insert(proof[place], at: place) }))
        }
        for other in 0..<size where other != index { all.append(("index \(other)", with { $0.index = other })) }
        // A proof in a tree of other size that climbs in the same way says the same, were there such a root.
        return all.filter { $0.1.root != root || $0.1.size == size || !$0.1.climbsLike(self) }
    }

    /// Whether the index takes the same turns in both trees: then the proof is one of either.
    private func climbsLike(_ other: Inclusion) -> Bool {
        guard leaf == other.leaf, proof == other.proof, index < size, index < other.size else { return false }
        return turns == other.turns
    }

    private var turns: [Bool] {
        func turns(_ index: UInt64, _ count: UInt64) -> [Bool] {
            guard count > 1 else { return [] }
            var half: UInt64 = 1
            while half * 2 < count { half *= 2 }
            return index < half ? turns(index, half) + [false] : turns(index - half, count - half) + [true]
        }
        return turns(index, size)
    }
}

/// What a consistency proof is checked with.
private struct Consistency: Equatable {
    var old: UInt64
    var oldRoot: LogHash
    var new: UInt64
    var newRoot: LogHash
    var proof: [LogHash]

    init(old: UInt64, oldRoot: LogHash, new: UInt64, newRoot: LogHash, proof: [LogHash]) {
        self.old = old
        self.oldRoot = oldRoot
        self.new = new
        self.newRoot = newRoot
        self.proof = proof
    }

    init(_ tree: NaiveTree, _ old: Int) {
        self.init(
            old: UInt64(old),
            oldRoot: NaiveTree.root(tree.leaves[..<old]),
            new: UInt64(tree.leaves.count),
            newRoot: tree.root,
            proof: old == 0 ? [] : NaiveTree.subproof(old, tree.leaves[...], true)
        )
    }

    var refusal: LogError.Code? {
        LogSamples.refusal {
            try TreeProof.checkConsistency(old: old, oldRoot: oldRoot, new: new, newRoot: newRoot, proof: proof)
        }
    }

    var damages: [(String, Consistency)] {
        func with(_ change: (inout Consistency) -> Void) -> Consistency {
            var copy = self
            change(&copy)
            return copy
        }
        let other = LogSamples.leaf(1_000_000)
        var all: [(String, Consistency)] = [
            ("old size one more", with { $0.old += 1 }),
            ("old size changed", with { $0.old ^= 2 }),
            ("other old root", with { $0.oldRoot = other }),
            ("empty old root", with { $0.oldRoot = .ofEmptyTree }),
            ("roots swapped", with { ($0.oldRoot, $0.newRoot) = (newRoot, oldRoot) }),
            ("sizes swapped", with { ($0.old, $0.new) = (new, old) }),
            ("a hash behind", with { $0.proof.append(other) }),
            ("the old root behind", with { $0.proof.append(oldRoot) }),
            ("the new root behind", with { $0.proof.append(newRoot) }),
            ("a hash before", with { $0.proof.insert(other, at: 0) }),
            ("the old root before", with { $0.proof.insert(oldRoot, at: 0) }),
            ("the new root before", with { $0.proof.insert(newRoot, at: 0) }),
            ("the last missing", with { _ = $0.proof.popLast() }),
            ("the first missing", with { $0.proof = Array($0.proof.dropFirst()) }),
            ("no hashes", with { $0.proof = [] }),
            ("in another order", with { $0.proof.reverse() }),
        ]
        if old > 0 {
            all.append(("old size one less", with { $0.old -= 1 }))
            all.append(("new size doubled", with { $0.new *= 2 }))
            all.append(("new size halved", with { $0.new /= 2 }))
            all.append(("other new root", with { $0.newRoot = other }))
            all.append(("empty new root", with { $0.newRoot = .ofEmptyTree }))
        }
        for place in proof.indices {
            all.append(("hash \(place) changed", with { $0.proof[place] = proof[place].flipped(bit: 8 * place + 4) }))
            all.append(("hash \(place) missing", with { $0.proof.remove(at: place) }))
            all.append(("a hash inserted at \(place)", with { $0.proof.insert(other, at: place) }))
        }
        return all
    }
}

extension LogHash {
    fileprivate func flipped(bit: Int) -> LogHash {
        var bytes = self.bytes
        bytes[bit / 8 % 32] ^= 1 << (bit % 8)
        return Samples.hash(bytes) ?? .ofEmptyTree
    }
}
