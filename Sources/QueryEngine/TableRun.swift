// SPDX-License-Identifier: Apache-2.0

package import AuditStore
import ManifestFormat
private import CMemory
import JournalFormat
import NIOPosix
import QueryLanguage

extension Engine {
    /// Answers a query whose pipes make a table.
    ///
    /// All parts of the log that can hold a match are looked at, on all cores. A damaged segment is passed over, and the
    /// outcome says so; so it does when time or memory ran out.
    ///
    /// - Returns: nil when the query asks for events.
    /// - Throws: `StoreError` when a frame of the journal is damaged, or something can't be read; `CancellationError`.
    package func table(_ request: QueryRequest, on snapshot: StoreSnapshot) async throws -> QueryTable? {
        guard let plan = TablePlan(request.query) else { return nil }
        let start = ContinuousClock.now
        let (tally, done) = try await gather(plan, request, snapshot, deadline: start + request.deadline)
        var table = TableMaker.table(tally, request.query)
        table.outcome = done
        table.outcome.rowCount = table.rows.count
        table.outcome.explanation.nanoseconds = (ContinuousClock.now - start).nanoseconds
        return table
    }

    /// Gathers what a plan wants of all events that pass the filter, on all threads.
    func gather(
        _ plan: TablePlan,
        _ request: QueryRequest,
        _ snapshot: StoreSnapshot,
        deadline: ContinuousClock.Instant
    ) async throws -> (Tally, QueryOutcome) {
        var outcome = QueryOutcome()
        views.trim(snapshot.segments)
        let parts = parts(of: snapshot, PartSelection(request.filter), &outcome)
        let queue = PartQueue(parts, deadline: deadline, isAbandoned: request.isAbandoned)
        let places = EventPlaces(request.filter, showing: plan.fields)
        let found = try await onAllThreads(queue) { [self] in
            try gather(plan, request.filter, places, queue, snapshot)
        }
        var tally: Tally?
        for (part, done) in found {
            if tally == nil { tally = part } else { tally?.merge(part) }
            outcome.add(done)
        }
        if found.contains(where: { $0.0.byteCount > Self.largeTallyByteCount }) {
            // What many small texts left lies scattered, and would stay beside what comes next.
            martlet_release_free_memory()
        }
        if queue.isTimedOut {
            outcome.partialReason =
                "the deadline of \(request.deadline) passed; \(parts.count - queue.takenCount) of \(parts.count) parts were not looked at"
        }
        return (tally ?? Tally(plan), outcome)
    }

    /// So much gathered is given back to the system at once.
    private static let largeTallyByteCount = 8 << 20

    /// What is to be looked at, whole segments and frames, in the order of the log.
    func parts(of snapshot: StoreSnapshot, _ selection: PartSelection, _ outcome: inout QueryOutcome) -> [LogPart] {
        let liveStart = snapshot.liveStart
        let segments = snapshot.segments.map { LogPart.whole($0) }
        let frames = (0..<snapshot.frames.count).map { LogPart.frame(snapshot.frames[$0], from: liveStart) }
        let chosen = segments.filter(selection.contains)
        let parts = chosen + frames.filter(selection.contains)
        outcome.explanation.segmentCount = segments.count
        outcome.explanation.frameCount = frames.count
        outcome.explanation.segmentsOutsideBounds = segments.count - chosen.count
        outcome.explanation.bytesStored = snapshot.segments.reduce(0) { $0 + $1.description.byteCount }
        outcome.skippedEventCount =
            (segments + frames).reduce(0) { $0 + $1.eventCount }
            - parts.reduce(0) { $0 + $1.eventCount }
        return parts
    }

    /// Runs the same on all threads of the pool, and stops them when the task is cancelled.
    func onAllThreads<Result: Sendable>(
        _ queue: PartQueue,
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> [Result] {
        try await withTaskCancellationHandler {
            let results = try await withThrowingTaskGroup(of: Result.self) { group in
                for _ in 0..<max(1, min(threadCount, queue.partCount)) {
                    group.addTask { [pool] in
                        try await pool.runIfActive {
                            do {
                                return try body()
                            } catch {
                                queue.stop()
                                throw error
                            }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try Task.checkCancellation()
            return results
        } onCancel: {
            queue.stop()
        }
    }

    /// One thread's share.
    private func gather(
        _ plan: TablePlan,
        _ filter: Filter,
        _ places: EventPlaces,
        _ queue: PartQueue,
        _ snapshot: StoreSnapshot
    ) throws -> (Tally, QueryOutcome) {
        var tally = Tally(plan)
        var outcome = QueryOutcome()
        while let (_, part) = try queue.take() {
            switch part {
            case .rows(let segment, _):
                do throws(StoreError) {
                    try add(segment, to: &tally, filter, places, &outcome)
                } catch {
                    guard error.code == .damaged else { throw error }
                    outcome.unreadableEventCount += segment.description.eventCount
                    outcome.partialReason = error.message
                }
            case .frame:
                try add(part, to: &tally, filter, places, snapshot)
                outcome.scannedEventCount += part.eventCount
                outcome.explanation.framesRead += 1
            }
            guard !tally.isFull else {
                outcome.partialReason =
                    "what was gathered takes more than \(QueryEngineLimits.maximumTableByteCount >> 20) MiB; ask about less time, or by fewer fields"
                queue.stop()
                break
            }
        }
        return (tally, outcome)
    }

    /// Takes the rows of a segment, of which nothing is counted when it is damaged.
    private func add(
        _ segment: SealedSegment,
        to tally: inout Tally,
        _ filter: Filter,
        _ places: EventPlaces,
        _ outcome: inout QueryOutcome
    ) throws(StoreError) {
        let view = views.view(of: segment)
        var search = SegmentFilter(view, places, catalog: catalog)
        // Only what was loaded takes more memory; asking every view for its size would cost more than many a segment.
        defer { if search.explanation.columnsLoaded > 0 { views.trim() } }
        try view.open(&search.explanation)
        let rows = try search.rows(filter, includesSystem: PartSelection(filter).contains(.system))
        if rows.isEmpty {
            search.explanation.segmentsWithoutValue += 1
        } else {
            search.explanation.segmentsRead += 1
            try tally.add(rows, of: view, FieldValues(catalog: catalog), &search.explanation)
        }
        outcome.scannedEventCount += segment.description.eventCount
        outcome.explanation.add(search.explanation)
    }

    /// Takes the events of a part one by one.
    private func add(
        _ part: LogPart,
        to tally: inout Tally,
        _ filter: Filter,
        _ places: EventPlaces,
        _ snapshot: StoreSnapshot
    ) throws(StoreError) {
        let run = try snapshot.events(of: part)
        var matcher = EventMatcher(filter, places, catalog: catalog)
        matcher.eachMatch(in: run) { matcher, context, time in
            tally.add(time: time, index: context.index) { matcher.values(of: $0, context) }
        }
    }
}

extension QueryOutcome {
    /// Adds what another thread did.
    mutating func add(_ other: QueryOutcome) {
        partialReason = partialReason ?? other.partialReason
        scannedEventCount += other.scannedEventCount
        unreadableEventCount += other.unreadableEventCount
        explanation.add(other.explanation)
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }
}
