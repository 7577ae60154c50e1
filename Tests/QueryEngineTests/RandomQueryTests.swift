// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import DurableFiles
import Foundation
import JournalFormat
import QueryLanguage
import Testing

@testable import QueryEngine

/// Random queries over random logs in every form, compared with the slow reference.
///
/// `MARTLET_QUERY_SEED=<n>` runs the one log of a seed, and so its queries; `MARTLET_LONG=1` runs 10,000 queries.
@Suite struct RandomQueryTests {
    /// How the events of a log lie on the disk.
    enum Form: Int, CaseIterable {
        case frames
        case segments
        case segmentsAndFrames
        /// Segments that end inside of frames.
        case cutFrames
        case mergedSegments
        case mergedSegmentsAndFrames
    }

    private static let environment = ProcessInfo.processInfo.environment
    private static let queryCount = 100
    private static let firstSeed: UInt64 = 4_700
    /// Seeds of every run; those behind them have larger logs.
    private static let shortCount: UInt64 = 15

    private static var seeds: [UInt64] {
        if let seed = environment["MARTLET_QUERY_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        return (0..<(environment["MARTLET_LONG"] == "1" ? 100 : shortCount)).map { firstSeed + $0 }
    }

    private static func eventCount(_ seed: UInt64) -> Int {
        let factor = Int(seed % 5) + 1
        return (firstSeed..<firstSeed + shortCount).contains(seed) ? 20 * factor : 70 * factor
    }

    @Test func `random queries answer what the slow reference answers, in every form of the log`() async throws {
        let day = try ExampleDay.events()
        let trees = try day.map { try #require(JSONTree($0)) }
        var found = 0
        var queries = 0
        for seed in Self.seeds {
            let form = Form.allCases[Int(seed % UInt64(Form.allCases.count))]
            var maker = OddEvents(seed: seed, day: day, trees)
            let events = maker.log(of: Self.eventCount(seed), segments: form != .frames && form != .cutFrames)
            let rows = try Self.rows(events)
            var generator = RandomQueries(seed: seed, rows)
            let requests = (0..<Self.queryCount).map { _ in
                let query = generator.query()
                return generator.request(query)
            }
            var failing: [(number: Int, difference: String)] = []
            try await Self.withLog(of: events, form) { log async throws in
                for (number, request) in requests.enumerated() {
                    queries += 1
                    let (difference, rowCount) = try await Self.difference(request, log, rows)
                    found += rowCount > 0 ? 1 : 0
                    if let difference { failing.append((number, difference)) }
                }
            }
            for (number, difference) in failing.prefix(2) {
                let fewest = try await Self.fewestEvents(events, form, requests[number])
                Issue.record(
                    """
                    query \(number) of seed \(seed), \(form), order \(requests[number].order), limit \(requests[number].limit):
                    \(requests[number].query)
                    \(difference)
                    \(failing.count) queries of this seed differ. The first with fewer events, \(fewest.events.count):
                    \(fewest.difference)
                    \(fewest.events.map(Self.line).joined(separator: "\n"))
                    """
                )
            }
        }
        // Queries that find nothing would prove nothing.
        #expect(found > queries / 2, "\(found) of \(queries) found anything")
    }

    // MARK: - Both answers

    /// How the engine's answer differs from the reference's; nil when it does not; and how many rows there should be.
    private static func difference(
        _ request: QueryRequest,
        _ log: TestLog,
        _ rows: [ReferenceRow]
    ) async throws -> (String?, rowCount: Int) {
        // Martlet's own events are found only by filters that name the field.
        let visible =
            request.filter.fields.contains(.audit(.stream)) ? rows : rows.filter { $0.context.stream == "audit" }
        let places = ReferenceFilter.places(request.filter, visible)
        let passing = places.sorted().map { visible[$0] }
        if let expected = ReferenceTable(request.pipes, of: passing) {
            let engine = try TestLog.engine.get()
            var table: QueryTable?
            do {
                table = try await engine.table(request, on: log.store.snapshot)
            } catch {
                return ("expected:\n\(expected)\nnot the error: \(error)", expected.rows.count)
            }
            guard let table else { return ("the engine makes no table", expected.rows.count) }
            let actual = ReferenceTable(table)
            guard actual != expected || table.outcome.partialReason != nil else { return (nil, expected.rows.count) }
            let partial = table.outcome.partialReason.map { "\npartial: \($0)" } ?? ""
            return ("expected:\n\(expected)\nnot:\n\(actual)\(partial)", expected.rows.count)
        }
        let expected = ReferenceOrder.rows(request, of: passing)
        let found: [StoredEvent]
        let outcome: QueryOutcome
        do {
            (found, outcome) = try await log.rows(request)
        } catch {
            return ("expected events \(expected.map(\.index)), not the error: \(error)", expected.count)
        }
        // An order by fields has no next page, so it says when there was more.
        let isPartial = outcome.partialReason.map { !$0.contains("were sorted") } ?? false
        if found.map(\.index) == expected.map(\.index), !isPartial,
            zip(found, expected).allSatisfy({ $0.bytes == $1.event.bytes })
        {
            return (nil, expected.count)
        }
        return ("expected events \(expected.map(\.index)), not \(found.map(\.index))", expected.count)
    }

    // MARK: - Logs

    private static func rows(_ events: [LoggedEvent]) throws -> [ReferenceRow] {
        let catalog = try TestLog.engine.get().catalog
        return try events.enumerated().map { place, event in
            let context = ReferenceEvent.Context(
                index: UInt64(place),
                received: Timestamp(nanosecondsSinceEpoch: event.received),
                stream: event.stream.name
            )
            return ReferenceRow(try #require(ReferenceEvent(event.bytes)), context, catalog)
        }
    }

    private static func withLog(
        of events: [LoggedEvent],
        _ form: Form,
        _ body: (TestLog) async throws -> Void
    ) async throws {
        var sealing = SealPolicy()
        if form == .cutFrames {
            sealing.boundary = 16
            sealing.eventCount = 32
            sealing.mergedCount = .max
        }
        try await QueryEngineTests.withLog(sealing: sealing) { log async throws in
            // The last third stays in the journal where some does.
            let sealedCount =
                switch form {
                case .frames, .cutFrames: 0
                case .segments, .mergedSegments: events.count
                case .segmentsAndFrames, .mergedSegmentsAndFrames: events.count * 2 / 3
                }
            var frame: [[UInt8]] = []
            for (place, event) in events.enumerated() {
                frame.append(event.bytes)
                let isLast = place + 1 == events.count || place + 1 == sealedCount
                let next = isLast ? event : events[place + 1]
                guard event.endsFrame || isLast || next.stream != event.stream || next.received != event.received else {
                    continue
                }
                log.setTime(event.received)
                try await log.add(frame, perFrame: frame.count, stream: event.stream)
                frame = []
                guard place < sealedCount, event.endsSegment || place + 1 == sealedCount else { continue }
                try await log.store.sealAll()
                if place + 1 == sealedCount, form == .mergedSegments || form == .mergedSegmentsAndFrames {
                    try await log.store.compact()
                }
            }
            if form == .cutFrames { try await log.store.maintain() }
            try await body(log)
        }
    }

    // MARK: - Failures

    /// Leaves out events as long as the answers still differ.
    private static func fewestEvents(
        _ events: [LoggedEvent],
        _ form: Form,
        _ request: QueryRequest
    ) async throws -> (events: [LoggedEvent], difference: String) {
        var kept = events
        var shown = ""
        var step = kept.count / 2
        while step > 0 {
            var place = 0
            while place < kept.count {
                var fewer = kept
                fewer.removeSubrange(place..<min(kept.count, place + step))
                var difference: String?
                let rows = try Self.rows(fewer)
                try await withLog(of: fewer, form) { log async throws in
                    difference = try await Self.difference(request, log, rows).0
                }
                if let difference {
                    kept = fewer
                    shown = difference
                } else {
                    place += step
                }
            }
            step /= 2
        }
        return (kept, shown)
    }

    private static func line(_ event: LoggedEvent) -> String {
        let ends = (event.endsFrame ? ", ends a frame" : "") + (event.endsSegment ? ", ends a segment" : "")
        return "\(event.stream.name) at \(Timestamp(nanosecondsSinceEpoch: event.received))\(ends): "
            + String(decoding: event.bytes, as: UTF8.self)
    }
}
