// SPDX-License-Identifier: Apache-2.0

import AuditStore

/// A row that passed the filter, before its event is put together.
struct FoundRow: Sendable {
    /// The time by which it is ordered, nanoseconds since 1970.
    let time: Int64
    let index: UInt64
    /// The event of a row of the journal; one of a segment is put together when it is wanted.
    let event: StoredEvent?

    /// Whether it comes before another in an order.
    static func precedes(_ left: FoundRow, _ right: FoundRow, _ order: QueryRequest.Order) -> Bool {
        switch order {
        case .newest: (left.time, left.index) > (right.time, right.index)
        case .oldest: (left.time, left.index) < (right.time, right.index)
        case .log: left.index < right.index
        }
    }
}

/// The best rows so far in an order, at most a limit of them.
///
/// Kept as a plain array that is cut back when it has grown to twice the limit: sorting a few thousand rows now and then costs
/// less than a heap's steps for each.
struct FoundRows: Sendable {
    private let order: QueryRequest.Order
    private let limit: Int
    private var rows: [FoundRow] = []

    init(order: QueryRequest.Order, limit: Int) {
        self.order = order
        self.limit = max(0, limit)
    }

    mutating func insert(_ found: some Sequence<FoundRow>) {
        rows.append(contentsOf: found)
        if rows.count > 2 * limit { rows = sorted() }
    }

    /// Whether nothing at these times, or behind them in the order, can still be among the rows.
    func isSettled(before times: ClosedRange<Int64>) -> Bool {
        guard rows.count >= limit else { return false }
        guard limit > 0 else { return true }
        let worst = sorted()[limit - 1].time
        return order == .newest ? times.upperBound < worst : times.lowerBound > worst
    }

    func sorted() -> [FoundRow] {
        Array(rows.sorted { FoundRow.precedes($0, $1, order) }.prefix(limit))
    }
}
