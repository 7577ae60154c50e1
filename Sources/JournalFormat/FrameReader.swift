// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A whole frame in memory, checked: its header, and where each event stands in it.
package struct FrameReader: Sendable {
    package let header: FrameHeader
    package let bytes: [UInt8]

    /// Checks all of a frame, whose padding may be there or not.
    ///
    /// - Throws: what `FrameHeader` throws, and `checksumMismatch` or `inconsistent` for the bodies and the table.
    package init(_ bytes: [UInt8], logID: LogID, fileOffset: Int) throws(JournalError) {
        let raw = unsafe bytes.span.bytes
        header = try FrameHeader(from: raw, logID: logID, fileOffset: fileOffset)
        guard raw.byteCount >= header.byteCount else {
            throw JournalError(
                .truncated,
                "the frame has \(header.byteCount) bytes, \(raw.byteCount) are there",
                at: fileOffset
            )
        }
        guard CRC32C.checksum(raw.extracting(header.bodyOffset..<header.byteCount)) == header.bodyChecksum else {
            throw JournalError(.checksumMismatch, "the frame's events are damaged", at: fileOffset)
        }
        self.bytes = bytes
        var total = 0
        for place in 0..<header.eventCount { total += entry(place).byteCount }
        guard total == header.tableOffset - header.bodyOffset else {
            throw JournalError(.inconsistent, "the events' lengths do not add up to the frame's", at: fileOffset)
        }
    }

    /// What the table says of an event, counted from the start of the frame.
    package func entry(_ place: Int) -> FrameTableEntry {
        unsafe FrameTableEntry(
            bytes.span.bytes,
            at: header.tableOffset + place * FrameHeader.tableEntryByteCount
        )
    }

    /// Where each event's bytes stand in `bytes`, in order.
    package func ranges() -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(header.eventCount)
        var offset = header.bodyOffset
        for place in 0..<header.eventCount {
            let end = offset + entry(place).byteCount
            ranges.append(offset..<end)
            offset = end
        }
        return ranges
    }
}

/// One line of a frame's table.
package struct FrameTableEntry: Equatable, Sendable {
    package var byteCount: Int
    package var flags: EventFlags
    /// Seeded hash of submitter, `source` and `id`: finds candidates for a repeated event.
    package var keyHash: UInt64

    package init(byteCount: Int, flags: EventFlags, keyHash: UInt64) {
        self.byteCount = byteCount
        self.flags = flags
        self.keyHash = keyHash
    }

    init(_ bytes: RawSpan, at offset: Int) {
        byteCount = Int(bytes.halfWord(at: offset))
        flags = EventFlags(rawValue: bytes.halfWord(at: offset + 4))
        keyHash = bytes.word(at: offset + 8)
    }

    /// The entries of a table that was read alone; a last part of one is left out.
    package static func decode(_ bytes: [UInt8]) -> [FrameTableEntry] {
        (0..<bytes.count / FrameHeader.tableEntryByteCount).map { place in
            unsafe FrameTableEntry(bytes.span.bytes, at: place * FrameHeader.tableEntryByteCount)
        }
    }
}

/// What was noticed of an event when it was accepted.
package struct EventFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// An earlier event of the same submitter has the same `source` and `id`, and other bytes.
    package static let conflict = EventFlags(rawValue: 1)

    /// The event's bytes were erased; in their place is a tombstone that says who erased them, when, and why.
    ///
    /// Set in segments only.
    package static let erased = EventFlags(rawValue: 2)
}
