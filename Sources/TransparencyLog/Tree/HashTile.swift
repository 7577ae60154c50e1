// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The hashes of a tile: 32 bytes each, one after the other, and nothing else.
package enum HashTile {
    /// Bytes of a full tile.
    package static let fullByteCount = LogLimits.tileWidth * LogHash.byteCount

    package static func encode(_ hashes: some Collection<LogHash>) -> [UInt8] {
        var writer = ByteWriter(capacity: hashes.count * LogHash.byteCount)
        for hash in hashes { hash.append(to: &writer) }
        return writer.bytes
    }

    /// The hashes of a tile of this width.
    ///
    /// - Throws: `malformedTile` unless there are exactly as many, from 1 to 256.
    package static func parse(_ bytes: RawSpan, width: Int) throws(LogError) -> [LogHash] {
        guard (1...LogLimits.tileWidth).contains(width), bytes.byteCount == width * LogHash.byteCount else {
            throw LogError(.malformedTile, "\(bytes.byteCount) bytes for a tile of \(width) hashes")
        }
        var hashes: [LogHash] = []
        hashes.reserveCapacity(width)
        for place in 0..<width { hashes.append(LogHash(at: place * LogHash.byteCount, of: bytes)) }
        return hashes
    }

    /// The root of hashes side by side: of a full tile, its hash in the level above.
    package static func root(of hashes: some Sequence<LogHash>) -> LogHash {
        var range = CompactRange()
        for hash in hashes { range.append(hash) }
        return range.root
    }
}
