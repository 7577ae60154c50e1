// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The tiles of hashes that a directory has.
struct StoredTiles {
    let source: any EvidenceSource

    /// What stands before `tile/`: nothing, or `log/`.
    let prefix: String

    func name(_ tile: TileCoordinate) -> String { prefix + tile.path }

    /// The hashes of a tile; nil when it is not there.
    ///
    /// A partial tile that is gone is taken from the full one, as the format has it: partial tiles may be removed by then.
    ///
    /// - Throws: `EvidenceError`; `Finding` as `Wrong` for a file that is no tile of this width.
    func hashes(of tile: TileCoordinate) throws(Wrong) -> [LogHash]? {
        if let found = try read(tile, name(tile), width: tile.width) { return found }
        guard !tile.isFull else { return nil }
        let full = TileCoordinate(level: tile.level, index: tile.index)
        return try read(tile, name(full), width: LogLimits.tileWidth).map { Array($0[..<tile.width]) }
    }

    private func read(_ tile: TileCoordinate, _ name: String, width: Int) throws(Wrong) -> [LogHash]? {
        let bytes: [UInt8]
        do throws(EvidenceError) {
            guard let found = try source.contents(of: name, maximumByteCount: HashTile.fullByteCount) else {
                return nil
            }
            bytes = found
        } catch { throw .unreadable(error) }
        do throws(LogError) { return try HashTile.parse(unsafe bytes.span.bytes, width: width) } catch {
            throw .finding(Finding(.changedTile, name, tile.leaves, error.message))
        }
    }

    enum Wrong: Error {
        case unreadable(EvidenceError)
        case finding(Finding)
    }
}

extension TileCoordinate {
    /// The leaves below its hashes.
    var leaves: Range<UInt64> { leaves(of: 0..<width) }

    /// The leaves below some of its hashes; cut off behind the largest tree.
    func leaves(of hashes: Range<Int>) -> Range<UInt64> {
        let first = index << UInt64(8 * (level + 1))
        let start = first + UInt64(hashes.lowerBound) << UInt64(8 * level)
        let (end, overflows) = first.addingReportingOverflow(UInt64(hashes.upperBound) << UInt64(8 * level))
        return start..<(overflows || end <= start ? .max : end)
    }
}
