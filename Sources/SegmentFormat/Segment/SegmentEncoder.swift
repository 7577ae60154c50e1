// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes a Parquet file of a shredded segment: one row group, a column for each path, the shapes in the metadata.
///
/// Not for two threads at once.
package struct SegmentEncoder {
    private let encoder: ColumnChunkEncoder
    private let options: ParquetWriterOptions

    package init() throws(SegmentError) {
        try self.init(ParquetWriterOptions())
    }

    init(_ options: ParquetWriterOptions) throws(SegmentError) {
        self.options = options
        encoder = try ColumnChunkEncoder(options)
    }

    /// The whole file.
    ///
    /// - Throws: `invalidArgument` when the rows and the segment do not have the same number of events.
    package func encode(_ segment: ShreddedSegment, _ rows: SegmentRows) throws(SegmentError) -> EncodedSegment {
        try encode(ParquetColumns(segment, rows))
    }

    /// The whole file of columns that were laid out before, for a caller that has another use for them as well.
    ///
    /// - Parameters:
    ///   - columns: what is encoded.
    ///   - laidOut: is called with each column and its values, in the order of the file, while they are in memory.
    /// - Returns: the file and what the manifest says of it.
    /// - Throws: what encoding a column throws.
    package func encode(
        _ columns: ParquetColumns,
        _ laidOut: (ParquetColumn, ParquetColumnData) throws(SegmentError) -> Void = { _, _ throws(SegmentError) in }
    ) throws(SegmentError) -> EncodedSegment {
        var writer = try ParquetWriter(columns: columns.columns.map(\.declared), options: options)
        var bytes: [UInt8] = []
        // A little more than events take, so that it is not copied as it grows.
        bytes.reserveCapacity(columns.rowCount * Self.usualByteCountOfRow)
        var parts: [SegmentPart] = []
        for column in columns.columns {
            let data = try columns.data(of: column)
            if let original = column.original {
                try writer.appendAlias(of: original)
            } else {
                try writer.append(encoder.encode(column.declared, data, rowCount: columns.rowCount))
            }
            try laidOut(column.declared, data)
            let made = writer.take()
            if !made.isEmpty { parts.append(Self.part(column.declared.name, made, behind: &bytes)) }
        }
        try writer.finish(columns.keyValues)
        parts.append(Self.part(SegmentPart.footerName, writer.take(), behind: &bytes))
        return EncodedSegment(
            bytes: bytes,
            parts: parts,
            earliestTime: columns.earliestTime,
            latestTime: columns.latestTime
        )
    }

    private static let usualByteCountOfRow = 60

    private static func part(_ name: String, _ made: [UInt8], behind bytes: inout [UInt8]) -> SegmentPart {
        bytes.append(contentsOf: made)
        return SegmentPart(
            name: name,
            endOffset: bytes.count,
            checksum: unsafe CRC32C.checksum(made.span.bytes)
        )
    }
}
