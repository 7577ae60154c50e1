// SPDX-License-Identifier: Apache-2.0

@testable import Ledger
import Testing

@testable import martlet

@Suite struct LedgerTextTests {
    private static let ledger: LedgerDocument = {
        var gap = LedgerReason("quarantined")
        gap.from = "line 5"
        gap.to = "line 9"
        gap.lost = 2
        var down = LedgerReason("server-down")
        down.since = "2026-11-22T10:12:03.25Z"
        down.until = "2026-11-23T00:20:11Z"
        var row = LedgerRow(
            hour: "2026-11-22T10:00:00Z",
            submitter: "token:a",
            source: "=http,\u{1B}",
            events: 12,
            restarts: 1,
            state: .gap,
            reasons: [gap, down]
        )
        row.firstIndex = 4
        row.lastIndex = 17
        row.moreReasons = 3
        var totals = LedgerDocument.Totals()
        totals.events = 1200
        totals.sources = 1
        totals.gap = 1
        return LedgerDocument(
            from: "2026-11-22T10:00:00Z",
            to: "2026-11-22T11:00:00Z",
            rows: [row],
            totals: totals,
            partialReason: nil
        )
    }()

    @Test func `the table has a row for each and a line for all`() {
        let text = LedgerText.table(Self.ledger, width: 400).replacing(/\u{1B}\[[0-9]+m/, with: "")

        let expected = """
            HOUR            SOURCE        SUBMITTER  EVENTS  FIRST  LAST  STARTS  STATE  WHY
            2026-11-22T10Z  =http,\\u{1b}  token:a        12      4    17       1  gap    quarantined 2 from line 5 to line 9; \
            server-down 10:12:03Z to 2026-11-23T00:20:11Z; and 3 more
            1,200 events of 1 source: 0 complete, 1 gap, 0 unknown

            """
        #expect(text == expected)
    }

    @Test func `the list for spreadsheets is quoted and disarmed`() {
        let lines = LedgerText.csv(Self.ledger).split(separator: "\n")

        #expect(lines.count == 2)
        #expect(lines[0].split(separator: ",").count == 13)
        #expect(lines[1].hasPrefix("2026-11-22T10:00:00Z,\"'=http,\\u{1b}\",token:a,12,4,17,,,,,1,gap,quarantined 2 "))
    }
}
