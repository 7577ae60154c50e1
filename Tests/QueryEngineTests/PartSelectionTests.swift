// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import JournalFormat
import QueryLanguage
import Testing

@testable import QueryEngine

@Suite struct PartSelectionTests {
    /// The frame's events are of 10:00 to 11:00, received on 22 November.
    @Test(arguments: [
        ("*", true), ("time:>=2026-11-20T11:00:00Z", true), ("time:>2026-11-20T12:00:00Z", false),
        ("time:<2026-11-20T10:00:00Z", true), ("time:<2026-11-20T09:59:59Z", false),
        ("time:[2026-11-20T10:30:00Z TO 2026-11-20T10:31:00Z]", true), ("time:>2026-11-21 id:1", false),
        // Only what holds for the whole filter may skip.
        ("time:>2026-11-21 OR id:1", true), ("NOT time:>2026-11-21", true), ("NOT time:<2026-11-21", true),
        ("time:>2026-11-19 time:>2026-11-21", false), ("time:>2026-11-21 time:<2026-11-19", false),
        ("(time:>2026-11-19 OR id:1) time:<2026-11-21", true), ("time:2026*", true), ("time:*", true),
        ("received:>=2026-11-20", true), ("received:<2026-11-20", false), ("received:>2027-01-01", false),
    ])
    func `a frame is skipped only when none of its events can match`(query: String, isRead: Bool) async throws {
        let times = ["2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z", "2026-11-20T10:30:00Z"]
        try await withLog { log async throws in
            try await log.add(times.map { Array("{\"id\":\"1\",\"time\":\"\($0)\"}".utf8) }, perFrame: 3)
            let selection = PartSelection(try Query.parseFilter(query, now: .epoch))

            #expect(selection.contains(log.store.snapshot.parts[0]) == isRead)
        }
    }

    @Test func `a frame with an event without time is always read`() async throws {
        try await withLog { log async throws in
            try await log.add([#"{"time":"2026-11-20T10:00:00Z"}"#, "{}"].map { Array($0.utf8) }, perFrame: 2)
            for query in ["time:>2027-01-01", "time:<2020-01-01", "NOT time:*"] {
                let selection = PartSelection(try Query.parseFilter(query, now: .epoch))
                #expect(selection.contains(log.store.snapshot.parts[0]), "\(query)")
            }
        }
    }
}
