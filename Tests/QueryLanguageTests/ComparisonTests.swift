// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage
import Testing

@Suite struct ComparisonTests {
    @Test func `equal texts have the same bytes`() {
        #expect(Comparison.equals("é").matches("é"))
        #expect(!Comparison.equals("\u{E9}").matches("e\u{301}"))
        #expect(!Comparison.equals("a").matches("A"))
        #expect(!Comparison.equals("a").matches("ab"))
        #expect(Comparison.exists.matches(""))
    }

    @Test(arguments: [
        ("9", "10", true), ("10", "9", false), ("007", "7", true), ("-10", "-9", true), ("-1", "1", true),
        ("-0", "0", true),
        ("0", "-0", true), ("1.5", "1.25", false), ("1.50", "1.5", true), ("2", "1.9", false), ("-1.5", "-1.25", true),
        ("9007199254740992", "9007199254740993", true), ("9007199254740993", "9007199254740992", false),
        ("10", "9a", true), ("a", "b", true), ("B", "a", true), ("1e3", "2", true), ("", "0", true), ("1.", "0", false),
        (".5", "0", true), ("99999999999999999999999999", "100000000000000000000000000", true),
    ])
    func `numbers compare digit by digit, texts byte by byte`(_ left: String, _ right: String, _ expected: Bool) {
        let upTo = Comparison.range(lower: nil, upper: Bound(.text(right), isInclusive: true))

        #expect(upTo.matches(left) == expected)
    }

    @Test func `ends are left out when they say so`() {
        let open = Comparison.range(
            lower: Bound(.text("1"), isInclusive: false),
            upper: Bound(.text("3"), isInclusive: false)
        )
        let closed = Comparison.range(
            lower: Bound(.text("1"), isInclusive: true),
            upper: Bound(.text("3"), isInclusive: true)
        )

        #expect(["0", "1", "2", "3", "4"].map { open.matches($0) } == [false, false, true, false, false])
        #expect(["0", "1", "2", "3", "4"].map { closed.matches($0) } == [false, true, true, true, false])
    }

    @Test func `times compare as points, whatever their text`() throws {
        let filter = try QueryTests.parse("time:[2026-11-21 TO 2026-11-21]")
        guard case .field(_, let comparison) = filter else { return }

        #expect(comparison.matches("2026-11-22T00:30:00+01:00"))
        #expect(!comparison.matches("2026-11-21T00:30:00+01:00"))
        #expect(!comparison.matches("yesterday"))
        #expect(!comparison.matches("+999999999-12-31T23:59:59.999999999-18:00"))
        #expect(comparison.matches(Timestamp(year: 2_026, month: 11, day: 21)))
        #expect(!comparison.matches(Timestamp.distantFuture))
    }

    @Test func `a pattern on a time sees it as it prints`() throws {
        guard case .field(_, let comparison) = try QueryTests.parse("time:2026-11-2*") else { return }

        #expect(comparison.matches(Timestamp(year: 2_026, month: 11, day: 21)))
        #expect(!comparison.matches(Timestamp(year: 2_026, month: 11, day: 30)))
    }
}
