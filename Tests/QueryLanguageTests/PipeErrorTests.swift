// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct PipeErrorTests {
    static func error(_ text: String) throws -> QueryError {
        try #require(throws: QueryError.self) { try PipeTests.parse(text) }
    }

    @Test(arguments: [
        ("a |", QueryError.Code.missing, 3..<3),
        ("a | | count", .missing, 3..<3),
        ("a || b", .operatorSpelling, 2..<4),
        ("a | count || b", .missing, 11..<11),
        ("(a | count)", .missing, 0..<1),
        ("a AND | count", .missing, 6..<6),
        ("method: | count", .missing, 7..<7),
        ("method:[a | count", .missing, 10..<10),
        ("ä | cuont", .unknownPipe, 4..<9),
        ("a | where b", .unknownPipe, 4..<9),
        ("a | outcome:denied", .unknownPipe, 4..<18),
        ("a | count foo", .unexpected, 10..<13),
        ("a | count by", .missing, 12..<12),
        ("a | count by | limit 1", .missing, 13..<14),
        ("a | count by methd", .unknownField, 13..<18),
        ("a | count by method,", .missing, 20..<20),
        ("a | count by method outcome", .unexpected, 20..<27),
        ("a | count by method, method", .repeatedField, 21..<27),
        ("a | count by ip, client.ip", .repeatedField, 17..<26),
        ("a | count by method every", .missing, 25..<25),
        ("a | count every 1x", .invalidNumber, 16..<18),
        ("a | count every 0s", .invalidNumber, 16..<18),
        ("a | count every 367d", .invalidNumber, 16..<20),
        ("a | count every 1h by method", .unexpected, 19..<21),
        ("a | count by time every 1h", .repeatedField, 18..<23),
        ("a | count(method)", .unexpected, 9..<10),
        ("a | top", .missing, 7..<7),
        ("a | top principal", .invalidNumber, 8..<17),
        ("a | top 0 principal", .invalidNumber, 8..<9),
        ("a | top 10001 principal", .invalidNumber, 8..<13),
        ("a | top -1 principal", .invalidNumber, 8..<10),
        ("a | top 10", .missing, 10..<10),
        ("a | top 10 principal by", .unexpected, 23..<23),
        ("a | top 10 principal by sum", .unexpected, 24..<27),
        ("a | top 10 principal by distinct", .missing, 32..<32),
        ("a | distinct", .missing, 12..<12),
        ("a | distinct method, outcome", .unexpected, 19..<20),
        ("a | facets metod", .unknownField, 11..<16),
        ("a | timeline", .missing, 12..<12),
        ("a | join-request principal", .unexpected, 17..<26),
        ("a | sessions", .missing, 12..<12),
        ("a | sessions 30m", .missing, 13..<16),
        ("a | sessions gap", .missing, 16..<16),
        ("a | sessions gap half", .invalidNumber, 17..<21),
        ("a | fields", .missing, 10..<10),
        ("a | fields *", .unexpected, 11..<12),
        ("a | fields time\\", .trailingEscape, 15..<16),
        ("a | sort", .missing, 8..<8),
        ("a | sort count", .unknownField, 9..<14),
        ("a | sort -count", .unknownField, 10..<15),
        ("a | sort -time desc", .unexpected, 15..<19),
        ("a | sort time down", .unexpected, 14..<18),
        ("a | sort time, -time", .repeatedField, 15..<20),
        ("a | limit", .missing, 9..<9),
        ("a | limit 1000001", .invalidNumber, 10..<17),
        ("a | limit ten", .invalidNumber, 10..<13),
        ("a | limit 5 | count", .misplacedPipe, 14..<19),
        ("a | sort time | top 3 method", .misplacedPipe, 16..<19),
        ("a | count | count", .misplacedPipe, 12..<17),
        ("a | count by method | distinct method", .misplacedPipe, 22..<30),
        ("a | count by method | sort outcome", .unknownColumn, 27..<34),
        ("a | count by method | fields method, cout", .unknownColumn, 37..<41),
        ("a | count by method | fields count | sort method", .unknownColumn, 42..<48),
    ])
    func `say what is wrong and where`(_ text: String, _ code: QueryError.Code, _ range: Range<Int>) throws {
        let error = try Self.error(text)

        #expect(error.code == code, "\(error)")
        #expect(error.characterRange == range, "\(error)")
    }

    @Test(arguments: [
        ("a | cuont", "count"), ("a | Count", "count"), ("a | stats count by x", "count"), ("a | summarize", "count"),
        ("a | uniq", "distinct"), ("a | dedup x", "distinct"), ("a | head 5", "limit"), ("a | take 5", "limit"),
        ("a | project x", "fields"), ("a | table x", "fields"), ("a | order by x", "sort"),
        ("a | rare x", "count by … | sort count | limit 10"), ("a | timechart", "count every 1h"),
        ("a | hits", "count every 1h"), ("a | where b", nil), ("a | filter b", nil), ("a | xyzzy", nil),
        ("a | facet", "facets"), ("a | count by principl", "principal"), ("a | count by user", "principal"),
        ("a | count by method | sort cuont", "count"), ("a | timeline ip | sort frist", "first"),
    ])
    func `suggest the nearest right thing`(_ text: String, _ suggestion: String?) throws {
        #expect(try Self.error(text).suggestion == suggestion)
    }

    @Test(arguments: [
        (
            "outcome:denied | cuont by method",
            """
            "cuont" is no pipe
              outcome:denied | cuont by method
                               ^~~~~
            did you mean count?
            expected count, top, distinct, facets, timeline, join-request, sessions, fields, sort, limit
            """
        ),
        (
            "a | where outcome:denied",
            """
            "where" is no pipe: conditions stand before the first |
              a | where outcome:denied
                  ^~~~~
            expected the condition before the first |
            """
        ),
        (
            "a | limit 10 | count",
            """
            count is made of all events that the filter finds, so no pipe stands before it
              a | limit 10 | count
                             ^~~~~
            expected count as the first pipe, and the others behind it
            """
        ),
        (
            "a | count by method | sort cout",
            """
            the table has no column "cout"
              a | count by method | sort cout
                                         ^~~~
            did you mean count?
            expected method, count
            """
        ),
        (
            #"method:/kafka\.(?=C)/"#,
            #"""
            there is no look-ahead and no look-behind
              method:/kafka\.(?=C)/
                             ^~~
            expected NOT field:/…/ for an exclusion
            """#
        ),
        (
            "client.ip:10.0.0.0/33",
            """
            "10.0.0.0/33" is no network
              client.ip:10.0.0.0/33
                        ^~~~~~~~~~~
            expected a length of 0 to 32 behind the slash, quotes around a text that is no network
            """
        ),
        (
            "/kafka.*/ method:b",
            """
            a regular expression needs a field
              /kafka.*/ method:b
              ^~~~~~~~~
            expected field:/…/, quotes around text with slashes
            """
        ),
    ])
    func `show the place with a caret`(_ text: String, _ rendered: String) throws {
        #expect(try Self.error(text).rendered(for: text) == rendered)
    }

    @Test func `a filter that stands alone says so`() throws {
        let error = try #require(throws: QueryError.self) {
            try Query.parseFilter("outcome:denied | count", now: QueryTests.now)
        }

        #expect(error.code == .misplacedPipe)
        #expect(
            error.rendered(for: "outcome:denied | count") == #"""
                a filter stands alone here, without pipes
                  outcome:denied | count
                                 ^
                expected the end, \| or quotes for the character
                """#
        )
    }
}
