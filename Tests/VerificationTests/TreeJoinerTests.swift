// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@testable import Verification

@Suite struct TreeJoinerTests {
    private static let hashes: [LogHash] = (0..<131_400).map { index in
        let bytes = Array("leaf \(index)".utf8)
        return unsafe LogHash.ofLeaf(bytes.span.bytes)
    }

    /// Full tiles of level 1 and more, and the roots of some sizes.
    private static let level1 = (0..<513).map { HashTile.root(of: hashes[$0 * 256..<($0 + 1) * 256]) }

    private static var tiles: [String: [UInt8]] {
        [
            "tile/1/000": HashTile.encode(level1[..<256]), "tile/1/001": HashTile.encode(level1[256..<512]),
        ]
    }

    private static func root(_ size: Int) -> LogHash {
        var range = CompactRange()
        for hash in hashes[..<size] { range.append(hash) }
        return range.root
    }

    private static func milestones(_ sizes: [Int]) -> [Milestone] {
        sizes.map { Milestone(size: UInt64($0), root: root($0), file: "\($0)") }
    }

    private static func joiner(
        _ size: Int,
        _ sizes: [Int],
        _ files: [String: [UInt8]] = tiles,
        partials: [TileCoordinate] = []
    ) -> TreeJoiner {
        TreeJoiner(
            StoredTiles(source: MemoryEvidence(files), prefix: ""),
            requiredSize: UInt64(size),
            milestones: milestones(sizes),
            partials: partials
        )
    }

    /// Joins known leaves cut at places, and unknown ones between.
    private static func join(
        _ joiner: inout TreeJoiner,
        upTo end: Int,
        step: Int,
        isKnown: (Int) -> Bool = { _ in true }
    ) {
        var start = 0
        while start < end {
            let stop = min(end, start + step)
            if isKnown(start) {
                joiner.append(LeafStretch(first: UInt64(start), hashes: Array(hashes[start..<stop])))
            } else {
                joiner.appendUnknown(upTo: UInt64(stop))
            }
            start = stop
        }
        joiner.finish()
    }

    @Test(arguments: [1, 255, 256, 257, 1000, 16_384, 65_535, 65_536, 65_537, 131_072, 131_400])
    func `roots are right at every size, however the leaves are cut`(size: Int) {
        let sizes = [
            0, 1, 2, 255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_535, 65_536, 65_537, 131_071, 131_072, 131_400,
            size,
        ].filter { $0 <= size }
        for step in [1, 255, 256, 300, 16_384, 70_000] where step > 1 || size < 1000 {
            var joiner = Self.joiner(size, sizes)
            Self.join(&joiner, upTo: size, step: step)
            #expect(joiner.milestones.allSatisfy { $0.verdict == .right && $0.anchoredVerdict == .right })
            #expect(joiner.findings.isEmpty)
            #expect(joiner.differing.isEmpty)
            #expect(joiner.size == UInt64(size))
        }
    }

    @Test func `sizes beyond the leaves are not reached`() {
        var joiner = Self.joiner(300, [299, 300, 301, 512])
        Self.join(&joiner, upTo: 300, step: 300)
        #expect(joiner.milestones.map(\.verdict) == [.right, .right, .notReached, .notReached])
    }

    @Test func `stored tiles stand for leaves that nobody knows`() {
        let sizes = [1, 256, 300, 512, 65_536, 65_700, 131_072, 131_400]
        var joiner = Self.joiner(131_072, sizes)
        Self.join(&joiner, upTo: 131_400, step: 512) { $0 >= 65_536 || $0 % 1024 == 0 }
        #expect(joiner.milestones.map(\.verdict) == [.right, .right, .right, .right, .right, .right, .right, .right])

        joiner = Self.joiner(131_072, sizes)
        Self.join(&joiner, upTo: 131_400, step: 512) { $0 >= 65_536 }
        #expect(
            joiner.milestones.map(\.verdict) == [.unknown, .right, .unknown, .right, .right, .right, .right, .right]
        )
        // Nothing stands for leaves of a tile that is not full.
        joiner = Self.joiner(131_072, sizes)
        Self.join(&joiner, upTo: 131_400, step: 131_072) { $0 == 0 }
        #expect(joiner.milestones.last?.verdict == .unknown)
        #expect(joiner.milestones.dropLast().allSatisfy { $0.verdict == .right })
    }

    @Test func `without tiles unknown leaves are the end of it, at once`() {
        var joiner = Self.joiner(0, [256, 65_536], [:])
        joiner.appendUnknown(upTo: 1 << 62)
        joiner.finish()
        #expect(joiner.milestones.allSatisfy { $0.verdict == .unknown })
        #expect(joiner.size == 1 << 62)
    }

    @Test func `a tile above stands for tiles that were pruned`() {
        let roots = [HashTile.root(of: Self.level1[..<256]), HashTile.root(of: Self.level1[256..<512])]
        let files = ["tile/2/000.p/2": HashTile.encode(roots), "tile/1/002.p/1": HashTile.encode([Self.level1[512]])]
        let partials = [TileCoordinate(level: 2, index: 0, width: 2), TileCoordinate(level: 1, index: 2, width: 1)]
        var joiner = Self.joiner(0, [65_536, 131_072, 131_328, 131_400], files, partials: partials)
        Self.join(&joiner, upTo: 131_400, step: 131_328) { $0 > 0 }
        #expect(joiner.milestones.allSatisfy { $0.verdict == .right })
        #expect(joiner.findings.isEmpty)
    }

    @Test func `a changed leaf is told by the tile, a changed tile by the root`() {
        var hashes = Self.hashes
        hashes[70_000] = hashes[0]
        var joiner = Self.joiner(131_072, [65_536, 131_400])
        joiner.append(LeafStretch(first: 0, hashes: hashes))
        joiner.finish()
        #expect(joiner.differing.map(\.indices) == [69_888..<70_144])
        #expect(joiner.milestones.map(\.verdict) == [.right, .wrong])
        #expect(joiner.milestones.map(\.anchoredVerdict) == [.right, .right])

        var tiles = Self.tiles
        tiles["tile/1/001"]?[17 * 32] ^= 1
        joiner = Self.joiner(131_072, [65_536, 131_400], tiles)
        Self.join(&joiner, upTo: 131_400, step: 10_000)
        #expect(joiner.differing.map(\.indices) == [69_888..<70_144])
        #expect(joiner.milestones.map(\.verdict) == [.right, .right])
        #expect(joiner.milestones.map(\.anchoredVerdict) == [.right, .wrong])
    }

    @Test func `tiles that have to be there are missed`() {
        var joiner = Self.joiner(131_072, [131_400], ["tile/1/001": Self.tiles["tile/1/001"] ?? []])
        Self.join(&joiner, upTo: 131_400, step: 10_000)
        #expect(joiner.findings.map(\.kind) == [.missing])
        #expect(joiner.findings.map(\.file) == ["tile/1/000"])
        #expect(joiner.milestones.map(\.verdict) == [.right])
    }

    @Test func `places in the tree name the leaves below`() {
        #expect(TileCoordinate(level: 0, index: 3).leaves == 768..<1024)
        #expect(TileCoordinate(level: 1, index: 2, width: 1).leaves == 131_072..<131_328)
        #expect(TileCoordinate(level: 2, index: 0).leaves(of: 1..<2) == 65_536..<131_072)
        #expect(TileCoordinate(level: 7, index: 0).leaves == 0..<UInt64.max)
    }
}
