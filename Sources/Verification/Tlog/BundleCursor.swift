// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Reads the entry bundles of a published log and the tiles of level 0 beside them.
struct BundleCursor {
    private(set) var unreadable: [EvidenceError] = []
    /// Index behind the last entry that was not there and need not be.
    private(set) var removedEnd: UInt64 = 0

    private let tiles: StoredTiles
    private let size: UInt64
    private let minimumIndex: UInt64
    /// Further files of a bundle: what was published when it was not whole.
    private let partials: [UInt64: [TileRequest]]
    private var nextBundle: UInt64 = 0
    private var missingCount = 0

    private static let bundlesPerPiece = 64

    init(_ tiles: StoredTiles, size: UInt64, minimumIndex: UInt64, _ listing: TileListing?) {
        self.tiles = tiles
        self.size = size
        self.minimumIndex = minimumIndex
        var partials: [UInt64: [TileRequest]] = [:]
        for tile in listing?.partials ?? [] where tile.level == 0 {
            partials[tile.index, default: []].append(.hashes(tile))
        }
        for bundle in listing?.partialBundles ?? [] {
            partials[bundle.index, default: []].append(.entries(index: bundle.index, width: bundle.width))
        }
        self.partials = partials
    }

    /// Some bundles; nil behind the last.
    mutating func next() -> BundlePiece? {
        let width = UInt64(LogLimits.tileWidth)
        let first = nextBundle * width
        // The checkpoint says how many there are, and anybody can sign one: it ends when enough of them are not there.
        guard first < size, unreadable.count + missingCount < VerificationLimits.maximumFindingCount else { return nil }
        var piece = BundlePiece(first: first)
        while piece.bundles.count < Self.bundlesPerPiece, nextBundle * width < size {
            let start = nextBundle * width
            let count = Int(truncatingIfNeeded: min(width, size - start))
            let isPruned = start + width <= minimumIndex
            let name = TileRequest.entries(index: nextBundle, width: count).path
            var bundle = BundlePiece.Bundle(index: nextBundle, width: count, name: name)
            var isReadable = true
            do throws(EvidenceError) {
                (bundle.entries, bundle.entriesWidth) = try entries(nextBundle, count)
                let tile = TileCoordinate(level: 0, index: nextBundle, width: count)
                do throws(StoredTiles.Wrong) {
                    bundle.hashes = try tiles.hashes(of: tile)
                    if bundle.hashes == nil, !isPruned {
                        piece.findings.append(Finding(.missing, tiles.name(tile), tile.leaves, "the tile is not there"))
                    }
                } catch {
                    switch error {
                    case .finding(let finding): piece.findings.append(finding)
                    case .unreadable(let error): throw error
                    }
                }
                bundle.others = try others(of: nextBundle, but: count)
            } catch {
                unreadable.append(error)
                isReadable = false
            }
            if bundle.entries == nil, isPruned {
                removedEnd = start + width
            } else if bundle.entries == nil, isReadable {
                missingCount += 1
                let indices = start..<start + UInt64(count)
                piece.findings.append(Finding(.missing, name, indices, "the bundle is not there"))
            }
            piece.bundles.append(bundle)
            nextBundle += 1
        }
        piece.end = min(size, nextBundle * width)
        return piece
    }

    /// The bundle, or the full one of which it is the beginning.
    private func entries(_ index: UInt64, _ width: Int) throws(EvidenceError) -> ([UInt8]?, Int) {
        for width in Set([width, LogLimits.tileWidth]).sorted() {
            let name = TileRequest.entries(index: index, width: width).path
            let limit = VerificationLimits.maximumBundleByteCount
            if let found = try tiles.source.contents(of: name, maximumByteCount: limit) { return (found, width) }
        }
        return (nil, width)
    }

    private func others(
        of index: UInt64,
        but width: Int
    ) throws(EvidenceError) -> [(request: TileRequest, bytes: [UInt8])] {
        var others: [(TileRequest, [UInt8])] = []
        for request in partials[index] ?? [] {
            let limit: Int
            switch request {
            case .hashes(let tile):
                guard tile.width != width else { continue }
                limit = HashTile.fullByteCount
            case .entries(_, let other):
                guard other != width else { continue }
                limit = VerificationLimits.maximumBundleByteCount
            }
            if let bytes = try tiles.source.contents(of: request.path, maximumByteCount: limit) {
                others.append((request, bytes))
            }
        }
        return others
    }
}
