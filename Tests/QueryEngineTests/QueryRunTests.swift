// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import DurableFiles
import Foundation
import JournalFormat
import ManifestFormat
import QueryLanguage
import SystemPackage
import Testing

@testable import QueryEngine

@Suite struct QueryRunTests {
    private static let seed: UInt64 = 7_042

    // MARK: - Completeness

    @Test func `in the order of the log everything comes exactly once`() async throws {
        let events = try ExampleDay.events()
        try await withLog { log async throws in
            try await log.add(events, perFrame: 3)

            let (rows, outcome) = try await log.rows(QueryRequest(.all, order: .log, limit: .max))

            #expect(rows.map(\.bytes) == events)
            #expect(rows.map(\.index) == Array(0..<UInt64(events.count)))
            #expect(log.store.snapshot.parts.count > 100)
            #expect(outcome.partialReason == nil)
            #expect(outcome.scannedEventCount == events.count)
            #expect(outcome.rowCount == events.count)
        }
    }

    @Test func `in the order of the log rows come in parts, none empty, up to the limit`() async throws {
        let events = try ExampleDay.events()
        try await withLog { log async throws in
            try await log.add(events, perFrame: 2)
            for limit in [1, 15, 16, 17, events.count, events.count + 1] {
                var run = try TestLog.engine.get().start(
                    QueryRequest(.all, order: .log, limit: limit),
                    on: log.store.snapshot
                )
                var rows: [StoredEvent] = []
                while let next = try await run.next() {
                    #expect(!next.isEmpty)
                    rows += next
                }
                #expect(rows.map(\.bytes) == Array(events.prefix(limit)))
                #expect(try await run.next() == nil)
                // No more than the limit needs.
                let window = try TestLog.engine.get().windowPartCount
                #expect(run.outcome.scannedEventCount <= limit + 2 * window)
            }
        }
    }

    @Test(arguments: QueryRequest.Order.allCases, [0, -1])
    func `no rows are asked for, none are given and nothing is read`(order: QueryRequest.Order, limit: Int) async throws
    {
        try await withLog { log async throws in
            try await log.add(Array(repeating: Array(#"{"id":"1"}"#.utf8), count: 200), perFrame: 1)

            let (rows, outcome) = try await log.rows(QueryRequest(.all, order: order, limit: limit))

            #expect(rows.isEmpty)
            let window = try TestLog.engine.get().windowPartCount
            #expect(outcome.scannedEventCount <= 2 * window)
        }
    }

    @Test(arguments: QueryRequest.Order.allCases)
    func `an empty log answers with nothing`(order: QueryRequest.Order) async throws {
        try await withLog { log async throws in
            let (rows, outcome) = try await log.rows(QueryRequest(.all, order: order))
            #expect(rows.isEmpty)
            var untimed = outcome
            untimed.explanation.nanoseconds = 0
            #expect(untimed == QueryOutcome())
        }
    }

    @Test func `what is appended later does not show`() async throws {
        try await withLog { log async throws in
            try await log.add([Array(#"{"id":"1"}"#.utf8)], perFrame: 1)
            var run = try TestLog.engine.get().start(QueryRequest(.all, order: .log), on: log.store.snapshot)
            try await log.add([Array(#"{"id":"2"}"#.utf8)], perFrame: 1)

            #expect(try await run.next()?.count == 1)
            #expect(try await run.next() == nil)
        }
    }

    // MARK: - Orders

    @Test func `every order, limit and bound on time gives what sorting everything gives`() async throws {
        let day = try ExampleDay.events()
        var random = SeededGenerator(seed: Self.seed)
        // Neither in order of time nor out of it, with equal times and without.
        var events = day + day.prefix(60)
        events += [
            "{\"id\":\"a\"}", "{\"id\":\"b\",\"time\":\"soon\"}",
            "{\"id\":\"c\",\"time\":\"+999999999-12-31T23:59:59Z\"}",
        ]
        .map { Array($0.utf8) }
        for place in 0..<events.count / 4 { events.swapAt(place, random.below(events.count)) }
        let references = try events.map { try #require(ReferenceEvent($0)) }
        let catalog = try TestLog.engine.get().catalog

        try await withLog { [events, random] log async throws in
            var random = random
            try await log.add(events, perFrame: 7)
            var generator = FilterGenerator(seed: Self.seed, references, catalog)
            for number in 0..<90 {
                let time = random.isOneIn(4) ? Filter.all : generator.timeCondition()
                let filter = Filter.conjunction([time, random.isOneIn(3) ? generator.filter(depth: 1) : .all])
                let order = QueryRequest.Order.allCases[number % 3]
                let limit = [1, 3, 20, 1000][random.below(4)]

                let (rows, outcome) = try await log.rows(QueryRequest(filter, order: order, limit: limit))

                let expected = Self.sorted(references, filter, order, catalog).prefix(limit)
                #expect(
                    rows.map(\.index) == Array(expected),
                    "query \(number) of seed \(Self.seed): \(filter) \(order) \(limit)"
                )
                #expect(outcome.partialReason == nil)
                #expect(outcome.rowCount == rows.count)
                #expect(outcome.scannedEventCount + outcome.skippedEventCount <= events.count)
            }
        }
    }

    @Test func `frames that can't hold a match are skipped`() async throws {
        let events = (0..<100).map { number in
            let (minute, second) = (number / 60, number % 60)
            return Array(
                "{\"id\":\"\(number)\",\"time\":\"2026-11-20T00:0\(minute):\(second < 10 ? "0" : "")\(second)Z\"}".utf8
            )
        }
        try await withLog { log async throws in
            try await log.add(events, perFrame: 10)
            let filter = try Query.parseFilter("time:[2026-11-20T00:00:25Z TO 2026-11-20T00:00:26Z]", now: .epoch)

            let (rows, outcome) = try await log.rows(QueryRequest(filter))

            #expect(rows.map(\.index) == [26, 25])
            #expect(outcome.scannedEventCount == 10)
            #expect(outcome.skippedEventCount == 90)
        }
    }

    @Test func `the newest need only the frames that can hold them`() async throws {
        let events = (0..<400).map {
            Array("{\"id\":\"\($0)\",\"time\":\"2026-11-20T\(10 + $0 / 60):\(10 + $0 % 50):00Z\"}".utf8)
        }
        try await withLog { log async throws in
            try await log.add(events, perFrame: 4)

            let (rows, outcome) = try await log.rows(QueryRequest(.all, order: .newest, limit: 2))

            #expect(rows.count == 2)
            #expect(outcome.scannedEventCount < 200)
            #expect(outcome.partialReason == nil)
        }
    }

    // MARK: - Streams

    @Test(arguments: [
        ("*", ["1", "2"]), ("stream:audit", ["1", "2"]), ("stream:system", ["s"]), ("stream:*", ["1", "s", "2"]),
        ("stream:(audit OR system)", ["1", "s", "2"]), ("NOT stream:system", ["1", "2"]), ("id:s", []),
        ("id:s stream:*", ["s"]), ("NOT id:1", ["2"]), ("s", []),
    ])
    func `Martlet's own events are hidden unless asked for`(query: String, ids: [String]) async throws {
        try await withLog { log async throws in
            try await log.add([Array(#"{"id":"1"}"#.utf8)], perFrame: 1)
            try await log.add([Array(#"{"id":"s"}"#.utf8)], perFrame: 1, stream: .system)
            try await log.add([Array(#"{"id":"2"}"#.utf8)], perFrame: 1)
            let filter = try Query.parseFilter(query, now: .epoch)

            let (rows, _) = try await log.rows(QueryRequest(filter, order: .log))

            #expect(rows.map { String(decoding: $0.bytes, as: UTF8.self) } == ids.map { "{\"id\":\"\($0)\"}" })
        }
    }

    // MARK: - Ends

    @Test(arguments: QueryRequest.Order.allCases)
    func `past its deadline a query says what it did not look at`(order: QueryRequest.Order) async throws {
        try await withLog { log async throws in
            try await log.add([Array(#"{"id":"1"}"#.utf8), Array(#"{"id":"2"}"#.utf8)], perFrame: 1)

            let (rows, outcome) = try await log.rows(QueryRequest(.all, order: order, deadline: .zero))

            #expect(rows.isEmpty)
            #expect(outcome.partialReason?.contains("2 of 2 parts") == true)
            #expect(outcome.scannedEventCount == 0)
        }
    }

    @Test(arguments: QueryRequest.Order.allCases)
    func `a damaged frame is an error, not a gap`(order: QueryRequest.Order) async throws {
        try await withLog { log async throws in
            try await log.add(try ExampleDay.events(), perFrame: 20)
            let frame = log.store.snapshot.frames[3]
            let file = try FileHandle(forUpdating: URL(filePath: frame.file.path.string))
            let offset = UInt64(frame.fileOffset + frame.byteCount / 2)
            try file.seek(toOffset: offset)
            let byte = try #require(try file.read(upToCount: 1)?.first)
            try file.seek(toOffset: offset)
            try file.write(contentsOf: Data([byte ^ 1]))
            try file.close()

            let error = await #expect(throws: StoreError.self) {
                _ = try await log.rows(QueryRequest(.all, order: order, limit: 1000))
            }
            #expect(error?.code == .damaged)
        }
    }

    @Test(arguments: QueryRequest.Order.allCases)
    func `a damaged segment is named, counted and passed over`(order: QueryRequest.Order) async throws {
        let events = Array(try ExampleDay.events().prefix(40))
        try await withLog { log async throws in
            for start in stride(from: 0, to: 30, by: 10) {
                try await log.add(Array(events[start..<start + 10]), perFrame: 5)
                try await log.store.sealAll()
            }
            try await log.add(Array(events[30...]), perFrame: 5)
            let segment = log.store.snapshot.segments[1]
            let file = try FileHandle(forWritingTo: URL(filePath: segment.path.string))
            // The page of the first column, behind the format's four letters.
            try file.seek(toOffset: 4)
            try file.write(contentsOf: Data(repeating: 0xAA, count: 100))
            try file.close()

            let (rows, outcome) = try await log.rows(QueryRequest(.all, order: order, limit: 1000))

            #expect(rows.map(\.index).sorted() == Array(0..<10) + Array(20..<40))
            #expect(rows.allSatisfy { $0.bytes == events[Int($0.index)] })
            #expect(outcome.partialReason?.contains(segment.description.name) == true)
            #expect(outcome.unreadableEventCount == 10)
            #expect(outcome.scannedEventCount == 30)
            #expect(segment.damage != nil)
            // Once it is set aside, it is told again each time.
            let (again, repeated) = try await log.rows(QueryRequest(.all, order: order, limit: 1000))
            #expect(again.count == 30 && repeated.unreadableEventCount == 10)
        }
    }

    @Test func `a cancelled query ends`() async throws {
        try await withLog { log async throws in
            try await log.add([Array(#"{"id":"1"}"#.utf8)], perFrame: 1)
            let snapshot = log.store.snapshot
            let engine = try TestLog.engine.get()

            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    var run = engine.start(QueryRequest(.all), on: snapshot)
                    await #expect(throws: CancellationError.self) { try await run.next() }
                }
            }
        }
    }

    // MARK: - The slow way

    private static func sorted(
        _ events: [ReferenceEvent],
        _ filter: Filter,
        _ order: QueryRequest.Order,
        _ catalog: Catalog
    ) -> [UInt64] {
        let found = events.enumerated().compactMap { place, event -> (time: Int64, index: UInt64)? in
            let index = UInt64(place)
            guard event.passes(filter, catalog, ReferenceEvent.Context(index: index)) else { return nil }
            return (event.time?.nanosecondsSinceEpoch ?? TestLog.received, index)
        }
        return switch order {
        case .log: found.map(\.index)
        case .newest: found.sorted { ($0.time, $0.index) > ($1.time, $1.index) }.map(\.index)
        case .oldest: found.sorted { ($0.time, $0.index) < ($1.time, $1.index) }.map(\.index)
        }
    }
}
