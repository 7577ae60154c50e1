// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The files below `tile`, and which of them belong there.
struct TileListing {
    /// Partial tiles of hashes.
    private(set) var partials: [TileCoordinate] = []
    private(set) var findings: [Finding] = []
    /// Whether names can be listed.
    private(set) var isListed = true
    /// Whether there are more names than are looked at.
    private(set) var isCut = false

    private let tiles: StoredTiles
    private let size: UInt64
    private let holdsEverything: Bool
    private var nameCount = 0

    /// No tile has a longer path: eight directories and a file, and what stands before them.
    private static let maximumDepth = 12

    /// - Parameters:
    ///   - tiles: where they are.
    ///   - size: leaves that there are, signed or not yet.
    ///   - holdsEverything: whether tiles of level 0, bundles and partial tiles belong there, as in a published log.
    /// - Throws: `EvidenceError`.
    init(_ tiles: StoredTiles, size: UInt64, holdsEverything: Bool) throws(EvidenceError) {
        self.tiles = tiles
        self.size = size
        self.holdsEverything = holdsEverything
        try list("tile", depth: 0)
    }

    private mutating func list(_ directory: String, depth: Int) throws(EvidenceError) {
        guard let names = try tiles.source.names(in: tiles.prefix + directory) else {
            isListed = false
            return
        }
        for name in names.sorted() {
            nameCount += 1
            guard nameCount <= VerificationLimits.maximumTileNameCount else {
                isCut = true
                return
            }
            let path = "\(directory)/\(name)"
            if name.hasSuffix("/"), depth < Self.maximumDepth {
                try list(String(path.dropLast()), depth: depth + 1)
            } else {
                look(at: path)
            }
        }
    }

    private mutating func look(at path: String) {
        switch TileCoordinate.parse(path.utf8) {
        case .hashes(let tile) where tile.level > 0 || holdsEverything:
            if !tile.isFull { partials.append(tile) }
            if tile.leaves.lowerBound >= size || tile.isFull && tile.leaves.upperBound > size {
                findings.append(Finding(.extraFile, tiles.prefix + path, tile.leaves, "the tree is not that large"))
            }
        case .entries(let index, _) where holdsEverything:
            guard index << 8 >= size else { return }
            findings.append(Finding(.extraFile, tiles.prefix + path, "the tree is not that large"))
        case .hashes, .entries, nil:
            // What is being written has this name until it is whole.
            if path.hasSuffix(".new"), TileCoordinate.parse(path.utf8.dropLast(4)) != nil { return }
            findings.append(Finding(.extraFile, tiles.prefix + Self.harmless(path), "no tile has this name"))
        }
    }

    private static func harmless(_ path: String) -> String {
        String(String.UnicodeScalarView(path.unicodeScalars.prefix(200).map { $0.value < 0x20 ? "?" : $0 }))
    }
}
