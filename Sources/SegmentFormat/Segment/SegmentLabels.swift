// SPDX-License-Identifier: Apache-2.0

/// Rows of a segment that share what the log knows of them, told by codes of the segment's dictionaries.
package struct SegmentLabelRun: Equatable, Sendable {
    package let rows: Range<Int>
    /// Nanoseconds since 1970.
    package let received: Int64
    package let stream: UInt32
    package let submitter: UInt32
    package let origin: UInt32
    package let position: UInt32
}

/// What the log knows of all rows of a segment, for those who count and want no events.
///
/// Reads five columns and makes no text for a row: a segment may have a run for each of its rows. Nothing is kept in the reader,
/// because whoever counts goes over the whole log once.
package struct SegmentLabels: Sendable {
    /// In order, without a gap.
    package let runs: [SegmentLabelRun]

    private let columns: SegmentLabelColumns

    /// - Throws: `inconsistent` when a label is missing; whatever is wrong with a page.
    package init<Source: ParquetByteSource & Sendable>(
        of reader: SegmentRowReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) {
        columns = try SegmentLabelColumns(of: reader.file, using: decompressor)
        runs = try columns.codedRuns(0..<reader.rowCount, of: reader.file, using: decompressor)
    }

    /// The texts of streams, by code.
    package var streams: [String] { Self.texts(columns.stream) }

    /// The texts of submitters, by code.
    package var submitters: [String] { Self.texts(columns.submitter) }

    /// The texts of origins, by code.
    package var origins: [String] { Self.texts(columns.origin) }

    /// The bytes of a position.
    package func position(_ code: UInt32) -> [UInt8] { columns.position.bytes(code) }

    private static func texts(_ column: SegmentLabelColumn) -> [String] {
        (0..<column.entries.count).map { column.text(UInt32($0)) }
    }
}
