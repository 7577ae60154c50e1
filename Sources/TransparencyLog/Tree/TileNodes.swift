// SPDX-License-Identifier: Apache-2.0

/// The nodes of a tree, from its tiles: what a client of a tiled log makes proofs from.
///
/// It asks for a tile each time that a node is in it; whoever has to fetch them keeps them.
package struct TileNodes: NodeSource {
    /// Leaves of the tree.
    package let size: UInt64

    private let tile: (TileCoordinate) throws -> [LogHash]

    /// - Parameters:
    ///   - size: leaves of the tree
    ///   - tile: gives the hashes of a tile of that tree; more than its width may be there, as in a tile that is full by now
    package init(size: UInt64, tile: @escaping (TileCoordinate) throws -> [LogHash]) {
        self.size = size
        self.tile = tile
    }

    /// - Throws: `outOfRange` beyond the tree, `malformedTile` for a tile with fewer hashes, and what the tiles throw.
    package func hash(of node: NodeCoordinate) throws -> LogHash {
        guard node.lastLeaf < size else { throw LogError(.outOfRange, "no leaf \(node.lastLeaf) in a tree of \(size)") }
        let place = node.inTile
        let count = size >> UInt64(8 * place.level)
        let width = place.index < count >> 8 ? 256 : TileCoordinate.width(ofLevel: place.level, size: size)
        let coordinate = TileCoordinate(level: place.level, index: place.index, width: width)
        let hashes = try tile(coordinate)
        guard hashes.count >= width else {
            throw LogError(.malformedTile, "\(coordinate.path) has \(hashes.count) hashes")
        }
        return HashTile.root(of: hashes[place.hashes])
    }
}
