// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import JournalFormat
import ManifestFormat
import QueryLanguage
import SegmentFormat

/// Finds the rows of a segment that pass a filter.
///
/// A condition is decided on the different values of a column first, and then on the codes of the rows. What no column can
/// answer is decided on the events themselves, after everything else, so that as few as possible are put together. Belongs to
/// one task at a time.
struct SegmentFilter {
    private let view: SegmentView
    private let places: EventPlaces
    private let catalog: Catalog
    private let fieldValues: FieldValues
    var explanation = QueryExplanation()

    /// So few rows are rather read as events than a column for them that is not in memory.
    private static let fewRows = 64

    /// - Parameters:
    ///   - view: of the segment.
    ///   - places: those of the filter.
    ///   - catalog: knows what events do not say.
    init(_ view: SegmentView, _ places: EventPlaces, catalog: Catalog) {
        self.view = view
        self.places = places
        self.catalog = catalog
        fieldValues = FieldValues(catalog: catalog)
    }

    private var rowCount: Int { view.rowCount }

    /// The rows that pass, of the streams that are wanted.
    mutating func rows(_ filter: Filter, includesSystem: Bool) throws(StoreError) -> RowSet {
        let candidates: RowSet = includesSystem ? .all : try view.auditRows(&explanation)
        return try rows(filter, among: candidates)
    }

    // MARK: - Parts of a filter

    private mutating func rows(_ filter: Filter, among candidates: RowSet) throws(StoreError) -> RowSet {
        guard !candidates.isEmpty else { return .none }
        switch filter {
        case .all: return candidates
        case .and(let parts):
            var rest = candidates
            for part in parts.sorted(by: { cost($0) < cost($1) }) {
                rest = try rows(part, among: rest)
                if rest.isEmpty { break }
            }
            return rest
        case .or(let parts):
            var found = RowSet.none
            for part in parts { found = found.union(try rows(part, among: candidates), rowCount: rowCount) }
            return found
        case .not(let part):
            return candidates.subtracting(try rows(part, among: candidates), rowCount: rowCount)
        case .field(let field, let comparison): return try rows(field, comparison, among: candidates)
        case .freeText(let pattern): return try rows(pattern, among: candidates)
        }
    }

    /// What is quick and leaves few rows comes first.
    private func cost(_ filter: Filter) -> Int {
        switch filter {
        case .all: 0
        case .field(.audit(.id), .equals): 1
        case .field(.audit(.time), .range), .field(.audit(.received), .range), .field(.audit(.stream), _): 2
        case .field(let field, _):
            fieldValues.question(field).map { view.hasColumn($0) ? 3 : 5 } ?? 8
        case .not(let part): cost(part) + 1
        case .and(let parts): parts.map(cost).min() ?? 0
        case .or(let parts): parts.map(cost).max() ?? 0
        case .freeText: 7
        }
    }

    private mutating func rows(
        _ field: FieldReference,
        _ comparison: Comparison,
        among candidates: RowSet
    ) throws(StoreError) -> RowSet {
        switch (field, comparison) {
        case (.audit(.time), .range(let lower, let upper)):
            guard let range = Self.nanoseconds(lower, upper) else { break }
            let bounds = view.segment.description.timeRange
            guard let range, range.overlaps(bounds) else { return .none }
            if range.contains(bounds.lowerBound), range.contains(bounds.upperBound) { return candidates }
            let times = try view.times(&explanation)
            explanation.rowsExamined += rowCount
            return candidates.intersection(RowSet(times.rows(in: range)), rowCount: rowCount)
        case (.audit(.received), _):
            return candidates.intersection(
                try rowsOfRuns { comparison.matches(Timestamp(nanosecondsSinceEpoch: $0.received)) },
                rowCount: rowCount
            )
        case (.audit(.stream), _):
            return candidates.intersection(try rowsOfRuns { comparison.matches($0.stream) }, rowCount: rowCount)
        case (.audit(.index), _):
            let first = view.segment.description.firstIndex
            return RowSet(
                rows: candidates.rows(of: rowCount).filter { comparison.matches(String(first + UInt64($0))) },
                rowCount: rowCount
            )
        case (.audit(.id), .equals(let id)):
            guard let ids = view.ids(&explanation), let found = try? ids.rows(withID: id) else { break }
            let some = RowSet(rows: found.filter { $0 < rowCount }, rowCount: rowCount)
            return try rowsOfEvents(
                .field(field, comparison),
                among: candidates.intersection(some, rowCount: rowCount)
            )
        default: break
        }
        guard let question = fieldValues.question(field) else {
            return try rowsOfEvents(.field(field, comparison), among: candidates)
        }
        if !view.hasColumn(question) {
            guard mayHold(field, comparison) else { return .none }
            if candidates.count(of: rowCount) <= Self.fewRows {
                return try rowsOfEvents(.field(field, comparison), among: candidates)
            }
        }
        let column = try view.column(question, &explanation)
        explanation.rowsExamined += rowCount
        let chosen =
            comparison == .exists
            ? Array(repeating: UInt8(1), count: column.codeCount).replacingFirst(by: 0)
            : column.codes(holdingAny: fieldValues.literals(of: field, comparison)) {
                fieldValues.passes($0, of: field, comparison)
            }
        let found = RowSet(column.rows(withCodes: chosen))
        return candidates.intersection(found, rowCount: rowCount)
    }

    /// A range of time as one of nanoseconds, both ends included; nil inside when nothing is in it, nil when it is none of times.
    private static func nanoseconds(_ lower: Bound?, _ upper: Bound?) -> ClosedRange<Int64>?? {
        var first = Int64.min
        var last = Int64.max
        if let lower {
            guard case .time(let time) = lower.value else { return nil }
            first = time.nanosecondsSinceEpoch
            if !lower.isInclusive {
                guard first < .max else { return .some(nil) }
                first += 1
            }
        }
        if let upper {
            guard case .time(let time) = upper.value else { return nil }
            last = time.nanosecondsSinceEpoch
            if !upper.isInclusive {
                guard last > .min else { return .some(nil) }
                last -= 1
            }
        }
        return .some(first <= last ? first...last : nil)
    }

    /// The rows of the frames for which this holds.
    private mutating func rowsOfRuns(_ holds: (SegmentRows.Run) -> Bool) throws(StoreError) -> RowSet {
        let labels = try view.labels(&explanation)
        var rows: [Int] = []
        var row = 0
        for run in labels.runs {
            if holds(run) { rows += row..<row + run.rowCount }
            row += run.rowCount
        }
        return RowSet(rows: rows, rowCount: rowCount)
    }

    // MARK: - Index

    /// Whether the index leaves it open that a value of the field passes.
    ///
    /// Asked before a column is read. Only fields whose values stand in events as they are can be answered.
    private mutating func mayHold(_ field: FieldReference, _ comparison: Comparison) -> Bool {
        guard field.isVerbatim else { return true }
        let texts = field.verbatimTexts(comparison)
        guard !texts.isEmpty, let candidates = textCandidates(texts) else { return true }
        return candidates.hasAny
    }

    private struct TextCandidates {
        /// Entries by the number of their column in the table of shapes; nil for all.
        var columns: [Int: [Int]?] = [:]
        var hasRawEvents = false

        var hasAny: Bool { hasRawEvents || !columns.isEmpty }
    }

    /// Columns that may have a value with all these texts in it, ASCII letters in either case; nil without an index.
    private mutating func textCandidates(_ texts: [[UInt8]]) -> TextCandidates? {
        guard let index = view.words(&explanation), let fields = try? view.fields(&explanation),
            let entries = try? index.words.candidates(texts.flatMap { WordPattern.all(in: $0) })
        else { return nil }
        var candidates = TextCandidates()
        var numbers: [ExactText: Int] = [:]
        for (number, column) in fields.shapes.columns.enumerated() { numbers[ExactText(column.path)] = number }
        for found in entries {
            for place in found.columns {
                if let number = numbers[ExactText(index.columns.columns[place].name)] {
                    candidates.columns[number] = found.entries
                }
            }
        }
        for (place, column) in index.columns.columns.enumerated() where !index.covered.contains(place) {
            guard let number = numbers[ExactText(column.name)] else {
                if column.name == SegmentFields<SegmentFileSource>.rawColumnName { candidates.hasRawEvents = true }
                continue
            }
            let kind = fields.shapes.columns[number].kind
            if texts.allSatisfy({ column.mayContain($0) && kind.mayPrint($0) }) {
                candidates.columns[number] = .some(nil)
            }
        }
        return candidates
    }

    // MARK: - Free text

    private mutating func rows(_ pattern: TextPattern, among candidates: RowSet) throws(StoreError) -> RowSet {
        let fields = try view.fields(&explanation)
        var words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
        let constants = ["true", "false", "null"].filter { pattern.matches($0) }
        if !constants.isEmpty { fields.markRows(ofShapes: fields.shapes(withConstants: constants), in: &words) }
        let found = pattern.literals.isEmpty ? nil : textCandidates(pattern.literals)
        var texts = EntryTexts()
        for number in fields.shapes.columns.indices.dropFirst() {
            var entries: [Int]?
            if let found {
                guard let known = found.columns[number] else { continue }
                entries = known
            }
            let column = try view.values(ofColumn: number, &explanation)
            explanation.rowsExamined += column.valueCount
            var chosen = [UInt8](repeating: 0, count: column.entries.count)
            var isAny = false
            let possible =
                entries ?? pattern.literals.first.flatMap { column.entries(holding: $0) } ?? Array(chosen.indices)
            for entry in possible where chosen.indices.contains(entry) {
                guard texts.contains(column, entry: entry, where: { pattern.matches($0) }) else { continue }
                chosen[entry] = 1
                isAny = true
            }
            if isAny { fields.markRows(column, number, chosen: chosen, in: &words) }
        }
        let marked = candidates.intersection(RowSet(words: words, rowCount: rowCount), rowCount: rowCount)
        guard let raw = fields.rawRows else { return marked }
        let others = candidates.intersection(RowSet(rows: raw, rowCount: rowCount), rowCount: rowCount)
        return marked.union(try rowsOfEvents(.freeText(pattern), among: others), rowCount: rowCount)
    }

    // MARK: - Events

    /// The candidates whose events pass.
    private mutating func rowsOfEvents(_ filter: Filter, among candidates: RowSet) throws(StoreError) -> RowSet {
        var matcher = EventMatcher(filter, places, catalog: catalog)
        var found: [Int] = []
        let rows = candidates.rows(of: rowCount)
        try view.eachEvent(of: rows, &explanation) { row, context in
            if matcher.match(context) != nil { found.append(row) }
        }
        return RowSet(rows: found, rowCount: rowCount)
    }
}

extension SegmentView {
    /// Rows that are put together at once at most.
    private static let batchRowCount = 1024
    /// Rows between two wanted ones that are rather put together than skipped.
    private static let toleratedGap = 4

    /// Puts together the events of some rows, which rise.
    func eachEvent(
        of rows: [Int],
        _ explanation: inout QueryExplanation,
        _ body: (_ row: Int, EventMatcher.Context) throws(StoreError) -> Void
    ) throws(StoreError) {
        var next = 0
        while next < rows.count {
            let first = rows[next]
            var end = next + 1
            while end < rows.count, rows[end] - rows[end - 1] <= Self.toleratedGap,
                rows[end] - first < Self.batchRowCount
            {
                end += 1
            }
            let run = try events(first..<rows[end - 1] + 1, &explanation)
            var group = 0
            for row in rows[next..<end] {
                let place = row - first
                while run.groups[group].places.upperBound <= place { group += 1 }
                try body(row, EventMatcher.Context(run: run, labels: run.groups[group].labels, place: place))
            }
            next = end
        }
    }
}

extension FieldReference {
    /// Whether the field's values stand in events as they are, but for what `verbatimTexts` takes away.
    fileprivate var isVerbatim: Bool {
        switch self {
        case .path, .audit(.principal): true
        case .audit(let field): field.directPaths != nil
        }
    }

    /// The texts of values which pass that stand in the event: a principal's kind may be Martlet's word for it.
    fileprivate func verbatimTexts(_ comparison: Comparison) -> [[UInt8]] {
        guard self == .audit(.principal) else { return comparison.wantedTexts }
        guard case .equals(let text) = comparison else { return [] }
        let bytes = Array(text.utf8)
        let name = bytes.firstIndex(of: UInt8(ascii: ":")).map { Array(bytes[($0 + 1)...]) } ?? bytes
        return name.isEmpty ? [] : [name]
    }
}

extension [UInt8] {
    fileprivate func replacingFirst(by byte: UInt8) -> [UInt8] {
        var copy = self
        if !copy.isEmpty { copy[0] = byte }
        return copy
    }
}
