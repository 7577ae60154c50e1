// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The files below `tile`, and which of them belong there.
struct TileListing {
    /// Partial tiles of hashes.
    private(set) var partials: [TileCoordinate] = []
    /// Partial entry bundles: index and width.
    private(set) var partialBundles: [(index: UInt64, width: Int)] = []
    private(set) var findings: [Finding] = []
    /// Files that are for a larger tree than was signed: written just now, or too many.
    private(set) var beyond: [(file: String, leaves: Range<UInt64>)] = []
    /// Whether all names were listed.
    private(set) var isComplete = true

    private let tiles: StoredTiles
    private let size: UInt64
    private let isPublished: Bool
    private var nameCount = 0

    /// No tile has a longer path: eight directories and a file, and what stands before them.
    private static let maximumDepth = 12

    /// - Parameters:
    ///   - tiles: where they are.
    ///   - size: leaves that are signed.
    ///   - isPublished: whether tiles of level 0, bundles and partial tiles belong there, as in a published log.
    /// - Throws: `EvidenceError`.
    init(_ tiles: StoredTiles, size: UInt64, isPublished: Bool) throws(EvidenceError) {
        self.tiles = tiles
        self.size = size
        self.isPublished = isPublished
        try list("tile", depth: 0)
    }

    private mutating func list(_ directory: String, depth: Int) throws(EvidenceError) {
        guard let names = try tiles.source.names(in: tiles.prefix + directory) else {
            isComplete = false
            return
        }
        for name in names.sorted() {
            nameCount += 1
            guard nameCount <= VerificationLimits.maximumTileNameCount else {
                isComplete = false
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
        case .hashes(let tile) where tile.level > 0 || isPublished:
            if !tile.isFull { partials.append(tile) }
            if tile.leaves.upperBound > size { beyond.append((tiles.prefix + path, tile.leaves)) }
        case .entries(let index, let width) where isPublished:
            if width < LogLimits.tileWidth { partialBundles.append((index, width)) }
            let leaves = TileCoordinate(level: 0, index: index, width: width).leaves
            if leaves.upperBound > size { beyond.append((tiles.prefix + path, leaves)) }
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
