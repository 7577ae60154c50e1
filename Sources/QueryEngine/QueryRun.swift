// SPDX-License-Identifier: Apache-2.0

package import AuditStore
import QueryLanguage

/// One query under way.
///
/// Parts of the log that can't hold a match are skipped by what is known of them. The others are scanned in the order in
/// which their events are wanted, a window of them side by side, and no more of them than the limit needs. A damaged segment
/// is passed over, and the outcome says so.
///
/// Rows are pulled, so a slow client slows the query and nothing piles up.
package struct QueryRun {
    private let engine: Engine
    private let request: QueryRequest
    private let snapshot: StoreSnapshot
    private let parts: [LogPart]
    private let deadline: ContinuousClock.Instant
    private var nextPart = 0
    private var isDone = false

    /// How far it has come; final when `next` has returned nil.
    package private(set) var outcome = QueryOutcome()

    init(_ engine: Engine, _ request: QueryRequest, _ snapshot: StoreSnapshot) {
        self.engine = engine
        self.request = request
        self.snapshot = snapshot
        deadline = .now + request.deadline
        let selection = PartSelection(request.filter)
        var parts: [LogPart] = []
        for part in snapshot.parts {
            if selection.contains(part) {
                parts.append(part)
            } else {
                outcome.skippedEventCount += part.eventCount
            }
        }
        switch request.order {
        case .log: break
        case .newest:
            parts.sort {
                ($0.timeRange.upperBound, $0.indices.upperBound) > ($1.timeRange.upperBound, $1.indices.upperBound)
            }
        case .oldest:
            parts.sort {
                ($0.timeRange.lowerBound, $0.indices.lowerBound) < ($1.timeRange.lowerBound, $1.indices.lowerBound)
            }
        }
        self.parts = parts
    }

    /// The next rows in the order asked for; nil at the end.
    ///
    /// - Throws: `StoreError` when a frame of the journal is damaged, or something can't be read; `CancellationError`.
    package mutating func next() async throws -> [StoredEvent]? {
        guard !isDone else { return nil }
        let rows = try await request.order == .log ? nextInLogOrder() : allInTimeOrder()
        outcome.rowCount += rows?.count ?? 0
        return rows
    }

    private mutating func nextInLogOrder() async throws -> [StoredEvent]? {
        while let window = try await scanWindow() {
            let rows = window.joined().prefix(request.limit - outcome.rowCount).map(\.event)
            if outcome.rowCount + rows.count >= request.limit { isDone = true }
            if !rows.isEmpty { return rows }
            if isDone { return nil }
        }
        isDone = true
        return nil
    }

    private mutating func allInTimeOrder() async throws -> [StoredEvent]? {
        isDone = true
        var rows = RowHeap(order: request.order, limit: request.limit)
        while let window = try await scanWindow() {
            for matches in window { rows.insert(matches) }
            if let next = parts.indices.contains(nextPart) ? parts[nextPart] : nil, rows.isSettled(before: next) {
                break
            }
        }
        if let reason = rows.overflow { outcome.partialReason = reason }
        return rows.sorted().map(\.event)
    }

    /// The matches of the next parts, each part's in its order; nil when there are no more or time is up.
    private mutating func scanWindow() async throws -> [[Match]]? {
        try Task.checkCancellation()
        guard nextPart < parts.count else { return nil }
        guard .now < deadline else {
            outcome.partialReason =
                "the deadline of \(request.deadline) passed; \(parts.count - nextPart) of \(parts.count) parts were not looked at"
            return nil
        }
        let window = parts[nextPart..<min(parts.count, nextPart + engine.windowPartCount)]
        let (engine, filter, snapshot) = (engine, request.filter, snapshot)
        let found = try await withThrowingTaskGroup(of: (Int, Found).self) { group in
            for (place, part) in window.enumerated() {
                group.addTask { (place, try await engine.findOrSetAside(in: part, filter, snapshot)) }
            }
            var found: [Found] = Array(repeating: .matches([]), count: window.count)
            for try await (place, matches) in group { found[place] = matches }
            return found
        }
        nextPart = window.endIndex
        return zip(window, found).map { part, found in take(found, of: part) }
    }

    private mutating func take(_ found: Found, of part: LogPart) -> [Match] {
        switch found {
        case .matches(let matches):
            outcome.scannedEventCount += part.eventCount
            return matches
        case .damaged(let reason):
            outcome.unreadableEventCount += part.eventCount
            outcome.partialReason = reason
            return []
        }
    }
}

/// What became of looking at a part.
private enum Found: Sendable {
    case matches([Match])
    /// The part is of a segment that is damaged, for this reason.
    case damaged(String)
}

extension Engine {
    fileprivate func findOrSetAside(
        in part: LogPart,
        _ filter: Filter,
        _ snapshot: StoreSnapshot
    ) async throws -> Found {
        guard case .rows = part else { return .matches(try await find(in: part, filter, snapshot)) }
        do {
            return .matches(try await find(in: part, filter, snapshot))
        } catch let error as StoreError where error.code == .damaged {
            return .damaged(error.message)
        }
    }
}
