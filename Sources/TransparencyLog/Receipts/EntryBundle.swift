// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Entries of up to 256 leaves, beside a tile of level 0 (c2sp.org/tlog-tiles).
///
/// Each entry behind its length in two bytes, big-endian; nothing else.
package struct EntryBundle: Equatable, Sendable {
    package let bytes: [UInt8]

    /// Where each entry is.
    package let ranges: [Range<Int>]

    /// Reads a bundle.
    ///
    /// - Throws: `malformedTile` unless it is exactly `width` entries, from 1 to 256.
    package init(parsing bytes: [UInt8], width: Int) throws(LogError) {
        guard (1...LogLimits.tileWidth).contains(width) else {
            throw LogError(.malformedTile, "a bundle of \(width) entries")
        }
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(width)
        var start = 0
        while start < bytes.count {
            guard ranges.count < width else {
                throw LogError(.malformedTile, "\(bytes.count - start) bytes behind \(width) entries")
            }
            guard bytes.count - start >= 2 else { throw LogError(.malformedTile, "half a length at byte \(start)") }
            let count = Int(bytes[start]) << 8 | Int(bytes[start + 1])
            start += 2
            guard count <= bytes.count - start else {
                throw LogError(.malformedTile, "entry \(ranges.count) goes past the end of the bundle")
            }
            ranges.append(start..<start + count)
            start += count
        }
        guard ranges.count == width else {
            throw LogError(.malformedTile, "\(ranges.count) entries in a bundle of \(width)")
        }
        self.bytes = bytes
        self.ranges = ranges
    }

    package var count: Int { ranges.count }

    /// The entry at a place from 0 on; traps beyond the last.
    package func entry(at place: Int) -> [UInt8] { Array(bytes[ranges[place]]) }

    /// The hash in the tree of the entry at a place from 0 on; traps beyond the last.
    package func leafHash(at place: Int) -> LogHash {
        .ofLeaf(unsafe bytes.span.bytes.extracting(ranges[place]))
    }

    /// The leaf of ours at a place from 0 on; traps beyond the last.
    ///
    /// - Throws: as `LogLeaf`.
    package func leaf(at place: Int) throws(LeafError) -> LogLeaf {
        try LogLeaf(decoding: unsafe bytes.span.bytes.extracting(ranges[place]))
    }

    /// A bundle of these entries.
    ///
    /// - Throws: `tooLarge` for an entry of more than 65,535 bytes, `malformedTile` unless there are 1 to 256.
    package static func encode(_ entries: some Collection<[UInt8]>) throws(LogError) -> [UInt8] {
        guard (1...LogLimits.tileWidth).contains(entries.count) else {
            throw LogError(.malformedTile, "a bundle of \(entries.count) entries")
        }
        var bytes: [UInt8] = []
        for entry in entries {
            guard entry.count <= LogLimits.maximumEntryByteCount else {
                throw LogError(
                    .tooLarge,
                    "an entry of \(entry.count) bytes, \(LogLimits.maximumEntryByteCount) are allowed"
                )
            }
            bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
            bytes.append(UInt8(truncatingIfNeeded: entry.count))
            bytes += entry
        }
        return bytes
    }

    /// A bundle of leaves of ours: 98 bytes each.
    ///
    /// - Throws: `malformedTile` unless there are 1 to 256.
    package static func encode(leaves: some Collection<LogLeaf>) throws(LogError) -> [UInt8] {
        guard (1...LogLimits.tileWidth).contains(leaves.count) else {
            throw LogError(.malformedTile, "a bundle of \(leaves.count) entries")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(leaves.count * (LogLeaf.byteCount + 2))
        for leaf in leaves {
            bytes.append(0)
            bytes.append(UInt8(LogLeaf.byteCount))
            bytes += leaf.encoded()
        }
        return bytes
    }
}
