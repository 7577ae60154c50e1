// SPDX-License-Identifier: Apache-2.0

package import AuditStore
import JournalFormat
import NIOPosix
import QueryLanguage

/// One query for events under way.
///
/// Parts of the log that can't hold a match are skipped by what is known of them. The others are looked at in the order in
/// which their events are wanted, some of them side by side, and no more of them than the limit needs. Events are put together
/// last, and only those that are handed out. A damaged segment is passed over, and the outcome says so.
///
/// Rows are pulled, so a slow client slows the query and nothing piles up.
package struct QueryRun {
    private let engine: Engine
    private let request: QueryRequest
    private let plan: RowPlan
    private let search: RowSearch
    private let parts: [LogPart]
    private let start = ContinuousClock.now
    private var nextPart = 0
    private var isDone = false

    /// Rows of the order of the log that were found and not handed out.
    private var found: ArraySlice<FoundRow> = []

    /// How far it has come; final when `next` has returned nil.
    package private(set) var outcome = QueryOutcome()

    /// Where the next page begins, once `next` has returned nil; nil when there are no more rows, or they have no order that
    /// could be gone on with.
    package private(set) var cursor: QueryCursor?

    init(_ engine: Engine, _ request: QueryRequest, _ snapshot: StoreSnapshot) {
        self.engine = engine
        self.request = request
        var plan = RowPlan(request)
        if let after = request.after, plan.sorts.isEmpty { plan.order = after.order }
        self.plan = plan
        search = RowSearch(
            engine: engine,
            filter: request.filter,
            places: EventPlaces(request.filter),
            snapshot: snapshot,
            cursor: plan.sorts.isEmpty ? request.after : nil,
            endIndex: request.after?.endIndex ?? snapshot.endIndex
        )
        engine.views.trim(snapshot.segments)
        let all = engine.parts(of: snapshot, PartSelection(request.filter), &outcome)
        var parts = all.filter { request.after?.mayHold($0.timeRange, $0.indices) != false }
        switch plan.order {
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
        let rows =
            if !plan.sorts.isEmpty {
                try await allSorted()
            } else if plan.order == .log {
                try await nextInLogOrder()
            } else {
                try await allInTimeOrder()
            }
        outcome.rowCount += rows?.count ?? 0
        outcome.explanation.nanoseconds = (ContinuousClock.now - start).nanoseconds
        return rows
    }

    // MARK: - In the order of the log

    /// Rows whose events are handed out at once.
    private static let batchRowCount = 4096

    private mutating func nextInLogOrder() async throws -> [StoredEvent]? {
        let rest = plan.limit - outcome.rowCount
        while found.isEmpty, rest > 0, let window = try await lookAtWindow(limit: rest) {
            found = window.flatMap { $0 }[...]
        }
        guard !found.isEmpty, rest > 0 else {
            isDone = true
            return nil
        }
        let batch = Array(found.prefix(min(rest, Self.batchRowCount)))
        // The slice moves; the rows behind it stay where they are.
        found = found.dropFirst(batch.count)
        if outcome.rowCount + batch.count >= plan.limit {
            isDone = true
            if let last = batch.last, !plan.isLimitOwn, !found.isEmpty || nextPart < parts.count {
                cursor = cursor(behind: last)
            }
        }
        return try await events(of: batch)
    }

    // MARK: - In the order of time

    private mutating func allInTimeOrder() async throws -> [StoredEvent]? {
        isDone = true
        let limit = min(plan.limit, QueryEngineLimits.maximumRowCount)
        guard limit > 0 else { return nil }
        // One more than wanted, to know whether there is another page.
        var rows = FoundRows(order: plan.order, limit: limit + 1)
        while let window = try await lookAtWindow(limit: limit + 1) {
            for found in window { rows.insert(found) }
            if nextPart < parts.count, rows.isSettled(before: parts[nextPart].timeRange) { break }
        }
        let all = rows.sorted()
        if all.count > limit, !plan.isLimitOwn { cursor = cursor(behind: all[limit - 1]) }
        return try await events(of: Array(all.prefix(limit)))
    }

    private func cursor(behind row: FoundRow) -> QueryCursor {
        QueryCursor(order: plan.order, endIndex: search.endIndex, time: row.time, index: row.index)
    }

    // MARK: - In the order of fields

    private mutating func allSorted() async throws -> [StoredEvent]? {
        isDone = true
        let fields = plan.fields
        let (tally, done) = try await engine.gather(
            TablePlan(listing: fields),
            request,
            search.snapshot,
            deadline: start + request.deadline
        )
        outcome.add(done)
        var sorter = RowSorter(tally.list, fields)
        sorter.order(by: plan.order, limit: plan.limit)
        for sort in plan.sorts { sorter.sort(by: sort.keys, limit: sort.limit) }
        let limit = QueryEngineLimits.maximumRowCount
        if !plan.isLimitOwn, tally.list.count > min(request.limit, plan.limit) {
            // There is no cursor to go on with.
            outcome.partialReason =
                outcome.partialReason
                ?? "\(tally.list.count) events were sorted, of which the first \(request.limit) are given; ask for more with a limit"
        }
        let rows = sorter.indices.prefix(limit).map { FoundRow(time: 0, index: $0, event: nil) }
        return try await events(of: Array(rows))
    }

    // MARK: - Looking

    /// The rows found in the next parts, each part's by themselves; nil when there are no more or time is up.
    private mutating func lookAtWindow(limit: Int) async throws -> [[FoundRow]]? {
        try Task.checkCancellation()
        guard nextPart < parts.count else { return nil }
        guard .now < start + request.deadline else {
            outcome.partialReason =
                "the deadline of \(request.deadline) passed; \(parts.count - nextPart) of \(parts.count) parts were not looked at"
            return nil
        }
        let window = Array(parts[nextPart..<min(parts.count, nextPart + windowPartCount)])
        let queue = PartQueue(
            window,
            deadline: start + request.deadline,
            isAbandoned: request.isAbandoned
        )
        let (search, order) = (search, plan.order)
        let results = try await engine.onAllThreads(queue) {
            var results: [(Int, RowSearch.Found)] = []
            while let (place, part) = try queue.take() {
                results.append((place, try search.find(in: part, order, limit: limit)))
            }
            return results
        }
        var rows: [[FoundRow]] = Array(repeating: [], count: window.count)
        for (place, found) in results.joined() {
            rows[place] = found.rows
            outcome.add(found.outcome)
        }
        nextPart += window.count
        if queue.isTimedOut {
            outcome.partialReason = "the deadline of \(request.deadline) passed; not all parts were looked at"
            nextPart = parts.count
        }
        return rows
    }

    /// Parts that are looked at before it is asked again whether that was enough.
    private var windowPartCount: Int {
        // All of the journal's frames are small, and a segment that has none of the values takes some microseconds.
        plan.order == .log ? engine.windowPartCount : max(engine.windowPartCount, 16)
    }

    /// The events of rows that were found.
    private mutating func events(of rows: [FoundRow]) async throws -> [StoredEvent] {
        guard !rows.isEmpty else { return [] }
        let search = search
        let (events, done) = try await engine.pool.runIfActive {
            var done = QueryOutcome()
            let events = try search.events(of: rows, &done)
            return (events, done)
        }
        outcome.add(done)
        return plan.order == .log && plan.sorts.isEmpty ? events : withinBound(events)
    }

    /// As many events as an answer may hold.
    private mutating func withinBound(_ events: [StoredEvent]) -> [StoredEvent] {
        var byteCount = 0
        for (place, event) in events.enumerated() {
            byteCount += event.bytes.count
            guard byteCount > QueryEngineLimits.maximumRowByteCount else { continue }
            outcome.partialReason =
                "the rows hold more than \(QueryEngineLimits.maximumRowByteCount >> 20) MiB; ask for fewer, or in the order of the log"
            cursor = nil
            return Array(events[..<place])
        }
        return events
    }
}
