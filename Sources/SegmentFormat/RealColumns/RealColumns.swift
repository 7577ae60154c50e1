// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// The real columns of a segment: found out from its shapes and columns, for each different combination of values once.
struct RealColumns {
    let time: RealTime
    /// Of the fields that are not the same as a path, and some that are.
    let texts: [RealColumn: ParquetColumnData]

    /// For a field whose rows and values are exactly those of a path, the number of the path's column.
    let paths: [RealColumn: Int]

    /// - Parameters:
    ///   - segment: the segment.
    ///   - rows: as many as the segment has.
    ///   - presences: for each column which rows have a value in it; nil when all have.
    ///   - limits: of dictionaries.
    /// - Throws: `tooLarge` when the texts of a field are more than byte arrays can be.
    init(
        _ segment: ShreddedSegment,
        _ rows: SegmentRows,
        presences: [Bitmap?],
        limits: SegmentLimits
    ) throws(SegmentError) {
        let stored = (0..<segment.shapes.shapeCount).map { segment.shapes.storedColumns(of: UInt16($0)) }
        var reader = ShapeReadings(segment.shapes)
        var readings: [ModelReading] = []
        for shape in stored.indices { readings.append(reader.reading(of: UInt16(shape))) }
        var fields = FieldReader(segment, readings, stored: stored)
        time = fields.time(rows)
        var texts: [RealColumn: ParquetColumnData] = [:]
        var paths: [RealColumn: Int] = [:]
        for field in RealColumn.allCases where field != .time {
            if let path = fields.path(field) {
                paths[field] = path
                continue
            }
            let (data, candidates) = try fields.texts(field, limits: limits)
            texts[field] = data
            guard field.isOptional else { continue }
            paths[field] = candidates.first { data.isSame(as: segment.columns[$0], presences[$0]) }
        }
        self.texts = texts
        self.paths = paths
    }
}

/// Reads one field after the other.
private struct FieldReader {
    private let segment: ShreddedSegment
    private let readings: [ModelReading]
    private let stored: [[UInt16]]
    private let unplanned: UnplannedRows
    private let keyHash = KeyHash(seed: .random(in: .min ... .max))
    private var entries: EntryReader

    init(_ segment: ShreddedSegment, _ readings: [ModelReading], stored: [[UInt16]]) {
        self.segment = segment
        self.readings = readings
        self.stored = stored
        unplanned = UnplannedRows(segment, readings, stored: stored)
        entries = EntryReader(segment.columns)
    }

    // MARK: - Texts

    /// The column of the path that a field is the same as in all rows, when the shapes alone show it.
    func path(_ field: RealColumn) -> Int? {
        guard unplanned.rows.isEmpty, !field.namingPaths.isEmpty else { return nil }
        let plan = ReadingPlan(field, readings, segment)
        guard let hit = plan.recipes.lazy.compactMap(\.hits.first).first, hit.column != PlacedHit.noColumn,
            segment.columns[Int(hit.column)].isPlainText
        else { return nil }
        for (shape, number) in plan.recipeOfShape.enumerated() where number != ReadingPlan.unplanned {
            let hits = plan.recipes[Int(number)].hits
            guard let only = hits.first else {
                if stored[shape].contains(hit.column) { return nil }
                continue
            }
            guard hits.count == 1, only.column == hit.column, only.transform == .whole else { return nil }
        }
        return Int(hit.column)
    }

    /// A field's column, and the columns of paths that it may be the same as.
    mutating func texts(
        _ field: RealColumn,
        limits: SegmentLimits
    ) throws(SegmentError) -> (ParquetColumnData, candidates: [Int]) {
        let plan = ReadingPlan(field, readings, segment)
        var column = TextColumn(keyHash)
        var codes = RowCodes(plan, segment, stored: stored)
        let rowCodes = codes.all { place in
            column.code(of: unplanned.rows[place].text(field))
        } find: { recipe, current in
            self.code(field, recipe, current, in: &column)
        }
        return (try column.data(rowCodes, limits: limits), plan.columns.map(Int.init))
    }

    private mutating func code(
        _ field: RealColumn,
        _ recipe: ReadingPlan.Recipe,
        _ current: [Int],
        in column: inout TextColumn
    ) -> UInt32 {
        for path in field.namingPaths {
            for hit in recipe.hits where hit.slot == path.rawValue {
                if entries.readText(hit, entry: recipe.entry(of: hit, current)) { return column.code(of: entries.text) }
            }
        }
        var values = PlacedValues()
        for hit in recipe.hits {
            values.values.append((hit.slot, entries.value(hit, entry: recipe.entry(of: hit, current))))
        }
        return column.code(of: Self.text(field, values))
    }

    private static func text(_ field: RealColumn, _ values: PlacedValues) -> String? {
        switch field {
        case .time, .method: nil
        case .outcome: AuditField.outcome.values(in: values).first
        case .principal: AuditField.principal.values(in: values).first
        case .resource: values.values.isEmpty ? nil : AuditEvent(values).resource
        }
    }

    // MARK: - Time

    mutating func time(_ rows: SegmentRows) -> RealTime {
        if let column = segment.columns.first(where: { $0.path == RealColumn.time.rawValue }),
            case .integers(let values) = column.entries
        {
            return RealTime(ofValues: values)
        }
        var times: [Int64] = []
        var codes = RowCodes(ReadingPlan(.time, readings, segment), segment, stored: stored)
        let rowCodes = codes.all { place in
            Self.code(of: unplanned.rows[place].time?.nanosecondsSinceEpoch, in: &times)
        } find: { recipe, current in
            Self.code(of: self.nanoseconds(recipe, current), in: &times)
        }
        return RealTime(rowCodes, times: times, rows)
    }

    private static func code(of time: Int64?, in times: inout [Int64]) -> UInt32 {
        guard let time else { return RowCodes.none }
        times.append(time)
        return UInt32(truncatingIfNeeded: times.count - 1)
    }

    private mutating func nanoseconds(_ recipe: ReadingPlan.Recipe, _ current: [Int]) -> Int64? {
        for hit in recipe.hits {
            let entry = recipe.entry(of: hit, current)
            guard entries.readText(hit, entry: entry) else { continue }
            return Timestamp(entries.text.span)?.nanosecondsSinceEpoch
        }
        return nil
    }
}

extension ReadingPlan.Recipe {
    /// The entry of a hit's column, given those of all columns of the recipe; 0 for what is in no column.
    fileprivate func entry(of hit: PlacedHit, _ current: [Int]) -> Int {
        columns.firstIndex(of: hit.column).map { current[$0] } ?? 0
    }
}

extension ShreddedColumn {
    /// Whether every value is a text as it stands: none empty, none with an escape.
    fileprivate var isPlainText: Bool {
        guard kind == .text, case .variable(_, let bytes) = entries, !entries.hasEmptyText else { return false }
        return !bytes.contains(UInt8(ascii: "\\"))
    }
}

extension ParquetColumnData {
    /// Whether a path has the same texts in the same rows, and is written as text.
    fileprivate func isSame(as column: ShreddedColumn, _ presence: Bitmap?) -> Bool {
        guard column.kind == .text, column.valueCount == valueCount, self.presence == presence,
            case .byteArrays(let texts) = values, case .variable(let offsets, let bytes) = column.entries
        else { return false }
        if let codes, let others = column.codes {
            return texts.offsets == offsets && texts.bytes == bytes && others.isSame(as: codes)
        }
        for place in 0..<valueCount {
            let entry = column.codes.map { $0[place] } ?? place
            let range = texts[codes.map { Int($0[place]) } ?? place]
            guard texts.bytes[range] == bytes[Int(offsets[entry])..<Int(offsets[entry + 1])] else { return false }
        }
        return true
    }
}

extension ColumnCodes {
    fileprivate func isSame(as codes: [UInt32]) -> Bool {
        switch self {
        case .narrow(let narrow): narrow.count == codes.count && narrow.elementsEqual(codes, by: { UInt32($0) == $1 })
        case .wide(let wide): wide == codes
        }
    }
}
