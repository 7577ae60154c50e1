// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct TileCoordinateTests {
    /// Number of full tiles by level, and the partial ones.
    @Test(
        arguments: [
            (0, [], []),
            (1, [0], ["tile/0/000.p/1"]),
            (255, [0], ["tile/0/000.p/255"]),
            (256, [1, 0], ["tile/1/000.p/1"]),
            (257, [1, 0], ["tile/0/001.p/1", "tile/1/000.p/1"]),
            (65_535, [255, 0], ["tile/0/255.p/255", "tile/1/000.p/255"]),
            (65_536, [256, 1, 0], ["tile/2/000.p/1"]),
            (65_537, [256, 1, 0], ["tile/0/256.p/1", "tile/2/000.p/1"]),
            (70_000, [273, 1, 0], ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]),
            (16_777_216, [65_536, 256, 1, 0], ["tile/3/000.p/1"]),
        ] as [(UInt64, [UInt64], [String])]
    )
    func `a tree has the tiles of tlog-tiles`(size: UInt64, full: [UInt64], partial: [String]) {
        let tiles = Array(TileCoordinate.tiles(ofSize: size))

        for (level, count) in full.enumerated() {
            #expect(tiles.filter { $0.level == level && $0.isFull }.map(\.index) == Array(0..<count))
        }
        #expect(tiles.filter(\.isFull).count == full.reduce(0) { $0 + Int($1) })
        #expect(tiles.filter { !$0.isFull }.map(\.path) == partial)
        #expect(
            tiles.filter { !$0.isFull }.allSatisfy { $0.width == TileCoordinate.width(ofLevel: $0.level, size: size) }
        )
        if size == 16_777_216 { #expect(tiles[65_535].path == "tile/0/x065/535") }
    }
}
