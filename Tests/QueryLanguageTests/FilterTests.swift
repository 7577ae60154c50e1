// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct FilterTests {
    @Test(arguments: [
        ("principal:u-1  outcome:denied", "principal:User:u-1 AND outcome:denied"),
        ("-(a OR b:c)".replacing("b:c", with: "method:c"), "NOT (a OR method:c)"),
        ("(a b) OR c", "a AND b OR c"),
        ("a (b OR c)", "a AND (b OR c)"),
        ("cluster:(a OR \"b c\")", "cluster:a OR cluster:\"b c\""),
        ("time:>=2026-11-21", "time:>=2026-11-21T00:00:00Z"),
        ("index:[1 TO 2}", "index:[1 TO 2}"),
        ("client.id:*", "client.id:*"),
        ("", "*"),
        ("NOT *", "NOT *"),
        ("\"-a\"", "\"-a\""),
        ("a\\ b*c", "a\\ b*c"),
    ])
    func `prints canonical queries`(_ text: String, _ expected: String) throws {
        #expect(try QueryTests.parse(text).description == expected)
    }

    @Test(arguments: Array(1...8) as [UInt64])
    func `every filter prints a query that parses to it`(_ seed: UInt64) throws {
        var generator = FilterGenerator(seed: seed)
        for _ in 0..<500 {
            let filter = generator.filter(depth: 3)
            let text = filter.description
            let parsed = try? QueryTests.parse(text)
            #expect(parsed == filter, "seed \(seed): \(text)")
            #expect(parsed?.description == text, "seed \(seed)")
        }
    }

    @Test func `the simplest form has nothing to take apart`() {
        let (a, b) = (QueryTests.words("a"), QueryTests.words("b"))

        #expect(Filter.conjunction([]) == .all)
        #expect(Filter.conjunction([a]) == a)
        #expect(Filter.conjunction([.and([a, b]), .all, a]) == .and([a, b, a]))
        #expect(Filter.disjunction([]) == .not(.all))
        #expect(Filter.disjunction([.or([a, b]), a]) == .or([a, b, a]))
        #expect(Filter.disjunction([a, .all]) == .all)
        #expect(Filter.negation(.not(a)) == a)
    }

    @Test func `fields are named once, in order`() throws {
        let filter = try QueryTests.parse("method:a (data.x:b OR -method:c) d")

        #expect(filter.fields == [.audit(.method), .path("data.x")])
    }
}
