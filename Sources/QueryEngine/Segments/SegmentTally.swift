// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
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
        let numbers = fields.enumerated().map { place, field in
            field.values.map { list.number(of: $0.first ?? nil, field: place) }
        }
        for row in rows {
            list.append(
                time: times[row],
                index: firstIndex + UInt64(row),
                fields.indices.lazy.map { numbers[$0][fields[$0].code(row)] }
            )
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
    /// For each code the values under which its events are counted; nil for those without one.
    let values: [[String?]]
    private let codes: FieldColumn.Codes
    /// How many rows have each code.
    let counts: [UInt32]

    /// Whether every code is counted once.
    var isSingle: Bool { values.allSatisfy { $0.count == 1 } }

    init(
        _ field: FieldReference,
        of view: SegmentView,
        _ fieldValues: FieldValues,
        _ explanation: inout QueryExplanation
    ) throws(StoreError) {
        if let question = fieldValues.question(field) {
            let column = try view.column(question, &explanation)
            values = (0..<column.codeCount).map { Tally.counted(column.values(of: $0), field) }
            codes = column.codes
            counts = column.counts
            return
        }
        // What only the store knows, and times: nearly as many values as rows.
        var texts: [String] = []
        switch field {
        case .audit(.received), .audit(.stream):
            for run in try view.labels(&explanation).runs {
                let text =
                    field == .audit(.stream)
                    ? run.stream : Timestamp(nanosecondsSinceEpoch: run.received).description
                texts.append(contentsOf: repeatElement(text, count: run.rowCount))
            }
        case .audit(.index):
            let first = view.segment.description.firstIndex
            texts = (0..<view.rowCount).map { String(first + UInt64($0)) }
        default:
            let times = try view.times(&explanation)
            texts = (0..<view.rowCount).map { Timestamp(nanosecondsSinceEpoch: times[$0]).description }
        }
        var numbers: [String: UInt32] = [:]
        var values: [[String?]] = [[nil]]
        var counts: [UInt32] = [0]
        let rowCodes = texts.map { text in
            if let known = numbers[text] {
                counts[Int(known)] += 1
                return known
            }
            let code = UInt32(truncatingIfNeeded: values.count)
            numbers[text] = code
            values.append([text])
            counts.append(1)
            return code
        }
        self.values = values
        self.counts = counts
        codes = .wide(rowCodes)
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
            for value in field.values[code] {
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
            let (product, overflow) = cellCount.multipliedReportingOverflow(by: field.values.count)
            guard !overflow, product <= Self.maximumCellCount else { return addOneByOne(chosen, steps, to: &table) }
            let codes = field.codes(chosen)
            let width = UInt32(field.values.count)
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
        let numbers = numbers(in: &table)
        for (cell, count) in counts.enumerated() where count > 0 {
            var rest = cell
            var values: [[UInt32]] = []
            for (place, field) in fields.enumerated().reversed() {
                values.insert(numbers[place][rest % field.values.count], at: 0)
                rest /= field.values.count
            }
            let start = step == nil ? 0 : table.number(ofStep: starts[rest])
            let first = firsts.isEmpty ? bounds.lowerBound : firsts[cell]
            let last = lasts.isEmpty ? bounds.upperBound : lasts[cell]
            Tally.eachCombination(values) { combination in
                table.add(count: Int(count), first: first, last: last, to: table.group(step: start, combination))
            }
        }
    }

    /// The table's numbers of the values of each code.
    private func numbers(in table: inout GroupTable) -> [[[UInt32]]] {
        fields.enumerated().map { place, field in
            field.values.map { $0.map { table.number(of: $0, field: place) } }
        }
    }

    /// Rows of more combinations than a table of cells may have.
    private func addOneByOne(
        _ chosen: [Int],
        _ steps: (numbers: [UInt32], starts: [Int64]),
        to table: inout GroupTable
    ) {
        let numbers = numbers(in: &table)
        let starts = step == nil ? [0] : steps.starts.map { table.number(ofStep: $0) }
        let isSingle = fields.allSatisfy(\.isSingle)
        for (place, row) in chosen.enumerated() {
            let time = times?[row] ?? bounds.lowerBound
            let start = starts[Int(steps.numbers[place])]
            if isSingle {
                let group = table.group(step: start, fields.indices.lazy.map { numbers[$0][fields[$0].code(row)][0] })
                table.add(count: 1, first: time, last: time, to: group)
                continue
            }
            Tally.eachCombination(fields.indices.map { numbers[$0][fields[$0].code(row)] }) { combination in
                table.add(count: 1, first: time, last: time, to: table.group(step: start, combination))
            }
        }
    }
}
