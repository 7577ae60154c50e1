// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The parts of an index, which are loaded one by one.
enum IndexSectionKind: UInt16, CaseIterable, Sendable {
    /// Rows by the hash of their id.
    case ids = 1
    /// Columns, and for each of their entries the count, the rows and the blocks.
    case values = 2
    /// The words of the entries, as text.
    case words = 3
    /// For each word the entries that have it.
    case places = 4
    /// For each block the earliest and latest time.
    case times = 5
}

/// Where a section stands in the file and how it is checked.
struct IndexSection: Equatable, Sendable {
    var kind: UInt16
    var compression: UInt16
    var byteOffset: Int
    /// As it stands in the file.
    var storedByteCount: Int
    /// After decompression.
    var byteCount: Int
    /// Of the bytes as they stand in the file.
    var checksum: UInt32

    /// Whether it is one frame of zstd.
    var isCompressed: Bool { compression == Self.zstd }

    static let zstd: UInt16 = 1
}

/// The beginning of an index file: what it belongs to, and where its sections are.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 8 | magic `MRTLINDX` |
/// | 8 | 4 | version, 1 |
/// | 12 | 4 | CRC-32C of bytes 0 to 11 and 16 up to the end of the directory |
/// | 16 | 8 | index of the segment's first event |
/// | 24 | 8 | what the store calls the segment's bytes |
/// | 32 | 4 | rows |
/// | 36 | 1 | rows of a block, as a power of two |
/// | 37 | 1 | sections |
/// | 38 | 2 | zeros |
/// | 40 | 20 each | the directory: kind 2, compression 2, offset 4, stored bytes 4, bytes 4, CRC-32C 4 |
struct IndexHeader: Equatable, Sendable {
    static let magic = Array("MRTLINDX".utf8)
    static let version: UInt32 = 1
    static let fixedByteCount = 40
    static let sectionByteCount = 20
    private static let checksumRange = 12..<16

    var firstIndex: UInt64
    var identity: UInt64
    var rowCount: Int
    var blockRowBits: Int
    var sections: [IndexSection]

    var byteCount: Int { Self.fixedByteCount + Self.sectionByteCount * sections.count }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: byteCount)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(UInt32(0))
        writer.append(firstIndex)
        writer.append(identity)
        writer.append(UInt32(rowCount))
        writer.append(UInt8(blockRowBits))
        writer.append(UInt8(sections.count))
        writer.append(UInt16(0))
        for section in sections {
            writer.append(section.kind)
            writer.append(section.compression)
            writer.append(UInt32(section.byteOffset))
            writer.append(UInt32(section.storedByteCount))
            writer.append(UInt32(section.byteCount))
            writer.append(section.checksum)
        }
        var bytes = writer.bytes
        let checksum = Self.checksum(bytes)
        for place in 0..<4 {
            bytes[Self.checksumRange.lowerBound + place] = UInt8(checksum >> (8 * UInt32(place)) & 0xFF)
        }
        return bytes
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        let all = unsafe bytes.span.bytes
        let before = CRC32C.checksum(all.extracting(0..<checksumRange.lowerBound))
        return CRC32C.checksum(all.extracting(checksumRange.upperBound..<bytes.count), continuing: before)
    }

    /// Sections of the file whose first 40 bytes these are.
    ///
    /// - Throws: `truncated`, `inconsistent` without the magic, `unsupportedVersion`.
    static func sectionCount(in bytes: [UInt8]) throws(SegmentError) -> Int {
        guard bytes.count >= fixedByteCount else {
            throw SegmentError(.truncated, "an index of \(bytes.count) bytes", .init(byteOffset: 0))
        }
        guard Array(bytes[..<8]) == magic else {
            throw SegmentError(.inconsistent, "these bytes are no index", .init(byteOffset: 0))
        }
        let found = unsafe bytes.span.bytes.halfWord(at: 8)
        guard found == version else {
            throw SegmentError(.unsupportedVersion, "index version \(found), this program reads \(version)")
        }
        let count = Int(bytes[37])
        guard count <= IndexLimits.maximumSectionCount else {
            throw SegmentError(.tooLarge, "an index of \(count) sections", .init(byteOffset: 37))
        }
        return count
    }

    /// Reads header and directory, which must be all of `bytes`, of a file of `fileByteCount` bytes.
    ///
    /// - Throws: what `sectionCount(in:)` throws; `checksumMismatch`; `inconsistent`, `tooLarge`, `truncated` when the
    ///   sections do not fill the file.
    init(_ bytes: [UInt8], fileByteCount: Int) throws(SegmentError) {
        let sectionCount = try Self.sectionCount(in: bytes)
        guard bytes.count == Self.fixedByteCount + Self.sectionByteCount * sectionCount else {
            throw SegmentError(.truncated, "the directory is cut off", .init(byteOffset: bytes.count))
        }
        let raw = unsafe bytes.span.bytes
        guard raw.halfWord(at: Self.checksumRange.lowerBound) == Self.checksum(bytes) else {
            throw SegmentError(.checksumMismatch, "the header is damaged", .init(byteOffset: 0))
        }
        firstIndex = raw.word(at: 16)
        identity = raw.word(at: 24)
        rowCount = Int(raw.halfWord(at: 32))
        blockRowBits = Int(raw.byte(at: 36))
        sections = (0..<sectionCount).map { Self.section(raw, at: Self.fixedByteCount + Self.sectionByteCount * $0) }
        try validate(fileByteCount: fileByteCount)
    }

    init(firstIndex: UInt64, identity: UInt64, rowCount: Int, blockRowBits: Int, sections: [IndexSection]) {
        self.firstIndex = firstIndex
        self.identity = identity
        self.rowCount = rowCount
        self.blockRowBits = blockRowBits
        self.sections = sections
    }

    private static func section(_ bytes: RawSpan, at offset: Int) -> IndexSection {
        let kindAndCompression = bytes.halfWord(at: offset)
        return IndexSection(
            kind: UInt16(truncatingIfNeeded: kindAndCompression),
            compression: UInt16(truncatingIfNeeded: kindAndCompression >> 16),
            byteOffset: Int(bytes.halfWord(at: offset + 4)),
            storedByteCount: Int(bytes.halfWord(at: offset + 8)),
            byteCount: Int(bytes.halfWord(at: offset + 12)),
            checksum: bytes.halfWord(at: offset + 16)
        )
    }

    private func validate(fileByteCount: Int) throws(SegmentError) {
        guard (1...IndexLimits.maximumRowCount).contains(rowCount), blockRowBits == IndexLimits.blockRowBits else {
            throw SegmentError(.tooLarge, "\(rowCount) rows in blocks of 2^\(blockRowBits)")
        }
        var end = byteCount
        var kinds: Set<UInt16> = []
        for section in sections {
            guard section.byteOffset == end, kinds.insert(section.kind).inserted,
                section.isCompressed || section.byteCount == section.storedByteCount
            else {
                throw SegmentError(.inconsistent, "section \(section.kind) at \(section.byteOffset), not \(end)")
            }
            guard section.compression <= IndexSection.zstd else {
                throw SegmentError(.unsupported, "section \(section.kind) in compression \(section.compression)")
            }
            guard section.byteCount <= IndexLimits.maximumSectionByteCount,
                section.storedByteCount <= IndexLimits.maximumSectionByteCount
            else { throw SegmentError(.tooLarge, "section \(section.kind) has \(section.byteCount) bytes") }
            end += section.storedByteCount
        }
        guard end == fileByteCount else {
            throw SegmentError(
                end > fileByteCount ? .truncated : .inconsistent,
                "the sections end at \(end), the file at \(fileByteCount)"
            )
        }
    }
}
