// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

/// Values that look alike: regular expressions, networks, and texts with slashes.
@Suite struct ValueTests {
    @Test(arguments: [
        ("method:/kafka.*/", "kafka.*", false),
        ("method:/kafka.*/i", "kafka.*", true),
        ("method:/a b/", "a b", false),
        ("method:/a|b/", "a|b", false),
        ("method:/(a)/|count", "(a)", false),
        (#"method:/a\/b/"#, "a/b", false),
        ("(method:/a/)", "a", false),
        ("data.x:/[\"]/", "[\"]", false),
    ])
    func `a value between slashes is a regular expression`(
        _ text: String,
        _ source: String,
        _ ignoresCase: Bool
    ) throws {
        let field = FieldReference.audit(.method)
        let expected = Comparison.regex(try RegularExpression(source, ignoresCase: ignoresCase))

        let filter = try PipeTests.parse(text).filter

        #expect(filter == .field(text.hasPrefix("data") ? .path("data.x") : field, expected))
    }

    @Test(arguments: [
        ("data.x:/api/v1", "/api/v1"), ("data.x:/api", "/api"), ("data.x:/", "/"), ("data.x://", "//"),
        ("data.x:\"/api/\"", "/api/"), (#"data.x:\/api/"#, "/api/"), ("data.x:/api/x", "/api/x"),
        ("data.x:/api/ii", "/api/ii"), ("data.x:crn:///a/", "crn:///a/"), ("data.x:a/b/", "a/b/"),
        ("data.x:\"10.0.0.0/8\"", "10.0.0.0/8"), ("data.x:10.0.0.0/x", "10.0.0.0/x"), ("data.x:10.0.0.0", "10.0.0.0"),
        ("data.x:host/8", "host/8"),
    ])
    func `other texts with slashes are texts`(_ text: String, _ value: String) throws {
        let filter = try QueryTests.parse(text)

        #expect(filter == .field(.path("data.x"), .equals(value)))
        #expect(try QueryTests.parse(filter.description) == filter)
    }

    @Test func `values in parentheses and ranges`() throws {
        let (a, b) = (try RegularExpression("a"), try RegularExpression("b", ignoresCase: true))
        let method = FieldReference.audit(.method)

        #expect(
            try QueryTests.parse("method:(/a/ OR -/b/i)")
                == .or([.field(method, .regex(a)), .not(.field(method, .regex(b)))])
        )
        #expect(
            try QueryTests.parse("method:>/a/")
                == .field(method, .range(lower: Bound(.text("/a/"), isInclusive: false), upper: nil))
        )
    }

    @Test(arguments: [
        ("client.ip:10.0.0.0/8", "client.ip:10.0.0.0/8"),
        ("ip:10.1.2.3/8", "client.ip:10.0.0.0/8"),
        ("ip:(10.0.0.0/8 OR 2001:DB8::/32)", "client.ip:10.0.0.0/8 OR client.ip:2001:db8::/32"),
        ("data.source_ip:::ffff:10.0.0.0/104", "data.source_ip:10.0.0.0/8"),
        ("ip:10.0.0.1", "client.ip:10.0.0.1"),
        ("ip:\"10.0.0.0/8\"", "client.ip:\"10.0.0.0/8\""),
        ("ip:10.0.0.*", "client.ip:10.0.0.*"),
        ("method:10.0.0.0/8", "method:\"10.0.0.0/8\""),
    ])
    func `networks`(_ text: String, _ expected: String) throws {
        let filter = try QueryTests.parse(text)

        #expect(filter.description == expected)
        #expect(try QueryTests.parse(expected) == filter)
    }

    @Test(arguments: [
        ("client.ip:10.0.0.0/33", 10..<21), ("data.x:10.0.0.0/99", 7..<18), ("ip:(a OR ::/129)", 9..<15),
    ])
    func `a network has a length that its address has`(_ text: String, _ range: Range<Int>) throws {
        let error = try QueryErrorTests.error(text)

        #expect(error.code == .invalidNetwork)
        #expect(error.characterRange == range)
    }

    @Test(arguments: [
        (#"method:/a(/"#, 9..<10), ("ä method:/é^/", 11..<12), ("method:(a OR /b\\1/)", 15..<17), ("/a/", 0..<3),
        ("-/a/i", 1..<5),
    ])
    func `an error in a regular expression stands where it is`(_ text: String, _ range: Range<Int>) throws {
        let error = try QueryErrorTests.error(text)

        #expect(error.code == .invalidRegularExpression)
        #expect(error.characterRange == range)
    }

    @Test func `all regular expressions of a query have a limit`() throws {
        func query(_ count: Int) -> String {
            Array(repeating: "method:/a{512}/", count: count).joined(separator: " ")
        }
        let limit = QueryLimits.maximumRegexPositionsInAll / QueryLimits.maximumRegexPositions

        #expect(throws: Never.self) { try QueryTests.parse(query(limit)) }
        #expect(throws: QueryError.self) { try QueryTests.parse(query(limit + 1)) }
    }

    @Test func `expressions try values, and times as they print`() throws {
        guard case .field(_, let method) = try QueryTests.parse("method:/kafka\\.(Create|Delete)Topics?/i"),
            case .field(_, let time) = try QueryTests.parse("time:/2026-11-2.*/")
        else { return }

        #expect(method.matches("KAFKA.createtopic"))
        #expect(!method.matches("kafka.CreateTopics "))
        #expect(time.matches(Timestamp(year: 2_026, month: 11, day: 21)))
        #expect(!time.matches(Timestamp(year: 2_026, month: 11, day: 30)))
    }

    @Test(
        .timeLimit(.minutes(20)),
        arguments: [
            "method:/(a|b)*a(a|b){250}/ ", "method:/(.*a){250}b/ ", "method:/((a?){16}b?){30}/ ",
            "method:/[^a][^b][^c][^d][^e][^f][^g][^h]([^i]|[^j][^k]){20}/ ", "a:/x ", "data.x:/",
            "data.x:/\\/\\/ ",
        ]
    )
    func `hostile queries are read in time`(_ piece: String) {
        let isBounded = piece.contains("{")
        let count = isBounded ? 8 : QueryLimits.maximumQueryBytes / piece.utf8.count
        let text = String(repeating: piece, count: count)
        let clock = ContinuousClock()

        let duration = clock.measure { _ = try? PipeTests.parse(text) }

        // Generous, for slow machines and builds without optimisation.
        #expect(duration < .seconds(200), "\(piece) took \(duration)")
    }
}
