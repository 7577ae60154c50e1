// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The index of a segment: where ids, values and words may be.
///
/// A hint. Candidates are always all rows or entries that can match, never fewer, and each is verified against the
/// segment. Opening reads the header; sections are read when asked for, and the caller keeps them. No bytes make it
/// crash.
package struct SegmentIndex<Source: ParquetByteSource> {
    /// Index of the segment's first event.
    package var firstIndex: UInt64 { header.firstIndex }

    /// Which bytes the segment has, as the builder was told.
    package var identity: UInt64 { header.identity }

    /// Events of the segment.
    package var rowCount: Int { header.rowCount }

    /// Rows of a block; the last block may have fewer.
    package var blockRowCount: Int { 1 << header.blockRowBits }

    private let header: IndexHeader
    private let source: Source

    /// Reads the header.
    ///
    /// - Throws: `truncated`, `inconsistent`, `unsupportedVersion`, `checksumMismatch`, `tooLarge`, and what the source
    ///   throws.
    package init(_ source: Source) throws(SegmentError) {
        let start = try Self.bytes(source, 0..<min(source.byteCount, IndexHeader.fixedByteCount))
        let sectionCount = try IndexHeader.sectionCount(in: start)
        let end = IndexHeader.fixedByteCount + IndexHeader.sectionByteCount * sectionCount
        let all = try Self.bytes(source, 0..<min(source.byteCount, end))
        header = try IndexHeader(all, fileByteCount: source.byteCount)
        self.source = source
    }

    // MARK: - Sections

    /// Rows by id.
    package func ids(using decompressor: ZstdDecompressor) throws(SegmentError) -> IndexedIDs {
        try IndexedIDs(section(.ids, using: decompressor), rowCount: rowCount)
    }

    /// Columns with their counts.
    package func columns(using decompressor: ZstdDecompressor) throws(SegmentError) -> IndexedColumns {
        try IndexedColumns(section(.values, using: decompressor), rowCount: rowCount)
    }

    /// Entries by word; `columns` are those of this index.
    package func words(
        of columns: IndexedColumns,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> IndexedWords {
        try IndexedWords(
            section(.words, using: decompressor),
            places: section(.places, using: decompressor),
            entryCounts: columns.columns.map(\.entryCount)
        )
    }

    /// Times by block; nil when the segment has no column of times in milliseconds.
    package func times(using decompressor: ZstdDecompressor) throws(SegmentError) -> BlockTimes? {
        guard header.sections.contains(where: { $0.kind == IndexSectionKind.times.rawValue }) else { return nil }
        return try BlockTimes(section(.times, using: decompressor), rowCount: rowCount)
    }

    /// The bytes of each section as they stand in the file, by name, for reports.
    package var sectionByteCounts: [(name: String, byteCount: Int)] {
        header.sections.map {
            (IndexSectionKind(rawValue: $0.kind).map { "\($0)" } ?? "\($0.kind)", $0.storedByteCount)
        }
    }

    private func section(
        _ kind: IndexSectionKind,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> [UInt8] {
        guard let section = header.sections.first(where: { $0.kind == kind.rawValue }) else {
            throw SegmentError(.inconsistent, "the index has no section \(kind)")
        }
        let bytes = try Self.bytes(source, section.byteOffset..<section.byteOffset + section.storedByteCount)
        guard unsafe CRC32C.checksum(bytes.span.bytes) == section.checksum else {
            throw SegmentError(.checksumMismatch, "section \(kind)", .init(byteOffset: section.byteOffset))
        }
        guard section.isCompressed else { return bytes }
        return try unsafe decompressor.decompress(bytes.span.bytes, byteCount: section.byteCount)
    }

    private static func bytes(_ source: Source, _ range: Range<Int>) throws(SegmentError) -> [UInt8] {
        let bytes = try source.bytes(range)
        guard bytes.count == range.count else {
            throw SegmentError(.unreadable, "\(bytes.count) bytes of \(range.count)")
        }
        return bytes
    }
}

extension SegmentIndex: Sendable where Source: Sendable {}
