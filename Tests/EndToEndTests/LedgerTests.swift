// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct LedgerTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        private struct Ledger: Decodable {
            let rows: [Row]
            let totals: Totals

            struct Row: Decodable {
                let hour: String
                let submitter: String
                let source: String
                let events: Int
                let firstIndex: Int?
                let lastIndex: Int?
                let restarts: Int
                let state: String
                let reasons: [Reason]
            }

            struct Reason: Decodable {
                let code: String
                let from: String?
                let to: String?
                let lost: Int?
                let since: String?
                let until: String?
            }

            struct Totals: Decodable {
                let events: Int
                let gap: Int
            }

            /// The rows of a source; a test may run into the next hour.
            func rows(of source: String) -> [Row] { rows.filter { $0.source == source } }

            func reasons(of source: String) -> Set<String> {
                Set(rows(of: source).flatMap(\.reasons).map(\.code))
            }
        }

        private func ledger(_ option: String, _ place: String, expecting status: Int32) async throws -> Ledger {
            try await martlet("ledger", "--output", "json", option, place, expecting: status).decoded(Ledger.self)
        }

        @Test func `bad lines are a gap of their source, and of no other`() async throws {
            let server = try await RunningServer(data: data)
            _ = try await server.post(NDJSON.joined(Sample.events(0..<5)))
            let lines = [Sample.event("a"), Array("nonsense".utf8), Sample.event("b"), Array("{}".utf8)]
            let path = try scratch.file("mixed.ndjson", NDJSON.joined(lines))
            try await martlet("ingest", path, "--server", server.url, expecting: 1)

            let remote = try await ledger("--server", server.url, expecting: 1)

            let mixed = try #require(remote.rows(of: "file:\(path)").last { $0.state == "gap" })
            let gap = try #require(mixed.reasons.first)
            #expect(gap.code == "quarantined" && gap.lost == 2)
            #expect(gap.from == "line 2" && gap.to == "line 4")
            #expect(remote.rows(of: "http").map(\.events).reduce(0, +) == 5)
            #expect(remote.rows(of: "http").allSatisfy { $0.state != "gap" && $0.submitter == "loopback" })
            // The same comes out of the directory, beside the server and without it.
            let local = try await ledger("--data", data, expecting: 1)
            #expect(local.totals.events == remote.totals.events && local.totals.gap == remote.totals.gap)
            await server.stop()
            #expect(try await ledger("--data", data, expecting: 1).totals.events == 7)
            let told = try await martlet(
                "query",
                "stream:system martlet.RecordGap",
                "--output",
                "ndjson",
                "--data",
                data
            )
            #expect(told.lines.count == 1)
        }

        @Test func `an end that was not orderly makes the hour unknown`() async throws {
            let first = try await RunningServer(data: data)
            _ = try await first.post(Sample.event("one"))
            await first.kill()
            let second = try await RunningServer(data: data)
            _ = try await second.post(Sample.event("two"))

            let ledger = try await ledger("--server", second.url, expecting: 4)

            #expect(ledger.reasons(of: "http").contains("unclean-end"))
            #expect(ledger.rows(of: "http").map(\.restarts).reduce(0, +) >= 1)
            await second.stop()
            let third = try await RunningServer(data: data)
            #expect(
                try await self.ledger("--server", third.url, expecting: 4).reasons(of: "http").contains("server-down")
            )
        }

        @Test func `a silent log says that it lives`() async throws {
            let server = try await RunningServer(data: data, environment: ["MARTLET_LOG_HEARTBEAT": "1s"])
            _ = try await server.post(Sample.event("one"))
            let end = try await server.endIndex()

            try await eventually("heartbeats come") { try await server.endIndex() >= end + 2 }

            await server.stop()
            let told = try await martlet(
                "query",
                "stream:system martlet.Heartbeat",
                "--output",
                "ndjson",
                "--data",
                data
            )
            #expect(told.lines.count >= 2)
            #expect(told.text.contains(#""type":"dev.martlet.audit/heartbeat""#))
        }

        @Test func `a log that is told to be silent is`() async throws {
            let server = try await RunningServer(data: data, environment: ["MARTLET_LOG_HEARTBEAT": "0"])
            try await eventually("the start is recorded") { try await server.endIndex() == 1 }
            let wrong = try await martlet(
                "config",
                "check",
                "--data",
                data,
                environment: ["MARTLET_LOG_HEARTBEAT": "6m"]
            )

            #expect(wrong.status == 1)
            #expect(wrong.error.contains("log.heartbeat") || wrong.text.contains("log.heartbeat"))
            #expect(try await server.endIndex() == 1)
        }

        @Test(arguments: ["--data", "--server"])
        func `a question that is wrong is not answered with a gap`(option: String) async throws {
            let server = try await RunningServer(data: data)
            let place = option == "--data" ? data : server.url

            try await martlet("ledger", "--from", "now", "--to", "now-1d", option, place, expecting: 2)
        }

        @Test func `of a source that is not there nothing is said to be complete`() async throws {
            let server = try await RunningServer(data: data)
            _ = try await server.post(Sample.event("one"))

            let result = try await martlet("ledger", "--source", "htttp", "--server", server.url, expecting: 4)

            #expect(result.error.contains("no source was heard"))
            #expect(result.text == "0 events of 0 sources: 0 complete, 0 gap, 0 unknown\n")
        }
    }
}
