// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

/// Makes a query's table of what was gathered.
enum TableMaker {
    /// Values of a field that facets name.
    private static let facetValueCount = 10

    static func table(_ tally: Tally, _ query: Query) -> QueryTable {
        let made = Query(.all, pipes: [tally.plan.pipe])
        var table = QueryTable(columns: made.columns ?? [])
        table.rows = rows(tally)
        for pipe in tally.plan.rest { table.pass(pipe) }
        return table
    }

    private static func rows(_ tally: Tally) -> [[QueryTable.Value]] {
        switch tally.plan.pipe {
        case .count(_, let step): counts(tally.groups[0], hasSteps: step != nil)
        case .top(let count, _, .count): Array(ranked(tally.groups[0]).prefix(count))
        case .top(let count, _, .distinct): Array(ranked(distinctCounts(tally.groups[0])).prefix(count))
        case .distinct: tally.groups[0].all.compactMap { $0.values[0].map { [.text($0)] } }.sorted { $0[0] < $1[0] }
        case .facets: facets(tally)
        case .timeline: timeline(tally.groups[0])
        case .joinRequest: RequestJoin.rows(of: tally.list)
        case .sessions(let gap): Sessions.rows(of: tally.list, gap: gap.nanoseconds)
        case .fields, .columns, .sort, .limit: []
        }
    }

    private static func cell(_ text: String?) -> QueryTable.Value { text.map(QueryTable.Value.text) ?? .none }

    private static func cell(time: Int64) -> QueryTable.Value { .time(Timestamp(nanosecondsSinceEpoch: time)) }

    /// In the order of time where there are steps, else those with the most events first.
    private static func counts(_ table: GroupTable, hasSteps: Bool) -> [[QueryTable.Value]] {
        let rows = table.all.map { step, values, group in
            (step.map { [cell(time: $0)] } ?? []) + values.map { cell($0) } + [.number(group.count)]
        }
        // Without anything to count by there is one row, also of no events.
        guard table.fieldCount > 0 || hasSteps else { return rows.isEmpty ? [[.number(0)]] : rows }
        guard !hasSteps else { return rows.sorted { $0.lexicographicallyPrecedes($1) } }
        return rows.sorted { left, right in
            guard let leftCount = left.last, let rightCount = right.last, leftCount != rightCount else {
                return left.lexicographicallyPrecedes(right)
            }
            return leftCount > rightCount
        }
    }

    /// Values with the number of their events, the most first.
    private static func ranked(_ table: GroupTable) -> [[QueryTable.Value]] {
        ranked(table.all.compactMap { _, values, group in values[0].map { ($0, group.count) } })
    }

    private static func ranked(_ counts: [(String, Int)]) -> [[QueryTable.Value]] {
        counts.map { [.text($0), .number($1)] }.sorted { ($1[1], $0[0]) < ($0[1], $1[0]) }
    }

    /// How many different values of the second field each value of the first has.
    private static func distinctCounts(_ table: GroupTable) -> [(String, Int)] {
        var counts: [ExactText: Int] = [:]
        for (_, values, _) in table.all {
            guard let value = values[0] else { continue }
            counts[ExactText(value), default: 0] += values[1] == nil ? 0 : 1
        }
        return counts.map { ($0.key.text, $0.value) }
    }

    private static func facets(_ tally: Tally) -> [[QueryTable.Value]] {
        zip(tally.plan.groupings, tally.groups).flatMap { fields, table in
            ranked(table).prefix(facetValueCount).map { [.text(fields[0].description)] + $0 }
        }
    }

    /// In the order in which values were seen first.
    private static func timeline(_ table: GroupTable) -> [[QueryTable.Value]] {
        let rows: [[QueryTable.Value]] = table.all.compactMap { _, values, group in
            values[0].map { [.text($0), cell(time: group.first), cell(time: group.last), .number(group.count)] }
        }
        return rows.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) }
    }
}

extension QueryTable {
    /// Applies a pipe behind the one that made the table.
    fileprivate mutating func pass(_ pipe: Pipe) {
        switch pipe {
        case .limit(let count): rows = Array(rows.prefix(count))
        case .sort(let keys):
            let places = keys.compactMap { key in
                columns.firstIndex { $0.name == key.column }.map { (place: $0, isDescending: key.isDescending) }
            }
            // A stable order: rows that the keys do not tell apart stay as they were.
            rows = rows.enumerated().sorted { left, right in
                for (place, isDescending) in places where left.element[place] != right.element[place] {
                    return (left.element[place] < right.element[place]) != isDescending
                }
                return left.offset < right.offset
            }.map(\.element)
        case .columns(let names):
            let places = names.compactMap { name in columns.firstIndex { $0.name == name } }
            rows = rows.map { row in places.map { row[$0] } }
            columns = places.map { columns[$0] }
        case .count, .top, .distinct, .facets, .timeline, .joinRequest, .sessions, .fields: break
        }
    }
}
