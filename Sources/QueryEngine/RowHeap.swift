// SPDX-License-Identifier: Apache-2.0

import AuditStore

/// The best rows so far in an order by time, at most a limit of them.
///
/// Kept as a plain array that is cut back when it has grown to twice the limit: sorting a few thousand rows now and then
/// costs less than a heap's steps for each.
struct RowHeap {
    private let order: QueryRequest.Order
    private let limit: Int
    private var rows: [Match] = []
    private var byteCount = 0

    /// Why rows that belong here were left out, if any were.
    private(set) var overflow: String?

    init(order: QueryRequest.Order, limit: Int) {
        self.order = order
        self.limit = max(0, min(limit, QueryEngineLimits.maximumRowCount))
    }

    mutating func insert(_ matches: [Match]) {
        for match in matches {
            rows.append(match)
            byteCount += match.event.bytes.count
        }
        if rows.count > 2 * limit || byteCount > QueryEngineLimits.maximumRowByteCount { cut() }
    }

    /// Whether nothing in this part, or in those that come after it in order, can still be among the rows.
    func isSettled(before part: LogPart) -> Bool {
        guard rows.count >= limit else { return false }
        guard limit > 0 else { return true }
        let worst = sorted()[limit - 1].time
        return order == .newest ? part.timeRange.upperBound < worst : part.timeRange.lowerBound > worst
    }

    func sorted() -> [Match] {
        let ordered =
            order == .newest
            ? rows.sorted { ($0.time, $0.event.index) > ($1.time, $1.event.index) }
            : rows.sorted { ($0.time, $0.event.index) < ($1.time, $1.event.index) }
        return Array(ordered.prefix(limit))
    }

    private mutating func cut() {
        rows = sorted()
        byteCount = rows.reduce(0) { $0 + $1.event.bytes.count }
        while byteCount > QueryEngineLimits.maximumRowByteCount, let last = rows.popLast() {
            byteCount -= last.event.bytes.count
            overflow =
                "the rows hold more than \(QueryEngineLimits.maximumRowByteCount >> 20) MiB; ask for fewer, or in the order of the log"
        }
    }
}
