// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import ManifestFormat
import QueryLanguage
import SegmentFormat

extension Tally {
    /// Counts rows of a segment by the codes of its columns.
    ///
    /// - Throws: as reading columns does, with nothing counted.
    mutating func add(
        _ rows: RowSet,
        of view: SegmentView,
        _ fieldValues: FieldValues,
        _ explanation: inout QueryExplanation
    ) throws(StoreError) {
        guard !rows.isEmpty else { return }
        var columns: [FieldReference: SegmentField] = [:]
        for field in plan.fields { columns[field] = try SegmentField(field, of: view, fieldValues, &explanation) }
        let needsTimes = plan.step != nil || !plan.listed.isEmpty || plan.isTimeline
        let times = needsTimes ? try view.times(&explanation) : nil
        explanation.rowsExamined += rows.count(of: view.rowCount)
        for place in groups.indices {
            let fields = plan.groupings[place].compactMap { columns[$0] }
            SegmentCount(rows, fields, times, view, step: plan.step).add(to: &groups[place])
        }
        guard !plan.listed.isEmpty, let times else { return }
        let listed = plan.listed.compactMap { columns[$0] }
        list(rows.rows(of: view.rowCount), listed, times, view.segment.description.firstIndex)
    }

    private mutating func list(_ rows: [Int], _ fields: [SegmentField], _ times: SegmentTimes, _ firstIndex: UInt64) {
        var numbers = fields.enumerated().map { CodeNumbers($1, $0) }
        for row in rows {
            let values = fields.indices.map { place in
                numbers[place].of(fields[place].code(row)) { list.number(of: $0, field: place) }.first
                    ?? TextNumbers.none
            }
            list.append(time: times[row], index: firstIndex + UInt64(row), values)
        }
    }
}

extension TablePlan {
    var isTimeline: Bool {
        if case .timeline = pipe { true } else { false }
    }
}

/// A field of a segment's rows with what each code is counted as.
struct SegmentField {
    private enum Values {
        case column(FieldColumn)
        case texts([String])
    }

    private let field: FieldReference
    private let values: Values
    private let codes: FieldColumn.Codes
    /// How many rows have each code.
    let counts: [UInt32]

    var codeCount: Int { counts.count }

    /// Whether every code is counted once.
    let isSingle: Bool

    init(
        _ field: FieldReference,
        of view: SegmentView,
        _ fieldValues: FieldValues,
        _ explanation: inout QueryExplanation
    ) throws(StoreError) {
        self.field = field
        if let question = fieldValues.question(field) {
            let column = try view.column(question, &explanation)
            values = .column(column)
            codes = column.codes
            counts = column.counts
            if case .path = field { isSingle = column.isSingle } else { isSingle = true }
            return
        }
        // What only the store knows, and times: nearly as many values as rows.
        var numbers: [String: UInt32] = [:]
        var texts: [String] = [""]
        var counts: [UInt32] = [0]
        let rowCodes = try Self.texts(field, of: view, &explanation).map { text in
            if let known = numbers[text] {
                counts[Int(known)] += 1
                return known
            }
            let code = UInt32(truncatingIfNeeded: texts.count)
            numbers[text] = code
            texts.append(text)
            counts.append(1)
            return code
        }
        values = .texts(texts)
        codes = .wide(rowCodes)
        self.counts = counts
        isSingle = true
    }

    /// What the store says of each row.
    private static func texts(
        _ field: FieldReference,
        of view: SegmentView,
        _ explanation: inout QueryExplanation
    ) throws(StoreError) -> [String] {
        switch field {
        case .audit(.received), .audit(.stream):
            var texts: [String] = []
            for run in try view.labels(&explanation).runs {
                let received = Timestamp(nanosecondsSinceEpoch: run.received)
                let text = field == .audit(.stream) ? run.stream : received.description
                texts.append(contentsOf: repeatElement(text, count: run.rowCount))
            }
            return texts
        case .audit(.index):
            let first = view.segment.description.firstIndex
            return (0..<view.rowCount).map { String(first + UInt64($0)) }
        default:
            let times = try view.times(&explanation)
            return (0..<view.rowCount).map { Timestamp(nanosecondsSinceEpoch: times[$0]).description }
        }
    }

    /// The values under which events of a code are counted; nil for those without one.
    func counted(_ code: Int) -> [String?] {
        switch values {
        case .column(let column):
            isSingle ? [column.firstValue(of: code)] : Tally.counted(column.values(of: code), field)
        case .texts(let texts): [code == 0 ? nil : texts[code]]
        }
    }

    @inline(__always)
    func code(_ row: Int) -> Int { codes[row] }

    /// The codes of some rows.
    func codes(_ rows: [Int]) -> [UInt32] {
        switch codes {
        case .narrow(let codes): rows.map { UInt32(codes[$0]) }
        case .medium(let codes): rows.map { UInt32(codes[$0]) }
        case .wide(let codes): rows.map { codes[$0] }
        }
    }
}

/// The numbers in a table of what the codes of a field are counted as, found out when they are asked for first: of thousands of
/// values few are met.
private struct CodeNumbers {
    private let field: SegmentField
    private let place: Int
    private var known: [[UInt32]]

    init(_ field: SegmentField, _ place: Int) {
        self.field = field
        self.place = place
        known = Array(repeating: [], count: field.codeCount)
    }

    mutating func of(_ code: Int, _ number: (String?) -> UInt32) -> [UInt32] {
        if known[code].isEmpty { known[code] = field.counted(code).map(number) }
        return known[code]
    }
}

/// Counts rows of a segment in groups.
private struct SegmentCount {
    private let rows: RowSet
    private let fields: [SegmentField]
    private let times: SegmentTimes?
    private let bounds: ClosedRange<Int64>
    private let rowCount: Int
    private let step: Int64?

    /// Cells of a table with a place for each combination of codes and steps, at most.
    private static let maximumCellCount = 1 << 18

    init(_ rows: RowSet, _ fields: [SegmentField], _ times: SegmentTimes?, _ view: SegmentView, step: Int64?) {
        self.rows = rows
        self.fields = fields
        self.times = times
        self.step = step
        bounds = view.segment.description.timeRange
        rowCount = view.rowCount
    }

    func add(to table: inout GroupTable) {
        if step == nil, times == nil, fields.count <= 1, case .all = rows {
            addAll(to: &table)
        } else {
            addChosen(to: &table)
        }
    }

    /// All rows: what each code has was counted when its column was read.
    private func addAll(to table: inout GroupTable) {
        guard let field = fields.first else {
            let group = table.group(step: 0, [])
            return table.add(count: rowCount, first: bounds.lowerBound, last: bounds.upperBound, to: group)
        }
        for (code, count) in field.counts.enumerated() where count > 0 {
            for value in field.counted(code) {
                let group = table.group(step: 0, [table.number(of: value, field: 0)])
                table.add(count: Int(count), first: bounds.lowerBound, last: bounds.upperBound, to: group)
            }
        }
    }

    private func addChosen(to table: inout GroupTable) {
        guard !fields.isEmpty || step != nil else {
            let group = table.group(step: 0, [])
            let count = rows.count(of: rowCount)
            return table.add(count: count, first: bounds.lowerBound, last: bounds.upperBound, to: group)
        }
        let chosen = rows.rows(of: rowCount)
        let steps = steps(of: chosen)
        // The cell of a row: its step, and then the code of each field.
        var cells = steps.numbers
        var cellCount = steps.starts.count
        for field in fields {
            let (product, overflow) = cellCount.multipliedReportingOverflow(by: field.codeCount)
            guard !overflow, product <= Self.maximumCellCount else { return addOneByOne(chosen, steps, to: &table) }
            let codes = field.codes(chosen)
            let width = UInt32(field.codeCount)
            for place in cells.indices { cells[place] = cells[place] &* width &+ codes[place] }
            cellCount = product
        }
        var counts = [UInt32](repeating: 0, count: cellCount)
        for cell in cells { counts[Int(cell)] &+= 1 }
        var firsts: [Int64] = []
        var lasts: [Int64] = []
        if let times, step == nil {
            firsts = Array(repeating: .max, count: cellCount)
            lasts = Array(repeating: .min, count: cellCount)
            for (place, cell) in cells.enumerated() {
                let time = times[chosen[place]]
                firsts[Int(cell)] = min(firsts[Int(cell)], time)
                lasts[Int(cell)] = max(lasts[Int(cell)], time)
            }
        }
        addCells(counts, firsts, lasts, steps.starts, to: &table)
    }

    /// The number of each row's step, and where each step begins; one of no meaning where nothing is counted by time.
    private func steps(of chosen: [Int]) -> (numbers: [UInt32], starts: [Int64]) {
        guard let step, let times else { return (Array(repeating: 0, count: chosen.count), [0]) }
        var numbers: [UInt32] = []
        numbers.reserveCapacity(chosen.count)
        var starts: [Int64] = []
        var known: [Int64: UInt32] = [:]
        var (current, end, number) = (Int64.max, Int64.min, UInt32(0))
        for row in chosen {
            let time = times[row]
            if time < current || time >= end {
                current = GroupTable.start(ofStep: step, time)
                end = current.addingReportingOverflow(step).overflow ? .max : current + step
                number = known[current] ?? UInt32(truncatingIfNeeded: starts.count)
                if known.updateValue(number, forKey: current) == nil { starts.append(current) }
            }
            numbers.append(number)
        }
        return (numbers, starts)
    }

    private func addCells(
        _ counts: [UInt32],
        _ firsts: [Int64],
        _ lasts: [Int64],
        _ starts: [Int64],
        to table: inout GroupTable
    ) {
        var numbers = fields.enumerated().map { CodeNumbers($1, $0) }
        var values: [[UInt32]] = Array(repeating: [], count: fields.count)
        for (cell, count) in counts.enumerated() where count > 0 {
            var rest = cell
            for place in fields.indices.reversed() {
                let codeCount = fields[place].codeCount
                values[place] = numbers[place].of(rest % codeCount) { table.number(of: $0, field: place) }
                rest /= codeCount
            }
            let start = step == nil ? 0 : table.number(ofStep: starts[rest])
            let first = firsts.isEmpty ? bounds.lowerBound : firsts[cell]
            let last = lasts.isEmpty ? bounds.upperBound : lasts[cell]
            Tally.eachCombination(values) { combination in
                table.add(count: Int(count), first: first, last: last, to: table.group(step: start, combination))
            }
        }
    }

    /// Rows of more combinations than a table of cells may have.
    private func addOneByOne(
        _ chosen: [Int],
        _ steps: (numbers: [UInt32], starts: [Int64]),
        to table: inout GroupTable
    ) {
        var numbers = fields.enumerated().map { CodeNumbers($1, $0) }
        let starts = step == nil ? [0] : steps.starts.map { table.number(ofStep: $0) }
        let isSingle = fields.allSatisfy(\.isSingle)
        for (place, row) in chosen.enumerated() {
            let time = times?[row] ?? bounds.lowerBound
            let start = starts[Int(steps.numbers[place])]
            let values = fields.indices.map { place in
                numbers[place].of(fields[place].code(row)) { table.number(of: $0, field: place) }
            }
            if isSingle {
                let group = table.group(step: start, values.lazy.map { $0[0] })
                table.add(count: 1, first: time, last: time, to: group)
                continue
            }
            Tally.eachCombination(values) { combination in
                table.add(count: 1, first: time, last: time, to: table.group(step: start, combination))
            }
        }
    }
}
