// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import Ingest
import Testing

@testable import Ledger

@Suite struct HeardSourcesTests {
    private static func time(_ seconds: Int) -> Timestamp { TestLog.start.adding(.seconds(seconds)) }

    @Test func `who was heard is known from frames and from segments, and only what is new is looked at`() async throws
    {
        try await withLog(TestLog()) { log in
            var heard = HeardSources()
            try await log.say(.started, at: 0)
            try await log.add(at: 1, source: "a", position: "7")
            try await log.add(254, at: 2, source: "b")
            try await log.store.sealAll()
            try await log.add(at: 10, source: "c")
            try await log.add(at: 10, source: "file:x")
            try heard.advance(over: log.store.snapshot, now: Self.time(20)) { false }

            #expect(heard.silent(since: Self.time(5)).map(\.source.source) == ["a", "b"])
            #expect(heard.silent(since: Self.time(5)).first?.last.position == "7")
            #expect(heard.silent(since: Self.time(15)).map(\.last.index) == [1, 255, 256])

            try await log.add(at: 30, source: "a")
            try heard.advance(over: log.store.snapshot, now: Self.time(40)) { false }
            #expect(heard.silent(since: Self.time(30)).map(\.source.source) == ["b", "c"])
        }
    }

    @Test func `who was not heard for a week is forgotten`() async throws {
        try await withLog(TestLog()) { log in
            var heard = HeardSources()
            try await log.add(at: 1, source: "a")
            try heard.advance(over: log.store.snapshot, now: Self.time(7 * 86_400)) { false }
            #expect(heard.silent(since: Self.time(100)).count == 1)

            try heard.advance(over: log.store.snapshot, now: Self.time(7 * 86_400 + 2)) { false }

            #expect(heard.silent(since: Self.time(100)).isEmpty)
        }
    }

    @Test func `of many sources those heard last are known`() async throws {
        try await withLog(TestLog()) { log in
            var heard = HeardSources()
            for number in 0..<1010 { try await log.add(at: number, source: String(number)) }
            try heard.advance(over: log.store.snapshot, now: Self.time(2000)) { false }

            let known = Set(heard.silent(since: Self.time(2000)).compactMap { Int($0.source.source) })

            #expect(known == Set(10..<1010))
        }
    }

    @Test func `an abandoned look goes on where it was`() async throws {
        try await withLog(TestLog()) { log in
            var heard = HeardSources()
            try await log.add(at: 1, source: "a")
            try heard.advance(over: log.store.snapshot, now: Self.time(10)) { true }
            #expect(heard.silent(since: Self.time(10)).isEmpty)

            try heard.advance(over: log.store.snapshot, now: Self.time(10)) { false }

            #expect(heard.silent(since: Self.time(10)).count == 1)
        }
    }
}
