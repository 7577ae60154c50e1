// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Foundation
import HTTPTypes
import QueryEngine
import QueryLanguage
import Testing

@testable import AuditAPI

@Suite struct QueryBodyTests {
    private static let now = Timestamp(nanosecondsSinceEpoch: 1_795_305_600_000_000_000)

    private static func read(_ json: String) throws -> WantedAnswer {
        try WantedAnswer(JSONDecoder().decode(QueryBody.self, from: Data(json.utf8)), now: now)
    }

    @Test func `an empty body asks for the newest hundred events`() throws {
        let wanted = try Self.read("{}")

        #expect(wanted.request.query == Query(.all))
        #expect(wanted.request.order == .newest && wanted.request.limit == 100)
        #expect(wanted.request.deadline == QueryEngineLimits.defaultDeadline)
        #expect(!wanted.hasTotals && !wanted.isExplained && wanted.histogram == nil && wanted.facets.isEmpty)
    }

    @Test func `every member counts`() throws {
        let wanted = try Self.read(
            """
            {"query": "outcome:denied | count by method", "from": "2026-11-20", "to": "now", "order": "log", "limit": 20000,
             "deadline": 0.5, "explain": true, "totals": true, "histogram": "1h", "facets": ["outcome", "ip", "data.a,b"]}
            """.replacing(#""data.a,b""#, with: #""data.a\\,b""#)
        )

        #expect(wanted.request.pipes == [.count(by: [.audit(.method)], every: nil)])
        #expect(wanted.request.filter.description.contains("time:[2026-11-20"))
        #expect(wanted.request.limit == 20_000 && wanted.tableLimit == 20_000)
        #expect(wanted.request.deadline == .milliseconds(500))
        #expect(wanted.hasTotals && wanted.isExplained && wanted.histogram == TimeStep("1h"))
        #expect(wanted.facets == [.audit(.outcome), .audit(.clientIP), .path("data.a,b")])
    }

    @Test(arguments: [
        (#"{"limits": 1}"#, "body"),
        (#"{"query": "princpal:x"}"#, "query"),
        (#"{"query": "x | wuff"}"#, "query"),
        (#"{"from": "yesterday"}"#, "from"),
        (#"{"to": ""}"#, "to"),
        (#"{"order": "random"}"#, "order"),
        (#"{"limit": 0}"#, "limit"),
        (#"{"limit": 10001}"#, "limit"),
        (#"{"limit": -1, "order": "log"}"#, "limit"),
        (#"{"deadline": 0}"#, "deadline"),
        (#"{"deadline": 31}"#, "deadline"),
        (#"{"deadline": 86401, "order": "log"}"#, "deadline"),
        (#"{"deadline": 1e300}"#, "deadline"),
        (#"{"histogram": "1y"}"#, "histogram"),
        (#"{"histogram": "0h"}"#, "histogram"),
        (#"{"facets": ["outcomes"]}"#, "facets"),
        (#"{"facets": [""]}"#, "facets"),
        (#"{"facets": ["outcome, method"]}"#, "facets"),
        (#"{"facets": ["outcome | limit 1"]}"#, "facets"),
        (#"{"facets": ["outcome", "outcome"]}"#, "facets"),
        (#"{"facets": ["a","b","c","d","e","f","g","h","i","j","k","l","m","n","o","p","q"]}"#, "facets"),
    ])
    func `what is wrong is named`(json: String, code: String) {
        let problem = #expect(throws: Problem.self) { try Self.read(json) }

        #expect(problem?.code == code)
        #expect(problem?.status == .badRequest)
    }

    @Test func `an error of a query has its place and what would be right`() throws {
        let problem = #expect(throws: Problem.self) { try Self.read(#"{"query": "a AND princpal:x"}"#) }

        #expect(problem?.characterRange == [6, 14])
        #expect(problem?.suggestion == "principal")
        #expect(problem?.expected?.isEmpty == false)
        #expect(problem?.query?.contains("^~~~~~~~") == true)
    }
}
