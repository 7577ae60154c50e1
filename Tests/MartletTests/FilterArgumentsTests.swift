// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct FilterArgumentsTests {
    @Test(arguments: [
        (["query", "-outcome:success"], ["query", "NOT outcome:success"]),
        (["tail", "outcome:denied", "-method:kafka.Fetch"], ["tail", "outcome:denied", "NOT method:kafka.Fetch"]),
        (["export", "-outcome:success"], ["export", "NOT outcome:success"]),
        (["query", "-data.request.data.role_name:Admin"], ["query", "NOT data.request.data.role_name:Admin"]),
        (["query", "--output", "json", "-h"], ["query", "--output", "json", "-h"]),
        (["query", "--from=2026-11-20T08:00:00Z"], ["query", "--from=2026-11-20T08:00:00Z"]),
        (["ingest", "-a:b"], ["ingest", "-a:b"]),
        (["query", "-:x"], ["query", "-:x"]), ([], []),
    ])
    func `a negated condition is not taken for options`(arguments: [String], rewritten: [String]) {
        #expect(FilterArguments.rewritten(arguments) == rewritten)
    }
}
