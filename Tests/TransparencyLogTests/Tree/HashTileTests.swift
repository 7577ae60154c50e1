// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct HashTileTests {
    private let hashes = (0..<256).map { LogSamples.leaf($0) }

    @Test(arguments: [1, 2, 255, 256])
    func `a tile is its hashes`(width: Int) throws {
        let bytes = HashTile.encode(hashes.prefix(width))
        #expect(bytes.count == width * 32)
        #expect(try Self.parse(bytes, width: width) == Array(hashes.prefix(width)))
        #expect(HashTile.root(of: hashes.prefix(width)) == NaiveTree(Array(hashes.prefix(width))).root)
    }

    @Test func `a full tile has 8,192 bytes`() {
        #expect(HashTile.encode(hashes).count == HashTile.fullByteCount && HashTile.fullByteCount == 8192)
    }

    @Test(arguments: [
        (0, 0), (32, 2), (64, 1), (31, 1), (33, 1), (8192, 255), (8191, 256), (8224, 257), (32, -1), (0, 1),
    ])
    func `a tile of other width is refused`(byteCount: Int, width: Int) {
        let bytes = [UInt8](repeating: 1, count: byteCount)
        #expect(LogSamples.refusal { _ = try Self.parse(bytes, width: width) } == .malformedTile)
    }

    @Test func `swapped or changed hashes have another root`() {
        let root = HashTile.root(of: hashes)
        for place in 1..<256 {
            var other = hashes
            other.swapAt(place - 1, place)
            #expect(HashTile.root(of: other) != root)
            other = hashes
            other[place] = .ofEmptyTree
            #expect(HashTile.root(of: other) != root)
        }
    }

    private static func parse(_ bytes: [UInt8], width: Int) throws -> [LogHash] {
        try HashTile.parse(bytes.span.bytes, width: width)
    }
}
