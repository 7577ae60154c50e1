// SPDX-License-Identifier: Apache-2.0

import AuditModel
import QueryLanguage

/// Makes filters in their simplest form, of texts in which everything that means something occurs.
struct FilterGenerator {
    var random: SplitMix

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
        let comparison = comparison(isTime: isTime)
        // A network is one where values may be addresses.
        if case .network = comparison, field == .audit(.clientID) { return .field(.audit(.clientIP), comparison) }
        return .field(field, comparison)
    }

    private mutating func comparison(isTime: Bool) -> Comparison {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return .exists
        case 4: return regex() ?? .exists
        case 5 where !isTime: return network() ?? .exists
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

    /// Expressions in which everything that means something occurs; nil when it is none.
    private mutating func regex() -> Comparison? {
        let pieces = [
            "a", "é", "/", "\\/", ".", "[a-z]", "[^/|]", "\\d", "\\\\", "(b|c)", "(?:d)", " ", "|", "\"", ")?", "(",
            "*",
            "+", "{2,3}", "\n", "\\.", ":",
        ]
        let source = (0..<Int.random(in: 1...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        return (try? RegularExpression(source.joined(), ignoresCase: .random(using: &random))).map(Comparison.regex)
    }

    private mutating func network() -> Comparison? {
        let addresses = ["10.1.2.3", "0.0.0.0", "2001:db8::1", "::", "::ffff:10.0.0.1", "1:0:0:2:0:0:0:3"]
        let address = addresses.randomElement(using: &random) ?? ""
        return AddressRange("\(address)/\(Int.random(in: 0...128, using: &random))").map(Comparison.network)
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

    mutating func text() -> String {
        let pieces = [
            "a", "B", "7", " ", ":", "\"", "\\", "*", "?", "(", ")", "[", "]", "{", "}", ">", "<", "=", "-", "/", "AND",
            "or",
            "TO", "NOT", "&&", "ä", "\u{1F426}", "\n", "now", "crn://",
            "|", "||", "/", "10.0.0.0/8", ",",
        ]
        return (0..<Int.random(in: 1...4, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
    }
}
