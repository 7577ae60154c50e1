// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@testable import QueryEngine

@Suite struct QueryRequestTests {
    @Test func `bounds of time hold from the first to before the last`() throws {
        let now = Timestamp.epoch
        let (from, to) = (Timestamp(year: 2026, month: 11, day: 20), Timestamp(year: 2026, month: 11, day: 21))
        let filter = try Query.parseFilter("id:1", now: now)

        #expect(QueryRequest.bounded(filter, from: nil, to: nil) == filter)
        #expect(
            QueryRequest.bounded(filter, from: from, to: to).description
                == "id:1 AND time:[2026-11-20T00:00:00Z TO 2026-11-21T00:00:00Z}"
        )
        #expect(QueryRequest.bounded(filter, from: from, to: nil).description == "id:1 AND time:>=2026-11-20T00:00:00Z")
        #expect(QueryRequest.bounded(.all, from: nil, to: to).description == "time:<2026-11-21T00:00:00Z")
    }

    @Test func `a limit is never below nothing`() {
        #expect(QueryRequest(.all, limit: -5).limit == 0)
    }
}
