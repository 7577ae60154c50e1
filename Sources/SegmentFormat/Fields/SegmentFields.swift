// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventReading
import EventScanner

/// Reads columns of a segment for queries: whole columns of the file, or of fields that follow from several.
///
/// Keeps the rows' shapes and nothing else: what is read belongs to the caller. For any number of threads at once.
package struct SegmentFields<Source: ParquetByteSource & Sendable>: Sendable {
    private let segment: SegmentReader<Source>
    private let rowShapes: [UInt16]
    /// For each shape the columns with a value in its rows.
    private let stored: [[UInt16]]
    private let presence: PresenceIndex
    /// The rows of raw events; nil when there are none.
    package let rawRows: [Int]?

    /// Reads the rows' shapes.
    ///
    /// - Throws: whatever is wrong with their column.
    package init(_ segment: SegmentReader<Source>, using decompressor: ZstdDecompressor) throws(SegmentError) {
        self.segment = segment
        rowShapes = try segment.rowShapes(using: decompressor)
        presence = try PresenceIndex(segment.shapes, rowShapes: rowShapes)
        let raw = rowShapes.indices.filter { [rowShapes] in rowShapes[$0] == ShapeTable.rawShape }
        rawRows = raw.isEmpty ? nil : raw
        stored = (0..<segment.shapes.shapeCount).map {
            segment.shapes.storedColumns(of: UInt16(truncatingIfNeeded: $0))
        }
    }

    package var rowCount: Int { rowShapes.count }
    package var shapes: ShapeTable { segment.shapes }

    /// Bytes of memory.
    package var byteCount: Int { rowShapes.count * 2 + presence.byteCount }

    // MARK: - Fields

    /// What a field is in each row.
    ///
    /// - Throws: whatever is wrong with a column that it depends on.
    package func column(
        _ question: FieldQuestion,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> FieldColumn {
        if let column = question.column { return try textColumn(column, using: decompressor) }
        let reader = FieldColumnReader(question, segment.shapes)
        var needed = Set(reader.plan.columns)
        if reader.plan.recipeOfShape.contains(ReadingPlan.unplanned) { needed.insert(ShapeTable.rawColumn) }
        return reader.column(try columns(needed, using: decompressor), stored: stored)
    }

    /// A column of texts as the file has it.
    private func textColumn(
        _ column: RealColumn,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> FieldColumn {
        guard let data = try segment.column(named: column.rawValue, using: decompressor) else {
            return FieldColumn(Array(repeating: 0, count: rowCount), [])
        }
        guard case .byteArrays(let entries) = data.values,
            data.presence.map({ $0.count == rowCount }) ?? (data.valueCount == rowCount)
        else { throw SegmentError(.inconsistent, "not a text for each row", .init(column: column.rawValue)) }
        var rowCodes: [UInt32] = []
        rowCodes.reserveCapacity(rowCount)
        var place = 0
        for row in 0..<rowCount {
            guard data.presence?[row] != false else {
                rowCodes.append(0)
                continue
            }
            guard place < data.valueCount else {
                throw SegmentError(.inconsistent, "fewer values than rows with one", .init(column: column.rawValue))
            }
            let entry = data.codes?[place] ?? UInt32(place)
            guard entry < entries.count else {
                throw SegmentError(.inconsistent, "a code has no entry", .init(column: column.rawValue))
            }
            rowCodes.append(entry + 1)
            place += 1
        }
        return FieldColumn(rowCodes, texts: entries)
    }

    /// The time of each row.
    ///
    /// - Parameters:
    ///   - decompressor: not used by anybody else meanwhile.
    ///   - received: for each row, when it was received, in nanoseconds since 1970; asked for only when needed.
    /// - Returns: the times in the order of the rows.
    /// - Throws: whatever is wrong with a column; what `received` throws.
    package func times(
        using decompressor: ZstdDecompressor,
        received: () throws(SegmentError) -> [Int64]
    ) throws(SegmentError) -> SegmentTimes {
        let hasOwnColumn = segment.shapes.columns.contains { $0.path == RealColumn.quotedTimePath }
        if !hasOwnColumn, !rowShapes.contains(ShapeTable.rawShape),
            case .int64(let milliseconds)? = try segment.column(named: RealColumn.time.rawValue, using: decompressor)?
                .values,
            milliseconds.count == rowCount
        {
            return SegmentTimes(milliseconds: milliseconds)
        }
        // The real column is rounded to milliseconds: the events' own texts say more.
        let question = FieldQuestion("time", [.time]) { AuditField.time.values(in: $0) }
        let column = try column(question, using: decompressor)
        let own = (0..<column.codeCount).map {
            column.firstValue(of: $0).flatMap { Timestamp($0)?.nanosecondsSinceEpoch }
        }
        let received = try received()
        guard received.count == rowCount else {
            throw SegmentError(.inconsistent, "\(received.count) times of receipt")
        }
        return SegmentTimes(nanoseconds: (0..<rowCount).map { own[column.codes[$0]] ?? received[$0] })
    }

    // MARK: - Columns

    /// Columns by their numbers in the table of shapes; all others are there without values.
    private func columns(
        _ needed: Set<UInt16>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ShreddedSegment {
        var columns: [ShreddedColumn] = []
        for (number, column) in segment.shapes.columns.enumerated() {
            columns.append(
                needed.contains(UInt16(truncatingIfNeeded: number))
                    ? try segment.shredded(column, using: decompressor) : SegmentReader<Source>.withoutValues(column)
            )
        }
        let segment = ShreddedSegment(shapes: segment.shapes, rowShapes: rowShapes, columns: columns)
        for number in needed { try check(segment, Int(number)) }
        return segment
    }

    /// A loop over rows relies on it: as many values as the shapes ask for, and an entry for every code.
    private func check(_ segment: ShreddedSegment, _ number: Int) throws(SegmentError) {
        let column = segment.columns[number]
        let wanted = Int(presence.places(ofRow: rowCount)[number])
        guard column.valueCount == wanted else {
            throw SegmentError(
                .inconsistent,
                "\(column.valueCount) values, the shapes of the rows have \(wanted)",
                .init(column: column.path)
            )
        }
        let entryCount = column.entries.count
        let greatest =
            switch column.codes {
            case nil: -1
            case .narrow(let codes): codes.max().map(Int.init) ?? -1
            case .wide(let codes): codes.max().map(Int.init) ?? -1
            }
        guard greatest < entryCount else {
            throw SegmentError(.inconsistent, "a code has no entry", .init(column: column.path))
        }
    }

    /// The values of a column, by its number in the table of shapes.
    ///
    /// - Throws: whatever is wrong with it.
    package func values(
        ofColumn number: Int,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ShreddedColumn {
        try columns([UInt16(truncatingIfNeeded: number)], using: decompressor).columns[number]
    }

    /// Marks the rows that have one of the chosen entries in a column.
    ///
    /// - Parameters:
    ///   - column: the column's values.
    ///   - number: its number in the table of shapes.
    ///   - chosen: 1 for each entry that is meant.
    ///   - words: one bit a row.
    package func markRows(
        _ column: ShreddedColumn,
        _ number: Int,
        chosen: [UInt8],
        in words: inout [UInt64]
    ) {
        let hasColumn = stored.map { $0.contains(UInt16(truncatingIfNeeded: number)) }
        var place = 0
        for (row, shape) in rowShapes.enumerated() where hasColumn[Int(shape)] {
            let entry = column.codes.map { $0[place] } ?? place
            if chosen[entry] != 0 { words[row / 64] |= 1 << UInt64(row % 64) }
            place += 1
        }
    }

    /// Marks all rows of some shapes.
    package func markRows(ofShapes isWanted: [Bool], in words: inout [UInt64]) {
        for (row, shape) in rowShapes.enumerated() where isWanted[Int(shape)] {
            words[row / 64] |= 1 << UInt64(row % 64)
        }
    }
}

// MARK: - Shapes

extension SegmentFields {
    /// The name of the column of raw events.
    package static var rawColumnName: String { SegmentColumns.raw }

    /// For each shape whether its literal text has one of these words as a value: `true`, `false`, `null`.
    package func shapes(withConstants words: [String]) -> [Bool] {
        var scanner = ObjectScanner(PathTable([]), limits: .unbounded, wantsEveryScalar: true)
        return (0..<shapes.shapeCount).map { shape in
            let text = shapes.emptyEvent(of: UInt16(truncatingIfNeeded: shape))
            guard (try? unsafe scanner.scan(text.span.bytes, in: 0..<text.count)) != nil else { return false }
            return scanner.hits.contains { hit in
                switch hit.kind {
                case .true, .false, .null: words.contains(String(decoding: text[hit.range], as: UTF8.self))
                case .string, .escapedString, .number, .object, .array: false
                }
            }
        }
    }
}
