// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat
import ManifestFormat
import NIOPosix
import QueryLanguage
import SegmentFormat

/// Finds rows in one part of the log, and puts their events together.
struct RowSearch: Sendable {
    let engine: Engine
    let filter: Filter
    let places: EventPlaces
    let snapshot: StoreSnapshot
    /// Rows that are not behind it are not found.
    let cursor: QueryCursor?
    /// Behind the last index that may be found.
    let endIndex: UInt64

    /// What became of looking at a part.
    struct Found: Sendable {
        var rows: [FoundRow] = []
        var outcome = QueryOutcome()
    }

    // MARK: - Finding

    /// The rows of a frame or a whole segment, in the order of the log; of a damaged segment none, and the outcome says so.
    ///
    /// - Parameters:
    ///   - part: where to look.
    ///   - order: the one that rows are wanted in.
    ///   - limit: when there are more, only so many of the first in that order are wanted.
    /// - Returns: the rows, and what was looked at.
    /// - Throws: `StoreError`, not for damaged segments.
    func find(in part: LogPart, _ order: QueryRequest.Order, limit: Int) throws(StoreError) -> Found {
        switch part {
        case .frame: return try find(inFrame: part)
        case .rows(let segment, _):
            do throws(StoreError) {
                return try find(in: segment, order, limit: limit)
            } catch {
                guard error.code == .damaged else { throw error }
                var found = Found()
                found.outcome.unreadableEventCount = segment.description.eventCount
                found.outcome.partialReason = error.message
                return found
            }
        }
    }

    private func isWanted(_ time: Int64, _ index: UInt64) -> Bool {
        index < endIndex && cursor?.isBehind(time: time, index: index) != false
    }

    private func find(
        in segment: SealedSegment,
        _ order: QueryRequest.Order,
        limit: Int
    ) throws(StoreError) -> Found {
        let view = engine.views.view(of: segment)
        var search = SegmentFilter(view, places, catalog: engine.catalog)
        try view.open(&search.explanation)
        let rows = try search.rows(filter, includesSystem: PartSelection(filter).contains(.system))
        var found = Found()
        found.outcome.scannedEventCount = segment.description.eventCount
        if rows.isEmpty {
            search.explanation.segmentsWithoutValue += 1
        } else {
            search.explanation.segmentsRead += 1
            let times = order == .log ? nil : try view.times(&search.explanation)
            found.rows = chosen(rows, of: view, times, order, limit: limit)
        }
        found.outcome.explanation.add(search.explanation)
        return found
    }

    /// The wanted rows of those that pass.
    private func chosen(
        _ rows: RowSet,
        of view: SegmentView,
        _ times: SegmentTimes?,
        _ order: QueryRequest.Order,
        limit: Int
    ) -> [FoundRow] {
        let first = view.segment.description.firstIndex
        func row(_ row: Int) -> FoundRow {
            FoundRow(time: times?[row] ?? 0, index: first + UInt64(row), event: nil)
        }
        let all = rows.rows(of: view.rowCount)
        // Where times rise with rows, the newest are the last, and no more of them are looked at than are wanted.
        if cursor == nil, times?.isAscending != false, first + UInt64(view.rowCount) <= endIndex {
            let some = order == .newest ? all.suffix(limit) : all.prefix(limit)
            return some.map(row)
        }
        let wanted = all.lazy.map(row).filter { isWanted($0.time, $0.index) }
        guard order != .log, all.count > 2 * limit else { return Array(wanted.prefix(order == .log ? limit : .max)) }
        var best = FoundRows(order: order, limit: limit)
        best.insert(wanted)
        return best.sorted()
    }

    private func find(inFrame part: LogPart) throws(StoreError) -> Found {
        var found = Found()
        found.outcome.scannedEventCount = part.eventCount
        found.outcome.explanation.framesRead = 1
        let run = try snapshot.events(of: part)
        var matcher = EventMatcher(filter, places, catalog: engine.catalog)
        matcher.eachMatch(in: run) { _, context, time in
            guard isWanted(time, context.index) else { return }
            found.rows.append(
                FoundRow(time: time, index: context.index, event: run.event(at: context.place, context.labels))
            )
        }
        found.outcome.explanation.eventsRebuilt = run.count
        return found
    }

    // MARK: - Putting together

    /// The events of rows, in the order of the rows; those of a damaged segment are left out, and the outcome says so.
    ///
    /// - Throws: `StoreError`, not for damaged segments.
    func events(of rows: [FoundRow], _ outcome: inout QueryOutcome) throws(StoreError) -> [StoredEvent] {
        var events: [StoredEvent?] = rows.map(\.event)
        // By segment and in its order, so that pages are read once.
        let open = rows.indices.filter { events[$0] == nil }.sorted { rows[$0].index < rows[$1].index }
        var next = 0
        while next < open.count {
            if let part = snapshot.part(holding: rows[open[next]].index), case .frame = part {
                // Orders by fields keep no events, not even of the journal.
                let end = open[next...].firstIndex { !part.indices.contains(rows[$0].index) } ?? open.count
                try readAgain(open[next..<end], rows, of: part, into: &events)
                next = end
                continue
            }
            guard let segment = snapshot.segment(holding: rows[open[next]].index) else {
                throw StoreError(.inputOutput, "index \(rows[open[next]].index) is in no segment")
            }
            let indices = segment.description.indices
            let end = open[next...].firstIndex { !indices.contains(rows[$0].index) } ?? open.count
            do throws(StoreError) {
                try putTogether(open[next..<end], rows, of: segment, into: &events, &outcome.explanation)
            } catch {
                guard error.code == .damaged else { throw error }
                for place in open[next..<end] { events[place] = nil }
                outcome.unreadableEventCount += segment.description.eventCount
                outcome.scannedEventCount -= segment.description.eventCount
                outcome.partialReason = error.message
            }
            next = end
        }
        return events.compactMap { $0 }
    }

    /// Reads the events of some of the rows, all of one frame.
    private func readAgain(
        _ places: ArraySlice<Int>,
        _ rows: [FoundRow],
        of part: LogPart,
        into events: inout [StoredEvent?]
    ) throws(StoreError) {
        let run = try snapshot.events(of: part)
        for place in places {
            let number = Int(rows[place].index - run.firstIndex)
            guard let group = run.groups.first(where: { $0.places.contains(number) }) else { continue }
            events[place] = run.event(at: number, group.labels)
        }
    }

    /// Puts together the events of some of the rows, all of one segment.
    private func putTogether(
        _ places: ArraySlice<Int>,
        _ rows: [FoundRow],
        of segment: SealedSegment,
        into events: inout [StoredEvent?],
        _ explanation: inout QueryExplanation
    ) throws(StoreError) {
        let numbers = places.map { Int(rows[$0].index - segment.description.firstIndex) }
        var next = places.startIndex
        try engine.views.view(of: segment).eachEvent(of: numbers, &explanation) { _, context in
            events[places[next]] = context.run.event(at: context.place, context.labels)
            next += 1
        }
    }
}
