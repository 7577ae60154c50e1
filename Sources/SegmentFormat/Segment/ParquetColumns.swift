// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The columns of a segment's file before they are encoded.
///
/// An index is built from these as from columns that were read back.
package struct ParquetColumns: Sendable {
    package struct Column: Sendable {
        package let declared: ParquetColumn
        fileprivate let source: Source
        /// The column before this one that has the same rows and values, whose pages are not written again.
        package let original: Int?
    }

    /// Where a column's values are; those of paths are laid out when they are asked for, so that one column's at a time are in
    /// memory twice.
    fileprivate enum Source: Sendable {
        case made(ParquetColumnData)
        /// A column of the segment, by its number.
        case path(Int)
    }

    package let rowCount: Int
    package private(set) var columns: [Column] = []

    /// In nanoseconds since 1970, see `EncodedSegment`.
    package let earliestTime: Int64
    package let latestTime: Int64

    let keyValues: [ParquetKeyValue]

    private let segment: ShreddedSegment
    /// For each column of the segment, which rows have a value in it.
    private let presences: [Bitmap?]

    /// - Parameters:
    ///   - segment: the events.
    ///   - rows: what the log knows of each.
    ///   - limits: of dictionaries.
    /// - Throws: `invalidArgument` when the rows and the segment do not have the same number of events.
    package init(
        _ segment: ShreddedSegment,
        _ rows: SegmentRows,
        limits: SegmentLimits = SegmentLimits()
    ) throws(SegmentError) {
        rowCount = segment.rowShapes.count
        guard rowCount > 0, rows.rowCount == rowCount else {
            throw SegmentError(.invalidArgument, "\(rows.rowCount) rows for \(rowCount) events")
        }
        self.segment = segment
        presences = Self.presences(of: segment)
        let real = try RealColumns(segment, rows, presences: presences, limits: limits)
        earliestTime = real.time.earliest
        latestTime = real.time.latest
        keyValues = [
            ParquetKeyValue(SegmentColumns.versionKey, SegmentColumns.version),
            ParquetKeyValue(SegmentColumns.shapesKey, Hex.encode(segment.shapes.encoded())),
        ]
        appendLog(rows, segment)
        let originals = appendReal(real)
        for (number, column) in segment.columns.enumerated()
        where column.valueCount > 0 && column.path != RealColumn.time.rawValue {
            append(SegmentColumns.column(of: column), .path(number), original: originals[number])
        }
    }

    /// The values of a column.
    package func data(of column: Column) throws(SegmentError) -> ParquetColumnData {
        switch column.source {
        case .made(let data): data
        case .path(let number): try Self.data(of: segment.columns[number], presences[number])
        }
    }

    private mutating func append(_ declared: ParquetColumn, _ data: ParquetColumnData) {
        append(declared, .made(data))
    }

    private mutating func append(_ declared: ParquetColumn, _ source: Source, original: Int? = nil) {
        columns.append(Column(declared: declared, source: source, original: original))
    }

    // MARK: - The log's columns

    private mutating func appendLog(_ rows: SegmentRows, _ segment: ShreddedSegment) {
        let indices = (0..<rowCount).map { Int64(bitPattern: rows.firstIndex &+ UInt64($0)) }
        var flags = [Int32](repeating: 0, count: rowCount)
        for flagged in rows.flags where flags.indices.contains(flagged.row) {
            flags[flagged.row] = Int32(bitPattern: flagged.flags)
        }
        let received = rows.runs.flatMap { repeatElement($0.received, count: $0.rowCount) }
        let shapes = (0..<Int32(segment.shapes.shapeCount)).map { $0 }
        append(SegmentColumns.indexColumn, .init(.int64(indices)))
        append(SegmentColumns.receivedColumn, .init(.int64(received)))
        append(SegmentColumns.label(SegmentColumns.stream), Self.labels(rows.runs) { Array($0.stream.utf8) })
        append(SegmentColumns.label(SegmentColumns.submitter), Self.labels(rows.runs) { Array($0.submitter.utf8) })
        append(SegmentColumns.label(SegmentColumns.origin), Self.labels(rows.runs) { Array($0.origin.utf8) })
        append(SegmentColumns.positionColumn, Self.labels(rows.runs, \.position))
        append(SegmentColumns.flagsColumn, .init(.int32(flags)))
        append(SegmentColumns.shapeColumn, .init(.int32(shapes), codes: segment.rowShapes.map(UInt32.init)))
    }

    /// A dictionary column of a label that whole runs share.
    private static func labels(_ runs: [SegmentRows.Run], _ label: (SegmentRows.Run) -> [UInt8]) -> ParquetColumnData {
        var places: [[UInt8]: UInt32] = [:]
        var entries: [[UInt8]] = []
        var codes: [UInt32] = []
        for run in runs {
            let text = label(run)
            let place = places[text] ?? UInt32(entries.count)
            if places.updateValue(place, forKey: text) == nil { entries.append(text) }
            codes.append(contentsOf: repeatElement(place, count: run.rowCount))
        }
        return ParquetColumnData(.byteArrays(ByteArrays(entries)), codes: codes)
    }

    // MARK: - The real columns

    /// Appends them and returns for columns of paths which of these they are the same as.
    private mutating func appendReal(_ real: RealColumns) -> [Int: Int] {
        var originals: [Int: Int] = [:]
        for field in RealColumn.allCases {
            let path = field == .time ? segment.realTimeColumn : real.paths[field]
            if let path {
                let column = segment.columns[path]
                var declared = SegmentColumns.column(of: column)
                declared.name = field.rawValue
                declared.isOptional = field.isOptional
                // Two fields may be the same as one path.
                let original = originals[path]
                originals[path] = original ?? columns.count
                append(declared, .path(path), original: original)
            } else if let milliseconds = real.time.milliseconds, field == .time {
                append(SegmentColumns.timeColumn, .init(.int64(milliseconds)))
            } else if let texts = real.texts[field] {
                append(SegmentColumns.column(of: field, isCoded: texts.codes != nil), texts)
            }
        }
        return originals
    }

    // MARK: - The events' columns

    /// For each column, which rows have a value in it.
    private static func presences(of segment: ShreddedSegment) -> [Bitmap?] {
        var shapesOfColumn = [[UInt64]](
            repeating: Array(repeating: 0, count: segment.shapes.shapeCount),
            count: segment.columns.count
        )
        for shape in 0..<segment.shapes.shapeCount {
            for column in segment.shapes.storedColumns(of: UInt16(shape)) { shapesOfColumn[Int(column)][shape] = 1 }
        }
        return zip(segment.columns, shapesOfColumn).map { column, shapes in
            guard column.valueCount < segment.rowShapes.count else { return nil }
            return presence(segment.rowShapes, shapes)
        }
    }

    /// The bit that each row's shape has, 64 rows at a time.
    private static func presence(_ rowShapes: [UInt16], _ bits: [UInt64]) -> Bitmap {
        var words: [UInt64] = []
        words.reserveCapacity(rowShapes.count / 64 + 1)
        for start in stride(from: 0, to: rowShapes.count, by: 64) {
            var word: UInt64 = 0
            for row in start..<min(start + 64, rowShapes.count) {
                word |= bits[Int(rowShapes[row])] &<< UInt64(row &- start)
            }
            words.append(word)
        }
        return Bitmap(words: words, count: rowShapes.count)
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

extension ShreddedSegment {
    /// The column of the path `time`, when it is the real column as it stands.
    fileprivate var realTimeColumn: Int? {
        columns.firstIndex { $0.path == RealColumn.time.rawValue }
    }
}
