// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct NodeCoordinateTests {
    @Test(
        arguments: [
            (0, 0, 0, 0, 0..<1), (0, 255, 0, 0, 255..<256), (0, 256, 0, 1, 0..<1), (3, 1, 0, 0, 8..<16),
            (7, 1, 0, 0, 128..<256), (7, 3, 0, 1, 128..<256), (8, 0, 1, 0, 0..<1), (8, 257, 1, 1, 1..<2),
            (9, 128, 1, 1, 0..<2), (15, 5, 1, 2, 128..<256), (16, 300, 2, 1, 44..<45), (63, 1, 7, 0, 128..<256),
        ] as [(Int, UInt64, Int, UInt64, Range<Int>)]
    )
    func `a node is hashes in a row of one tile`(
        level: Int,
        index: UInt64,
        tileLevel: Int,
        tileIndex: UInt64,
        hashes: Range<Int>
    ) {
        let place = NodeCoordinate(level: level, index: index).inTile
        #expect(place.level == tileLevel && place.index == tileIndex && place.hashes == hashes)
    }

    @Test func `a node has its leaves`() {
        let node = NodeCoordinate(level: 3, index: 5)
        #expect(node.firstLeaf == 40 && node.lastLeaf == 47)
        #expect(NodeCoordinate(level: 0, index: .max).lastLeaf == .max)
        #expect(NodeCoordinate(level: 63, index: 1).lastLeaf == .max)
    }

    @Test func `proofs follow from the tiles of a tree alone`() throws {
        let tree = NaiveTree(size: 1000)
        let tiles = TileNodes(size: 1000) { tile in
            try HashTile.hashes(tile, of: tree)
        }
        for (index, size) in [(0, 1000), (999, 1000), (511, 1000), (512, 777), (255, 256), (256, 257)] as [(Int, Int)] {
            let proof = try TreeProof.inclusion(of: UInt64(index), size: UInt64(size), from: tiles)
            #expect(proof == NaiveTree.path(index, tree.leaves[..<size]))
        }
        for (old, new) in [(1, 1000), (256, 1000), (300, 999), (512, 513), (999, 1000)] {
            let proof = try TreeProof.consistency(from: UInt64(old), to: UInt64(new), from: tiles)
            #expect(proof == NaiveTree.subproof(old, tree.leaves[..<new], true))
        }
    }

    @Test func `tiles of a smaller tree have no nodes beyond it`() throws {
        let tree = NaiveTree(size: 300)
        let tiles = TileNodes(size: 300) { try HashTile.hashes($0, of: tree) }
        #expect(LogSamples.refusal { _ = try tiles.hash(of: NodeCoordinate(level: 0, index: 300)) } == .outOfRange)
        #expect(LogSamples.refusal { _ = try tiles.hash(of: NodeCoordinate(level: 6, index: 4)) } == .outOfRange)
        let short = TileNodes(size: 300) { try HashTile.hashes($0, of: tree).dropLast() }
        #expect(LogSamples.refusal { _ = try short.hash(of: NodeCoordinate(level: 0, index: 0)) } == .malformedTile)
    }

    @Test func `impossible nodes trap`() async {
        await #expect(processExitsWith: .failure) { _ = NodeCoordinate(level: 64, index: 0) }
        await #expect(processExitsWith: .failure) { _ = NodeCoordinate(level: -1, index: 0) }
        await #expect(processExitsWith: .failure) { _ = NodeCoordinate(level: 63, index: 2) }
    }
}

extension HashTile {
    /// The tile of a tree, made as the format says.
    fileprivate static func hashes(_ tile: TileCoordinate, of tree: NaiveTree) throws -> [LogHash] {
        try (0..<tile.width).map { place in
            try tree.hash(of: NodeCoordinate(level: 8 * tile.level, index: tile.index << 8 + UInt64(place)))
        }
    }
}
