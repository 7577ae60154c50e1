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

    // MARK: - Growing

    @Test func `tiles beyond a tree are those that it has not`() {
        let sizes: [UInt64] = [0, 1, 2, 255, 256, 257, 300, 511, 512, 65_535, 65_536, 65_537, 66_000, 131_072]
        for old in sizes {
            for new in sizes {
                let there = Set(TileCoordinate.tiles(ofSize: old))
                let expected = TileCoordinate.tiles(ofSize: new).filter { !there.contains($0) }
                #expect(
                    Array(TileCoordinate.tiles(ofSize: new, beyond: old)) == (new < old ? [] : expected),
                    "\(old), \(new)"
                )
            }
        }
    }

    @Test func `the largest tree has tiles of eight levels`() {
        var last: [TileCoordinate] = []
        for size in [UInt64.max, 1 << 63] {
            last = Array(TileCoordinate.tiles(ofSize: size, beyond: size - 1))
            #expect(last.allSatisfy { $0.level <= 7 })
        }
        #expect(last.last == TileCoordinate(level: 7, index: 0, width: 128))
        #expect(TileCoordinate.width(ofLevel: 8, size: .max) == 0)
        #expect(TileCoordinate.width(ofLevel: -1, size: .max) == 0)
    }

    // MARK: - Paths

    @Test(
        arguments: [
            ("tile/0/000", .hashes(TileCoordinate(level: 0, index: 0))),
            ("tile/7/000.p/1", .hashes(TileCoordinate(level: 7, index: 0, width: 1))),
            ("tile/1/x001/234.p/5", .hashes(TileCoordinate(level: 1, index: 1234, width: 5))),
            ("tile/0/x001/x234/067", .hashes(TileCoordinate(level: 0, index: 1_234_067))),
            ("tile/3/x001/x000/000.p/255", .hashes(TileCoordinate(level: 3, index: 1_000_000, width: 255))),
            ("tile/entries/x001/234.p/5", .entries(index: 1234, width: 5)),
            ("tile/entries/999", .entries(index: 999, width: 256)),
            (
                "tile/0/x072/x057/x594/x037/x927/935.p/255",
                .hashes(TileCoordinate(level: 0, index: 1 << 56 - 1, width: 255))
            ),
            (
                "tile/entries/x072/x057/x594/x037/x927/935.p/255", .entries(index: 1 << 56 - 1, width: 255)
            ),
        ] as [(String, TileRequest)]
    )
    func `a path is that of a tile or a bundle`(path: String, request: TileRequest) {
        #expect(TileCoordinate.parse(path.utf8) == request)
        #expect(request.path == path)
    }

    @Test(arguments: [
        "", "tile", "tile/", "tile/0", "tile/0/", "tile/0//000", "/tile/0/000", "tile/0/000/", "tile//000",
        "Tile/0/000",
        "tile/00/000", "tile/01/000", "tile/+1/000", "tile/-1/000", "tile/8/000", "tile/63/000", "tile/64/000",
        "tile/a/000", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/1000", "tile/0/x000/000", "tile/0/x000/x001/000",
        "tile/0/001/000", "tile/0/x01/000", "tile/0/x0001/000", "tile/0/X001/000", "tile/0/x001/x000", "tile/0/x001",
        "tile/0/00a", "tile/0/ 00", "tile/0/000 ", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/0/000.p/+1", "tile/0/000.p/1/", "tile/0/000.p/1/2", "tile/0/000.q/1",
        "tile/0/000/.p/1",
        "tile/0/000.p.p/1", "tile/0/.p/1", "tile/0/x001.p/000", "tile/0/../000", "tile/0/./000", "tile/0/%30%30%30",
        "tile/0/٠٠٠", "tile/0/000\0", "tile/0/000\n", "tile/data/000", "tile/8/0/000", "tile/entries", "tile/entries/",
        "tile/entries/0", "tile/entries/000.p/256", "checkpoint", "tile/0/x072/x057/x594/x037/x927/936",
        "tile/1/x072/x057/x594/x037/x927/935", "tile/7/001", "tile/6/256", "tile/entries/x072/x057/x594/x037/x927/936",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/x018/x446/x744/x073/x709/x551/616",
    ])
    func `any other path is none`(path: String) {
        #expect(TileCoordinate.parse(path.utf8) == nil)
    }

    @Test func `a long path is none`() {
        #expect(TileCoordinate.parse([UInt8](repeating: UInt8(ascii: "/"), count: 10_000_000)) == nil)
    }

    @Test func `damaged paths are none, or others`() {
        let samples = [
            "tile/0/000", "tile/1/x001/234.p/5", "tile/entries/x001/x234/067.p/255", "tile/3/x001/x000/000.p/10",
        ]
        let result = Mutations.check(samples.map { Array($0.utf8) }, rounds: 20_000, seed: 71) { path in
            struct NoPath: Error {}
            guard let request = TileCoordinate.parse(path) else { throw NoPath() }
            return Array(request.path.utf8)
        }
        #expect(result.failure == nil && result.readCount > 100)
    }

    @Test func `impossible tiles trap`() async {
        await #expect(processExitsWith: .failure) { _ = TileCoordinate(level: 8, index: 0, width: 1) }
        await #expect(processExitsWith: .failure) { _ = TileCoordinate(level: 0, index: 0, width: 257) }
        await #expect(processExitsWith: .failure) { _ = TileCoordinate(level: 7, index: 1, width: 1) }
    }
}
