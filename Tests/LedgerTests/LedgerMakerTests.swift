// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import DurableFiles
import Foundation
import Ingest
import ManifestFormat
import SystemPackage
import Testing

@testable import Ledger

@Suite struct LedgerMakerTests {
    /// Whether the log is sealed before it is asked: the same must come out of frames and of columns.
    static let ways = [false, true]

    private static func prepared(_ log: TestLog, sealed: Bool) async throws {
        if sealed { try await log.store.sealAll() }
    }

    @Test(arguments: ways) func `an hour with a server, events and nothing else is complete`(sealed: Bool) async throws
    {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(3, at: 1, position: "17")
            try await log.live(from: 300, to: 3600)
            try await log.add(2, at: 3599, position: "19")
            try await Self.prepared(log, sealed: sealed)

            let ledger = try await log.ledger(at: 3660, to: 3600)

            #expect(ledger.lines == ["10 http 5 complete"])
            let row = try #require(ledger.rows.first)
            #expect(row.firstIndex == 1 && row.lastIndex == 17)
            #expect(row.firstPosition == "17" && row.lastPosition == "19")
            #expect(row.firstReceived == "2026-11-22T10:00:01Z" && row.lastReceived == "2026-11-22T10:59:59Z")
            #expect(row.restarts == 1 && row.submitter == "token:a")
            #expect(ledger.state == .complete)
            #expect(ledger.from == "2026-11-22T10:00:00Z" && ledger.to == "2026-11-22T11:00:00Z")
        }
    }

    @Test(arguments: ways) func `a gap touches the hours that it names, else that of its record`(
        sealed: Bool
    )
        async throws
    {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(at: 1, source: "a")
            try await log.add(at: 1, source: "b")
            try await log.live(from: 300, to: 3600)
            try await log.add(at: 3700, source: "a")
            try await log.add(at: 3700, source: "b")
            let start = TestLog.start
            try await log.admission.recordGap(
                Gap(
                    submitter: "token:a",
                    source: "a",
                    from: "5",
                    to: "9",
                    reason: .retentionTook,
                    lostCount: 5,
                    timeRange: start.adding(.seconds(600))...start.adding(.seconds(1200))
                )
            )
            try await log.admission.recordGap(
                Gap(submitter: "token:a", source: "b", from: nil, to: nil, reason: .queueDropped)
            )
            try await log.live(from: 3900, to: 7200)
            try await Self.prepared(log, sealed: sealed)

            let ledger = try await log.ledger(at: 7200)

            #expect(
                ledger.lines == [
                    "10 a 1 gap retention-took", "10 b 1 complete", "11 a 1 complete", "11 b 1 gap queue-dropped",
                ]
            )
            #expect(ledger.rows.first?.reasons.first?.lost == 5)
            #expect(ledger.rows.first?.reasons.first?.from == "5" && ledger.rows.first?.reasons.first?.to == "9")
            #expect(ledger.state == .gap)
        }
    }

    @Test(arguments: ways) func `the hours around a kill are unknown, those after it complete`(
        sealed: Bool
    ) async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(at: 1)
            try await log.live(from: 300, to: 3300)
            // Killed at about 10:55, started again at 11:05.
            try await log.say(.started, at: 3900)
            try await log.add(at: 4000)
            try await log.live(from: 4200, to: 10800)
            try await log.add(at: 7500)
            try await Self.prepared(log, sealed: sealed)

            let ledger = try await log.ledger(at: 10_800)

            #expect(
                ledger.lines == [
                    "10 http 1 unknown unclean-end", "11 http 1 unknown unclean-end", "12 http 1 complete",
                ]
            )
            #expect(ledger.rows[0].reasons[0].since == "2026-11-22T10:55:00Z")
            #expect(ledger.rows[0].reasons[0].until == "2026-11-22T11:05:00Z")
            #expect(ledger.rows.map(\.restarts) == [1, 1, 0])
        }
    }

    @Test func `an orderly restart is told from a kill, and is unknown too`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.live(from: 300, to: 1200)
            try await log.add(at: 1201)
            try await log.say(.stopped, at: 1300)
            try await log.say(.started, at: 1302)
            try await log.live(from: 1500, to: 3600)

            #expect(try await log.ledger(at: 3600).lines == ["10 http 1 unknown server-down"])
        }
    }

    @Test func `silence is complete with a heartbeat, and unknown without`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(at: 1, source: "a")
            try await log.add(at: 1, source: "b")
            try await log.live(from: 300, to: 7200)
            try await log.say(
                .heartbeat,
                at: 7203,
                [("submitter", "token:a"), ("source", "a"), ("hour", "2026-11-22T11:00:00Z")]
            )
            // The hour that is not over has no row until somebody was heard.
            #expect(
                try await log.ledger(at: 7210).lines == [
                    "10 a 1 complete", "10 b 1 complete", "11 a 0 complete", "11 b 0 unknown silent",
                ]
            )
        }
    }

    @Test func `a file owes nothing after it was read, and no source does for ever`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(at: 1, source: "file:day.ndjson")
            try await log.add(at: 1, source: "file:-")
            try await log.add(at: 1, from: "local:0", source: "file:-")
            try await log.live(from: 300, to: 7200)

            #expect(
                try await log.ledger(at: 7200).lines == [
                    "10 file:- 1 complete", "10 file:- 1 complete", "10 file:day.ndjson 1 complete",
                    "11 file:- 0 unknown silent",
                ]
            )
            let days = 8 * 86_400
            try await log.live(from: days, to: days + 3600)
            let late = try await log.ledger(at: days + 7200, from: days - 2 * 86_400)
            #expect(late.rows.last?.hour == "2026-11-29T10:00:00Z")
            #expect(late.rows.allSatisfy { $0.source == "file:-" && $0.state == .unknown })
            #expect(try await log.ledger(at: days + 7200, from: days).rows.isEmpty)
        }
    }

    @Test func `without a sign of life nobody knows`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(at: 1)
            try await log.add(at: 3000)
            try await log.live(from: 3300, to: 3600)

            let ledger = try await log.ledger(at: 3600)

            #expect(ledger.lines == ["10 http 2 unknown no-sign-of-life"])
            #expect(ledger.rows[0].reasons[0].since == "2026-11-22T10:00:01Z")
            // Nor is it known of a server that may have gone since.
            #expect(try await log.ledger(at: 3601 + 600, from: 3600).rows.isEmpty)
            try await log.add(at: 3700)
            #expect(try await log.ledger(at: 4200, from: 3600).lines == ["11 http 1 complete"])
            #expect(try await log.ledger(at: 4400, from: 3600).lines == ["11 http 1 unknown no-sign-of-life"])
        }
    }

    @Test func `what a command wrote into the directory is no sign of a server`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.live(from: 300, to: 600)
            for seconds in stride(from: 900, to: 3600, by: 300) {
                try await log.add(at: seconds, from: "local:1000", source: "file:a")
            }

            #expect(try await log.ledger(at: 3600).lines == ["10 file:a 9 unknown no-sign-of-life"])
        }
    }

    @Test func `while the disk is full nobody knows`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(at: 1)
            try await log.live(from: 300, to: 1200)
            try await log.say(.diskFull, at: 1205)
            try await log.say(.diskAvailable, at: 1500)
            try await log.live(from: 1800, to: 3600)

            let ledger = try await log.ledger(at: 3600)

            #expect(ledger.lines == ["10 http 1 unknown disk-full"])
            // Refusals came before they were noticed.
            #expect(ledger.rows[0].reasons[0].since == "2026-11-22T10:20:00Z")
        }
    }

    @Test func `the hour that retention cut is unknown`() async throws {
        var retention = RetentionPolicy()
        retention.age = 3_600_000_000_000
        try await withLog(TestLog(retention: retention)) { log in
            try await log.say(.started, at: 0)
            try await log.add(511, at: 1)
            try await log.store.sealAll()
            try await log.live(from: 300, to: 300)
            try await log.add(at: 400)
            try await log.live(from: 600, to: 3900)
            let plan = try #require(log.store.retentionPlan)
            try log.store.delete(plan)

            let ledger = try await log.ledger(at: 3900)

            #expect(ledger.lines == ["10 http 1 unknown retention"])
            #expect(ledger.rows.first?.reasons.first?.until == "2026-11-22T10:05:00Z")
        }
    }

    @Test func `a damaged segment makes its hours unknown`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            try await log.add(255, at: 1)
            try await log.store.sealAll()
            try await log.live(from: 300, to: 3600)
            try await log.add(at: 3700)
            try await log.live(from: 3900, to: 7200)
            try await log.add(at: 7100)
            let segment = try #require(log.store.snapshot.segments.first)
            try Data("x".utf8).write(to: log.directory.appending(path: segment.description.name))

            let ledger = try await log.ledger(at: 7200)

            #expect(ledger.lines == ["11 http 2 complete"])
            let all = try await log.ledger(at: 7200, from: 0, to: 3600)
            #expect(all.rows.isEmpty && all.state == .unknown)
        }
    }

    @Test func `only the hours and the source asked for are told`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            for hour in 0..<5 {
                try await log.add(at: hour * 3600 + 1, source: "a")
                try await log.add(at: hour * 3600 + 1, source: "b")
                try await log.live(from: hour * 3600 + 300, to: hour * 3600 + 3300)
            }

            #expect(
                try await log.ledger(at: 18_000, from: 3700, to: 7201, source: "b").lines == [
                    "11 b 1 complete", "12 b 1 complete",
                ]
            )
            #expect(try await log.ledger(at: 18_000, from: nil, to: nil).rows.count == 10)
            await #expect(throws: LedgerError.self) { try await log.ledger(at: 100, from: 50, to: 10) }
        }
    }

    @Test func `more rows than there may be are refused`() async throws {
        try await withLog(TestLog()) { log in
            try await log.say(.started, at: 0)
            for source in 0..<10 { try await log.add(at: 1, source: "source \(source)") }
            try await log.say(.heartbeat, at: 365 * 86_400)
            for source in 0..<10 { try await log.add(at: 365 * 86_400, source: "source \(source)") }

            let ledger = try await log.ledger(at: 365 * 86_400 + 1)
            #expect(ledger.rows.count == 10 * (1 + 168 + 1))
            for day in stride(from: 7, to: 365, by: 7) {
                for source in 0..<10 { try await log.add(at: day * 86_400, source: "source \(source)") }
            }
            let error = await #expect(throws: LedgerError.self) { try await log.ledger(at: 365 * 86_400 + 1) }
            #expect(error?.code == .tooManyRows)
        }
    }

    @Test func `an empty log has no ledger to speak of`() async throws {
        try await withLog(TestLog()) { log in
            let ledger = try await log.ledger(at: 100, from: nil)

            #expect(ledger.rows.isEmpty)
            #expect(ledger.state == .unknown)
        }
    }
}
