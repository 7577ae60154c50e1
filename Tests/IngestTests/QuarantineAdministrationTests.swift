// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import EventScanner
import JournalFormat
import Testing

@testable import Ingest

@Suite struct QuarantineAdministrationTests {
    private static let long = Samples.event("long", and: ",\"data\":\"\(String(repeating: "x", count: 300))\"")

    @Test func `what is an event after all leaves the quarantine when it is stored`() async throws {
        try await withLog(TestLog()) { log async throws in
            try await Self.fill(log)
            #expect(log.quarantine.count == 3)

            let result = try await Self.administration(log).retry(nil, by: "User:root")

            #expect(result == (1, 2))
            #expect(try await log.quarantine.entries().map(\.id) == [1, 3])
            let events = try log.events()
            let stored = try #require(events.first { $0.stream == .audit })
            #expect(String(decoding: stored.bytes, as: UTF8.self) == Self.long)
            #expect(stored.submitter == "User:alice")
            #expect(stored.source == "file:x")
            let record = String(decoding: try #require(events.last).bytes, as: UTF8.self)
            #expect(record.contains("quarantine-retried"))
            #expect(record.contains("\"principal\":\"User:root\""))
            #expect(record.contains(#""accepted":"1","rejected":"2""#))
        }
    }

    @Test func `only the chosen entries are offered again`() async throws {
        try await withLog(TestLog()) { log async throws in
            try await Self.fill(log)

            #expect(try await Self.administration(log).retry([1, 77], by: "User:root") == (0, 1))

            #expect(log.quarantine.count == 3)
        }
    }

    @Test func `the log says what is thrown away before it is`() async throws {
        try await withLog(TestLog()) { log async throws in
            try await Self.fill(log)

            #expect(try await Self.administration(log).purge([1, 2, 77], by: "User:root") == 2)

            #expect(try await log.quarantine.entries().map(\.id) == [3])
            let record = String(decoding: try #require(try log.events().last).bytes, as: UTF8.self)
            #expect(record.contains("quarantine-purged"))
            #expect(record.contains(#""entries":"2""#))
        }
    }

    @Test func `nothing is thrown away that the log can't say`() async throws {
        let log = try TestLog()
        try await Self.fill(log)
        await log.store.close()

        await #expect(throws: (any Error).self) { try await Self.administration(log).purge(nil, by: "User:root") }

        #expect(try await log.quarantine.entries().count == 3)
        await log.quarantine.close()
    }

    @Test func `throwing nothing away leaves no trace`() async throws {
        try await withLog(TestLog()) { log async throws in
            let count = try await Self.administration(log).purge(nil, by: "User:root")
            #expect(count == 0)
            #expect(log.store.snapshot.endIndex == 0)
        }
    }

    /// Three pieces that a log with small limits refused; the second is an event for one with larger limits.
    private static func fill(_ log: TestLog) async throws {
        var limits = ScanLimits()
        limits.maximumByteCount = 200
        let strict = Admission(
            store: log.store,
            quarantine: log.quarantine,
            events: Samples.events,
            limits: limits
        )
        let part = Array("{}\n\(long)\nnonsense\n".utf8)
        _ = try await strict.acceptPart(part, .lines, from: "User:alice", source: "file:x")
    }

    private static func administration(_ log: TestLog) -> QuarantineAdministration {
        QuarantineAdministration(log.admission, SystemEventMaker(now: { .epoch }))
    }
}
