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
        let units = units(of: snapshot, PartSelection(request.filter), &outcome)
        let queue = UnitQueue(units, deadline: deadline, isAbandoned: request.isAbandoned)
        let places = EventMatcher.Places(request.filter, showing: plan.fields)
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
                "the deadline of \(request.deadline) passed; \(units.count - queue.takenCount) of \(units.count) parts were not looked at"
        }
        return (tally ?? Tally(plan), outcome)
    }

    /// So much gathered is given back to the system at once.
    private static let largeTallyByteCount = 8 << 20

    /// What is to be looked at, in the order of the log.
    func units(of snapshot: StoreSnapshot, _ selection: PartSelection, _ outcome: inout QueryOutcome) -> [QueryUnit] {
        var units: [QueryUnit] = []
        outcome.explanation.segmentCount = snapshot.segments.count
        outcome.explanation.frameCount = snapshot.frames.count
        for segment in snapshot.segments {
            outcome.explanation.bytesStored += segment.description.byteCount
            if selection.contains(segment.description) {
                units.append(.segment(segment))
            } else {
                outcome.explanation.segmentsOutsideBounds += 1
                outcome.skippedEventCount += segment.description.eventCount
            }
        }
        for position in 0..<snapshot.frames.count {
            let part = LogPart.frame(snapshot.frames[position], from: snapshot.liveStart)
            if selection.contains(part) {
                units.append(.part(part))
            } else {
                outcome.skippedEventCount += part.eventCount
            }
        }
        return units
    }

    /// Runs the same on all threads of the pool, and stops them when the task is cancelled.
    func onAllThreads<Result: Sendable>(
        _ queue: UnitQueue,
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> [Result] {
        try await withTaskCancellationHandler {
            let results = try await withThrowingTaskGroup(of: Result.self) { group in
                for _ in 0..<max(1, min(threadCount, queue.unitCount)) {
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
        _ places: EventMatcher.Places,
        _ queue: UnitQueue,
        _ snapshot: StoreSnapshot
    ) throws -> (Tally, QueryOutcome) {
        var tally = Tally(plan)
        var outcome = QueryOutcome()
        while let (_, unit) = try queue.take() {
            switch unit {
            case .segment(let segment):
                do throws(StoreError) {
                    try add(segment, to: &tally, filter, places, &outcome)
                } catch {
                    guard error.code == .damaged else { throw error }
                    outcome.unreadableEventCount += segment.description.eventCount
                    outcome.partialReason = error.message
                }
            case .part(let part):
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
        _ places: EventMatcher.Places,
        _ outcome: inout QueryOutcome
    ) throws(StoreError) {
        let view = views.view(of: segment)
        defer { views.trim() }
        var search = SegmentFilter(view, places, catalog: catalog)
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
        _ places: EventMatcher.Places,
        _ snapshot: StoreSnapshot
    ) throws(StoreError) {
        let run = try snapshot.events(of: part)
        let selection = PartSelection(filter)
        var matcher = EventMatcher(filter, places, catalog: catalog)
        for group in run.groups where selection.contains(group.labels.stream) {
            for place in group.places {
                let context = EventMatcher.Context(run: run, labels: group.labels, place: place)
                guard let time = matcher.match(context) else { continue }
                tally.add(time: time, index: context.index) { matcher.values(of: $0, context) }
            }
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
