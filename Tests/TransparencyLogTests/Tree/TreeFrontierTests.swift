// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

/// The edge of a growing tree, compared with the compact range, which knows nothing of tiles.
@Suite struct TreeFrontierTests {
    private static func leaf(_ index: Int) -> LogHash {
        let bytes = Array("leaf \(index)".utf8)
        return .ofLeaf(bytes.span.bytes)
    }

    @Test func `its root is that of the tree, at every size around the ends of tiles`() {
        var frontier = TreeFrontier()
        var range = CompactRange()
        #expect(frontier.root == .ofEmptyTree)
        for index in 0..<66_000 {
            let leaf = Self.leaf(index)
            frontier.append(leaf) { _ in }
            range.append(leaf)
            let size = index + 1
            guard size < 20 || size % 256 < 2 && size < 2000 || (65_530...65_540).contains(size) || size == 66_000
            else {
                continue
            }
            #expect(frontier.size == UInt64(size))
            #expect(frontier.root == range.root, "size \(size)")
        }
    }

    @Test func `it hands out the full tiles above the leaves, once and in order`() {
        var frontier = TreeFrontier()
        var tiles: [TreeFrontier.Tile] = []
        var bundle: [LogHash] = []
        var expected: [LogHash] = []
        for index in 0..<65_537 {
            let leaf = Self.leaf(index)
            bundle.append(leaf)
            if bundle.count == 256 {
                expected.append(HashTile.root(of: bundle))
                bundle = []
            }
            frontier.append(leaf) { tiles.append($0) }
        }
        #expect(tiles == [TreeFrontier.Tile(level: 1, index: 0, hashes: expected)])
        #expect(frontier.partial[2] == [HashTile.root(of: expected)])
        #expect(frontier.partial[0].count == 1)
        #expect(frontier.partial[1].isEmpty)
    }

    @Test(arguments: [0, 1, 2, 255, 256, 257] as [UInt64])
    func `begun again from the right ends of its tiles it goes on as if it had never ended`(bundleCount: UInt64) {
        var whole = TreeFrontier()
        var kept: [Int: [LogHash]] = [:]
        for index in 0..<Int(bundleCount) * 256 {
            whole.append(Self.leaf(index)) { kept[$0.level, default: []] += $0.hashes }
        }
        let level1 = (kept[1] ?? []) + whole.partial[1]
        let level2 = (kept[2] ?? []) + whole.partial[2]
        var restored = TreeFrontier(bundleCount: bundleCount) { level, index in
            level == 1 ? level1[Int(index)] : level2[Int(index)]
        }
        #expect(restored == whole)
        for index in 0..<300 {
            whole.append(Self.leaf(index)) { _ in }
            restored.append(Self.leaf(index)) { _ in }
        }
        #expect(restored.root == whole.root)
    }
}
