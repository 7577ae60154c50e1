// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct QueryErrorTests {
    static func error(_ text: String) throws -> QueryError {
        try #require(throws: QueryError.self) { try QueryTests.parse(text) }
    }

    @Test(arguments: [
        ("a \"b", QueryError.Code.unterminatedQuote, 2..<3),
        ("a\\", .trailingEscape, 1..<2),
        (")", .unexpected, 0..<1),
        ("a)", .unexpected, 1..<2),
        ("()", .unexpected, 1..<2),
        ("(a", .missing, 0..<1),
        ("a AND", .missing, 5..<5),
        ("a AND OR b", .unexpected, 6..<8),
        ("OR a", .unexpected, 0..<2),
        ("NOT", .missing, 3..<3),
        ("foo(bar)", .unexpected, 3..<4),
        ("\"a\"b", .unexpected, 3..<4),
        ("method:a\"b\"", .unexpected, 8..<9),
        ("method:", .missing, 7..<7),
        ("method: a", .missing, 7..<7),
        ("(method:)", .missing, 8..<8),
        ("method:()", .unexpected, 8..<9),
        ("method:(a", .missing, 7..<8),
        ("method:>", .missing, 8..<8),
        ("method:> a", .missing, 8..<8),
        ("method:>a*", .missing, 8..<8),
        ("method:>=>=a", .missing, 9..<9),
        ("method:[a TO", .missing, 12..<12),
        ("method:[a TO b", .missing, 14..<14),
        ("method:[a b]", .missing, 10..<11),
        ("method:[a to b]", .missing, 10..<12),
        ("method:[a* TO b]", .unexpected, 8..<10),
        ("method:[TO b]", .unexpected, 8..<10),
        ("method:[a TO ]", .missing, 14..<14),
        ("principl:alice", .unknownField, 0..<8),
        ("ä principl:alice", .unknownField, 2..<10),
        ("client.pi:1", .unknownField, 0..<9),
        ("foo.bar:1", .unknownField, 0..<7),
        ("data..x:1", .unknownField, 0..<7),
        ("data.:1", .unknownField, 0..<5),
        ("data:1", .unknownField, 0..<4),
        ("crn://confluent.cloud/kafka=k", .unknownField, 0..<3),
        ("met*:x", .unknownField, 0..<4),
        ("outcome:denid", .unknownValue, 8..<13),
        ("stream:all", .unknownValue, 7..<10),
        ("time:yesterday", .invalidTime, 5..<14),
        ("time:>=2026-02-30", .invalidTime, 7..<17),
        ("time:[now TO 2026-11-20]", .emptyRange, 5..<24),
        ("a or b", .operatorSpelling, 2..<4),
        ("a && b", .operatorSpelling, 2..<4),
        ("not a", .operatorSpelling, 0..<3),
        ("method:(a and b)", .operatorSpelling, 10..<13),
    ])
    func `say what is wrong and where`(_ text: String, _ code: QueryError.Code, _ range: Range<Int>) throws {
        let error = try Self.error(text)

        #expect(error.code == code)
        #expect(error.characterRange == range)
    }

    @Test(arguments: [
        ("principl:alice", "principal"),
        ("principal.knid:user", "principal.kind"),
        ("client.pi:1", "client.ip"),
        ("clientIP:1", "client.ip"),
        ("request_id:1", "request.id"),
        ("user:alice", "principal"),
        ("methodName:x", "method"),
        ("Outcome:denied", "outcome"),
        ("outcome:denid", "denied"),
        ("outcome:succes", "success"),
        ("a or b", "OR"),
        ("xyzzy:1", nil),
        ("aVeryLongNameThatNobodyWouldEverGiveToAField:1", nil),
    ])
    func `suggest the nearest right thing`(_ text: String, _ suggestion: String?) throws {
        #expect(try Self.error(text).suggestion == suggestion)
    }

    @Test func `show the place with a caret`() throws {
        let text = "outcome:denied AND principl:alice"

        #expect(
            try Self.error(text).rendered(for: text) == """
                unknown field "principl"
                  outcome:denied AND principl:alice
                                     ^~~~~~~~
                did you mean principal?
                expected a field, a path that begins with data., quotes around text with a colon
                """
        )
    }

    @Test func `show part of a long query, and nothing that steers a terminal`() throws {
        let text = String(repeating: "a ", count: 200) + "\u{1B}[2J\u{202E} \"" + String(repeating: " b", count: 200)
        let lines = try Self.error(text).rendered(for: text).split(separator: "\n")

        #expect(lines.allSatisfy { $0.count <= QueryLimits.maximumShownCharacters + 4 })
        let caret = try #require(lines[2].firstIndex(of: "^"))
        #expect(
            lines[1][
                lines[1].index(lines[1].startIndex, offsetBy: lines[2].distance(from: lines[2].startIndex, to: caret))
            ] == "\""
        )
        #expect(!lines.contains { $0.unicodeScalars.contains("\u{1B}") || $0.unicodeScalars.contains("\u{202E}") })
    }

    @Test(arguments: [
        "\u{1B}[2J:x", "time:\u{1B}[2J", "outcome:\u{9B}2J", "a\"\u{1B}\"", "method:[a \"\u{1B}\"]", "\u{7}(:b",
    ])
    func `quote nothing that steers a terminal`(_ text: String) throws {
        let error = try Self.error(text)

        for scalar in (error.description + error.message).unicodeScalars {
            #expect(scalar.properties.generalCategory != .control)
        }
    }

    @Test func `quote the beginning of what is long`() throws {
        let name = String(repeating: "x", count: 1_000)

        #expect(try Self.error("\(name):1").message == "unknown field \"\(String(repeating: "x", count: 40))…\"")
    }

    @Test func `tell it in one line`() throws {
        #expect(
            try Self.error("outcome:denid").description
                == """
                outcome is never "denid" at character 9; did you mean denied?; \
                expected success, failure, allowed, denied, unknown
                """
        )
    }
}
