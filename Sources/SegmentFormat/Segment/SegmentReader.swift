// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A segment's file: its events, byte for byte, and what the log knows of them.
package struct SegmentReader<Source: ParquetByteSource> {
    package let file: ParquetReader<Source>
    package let shapes: ShapeTable

    /// Number of events.
    package var rowCount: Int { Int(file.metadata.rowGroups[0].rowCount) }

    /// Reads the footer and the shapes.
    ///
    /// - Throws: `unsupportedVersion`, `inconsistent` when this is Parquet but no segment; what `ParquetReader` throws.
    package init(_ source: Source) throws(SegmentError) {
        let file = try ParquetReader(source)
        let keyValues = file.metadata.keyValues
        guard let version = keyValues.first(where: { $0.key == SegmentColumns.versionKey })?.value,
            let text = keyValues.first(where: { $0.key == SegmentColumns.shapesKey })?.value,
            let bytes = Hex.decode(text), file.metadata.rowGroups.count == 1
        else { throw SegmentError(.inconsistent, "this Parquet file is no segment") }
        guard version == SegmentColumns.version else {
            throw SegmentError(
                .unsupportedVersion,
                "segment version \(version), this program reads \(SegmentColumns.version)"
            )
        }
        self.file = file
        shapes = try ShapeTable(from: bytes)
    }

    /// Hands out all events in order, some at a time, so that only the columns are held and not the events' text.
    ///
    /// `body` gets the index of the first row of each batch and its events, which are valid until it returns.
    ///
    /// - Throws: whatever is wrong with a page or a column.
    package func readEvents(
        batchRowCount: Int = 4096,
        using decompressor: ZstdDecompressor,
        _ body: (_ firstRow: Int, _ events: borrowing AssembledRows) throws(SegmentError) -> Void
    ) throws(SegmentError) {
        let rowShapes = try rowShapes(using: decompressor)
        var columns: [ShreddedColumn] = []
        for column in shapes.columns { columns.append(try shredded(column, using: decompressor)) }
        let assembler = try SegmentAssembler(shapes, columns: columns)
        columns = []
        var places = assembler.firstPlaces
        var rows = AssembledRows()
        for start in stride(from: 0, to: rowShapes.count, by: max(1, batchRowCount)) {
            rows.removeAll()
            let end = min(rowShapes.count, start + max(1, batchRowCount))
            try assembler.assemble(rowShapes.span.extracting(start..<end), places: &places, into: &rows)
            try body(start, rows)
        }
    }

    /// The shape of each row.
    package func rowShapes(using decompressor: ZstdDecompressor) throws(SegmentError) -> [UInt16] {
        let data = try column(named: SegmentColumns.shape, using: decompressor)
        guard let data, case .int32(let entries) = data.values, let codes = data.codes else {
            throw SegmentError(.inconsistent, "the segment has no shapes for its rows")
        }
        var rowShapes: [UInt16] = []
        rowShapes.reserveCapacity(codes.count)
        for code in codes {
            guard entries.indices.contains(Int(code)), let shape = UInt16(exactly: entries[Int(code)]) else {
                throw SegmentError(.inconsistent, "a row has a shape that is not there")
            }
            rowShapes.append(shape)
        }
        return rowShapes
    }

    /// A column as it is in the file; nil when it is not there.
    package func column(
        named name: String,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ParquetColumnData? {
        guard let number = file.index(ofColumn: name) else { return nil }
        return try file.readColumn(number, rowGroup: 0, using: decompressor)
    }

    /// The values of a path; a column without values is not in the file.
    func shredded(
        _ column: ShapeTable.Column,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ShreddedColumn {
        let name = SegmentColumns.name(ofPath: column.path)
        let data = try self.column(named: name, using: decompressor)
        let entries: ColumnEntries
        switch data?.values {
        case .int64(let integers): entries = .integers(integers)
        case .fixed(let bytes, let byteCount): entries = .fixed(byteCount: byteCount, bytes: bytes)
        case .byteArrays(let arrays): entries = .variable(offsets: arrays.offsets, bytes: arrays.bytes)
        case nil: entries = Self.noEntries(of: column.kind)
        case .booleans, .int32:
            throw SegmentError(.inconsistent, "a column of an impossible type", .init(column: name))
        }
        return ShreddedColumn(
            path: column.path,
            kind: column.kind,
            forms: column.forms,
            codes: data?.codes.map(ColumnCodes.wide),
            entries: entries
        )
    }

    /// A column as if it had none of its values.
    static func withoutValues(_ column: ShapeTable.Column) -> ShreddedColumn {
        ShreddedColumn(
            path: column.path,
            kind: column.kind,
            forms: column.forms,
            codes: nil,
            entries: noEntries(of: column.kind)
        )
    }

    private static func noEntries(of kind: ColumnKind) -> ColumnEntries {
        switch kind {
        case .time, .integer: .integers([])
        case .uuid: .fixed(byteCount: 16, bytes: [])
        case .text, .json, .hexadecimal: .variable(offsets: [0], bytes: [])
        }
    }
}

extension SegmentReader: Sendable where Source: Sendable {}
