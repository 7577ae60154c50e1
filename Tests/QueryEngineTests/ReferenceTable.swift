// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

@testable import QueryEngine

/// The table that a query's pipes make of the events that its filter finds, made in the plainest way.
struct ReferenceTable: Equatable {
    /// What stands in a cell; texts by their bytes, as two of them may look the same.
    enum Cell: Hashable, Comparable {
        case none
        case number(Int)
        case time(Int64)
        case text([UInt8])

        init(_ text: String?) {
            self = text.map { .text(Array($0.utf8)) } ?? .none
        }

        static func < (left: Cell, right: Cell) -> Bool {
            switch (left, right) {
            case (.number(let left), .number(let right)): left < right
            case (.time(let left), .time(let right)): left < right
            case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
            case (.none, _): right != .none
            case (.number, .time), (.number, .text), (.time, .text): true
            default: false
            }
        }
    }

    var columns: [String]
    var rows: [[Cell]]

    /// What the engine made.
    init(_ table: QueryTable) {
        columns = table.columns.map(\.name)
        rows = table.rows.map { row in
            row.map { value in
                switch value {
                case .none: .none
                case .number(let number): .number(number)
                case .time(let time): .time(time.nanosecondsSinceEpoch)
                case .text(let text): Cell(text)
                }
            }
        }
    }

    /// What it should be, of the rows that the filter finds.
    ///
    /// nil when the pipes make no table.
    init?(_ pipes: [Pipe], of found: [ReferenceRow]) {
        guard let first = pipes.first(where: \.makesTable) else { return nil }
        let name: (FieldReference) -> String = \.description
        switch first {
        case .count(let fields, let step):
            columns = (step == nil ? [] : ["time"]) + fields.map(name) + ["count"]
            rows = Self.counts(found, fields, step?.nanoseconds)
        case .top(let count, let field, .count):
            columns = [name(field), "count"]
            rows = Array(Self.ranked(Self.eventCounts(found, field)).prefix(count))
        case .top(let count, let field, .distinct(let other)):
            columns = [name(field), "distinct"]
            rows = Array(Self.ranked(Self.distinctCounts(found, field, other)).prefix(count))
        case .distinct(let field):
            columns = [name(field)]
            rows = Self.eventCounts(found, field).keys.sorted().map { [$0] }
        case .facets(let fields):
            columns = ["field", "value", "count"]
            rows = (fields.isEmpty ? Self.usualFacets : fields).flatMap { field in
                Self.ranked(Self.eventCounts(found, field)).prefix(10).map { [Cell(name(field))] + $0 }
            }
        case .timeline(let field):
            columns = [name(field), "first", "last", "count"]
            rows = Self.timeline(found, field)
        case .joinRequest:
            columns = [
                "request", "check", "act", "checkOutcome", "actOutcome", "principal", "method", "resource", "link",
            ]
            rows = Self.requests(found)
        case .sessions(let gap):
            columns = ["principal", "first", "last", "events", "methods", "resources", "failures"]
            rows = Self.sessions(found, gap.nanoseconds)
        case .fields, .columns, .sort, .limit: return nil
        }
        for pipe in pipes.drop(while: { $0 != first }).dropFirst() { pass(pipe) }
    }

    private static let usualFacets: [FieldReference] = [
        .audit(.outcome), .audit(.action), .audit(.method), .audit(.principal), .audit(.resourceType), .audit(.cluster),
        .audit(.clientIP),
    ]

    private mutating func pass(_ pipe: Pipe) {
        switch pipe {
        case .limit(let count): rows = Array(rows.prefix(count))
        case .columns(let names):
            let places = names.compactMap { columns.firstIndex(of: $0) }
            columns = places.map { columns[$0] }
            rows = rows.map { row in places.map { row[$0] } }
        case .sort(let keys):
            // The last key first, each leaving alone what it does not tell apart.
            for key in keys.reversed() {
                guard let place = columns.firstIndex(of: key.column) else { continue }
                rows = Self.stablySorted(rows) { left, right in
                    key.isDescending ? right[place] < left[place] : left[place] < right[place]
                }
            }
        default: break
        }
    }

    /// By insertion, so that it is plain that equal rows stay in order.
    private static func stablySorted(_ rows: [[Cell]], _ isBefore: ([Cell], [Cell]) -> Bool) -> [[Cell]] {
        rows.reduce(into: []) { sorted, row in
            let place = sorted.lastIndex { !isBefore(row, $0) }.map { $0 + 1 } ?? 0
            sorted.insert(row, at: place)
        }
    }

    // MARK: - Counting

    /// Under which an event is counted: the value of a field that is shown, or each value of a path once.
    private static func cells(_ row: ReferenceRow, _ field: FieldReference) -> [Cell] {
        let values = row.values(of: field).map { Cell($0) }
        guard let first = values.first else { return [.none] }
        guard case .path = field else { return [first] }
        return Array(Set(values))
    }

    private static func counts(_ found: [ReferenceRow], _ fields: [FieldReference], _ step: Int64?) -> [[Cell]] {
        var counts: [[Cell]: Int] = [:]
        for row in found {
            let start = step.map { [Cell.time(Self.start(ofStep: $0, row.time.nanosecondsSinceEpoch))] } ?? []
            var keys = [start]
            for field in fields {
                keys = keys.flatMap { key in cells(row, field).map { key + [$0] } }
            }
            for key in keys { counts[key, default: 0] += 1 }
        }
        if fields.isEmpty, step == nil, counts.isEmpty { return [[.number(0)]] }
        let rows = counts.map { $0.key + [.number($0.value)] }
        return rows.sorted { left, right in
            if step == nil, left.last != right.last { return left[left.count - 1] > right[right.count - 1] }
            return left.lexicographicallyPrecedes(right)
        }
    }

    /// Multiples of the step from 1970 on and back, of weeks from its first Monday.
    private static func start(ofStep step: Int64, _ time: Int64) -> Int64 {
        let week: Int64 = 604_800_000_000_000
        let origin: Int128 = step % week == 0 ? 345_600_000_000_000 : 0
        let distance = Int128(time) - origin
        var count = distance / Int128(step)
        if count * Int128(step) > distance { count -= 1 }
        return Int64(clamping: origin + count * Int128(step))
    }

    private static func eventCounts(_ found: [ReferenceRow], _ field: FieldReference) -> [Cell: Int] {
        var counts: [Cell: Int] = [:]
        for row in found {
            for cell in cells(row, field) where cell != .none { counts[cell, default: 0] += 1 }
        }
        return counts
    }

    private static func distinctCounts(
        _ found: [ReferenceRow],
        _ field: FieldReference,
        _ other: FieldReference
    ) -> [Cell: Int] {
        var values: [Cell: Set<Cell>] = [:]
        for row in found {
            for cell in cells(row, field) where cell != .none { values[cell, default: []].formUnion(cells(row, other)) }
        }
        return values.mapValues { $0.subtracting([.none]).count }
    }

    private static func ranked(_ counts: [Cell: Int]) -> [[Cell]] {
        counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.map {
            [$0.key, .number($0.value)]
        }
    }

    private static func timeline(_ found: [ReferenceRow], _ field: FieldReference) -> [[Cell]] {
        var times: [Cell: [Int64]] = [:]
        for row in found {
            for cell in cells(row, field) where cell != .none {
                times[cell, default: []].append(row.time.nanosecondsSinceEpoch)
            }
        }
        return times.map { cell, times in
            [cell, .time(times.min() ?? 0), .time(times.max() ?? 0), .number(times.count)]
        }.sorted { ($0[1], $0[0]) < ($1[1], $1[0]) }
    }

    // MARK: - Events beside each other

    private static func inOrder(_ found: [ReferenceRow]) -> [ReferenceRow] {
        found.sorted { ($0.time, $0.index) < ($1.time, $1.index) }
    }

    private static func sessions(_ found: [ReferenceRow], _ gap: Int64) -> [[Cell]] {
        let byPrincipal = Dictionary(grouping: inOrder(found)) { Cell($0.values(of: .audit(.principal)).first) }
        var rows: [[Cell]] = []
        for (principal, events) in byPrincipal where principal != .none {
            var sessions: [[ReferenceRow]] = []
            for event in events {
                let time = Int128(event.time.nanosecondsSinceEpoch)
                if let last = sessions.last?.last, time - Int128(last.time.nanosecondsSinceEpoch) <= Int128(gap) {
                    sessions[sessions.count - 1].append(event)
                } else {
                    sessions.append([event])
                }
            }
            for session in sessions {
                let count = { (field: AuditField) in
                    Cell.number(
                        Set(session.compactMap { $0.values(of: .audit(field)).first.map { Array($0.utf8) } }).count
                    )
                }
                let failures = session.count {
                    ["failure", "denied"].contains($0.values(of: .audit(.outcome)).first)
                }
                rows.append([
                    principal, .time(session.first?.time.nanosecondsSinceEpoch ?? 0),
                    .time(session.last?.time.nanosecondsSinceEpoch ?? 0), .number(session.count), count(.method),
                    count(.resource), .number(failures),
                ])
            }
        }
        return rows.sorted { $0[1] != $1[1] ? $0[1] > $1[1] : $0[0] < $1[0] }
    }

    private static func requests(_ found: [ReferenceRow]) -> [[Cell]] {
        func cell(_ row: ReferenceRow, _ field: AuditField) -> Cell { Cell(row.values(of: .audit(field)).first) }
        func isSame(_ check: ReferenceRow, _ act: ReferenceRow, _ field: AuditField) -> Bool {
            cell(check, field) != .none && cell(check, field) == cell(act, field)
        }
        let order = inOrder(found)
        let acts = order.filter { ["request", "access-transparency"].contains($0.values(of: .audit(.action)).first) }
        let checks = order.filter { $0.values(of: .audit(.action)).first == "authorization" }
        var pairs: [(check: ReferenceRow, act: ReferenceRow, link: String)] = []
        for check in checks {
            pairs += acts.filter { isSame(check, $0, .requestID) }.map { (check, $0, "exact") }
        }
        let withoutAct = checks.filter { check in !pairs.contains { $0.check.index == check.index } }
        for check in withoutAct where cell(check, .outcome) != Cell("denied") {
            let relations: [(ReferenceRow) -> Bool] = [
                { isSame(check, $0, .connectionID) },
                { isSame(check, $0, .principal) && isSame(check, $0, .credential) },
            ]
            for relation in relations {
                let candidates = acts.filter { relation($0) && $0.time >= check.time }.prefix(256)
                let act = candidates.first { act in
                    let delay =
                        Int128(act.time.nanosecondsSinceEpoch) - Int128(check.time.nanosecondsSinceEpoch)
                    let isTaken = pairs.contains { $0.act.index == act.index }
                    let names = Set([cell(check, .resource), cell(act, .resource)]).subtracting([.none])
                    return delay <= 5_000_000_000 && !isTaken && names.count < 2
                }
                guard let act else { continue }
                pairs.append((check, act, "heuristic"))
                break
            }
        }
        return pairs.map { check, act, link in
            let text = { (field: AuditField) in cell(act, field) == .none ? cell(check, field) : cell(act, field) }
            return [
                text(.requestID), .number(Int(check.index)), .number(Int(act.index)), cell(check, .outcome),
                cell(act, .outcome), text(.principal), text(.method), text(.resource), Cell(link),
            ]
        }
        .sorted { ($0[1], $0[2]) > ($1[1], $1[2]) }
    }
}

extension ReferenceTable: CustomStringConvertible {
    var description: String {
        ([columns.joined(separator: " | ")] + rows.map { $0.map(\.description).joined(separator: " | ") })
            .joined(separator: "\n")
    }
}

extension ReferenceTable.Cell: CustomStringConvertible {
    var description: String {
        switch self {
        case .none: "–"
        case .number(let number): String(number)
        case .time(let time): Timestamp(nanosecondsSinceEpoch: time).description
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}
