// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

@testable import QueryEngine

/// The rows of a query for events, in order.
enum ReferenceOrder {
    static func rows(_ request: QueryRequest, of found: [ReferenceRow]) -> [ReferenceRow] {
        var rows = found
        switch request.order {
        case .log: break
        case .oldest: rows.sort { ($0.time, $0.index) < ($1.time, $1.index) }
        case .newest: rows.sort { ($0.time, $0.index) > ($1.time, $1.index) }
        }
        for (place, pipe) in request.pipes.enumerated() {
            switch pipe {
            case .limit(let count): rows = Array(rows.prefix(count))
            case .sort(let keys):
                // An order by time alone is the engine's own, to the last index, unless something else came before it.
                let isFirst = request.pipes.prefix(place).allSatisfy { earlier in
                    switch earlier {
                    case .fields: true
                    case .sort(let keys): keys.map(\.column) == ["time"]
                    default: false
                    }
                }
                if isFirst, keys.count == 1, let key = keys.first, key.column == "time" {
                    rows.sort { ($0.time, $0.index) < ($1.time, $1.index) }
                    if key.isDescending { rows.reverse() }
                    continue
                }
                for key in keys.reversed() { rows = sorted(rows, by: key) }
            default: break
            }
        }
        return Array(rows.prefix(request.limit))
    }

    /// What a row has where it is sorted: nothing, numbers, other texts; times as points in time.
    private enum Value: Comparable {
        case none
        case time(Int64)
        case number(Double, [UInt8])
        case text([UInt8])

        private var rank: Int {
            switch self {
            case .none: 0
            case .time, .number: 1
            case .text: 2
            }
        }

        static func < (left: Value, right: Value) -> Bool {
            switch (left, right) {
            case (.time(let left), .time(let right)): left < right
            case (.number(let left, let text), .number(let right, let other)):
                left != right ? left < right : text.lexicographicallyPrecedes(other)
            case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
            default: left.rank < right.rank
            }
        }
    }

    private static func sorted(_ rows: [ReferenceRow], by key: SortKey) -> [ReferenceRow] {
        let field = FieldReference(name: key.column)
        let values = rows.map { row in field.map { value($0, of: row) } ?? .none }
        return rows.indices.sorted { left, right in
            if values[left] < values[right] { return !key.isDescending }
            if values[right] < values[left] { return key.isDescending }
            return left < right
        }
        .map { rows[$0] }
    }

    private static func value(_ field: FieldReference, of row: ReferenceRow) -> Value {
        switch field {
        case .audit(.time): return .time(row.time.nanosecondsSinceEpoch)
        case .audit(.received): return .time(row.context.received.nanosecondsSinceEpoch)
        default:
            guard let text = row.values(of: field).first else { return .none }
            let startsNumber = text.utf8.first.map { $0 == 0x2D || (0x30...0x39).contains($0) } == true
            guard startsNumber, let number = Double(text), number.isFinite else { return .text(Array(text.utf8)) }
            return .number(number, Array(text.utf8))
        }
    }
}
