// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct PipeTests {
    static func parse(_ text: String) throws(QueryError) -> Query {
        try Query.parse(text, now: QueryTests.now)
    }

    static func step(_ text: String) -> TimeStep? { TimeStep(text) }

    @Test(arguments: [
        ("", []),
        ("|count", [Pipe.count(by: [], every: nil)]),
        ("* | count by outcome, method", [.count(by: [.audit(.outcome), .audit(.method)], every: nil)]),
        ("a | count every 1d", [.count(by: [], every: step("1d"))]),
        ("a | count by method every 1h", [.count(by: [.audit(.method)], every: step("1h"))]),
        ("a | top 10 principal", [.top(10, .audit(.principal), by: .count)]),
        ("a | top 10 principal by count", [.top(10, .audit(.principal), by: .count)]),
        ("a | top 5 client.ip by distinct principal", [.top(5, .audit(.clientIP), by: .distinct(.audit(.principal)))]),
        ("a | distinct ip", [.distinct(.audit(.clientIP))]),
        ("a | distinct data.request.data.x", [.distinct(.path("data.request.data.x"))]),
        ("a | facets", [.facets([])]),
        ("a | facets outcome,method", [.facets([.audit(.outcome), .audit(.method)])]),
        ("a | timeline principal", [.timeline(.audit(.principal))]),
        ("a | join-request", [.joinRequest]),
        ("a | sessions gap 30m", step("30m").map { [.sessions(gap: $0)] } ?? []),
        ("a | fields time, data.a\\,b\\|c", [.fields([.audit(.time), .path("data.a,b|c")])]),
        ("a | sort time", [.sort([SortKey("time", isDescending: false)])]),
        (
            "a | sort -time , principal asc, ip desc",
            [
                .sort([
                    SortKey("time", isDescending: true), SortKey("principal", isDescending: false),
                    SortKey("client.ip", isDescending: true),
                ])
            ]
        ),
        (
            "a | limit 0 | fields time | sort method | limit 1000000",
            [
                .limit(0), .fields([.audit(.time)]), .sort([SortKey("method", isDescending: false)]), .limit(1_000_000),
            ]
        ),
        (
            "a | count by ip every 1h | sort count desc, ip | limit 3 | fields ip, count | sort client.ip",
            [
                .count(by: [.audit(.clientIP)], every: step("1h")),
                .sort([SortKey("count", isDescending: true), SortKey("client.ip", isDescending: false)]), .limit(3),
                .columns(["client.ip", "count"]), .sort([SortKey("client.ip", isDescending: false)]),
            ]
        ),
    ])
    func `pipes`(_ text: String, _ pipes: [Pipe]) throws {
        #expect(try Self.parse(text).pipes == pipes)
    }

    @Test(arguments: [
        ("|count", "* | count"),
        ("a  |  top 010 principal by count", "a | top 10 principal"),
        ("outcome:denied|top 3 ip by distinct principal", "outcome:denied | top 3 client.ip by distinct principal"),
        ("a | count by method every 007d | sort -count", "a | count by method every 7d | sort count desc"),
        ("a | fields data.a\\,b\\ c\\*", "a | fields data.a\\,b\\ c\\*"),
        ("method:\"a|b\" OR a\\|b | facets", "method:\"a|b\" OR \"a|b\" | facets"),
        ("method:/a|b/i|distinct method", "method:/a|b/i | distinct method"),
    ])
    func `print canonical queries`(_ text: String, _ expected: String) throws {
        #expect(try Self.parse(text).description == expected)
    }

    @Test(arguments: [
        ("a", nil),
        ("a | sort time | limit 3", nil),
        ("a | fields time, ip | sort id", ["time", "client.ip"]),
        ("a | fields time, ip | fields ip", ["client.ip"]),
        ("a | count", ["count"]),
        ("a | count by method, data.x", ["method", "data.x", "count"]),
        ("a | count by method every 1h", ["time", "method", "count"]),
        ("a | top 3 method", ["method", "count"]),
        ("a | top 3 method by distinct principal", ["method", "distinct"]),
        ("a | distinct method", ["method"]),
        ("a | facets", ["field", "value", "count"]),
        ("a | timeline principal", ["principal", "first", "last", "count"]),
        (
            "a | join-request",
            ["request", "check", "act", "checkOutcome", "actOutcome", "principal", "method", "resource", "link"]
        ),
        ("a | sessions gap 1h", ["principal", "first", "last", "events", "methods", "resources", "failures"]),
        ("a | sessions gap 1h | sort -events | fields events, principal", ["events", "principal"]),
    ])
    func `rows have columns`(_ text: String, _ names: [String]?) throws {
        #expect(try Self.parse(text).columns?.map(\.name) == names)
    }

    @Test func `columns know what stands in them`() throws {
        let columns = try Self.parse("a | count by method every 1h").columns

        #expect(columns?.map(\.content) == [.time, .value(.audit(.method)), .number])
    }

    @Test(arguments: ["a | count", "|count", "a|", "method:b| ", "(a | count"])
    func `a filter that stands alone has none`(_ text: String) throws {
        #expect(throws: QueryError.self) { try Query.parseFilter(text, now: QueryTests.now) }
    }

    @Test func `limits are errors, and one below them is not`() throws {
        func pipes(_ count: Int) -> String { "a" + String(repeating: " | limit 1", count: count) }
        func list(_ count: Int) -> String { "a | fields " + (0..<count).map { "data.a\($0)" }.joined(separator: ", ") }

        #expect(try Self.parse(pipes(QueryLimits.maximumPipes)).pipes.count == QueryLimits.maximumPipes)
        #expect(throws: QueryError.self) { try Self.parse(pipes(QueryLimits.maximumPipes + 1)) }
        #expect(throws: Never.self) { try Self.parse(list(QueryLimits.maximumFields)) }
        #expect(throws: QueryError.self) { try Self.parse(list(QueryLimits.maximumFields + 1)) }
        #expect(throws: Never.self) { try Self.parse("a | top 10000 method") }
    }
}

@Suite struct TimeStepTests {
    @Test(arguments: [
        ("1s", 1), ("90m", 5_400), ("24h", 86_400), ("7d", 604_800), ("1w", 604_800), ("366d", 31_622_400),
        ("52w", 31_449_600), ("0001h", 3_600),
    ])
    func `numbers with a unit`(_ text: String, _ seconds: Int64) throws {
        #expect(try #require(TimeStep(text)).nanoseconds == seconds * 1_000_000_000)
    }

    @Test(arguments: [
        "", "s", "1", "0s", "-1s", "+1s", "1x", "1 s", "1.5h", "367d", "53w", "999999999999s", "1ms", "1S", "١s",
    ])
    func `what is no step`(_ text: String) {
        #expect(TimeStep(text) == nil)
    }
}
