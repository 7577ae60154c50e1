// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct QueryTests {
    static let now = Timestamp(year: 2_026, month: 11, day: 22, secondOfDay: 3_600)

    static func parse(_ text: String) throws(QueryError) -> Filter {
        try Query.parseFilter(text, now: now)
    }

    static func equals(_ field: AuditField, _ value: String) -> Filter {
        .field(.audit(field), .equals(value))
    }

    static func words(_ text: String) -> Filter {
        .freeText(TextPattern(containing: text, ignoresCase: true))
    }

    static func time(_ text: String, _ isInclusive: Bool) throws -> Bound {
        Bound(.time(try #require(Timestamp(text))), isInclusive: isInclusive)
    }

    @Test(arguments: [
        ("", Filter.all),
        ("  \n\t", .all),
        ("*", .all),
        ("method:kafka.CreateTopics", equals(.method, "kafka.CreateTopics")),
        ("principal:User:alice", equals(.principal, "User:alice")),
        ("principal:u-1abc2d", equals(.principal, "User:u-1abc2d")),
        ("principal:\"u-1abc2d\"", equals(.principal, "User:u-1abc2d")),
        ("resource.type:CLOUD_CLUSTER", equals(.resourceType, "cloud-cluster")),
        ("outcome:DENIED", equals(.outcome, "denied")),
        (
            "resource:crn://confluent.cloud/kafka=lkc-1/topic=a",
            equals(.resource, "crn://confluent.cloud/kafka=lkc-1/topic=a")
        ),
        ("client.id:\"a \\\"b\\\" * ?\"", equals(.clientID, "a \"b\" * ?")),
        ("client.id:a\\ b\\*\\(\\)", equals(.clientID, "a b*()")),
        ("client.id:\"\"", equals(.clientID, "")),
        ("client.id:-5", equals(.clientID, "-5")),
        ("client.id:OR", equals(.clientID, "OR")),
        ("client.id:*", .field(.audit(.clientID), .exists)),
        ("client.id:**", .field(.audit(.clientID), .exists)),
        ("client.id:[* TO *]", .field(.audit(.clientID), .exists)),
        ("data.request.data.role_name:Admin", .field(.path("data.request.data.role_name"), .equals("Admin"))),
        ("data.x[].y:*", .field(.path("data.x[].y"), .exists)),
        ("leaked", words("leaked")),
        ("\"two words\"", words("two words")),
        ("\"a:b\"", words("a:b")),
        ("a\\:b", words("a:b")),
        (":a", words(":a")),
        ("\"AND\"", words("AND")),
        ("\\AND", words("AND")),
        ("\"\"", .all),
        ("a - b", .and([words("a"), words("-"), words("b")])),
    ])
    func `conditions`(_ text: String, _ expected: Filter) throws {
        #expect(try Self.parse(text) == expected)
    }

    @Test(arguments: [
        ("a b", Filter.and([words("a"), words("b")])),
        ("a AND b", .and([words("a"), words("b")])),
        ("a OR b c", .or([words("a"), .and([words("b"), words("c")])])),
        ("(a OR b) c", .and([.or([words("a"), words("b")]), words("c")])),
        ("a (b c) AND (d)", .and([words("a"), words("b"), words("c"), words("d")])),
        ("a OR (b OR c)", .or([words("a"), words("b"), words("c")])),
        ("NOT a b", .and([.not(words("a")), words("b")])),
        ("-a", .not(words("a"))),
        ("-outcome:denied", .not(equals(.outcome, "denied"))),
        ("-(a b)", .not(.and([words("a"), words("b")]))),
        ("NOT NOT a", words("a")),
        ("NOT *", .not(.all)),
        ("* a", words("a")),
        ("* OR a", .all),
        ("a-b", words("a-b")),
        ("cluster:(a OR b)", .or([equals(.cluster, "a"), equals(.cluster, "b")])),
        ("cluster:(a b)", .and([equals(.cluster, "a"), equals(.cluster, "b")])),
        (
            "principal:(User:alice OR \"b c\" OR NOT sa-1) x",
            .and([
                .or([
                    equals(.principal, "User:alice"), equals(.principal, "b c"), .not(equals(.principal, "User:sa-1")),
                ]),
                words("x"),
            ])
        ),
        (
            "cluster:((a OR b) -c)",
            .and([.or([equals(.cluster, "a"), equals(.cluster, "b")]), .not(equals(.cluster, "c"))])
        ),
        ("cluster:(a) method:b", .and([equals(.cluster, "a"), equals(.method, "b")])),
    ])
    func `operators and parentheses`(_ text: String, _ expected: Filter) throws {
        #expect(try Self.parse(text) == expected)
    }

    @Test(arguments: [
        ("method:kafka.*", "kafka.CreateTopics", true),
        ("method:kafka.*", "mds.Authorize", false),
        ("method:*Topic?", "kafka.CreateTopics", true),
        ("method:*Topic?", "kafka.CreateTopic", false),
        ("resource.type:Cloud*", "cloud-cluster", true),
        ("principal:User:sa-*", "User:sa-1", true),
        ("data.a\\*:x\\**", "x*y", true),
        ("data.a:x\\**", "xy", false),
    ])
    func `wildcards`(_ text: String, _ value: String, _ expected: Bool) throws {
        guard case .field(_, let comparison) = try Self.parse(text) else {
            Issue.record("no condition on a field")
            return
        }
        #expect(comparison.matches(value) == expected)
    }

    @Test(
        arguments: [
            ("time:>=2026-11-21", ("2026-11-21T00:00:00Z", true), nil),
            ("time:>2026-11-21", ("2026-11-21T23:59:59.999999999Z", false), nil),
            ("time:<=2026-11-21", nil, ("2026-11-21T23:59:59.999999999Z", true)),
            ("time:<2026-11-21", nil, ("2026-11-21T00:00:00Z", false)),
            ("time:2026-11-21", ("2026-11-21T00:00:00Z", true), ("2026-11-21T23:59:59.999999999Z", true)),
            ("time:2026-11-21T08:15:30.5Z", ("2026-11-21T08:15:30.5Z", true), ("2026-11-21T08:15:30.5Z", true)),
            (
                "time:[2026-11-20 TO 2026-11-21]", ("2026-11-20T00:00:00Z", true),
                ("2026-11-21T23:59:59.999999999Z", true)
            ),
            (
                "time:{2026-11-20 TO 2026-11-21}", ("2026-11-20T23:59:59.999999999Z", false),
                ("2026-11-21T00:00:00Z", false)
            ),
            ("time:[2026-11-21 TO now]", ("2026-11-21T00:00:00Z", true), ("2026-11-22T01:00:00Z", true)),
            ("time:[now-7d/d TO now}", ("2026-11-15T00:00:00Z", true), ("2026-11-22T01:00:00Z", false)),
            ("received:>=now-90m", ("2026-11-21T23:30:00Z", true), nil),
            ("time:[* TO \"2026-11-21 10:00:00Z\"]", nil, ("2026-11-21T10:00:00Z", true)),
        ] as [(String, (String, Bool)?, (String, Bool)?)]
    )
    func `times`(_ text: String, _ lower: (String, Bool)?, _ upper: (String, Bool)?) throws {
        let expected = Comparison.range(
            lower: try lower.map { try Self.time($0.0, $0.1) },
            upper: try upper.map { try Self.time($0.0, $0.1) }
        )

        guard case .field(_, let comparison) = try Self.parse(text) else {
            Issue.record("no condition on a field")
            return
        }
        #expect(comparison == expected)
    }

    @Test func `ranges of other fields keep their text`() throws {
        #expect(
            try Self.parse("index:[10 TO 20}")
                == .field(
                    .audit(.index),
                    .range(lower: Bound(.text("10"), isInclusive: true), upper: Bound(.text("20"), isInclusive: false))
                )
        )
        #expect(
            try Self.parse("data.n:>\"a b\"")
                == .field(.path("data.n"), .range(lower: Bound(.text("a b"), isInclusive: false), upper: nil))
        )
    }

    @Test func `limits are errors, and one below them is not`() throws {
        let deep =
            String(repeating: "(", count: QueryLimits.maximumDepth) + "a"
            + String(repeating: ")", count: QueryLimits.maximumDepth)
        let many = Array(repeating: "a", count: QueryLimits.maximumConditions).joined(separator: " ")

        #expect(try Self.parse(deep) == Self.words("a"))
        #expect(throws: QueryError.self) { try Self.parse("(\(deep))") }
        #expect(throws: QueryError.self) { try Self.parse("-\(deep)") }
        #expect(throws: QueryError.self) { try Self.parse(String(repeating: "NOT ", count: 2_000) + "a") }
        #expect(throws: Never.self) { try Self.parse(many) }
        #expect(throws: QueryError.self) { try Self.parse(many + " a") }
        #expect(throws: Never.self) { try Self.parse(String(repeating: "a", count: QueryLimits.maximumQueryBytes)) }
        #expect(throws: QueryError.self) {
            try Self.parse(String(repeating: "a", count: QueryLimits.maximumQueryBytes + 1))
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `no text makes it crash, and what it accepts prints back`(_ seed: UInt64) {
        var generator = SplitMix(state: seed)
        let pieces = [
            "principal", "time", "data.a", ":", ":", "(", ")", "[", "]", "{", "}", " TO ", " AND ", " OR ", "NOT ", "-",
            "\"",
            "\\", "*", "?", ">", "<=", "now", "-7d/d", "2026-11-21", " ", " ", "a", "ä", "\u{1F426}", "\u{301}", "\r\n",
            "/", "x y",
        ]
        for _ in 0..<4_000 {
            let text = (0..<Int.random(in: 0...12, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            do throws(QueryError) {
                let filter = try Self.parse(text)
                #expect(try Self.parse(filter.description) == filter, "seed \(seed): \(text) as \(filter)")
            } catch {
                #expect(error.characterRange.upperBound <= text.count, "seed \(seed): \(text)")
                #expect(error.rendered(for: text).contains("^"), "seed \(seed): \(text)")
            }
        }
    }
}

/// A small generator whose sequence depends on its seed alone (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
