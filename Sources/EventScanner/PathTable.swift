// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The places in an event that a scan reports, as a trie over the keys on the way to them.
///
/// A path is written with dots, and `[]` after a key stands for every element of its array:
/// `data.cloudResources[].resource.type`. Several paths may share a slot: that is how the spellings of one field become
/// one. A place may be both reported and gone through, as `data.authenticationInfo.principal`, which is a string in some
/// events and an object in others.
package struct PathTable: Sendable {
    /// A node of the trie.
    ///
    /// `noNode` and `noSlot` stand for absence.
    struct Node: Sendable {
        var slot: Int32 = PathTable.noSlot
        var elements: Int32 = PathTable.noNode
        /// The node's part of `buckets`: open addressing, a power of two wide, at most half full; width 0 has no keys.
        var firstBucket: Int32 = 0
        var bucketMask: Int32 = -1
    }

    /// A key below a node, and the node it leads to; the key is compared by `head` and, when longer, by the rest of it.
    struct Bucket: Sendable {
        var head = KeyHead()
        var node: Int32 = PathTable.noNode
        var keyStart: Int32 = 0
        var keyCount: Int32 = 0
    }

    static let noNode: Int32 = -1
    static let noSlot: Int32 = -1

    /// The slot of scalars that no path asked for, when every scalar is wanted.
    package static let anySlot: UInt16 = .max

    let nodes: [Node]
    let buckets: [Bucket]
    let keys: [UInt8]
    let keyHash: KeyHash

    /// Number of slots: one more than the highest that a path names.
    package let slotCount: Int

    /// - Parameters:
    ///   - paths: dotted paths and the slot in which each is reported.
    ///   - seed: random; see `KeyHash`.
    package init(_ paths: [(path: String, slot: UInt16)], seed: UInt64 = .random(in: .min ... .max)) {
        let builder = paths.reduce(into: TrieBuilder()) { $0.insert($1.path, slot: $1.slot) }
        keyHash = KeyHash(seed: seed)
        slotCount = paths.reduce(0) { max($0, Int($1.slot) + 1) }
        (nodes, buckets, keys) = builder.flattened(by: keyHash)
    }

    /// The node below `node` for the key `bytes[key]`, or `noNode`.
    @inline(__always)
    func child(of node: Int32, key: Range<Int>, in bytes: RawSpan, head: KeyHead, hash: UInt64) -> Int32 {
        guard node != Self.noNode, case let parent = nodes[Int(node)], parent.bucketMask >= 0 else {
            return Self.noNode
        }
        var place = Int32(truncatingIfNeeded: hash) & parent.bucketMask
        while true {
            let bucket = buckets[Int(parent.firstBucket &+ place)]
            guard bucket.node != Self.noNode else { return Self.noNode }
            if bucket.head == head, Int(bucket.keyCount) == key.count, isTail(of: bucket, equalTo: key, in: bytes) {
                return bucket.node
            }
            place = (place &+ 1) & parent.bucketMask
        }
    }

    /// Whether what follows the head is the same, too; the lengths are.
    @inline(__always)
    private func isTail(of bucket: Bucket, equalTo key: Range<Int>, in bytes: RawSpan) -> Bool {
        key.count <= KeyHead.byteCount || isKey(of: bucket, equalTo: key, in: bytes)
    }

    private func isKey(of bucket: Bucket, equalTo key: Range<Int>, in bytes: RawSpan) -> Bool {
        let start = Int(bucket.keyStart)
        return unsafe bytes.extracting(key).equals(keys.span.bytes.extracting(start..<start + key.count))
    }
}

/// The trie while it grows; flattened once, because a scan must not chase dictionaries.
private struct TrieBuilder {
    private struct Node {
        var slot = PathTable.noSlot
        var elements: Int?
        var children: [(key: [UInt8], node: Int)] = []
    }

    private var nodes = [Node()]

    mutating func insert(_ path: String, slot: UInt16) {
        var node = 0
        for step in path.split(separator: ".", omittingEmptySubsequences: false) {
            var key = step
            var arrayDepth = 0
            while key.hasSuffix("[]") {
                key = key.dropLast(2)
                arrayDepth += 1
            }
            node = child(of: node, key: Array(key.utf8))
            for _ in 0..<arrayDepth { node = elements(of: node) }
        }
        nodes[node].slot = Int32(slot)
    }

    private mutating func child(of parent: Int, key: [UInt8]) -> Int {
        if let found = nodes[parent].children.first(where: { $0.key == key }) { return found.node }
        nodes.append(Node())
        nodes[parent].children.append((key, nodes.count - 1))
        return nodes.count - 1
    }

    private mutating func elements(of parent: Int) -> Int {
        if let found = nodes[parent].elements { return found }
        nodes.append(Node())
        nodes[parent].elements = nodes.count - 1
        return nodes.count - 1
    }

    func flattened(by keyHash: KeyHash) -> ([PathTable.Node], [PathTable.Bucket], [UInt8]) {
        var flat: [PathTable.Node] = []
        var buckets: [PathTable.Bucket] = []
        var keys: [UInt8] = []
        for node in nodes {
            var flatNode = PathTable.Node(slot: node.slot, elements: node.elements.map(Int32.init) ?? PathTable.noNode)
            if !node.children.isEmpty {
                var width = 2
                while width < 2 * node.children.count { width *= 2 }
                flatNode.firstBucket = Int32(buckets.count)
                flatNode.bucketMask = Int32(width - 1)
                buckets.append(contentsOf: repeatElement(PathTable.Bucket(), count: width))
                for child in node.children {
                    let range = 0..<child.key.count
                    let hash = unsafe keyHash.hash(child.key.span.bytes, range)
                    var place = Int32(truncatingIfNeeded: hash) & flatNode.bucketMask
                    while buckets[Int(flatNode.firstBucket + place)].node != PathTable.noNode {
                        place = (place + 1) & flatNode.bucketMask
                    }
                    buckets[Int(flatNode.firstBucket + place)] = PathTable.Bucket(
                        head: unsafe KeyHead(child.key.span.bytes, range),
                        node: Int32(child.node),
                        keyStart: Int32(keys.count),
                        keyCount: Int32(child.key.count)
                    )
                    keys.append(contentsOf: child.key)
                }
            }
            flat.append(flatNode)
        }
        return (flat, buckets, keys)
    }
}
