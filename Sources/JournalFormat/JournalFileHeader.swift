// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The first block of a journal file.
///
/// Format version 1; integers little-endian; normative: docs/formats/journal.md.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 8 | magic `MRTLJRNL` |
/// | 8 | 4 | version, 1; readers refuse newer ones |
/// | 12 | 4 | CRC-32C of bytes 0–11 and 16–63 |
/// | 16 | 16 | id of the log that the file belongs to |
/// | 32 | 8 | index of the first event that the file may hold |
/// | 40 | 8 | when the file was made, nanoseconds since 1970 |
/// | 48 | 8 | bytes reserved for the file: it has this size until it is finished or cut, and is shorter afterwards |
/// | 56 | 4040 | zeros |
package struct JournalFileHeader: Equatable, Sendable {
    package static let byteCount = JournalLimits.blockByteCount
    package static let version: UInt32 = 1
    private static let magic = Array("MRTLJRNL".utf8)
    private static let checkedByteCount = 64

    package let logID: LogID
    package let firstIndex: UInt64
    package let created: Int64

    /// Size of the file while it is written.
    ///
    /// A shorter file was closed or recovered: it has no half-written end, so a bad place in it is damage.
    package let reservedByteCount: UInt64

    package init(logID: LogID, firstIndex: UInt64, created: Int64, reservedByteCount: UInt64) {
        self.logID = logID
        self.firstIndex = firstIndex
        self.created = created
        self.reservedByteCount = reservedByteCount
    }

    /// One block.
    package func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: Self.byteCount)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(UInt32(0))
        writer.append(logID.bytes)
        writer.append(firstIndex)
        writer.append(created)
        writer.append(reservedByteCount)
        writer.append([UInt8](repeating: 0, count: Self.byteCount - writer.count))
        var bytes = writer.bytes
        let checksum = unsafe Self.checksum(bytes.span.bytes)
        for place in 0..<4 { bytes[12 + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place)) }
        return bytes
    }

    /// Reads the block at the start of a file.
    ///
    /// - Throws: `truncated`, `notAFrame` when it is no journal, `unsupportedVersion`, `checksumMismatch`.
    package init(from bytes: RawSpan) throws(JournalError) {
        guard bytes.byteCount >= Self.byteCount else {
            throw JournalError(
                .truncated,
                "a journal begins with \(Self.byteCount) bytes of header",
                at: bytes.byteCount
            )
        }
        for (place, byte) in Self.magic.enumerated() where bytes.byte(at: place) != byte {
            throw JournalError(.notAFrame, "this file does not begin as a journal does", at: 0)
        }
        let version = bytes.halfWord(at: 8)
        guard version == Self.version else {
            throw JournalError(
                .unsupportedVersion,
                "journal version \(version), this program reads \(Self.version)",
                at: 8
            )
        }
        guard bytes.halfWord(at: 12) == Self.checksum(bytes) else {
            throw JournalError(.checksumMismatch, "the file header is damaged", at: 12)
        }
        logID = LogID(high: bytes.word(at: 16), low: bytes.word(at: 24))
        firstIndex = bytes.word(at: 32)
        created = Int64(bitPattern: bytes.word(at: 40))
        reservedByteCount = bytes.word(at: 48)
    }

    private static func checksum(_ bytes: RawSpan) -> UInt32 {
        let start = CRC32C.checksum(bytes.extracting(0..<12))
        return CRC32C.checksum(bytes.extracting(16..<checkedByteCount), continuing: start)
    }
}

/// The random name of a log, given once when its directory is made.
///
/// Checksums of frames depend on it, so that a frame of another log is never taken for one of this.
package struct LogID: Hashable, Sendable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Sixteen bytes.
    package var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 16)
        writer.append(high)
        writer.append(low)
        return writer.bytes
    }

    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = unsafe bytes.span.bytes.word(at: 0)
        low = unsafe bytes.span.bytes.word(at: 8)
    }

    /// Reads 32 hexadecimal digits.
    package init?(_ text: some StringProtocol) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.init(bytes: bytes)
    }

    package var description: String { Hex.encode(bytes) }
}
