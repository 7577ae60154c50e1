// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes a Parquet file of a shredded segment: one row group, a column for each path, the shapes in the metadata.
///
/// Not for two threads at once.
package struct SegmentEncoder {
    private let encoder: ColumnChunkEncoder
    private let options: ParquetWriterOptions

    package init() throws(SegmentError) {
        options = ParquetWriterOptions()
        encoder = try ColumnChunkEncoder(options)
    }

    /// The whole file.
    ///
    /// - Throws: `invalidArgument` when the rows and the segment do not have the same number of events.
    package func encode(_ segment: ShreddedSegment, _ rows: SegmentRows) throws(SegmentError) -> [UInt8] {
        let rowCount = segment.rowShapes.count
        guard rowCount > 0, rows.rowCount == rowCount else {
            throw SegmentError(.invalidArgument, "\(rows.rowCount) rows for \(rowCount) events")
        }
        var columns = Self.logColumns(rows, segment)
        let stored = segment.columns.indices.filter { segment.columns[$0].valueCount > 0 }
        let presences = Self.presences(of: segment)
        for number in stored {
            let column = segment.columns[number]
            columns.append((SegmentColumns.column(of: column), try Self.data(of: column, presences[number])))
        }
        var writer = try ParquetWriter(columns: columns.map(\.column), options: options)
        for (column, data) in columns { try writer.append(encoder.encode(column, data, rowCount: rowCount)) }
        try writer.finish([
            ParquetKeyValue(SegmentColumns.versionKey, SegmentColumns.version),
            ParquetKeyValue(SegmentColumns.shapesKey, Hex.encode(segment.shapes.encoded())),
        ])
        return writer.take()
    }

    // MARK: - The log's columns

    private typealias Declared = (column: ParquetColumn, data: ParquetColumnData)

    private static func logColumns(_ rows: SegmentRows, _ segment: ShreddedSegment) -> [Declared] {
        let rowCount = segment.rowShapes.count
        let indices = (0..<rowCount).map { Int64(bitPattern: rows.firstIndex &+ UInt64($0)) }
        var flags = [Int32](repeating: 0, count: rowCount)
        for flagged in rows.flags where flags.indices.contains(flagged.row) {
            flags[flagged.row] = Int32(bitPattern: flagged.flags)
        }
        let unsigned = ParquetLogicalType.integer(bitWidth: 64, isSigned: false)
        return [
            (ParquetColumn(SegmentColumns.index, .int64, unsigned, layout: .deltaBinaryPacked), .init(.int64(indices))),
            (
                ParquetColumn(SegmentColumns.received, .int64, .timestamp(.nanoseconds), layout: .deltaBinaryPacked),
                .init(.int64(rows.runs.flatMap { repeatElement($0.received, count: $0.rowCount) }))
            ),
            (ParquetColumn(SegmentColumns.stream, .byteArray, .string), labels(rows.runs, \.stream)),
            (ParquetColumn(SegmentColumns.submitter, .byteArray, .string), labels(rows.runs, \.submitter)),
            (ParquetColumn(SegmentColumns.origin, .byteArray, .string), labels(rows.runs, \.origin)),
            (ParquetColumn(SegmentColumns.flags, .int32, layout: .deltaBinaryPacked), .init(.int32(flags))),
            (
                ParquetColumn(SegmentColumns.shape, .int32),
                .init(
                    .int32((0..<Int32(segment.shapes.shapeCount)).map { $0 }),
                    codes: segment.rowShapes.map(UInt32.init)
                )
            ),
        ]
    }

    /// A dictionary column of a label that whole runs share.
    private static func labels(_ runs: [SegmentRows.Run], _ label: (SegmentRows.Run) -> String) -> ParquetColumnData {
        var places: [String: UInt32] = [:]
        var entries: [[UInt8]] = []
        var codes: [UInt32] = []
        for run in runs {
            let text = label(run)
            let place = places[text] ?? UInt32(entries.count)
            if places.updateValue(place, forKey: text) == nil { entries.append(Array(text.utf8)) }
            codes.append(contentsOf: repeatElement(place, count: run.rowCount))
        }
        return ParquetColumnData(.byteArrays(ByteArrays(entries)), codes: codes)
    }

    // MARK: - The events' columns

    /// For each column, which rows have a value in it.
    private static func presences(of segment: ShreddedSegment) -> [Bitmap?] {
        var shapesOfColumn = [[Bool]](
            repeating: Array(repeating: false, count: segment.shapes.shapeCount),
            count: segment.columns.count
        )
        for shape in 0..<segment.shapes.shapeCount {
            for column in segment.shapes.storedColumns(of: UInt16(shape)) { shapesOfColumn[Int(column)][shape] = true }
        }
        return zip(segment.columns, shapesOfColumn).map { column, shapes in
            guard column.valueCount < segment.rowShapes.count else { return nil }
            return Bitmap(segment.rowShapes.lazy.map { shapes[Int($0)] })
        }
    }

    private static func data(
        of column: ShreddedColumn,
        _ presence: Bitmap?
    ) throws(SegmentError) -> ParquetColumnData {
        let values: ParquetValues
        switch column.entries {
        case .integers(let integers): values = .int64(integers)
        case .fixed(let byteCount, let bytes): values = .fixed(bytes, byteCount: byteCount)
        case .variable(let offsets, let bytes): values = .byteArrays(try ByteArrays(bytes: bytes, offsets: offsets))
        }
        return ParquetColumnData(values, codes: column.codes?.widened, presence: presence)
    }
}
