// SPDX-License-Identifier: Apache-2.0

/// Cuts a query into tokens, in one pass.
///
/// What a character means depends on where it stands. At the start of a condition the first colon
/// ends the name of a field. Behind that colon, and inside the parentheses that may follow it,
/// colons, slashes and hyphens are ordinary characters, so that CRNs, principals and times need no
/// quotes; only a slash right at the beginning of a value may begin a regular expression. A `|` ends
/// the filter wherever it stands.
struct Lexer {
    private let text: [UInt8]
    private var index = 0
    private var tokens: [Token] = []
    /// For every open parenthesis, whether it holds the values of a field.
    private var holdsValues: [Bool] = []
    private var isInRange = false

    /// The tokens of a query's filter, and where the first `|` or the end stands.
    static func tokens(of text: [UInt8]) throws(QueryError) -> (tokens: [Token], end: Int) {
        var lexer = Lexer(text: text)
        try lexer.run()
        return (lexer.tokens, lexer.index)
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    private mutating func run() throws(QueryError) {
        while index < text.count {
            if Self.isSpace(text[index]) {
                index += 1
            } else if text[index] == UInt8(ascii: "|") {
                return try requireSinglePipe()
            } else if isInRange {
                try lexInRange()
            } else if isBehindColon || holdsValues.last == true {
                try lexValue()
            } else {
                try lexCondition()
            }
        }
    }

    /// Whether the last token is a field or an operator that ends here, without a space between.
    private var isBehindColon: Bool {
        guard let last = tokens.last, last.byteRange.upperBound == index else { return false }
        switch last.kind {
        case .field, .comparison: return true
        default: return false
        }
    }

    // MARK: - Places

    private mutating func lexCondition() throws(QueryError) {
        switch text[index] {
        case UInt8(ascii: "("): open(holdingValues: false)
        case UInt8(ascii: ")"): close()
        case UInt8(ascii: "\""): try lexPhrase()
        case UInt8(ascii: "-") where isNegation: append(.not, length: 1)
        case UInt8(ascii: "/") where regex() != nil: throw regexWithoutField()
        default: try lexWord(endingAt: Self.endsWord, mayBeField: true, mayBeOperator: true)
        }
    }

    private mutating func lexValue() throws(QueryError) {
        // A word such as `OR` right behind a colon is the value, and between values the operator.
        let isFirst = isBehindColon
        if let regex = regex() { return append(regex.kind, length: regex.end - index) }
        switch text[index] {
        case UInt8(ascii: "("): open(holdingValues: true)
        case UInt8(ascii: ")"): close()
        case UInt8(ascii: "\""): try lexPhrase()
        case UInt8(ascii: "["): startRange(isInclusive: true)
        case UInt8(ascii: "{"): startRange(isInclusive: false)
        case UInt8(ascii: ">"), UInt8(ascii: "<"): lexComparison()
        case UInt8(ascii: "-") where !isFirst && isNegation: append(.not, length: 1)
        default: try lexWord(endingAt: Self.endsWord, mayBeField: false, mayBeOperator: !isFirst)
        }
    }

    private mutating func lexInRange() throws(QueryError) {
        switch text[index] {
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            isInRange = false
            append(.rangeEnd(isInclusive: text[index] == UInt8(ascii: "]")), length: 1)
        case UInt8(ascii: "\""):
            try lexPhrase()
        default:
            let start = index
            try lexWord(
                endingAt: { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: "}") || $0 == UInt8(ascii: "|") },
                mayBeField: false,
                mayBeOperator: false
            )
            if index - start == 2, text[start] == UInt8(ascii: "T"), text[start + 1] == UInt8(ascii: "O") {
                tokens.removeLast()
                tokens.append(Token(kind: .to, byteRange: start..<index))
            }
        }
    }

    private var isNegation: Bool {
        index + 1 < text.count && !Self.isSpace(text[index + 1])
    }

    // MARK: - Tokens

    private mutating func append(_ kind: Token.Kind, length: Int) {
        tokens.append(Token(kind: kind, byteRange: index..<(index + length)))
        index += length
    }

    private mutating func open(holdingValues: Bool) {
        holdsValues.append(holdingValues)
        append(.openParenthesis, length: 1)
    }

    private mutating func close() {
        _ = holdsValues.popLast()
        append(.closeParenthesis, length: 1)
    }

    private mutating func startRange(isInclusive: Bool) {
        isInRange = true
        append(.rangeStart(isInclusive: isInclusive), length: 1)
    }

    private mutating func lexComparison() {
        let isLess = text[index] == UInt8(ascii: "<")
        if index + 1 < text.count, text[index + 1] == UInt8(ascii: "=") {
            append(.comparison(isLess ? .lessOrEqual : .greaterOrEqual), length: 2)
        } else {
            append(.comparison(isLess ? .less : .greater), length: 1)
        }
    }

    private mutating func lexPhrase() throws(QueryError) {
        let start = index
        var content: [UInt8] = []
        index += 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            if text[index] == UInt8(ascii: "\\"), index + 1 < text.count { index += 1 }
            content.append(text[index])
            index += 1
        }
        guard index < text.count else {
            throw QueryError(
                .unterminatedQuote,
                "quote without its end",
                at: start..<(start + 1),
                of: text,
                expected: ["a closing \""]
            )
        }
        index += 1
        tokens.append(Token(kind: .phrase(String(decoding: content, as: UTF8.self)), byteRange: start..<index))
        try requireEnd("a space behind the quote")
    }

    private mutating func lexWord(
        endingAt isEnd: (UInt8) -> Bool,
        mayBeField: Bool,
        mayBeOperator: Bool
    ) throws(QueryError) {
        let start = index
        var elements: [TextPattern.Element] = []
        var hasEscape = false
        while index < text.count, !Self.isSpace(text[index]), !isEnd(text[index]) {
            switch text[index] {
            case UInt8(ascii: "\\"):
                guard index + 1 < text.count else {
                    throw QueryError(
                        .trailingEscape,
                        "backslash with nothing behind it",
                        at: index..<(index + 1),
                        of: text,
                        expected: ["a character to escape", #"\\ for a backslash"#]
                    )
                }
                hasEscape = true
                elements.append(.byte(text[index + 1]))
                index += 2
            case UInt8(ascii: ":") where mayBeField && index > start:
                index += 1
                try appendField(elements, from: start)
                return
            case UInt8(ascii: "*"):
                elements.append(.anyText)
                index += 1
            case UInt8(ascii: "?"):
                elements.append(.anyCharacter)
                index += 1
            case let byte:
                elements.append(.byte(byte))
                index += 1
            }
        }
        let range = start..<index
        if mayBeOperator, !hasEscape, let kind = try operatorKind(range) {
            tokens.append(Token(kind: kind, byteRange: range))
            return
        }
        tokens.append(Token(kind: .word(elements), byteRange: range))
        if !isInRange { try requireEnd(#"a space, or \ before the character"#) }
    }

    private mutating func appendField(_ elements: [TextPattern.Element], from start: Int) throws(QueryError) {
        let range = start..<index
        guard let name = TextPattern(elements).literal else {
            throw QueryError(
                .unknownField,
                "a field's name holds no wildcards",
                at: start..<(index - 1),
                of: text,
                expected: ["a field's name", #"\: for a colon in free text"#]
            )
        }
        tokens.append(Token(kind: .field(name), byteRange: range))
    }

    /// `a(b` and `"a"b` look like one thing and would be two.
    private func requireEnd(_ expected: String) throws(QueryError) {
        guard index < text.count, !Self.endsValue(text[index]) else { return }
        if isInRange, text[index] == UInt8(ascii: "]") || text[index] == UInt8(ascii: "}") { return }
        var end = index + 1
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        throw QueryError(
            .unexpected,
            "unexpected \(QueryError.excerpt(String(decoding: text[index..<end], as: UTF8.self)))",
            at: index..<end,
            of: text,
            expected: [expected]
        )
    }

    // MARK: - Regular expressions

    /// The regular expression that begins here.
    ///
    /// Values may begin with a slash too, so there has to be another one that ends the value. Where
    /// it is missing is found out by the next slash, so the search takes linear time in all.
    ///
    /// - Returns: nil when what begins here is an ordinary word.
    private func regex() -> (kind: Token.Kind, end: Int)? {
        // Behind an operator such as `>` a value is compared by its order.
        if case .comparison? = tokens.last?.kind, isBehindColon { return nil }
        guard text[index] == UInt8(ascii: "/") else { return nil }
        var closing = index + 1
        while closing < text.count, text[closing] != UInt8(ascii: "/") {
            closing += text[closing] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard closing < text.count, closing > index + 1 else { return nil }
        let ignoresCase = closing + 1 < text.count && text[closing + 1] == UInt8(ascii: "i")
        let end = closing + (ignoresCase ? 2 : 1)
        guard end == text.count || Self.endsValue(text[end]) else { return nil }
        let source = String(decoding: text[(index + 1)..<closing], as: UTF8.self)
        return (.regex(source, ignoresCase: ignoresCase), end)
    }

    private func regexWithoutField() -> QueryError {
        QueryError(
            .invalidRegularExpression,
            "a regular expression needs a field",
            at: index..<(regex()?.end ?? index),
            of: text,
            expected: ["field:/…/", "quotes around text with slashes"]
        )
    }

    // MARK: - Words with a meaning

    private func operatorKind(_ range: Range<Int>) throws(QueryError) -> Token.Kind? {
        guard range.count <= 3 else { return nil }
        let word = String(decoding: text[range], as: UTF8.self)
        switch word {
        case "AND": return .and
        case "OR": return .or
        case "NOT": return .not
        default: break
        }
        // Taken as a search for the word "or", `a or b` would quietly mean something else.
        guard let right = Self.operators[word.lowercased()] else { return nil }
        throw QueryError(
            .operatorSpelling,
            "\(word) is not an operator here",
            at: range,
            of: text,
            expected: [right, "\"\(word)\" in quotes to search for it"],
            suggestion: right
        )
    }

    /// Operators of this and other languages in lower case, and what they are called here.
    static let operators = ["and": "AND", "&&": "AND", "or": "OR", "not": "NOT"]

    /// `a || b` would be a pipe without a name, and is meant as something else.
    private func requireSinglePipe() throws(QueryError) {
        guard index + 1 < text.count, text[index + 1] == UInt8(ascii: "|") else { return }
        throw QueryError(
            .operatorSpelling,
            "|| is not an operator here",
            at: index..<(index + 2),
            of: text,
            expected: ["OR", "\"||\" in quotes to search for it"],
            suggestion: "OR"
        )
    }

    // MARK: - Bytes

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "\"")
            || byte == UInt8(ascii: "|")
    }

    /// Whether a value may stand right before the byte.
    private static func endsValue(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "|")
    }

    /// Whether the byte may stand in a field's name without a backslash.
    static func isFieldNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ":"), UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "\\"): false
        default: !isSpace(byte) && !endsWord(byte)
        }
    }
}
