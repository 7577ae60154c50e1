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

/// Makes filters in their simplest form, of texts in which everything that means something occurs.
private struct FilterGenerator {
    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    mutating func filter(depth: Int) -> Filter {
        switch depth == 0 ? 0 : Int.random(in: 0...5, using: &random) {
        case 1: .conjunction((0..<Int.random(in: 2...3, using: &random)).map { _ in filter(depth: depth - 1) })
        case 2: .disjunction((0..<Int.random(in: 2...3, using: &random)).map { _ in filter(depth: depth - 1) })
        case 3: .negation(filter(depth: depth - 1))
        default: condition()
        }
    }

    private mutating func condition() -> Filter {
        if Int.random(in: 0..<4, using: &random) == 0 {
            let pattern = TextPattern(containing: elements(), ignoresCase: true)
            return pattern.elements == [.anyText] ? .all : .freeText(pattern)
        }
        let isTime = Bool.random(using: &random)
        let path = FieldReference.path("data.\(text().replacing(".", with: "")).x")
        let field: FieldReference = isTime ? .audit(.time) : Bool.random(using: &random) ? .audit(.clientID) : path
        return .field(field, comparison(isTime: isTime))
    }

    private mutating func comparison(isTime: Bool) -> Comparison {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .exists
        case 1 where !isTime: return .equals(text())
        case 2:
            let pattern = TextPattern(elements() + [.anyCharacter] + elements())
            return .pattern(pattern)
        default:
            var lower: Bound? = bound(isTime: isTime, atLeast: 0)
            let upper: Bound? = bound(isTime: isTime, atLeast: 1_000_000)
            if Bool.random(using: &random) { lower = nil }
            return lower != nil && Bool.random(using: &random)
                ? .range(lower: lower, upper: nil) : .range(lower: lower, upper: upper)
        }
    }

    private mutating func bound(isTime: Bool, atLeast: Int64) -> Bound {
        let time = Timestamp(nanosecondsSinceEpoch: atLeast + .random(in: 0..<1_000_000, using: &random))
        return Bound(isTime ? .time(time) : .text(text()), isInclusive: .random(using: &random))
    }

    private mutating func elements() -> [TextPattern.Element] {
        (0..<Int.random(in: 1...3, using: &random)).flatMap { _ -> [TextPattern.Element] in
            switch Int.random(in: 0..<4, using: &random) {
            case 0: [.anyText]
            case 1: [.anyCharacter]
            default: text().utf8.map(TextPattern.Element.byte)
            }
        }
    }

    private mutating func text() -> String {
        let pieces = [
            "a", "B", "7", " ", ":", "\"", "\\", "*", "?", "(", ")", "[", "]", "{", "}", ">", "<", "=", "-", "/", "AND",
            "or",
            "TO", "NOT", "&&", "ä", "\u{1F426}", "\n", "now", "crn://",
        ]
        return (0..<Int.random(in: 1...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }
}
