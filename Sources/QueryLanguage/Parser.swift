// SPDX-License-Identifier: Apache-2.0

import AuditModel

/// Makes a filter of tokens, by recursive descent with a bound on its depth.
struct Parser {
    private let tokens: [Token]
    private let text: [UInt8]
    private let now: Timestamp
    private var index = 0
    private var depth = 0
    private var conditionCount = 0
    private var regexPositionCount = 0

    /// Where the filter ends: the first `|`, or the end of the text.
    private let end: Int

    init(tokens: [Token], end: Int, text: [UInt8], now: Timestamp) {
        self.tokens = tokens
        self.end = end
        self.text = text
        self.now = now
    }

    mutating func parse() throws(QueryError) -> Filter {
        if tokens.isEmpty { return .all }
        let filter = try disjunction(of: nil)
        if let token = next {
            // Everything else begins a condition or has been reported.
            throw error(.unexpected, "unexpected \(shown(token))", at: token, expected: ["AND", "OR", "a condition"])
        }
        return filter
    }

    private var next: Token? { index < tokens.count ? tokens[index] : nil }

    // MARK: - Operators

    /// `field` is set inside the parentheses behind a colon, where every word is a value of it.
    private mutating func disjunction(of field: FieldReference?) throws(QueryError) -> Filter {
        var parts = [try conjunction(of: field)]
        while next?.kind == .or {
            index += 1
            parts.append(try conjunction(of: field))
        }
        return .disjunction(parts)
    }

    private mutating func conjunction(of field: FieldReference?) throws(QueryError) -> Filter {
        var parts = [try unary(of: field)]
        while let kind = next?.kind, kind != .or, kind != .closeParenthesis {
            if kind == .and { index += 1 }
            parts.append(try unary(of: field))
        }
        return .conjunction(parts)
    }

    private mutating func unary(of field: FieldReference?) throws(QueryError) -> Filter {
        guard let token = next, token.kind == .not else { return try primary(of: field) }
        index += 1
        try enter(token)
        defer { depth -= 1 }
        return .negation(try unary(of: field))
    }

    private mutating func primary(of field: FieldReference?) throws(QueryError) -> Filter {
        let expected = field == nil ? ["a condition such as principal:User:alice", "a word"] : ["a value"]
        guard let token = next else {
            let message = end < text.count ? "the filter ends too early" : "the query ends too early"
            throw error(.missing, message, at: endOfText, expected: expected)
        }
        switch token.kind {
        case .openParenthesis:
            return try parenthesized(of: field)
        case .field(let name):
            index += 1
            return try value(of: reference(name, token), behind: token)
        case .word(let elements) where field == nil:
            index += 1
            try count(token)
            let pattern = TextPattern(containing: elements, ignoresCase: true)
            return pattern.elements == [.anyText] ? .all : .freeText(pattern)
        case .phrase(let phrase) where field == nil:
            index += 1
            try count(token)
            return phrase.isEmpty ? .all : .freeText(TextPattern(containing: phrase, ignoresCase: true))
        default:
            if let field { return try comparison(of: field) }
            throw error(.unexpected, "unexpected \(shown(token))", at: token, expected: expected)
        }
    }

    private mutating func parenthesized(of field: FieldReference?) throws(QueryError) -> Filter {
        let opening = tokens[index]
        index += 1
        try enter(opening)
        defer { depth -= 1 }
        let filter = try disjunction(of: field)
        guard next?.kind == .closeParenthesis else {
            throw error(.missing, "parenthesis without its end", at: opening, expected: ["a closing )"])
        }
        index += 1
        return filter
    }

    // MARK: - Fields

    private func reference(_ name: String, _ token: Token) throws(QueryError) -> FieldReference {
        if let field = FieldReference(name: name) { return field }
        let range = token.byteRange.lowerBound..<(token.byteRange.upperBound - 1)
        throw QueryError(
            .unknownField,
            "unknown field \"\(QueryError.excerpt(name))\"",
            at: range,
            of: text,
            expected: ["a field", "a path that begins with data.", "quotes around text with a colon"],
            suggestion: NearestName.field(for: name)
        )
    }

    private mutating func value(of field: FieldReference, behind token: Token) throws(QueryError) -> Filter {
        guard let next, next.byteRange.lowerBound == token.byteRange.upperBound, next.kind != .closeParenthesis else {
            let place = token.byteRange.upperBound..<token.byteRange.upperBound
            throw error(.missing, "no value behind the colon", at: place, expected: ["a value", "* for any value"])
        }
        return next.kind == .openParenthesis ? try parenthesized(of: field) : try comparison(of: field)
    }

    private mutating func comparison(of field: FieldReference) throws(QueryError) -> Filter {
        let token = tokens[index]
        index += 1
        try count(token)
        switch token.kind {
        case .word(let elements):
            return .field(field, try comparison(of: field, with: TextPattern(elements), token))
        case .phrase(let phrase):
            return .field(field, try equality(of: field, with: phrase, token))
        case .regex(let source, let ignoresCase):
            return .field(field, try regex(source, ignoresCase: ignoresCase, token))
        case .comparison(let comparison):
            return .field(field, try oneSided(field, comparison, token))
        case .rangeStart(let isInclusive):
            return .field(field, try range(of: field, isInclusive: isInclusive, from: token))
        default:
            throw error(.unexpected, "unexpected \(shown(token))", at: token, expected: ["a value"])
        }
    }

    private func comparison(
        of field: FieldReference,
        with pattern: TextPattern,
        _ token: Token
    ) throws(QueryError) -> Comparison {
        if pattern.elements == [.anyText] { return .exists }
        if let literal = pattern.literal {
            if let network = try network(of: field, literal, token) { return .network(network) }
            return try equality(of: field, with: literal, token)
        }
        guard case .audit(let audit) = field else { return .pattern(pattern) }
        return .pattern(audit.canonicalPattern(pattern))
    }

    private func equality(
        of field: FieldReference,
        with text: String,
        _ token: Token
    ) throws(QueryError) -> Comparison {
        guard case .audit(let audit) = field else { return .equals(text) }
        if audit.isTime {
            let time = try time(text, token)
            return .range(
                lower: Bound(.time(time.first), isInclusive: true),
                upper: Bound(.time(time.last), isInclusive: true)
            )
        }
        let value = audit.canonicalValue(text)
        if let known = audit.closedValues, !known.contains(value) {
            throw error(
                .unknownValue,
                "\(audit.rawValue) is never \"\(QueryError.excerpt(text))\"",
                at: token,
                expected: known,
                suggestion: NearestName.nearest(to: value, among: known)
            )
        }
        return .equals(value)
    }

    // MARK: - Regular expressions and networks

    private mutating func regex(
        _ source: String,
        ignoresCase: Bool,
        _ token: Token
    ) throws(QueryError) -> Comparison {
        let expression: RegularExpression
        do throws(RegularExpressionError) {
            expression = try RegularExpression(source, ignoresCase: ignoresCase)
        } catch {
            // Behind the slash.
            let start = token.byteRange.lowerBound + 1
            let range = start + error.byteRange.lowerBound..<start + error.byteRange.upperBound
            throw self.error(.invalidRegularExpression, error.message, at: range, expected: error.expected)
        }
        regexPositionCount += expression.positionCount
        guard regexPositionCount <= QueryLimits.maximumRegexPositionsInAll else {
            let limit = QueryLimits.maximumRegexPositionsInAll
            let message = "regular expressions of more than \(limit) positions in all"
            throw error(.tooLarge, message, at: token, expected: [])
        }
        return .regex(expression)
    }

    /// The network that a word names; nil for another word, or for a field whose values are no
    /// addresses.
    private func network(
        of field: FieldReference,
        _ text: String,
        _ token: Token
    ) throws(QueryError) -> AddressRange? {
        if case .audit(let audit) = field, audit != .clientIP { return nil }
        if let length = AddressRange.maximumLength(ofWrong: text) {
            throw error(
                .invalidNetwork,
                "\"\(QueryError.excerpt(text))\" is no network",
                at: token,
                expected: ["a length of 0 to \(length) behind the slash", "quotes around a text that is no network"]
            )
        }
        return AddressRange(text)
    }

    // MARK: - Ranges

    private mutating func oneSided(
        _ field: FieldReference,
        _ comparison: Token.Operator,
        _ token: Token
    ) throws(QueryError) -> Comparison {
        guard let operand = next, operand.byteRange.lowerBound == token.byteRange.upperBound,
            let text = plainText(operand)
        else {
            let place = token.byteRange.upperBound..<token.byteRange.upperBound
            let message = "no value behind \(comparison.rawValue)"
            throw error(.missing, message, at: place, expected: ["a value without wildcards"])
        }
        index += 1
        switch comparison {
        case .greater: return .range(lower: try bound(field, text, operand, .lowerExclusive), upper: nil)
        case .greaterOrEqual: return .range(lower: try bound(field, text, operand, .lowerInclusive), upper: nil)
        case .less: return .range(lower: nil, upper: try bound(field, text, operand, .upperExclusive))
        case .lessOrEqual: return .range(lower: nil, upper: try bound(field, text, operand, .upperInclusive))
        }
    }

    private mutating func range(
        of field: FieldReference,
        isInclusive: Bool,
        from token: Token
    ) throws(QueryError) -> Comparison {
        let lower = try end(of: field, isInclusive ? .lowerInclusive : .lowerExclusive)
        guard next?.kind == .to else {
            throw error(.missing, "a range needs TO between its ends", at: place, expected: ["TO"])
        }
        index += 1
        // Whether the upper end belongs to the range stands behind it.
        let upperIndex = index
        index += 1
        guard let closing = next, case .rangeEnd(let includesUpper) = closing.kind else {
            index = min(upperIndex + 1, tokens.count)
            throw error(.missing, "range without its end", at: place, expected: ["]", "}"])
        }
        index = upperIndex
        let upper = try end(of: field, includesUpper ? .upperInclusive : .upperExclusive)
        index += 1
        if lower == nil, upper == nil { return .exists }
        if case .time(let first)? = lower?.value, case .time(let last)? = upper?.value, first > last {
            let whole = token.byteRange.lowerBound..<closing.byteRange.upperBound
            throw error(.emptyRange, "the range ends before it begins", at: whole, expected: [])
        }
        return .range(lower: lower, upper: upper)
    }

    /// One end of a range; nil for `*`.
    private mutating func end(of field: FieldReference, _ side: Side) throws(QueryError) -> Bound? {
        guard let token = next else {
            throw error(.missing, "the range ends too early", at: endOfText, expected: ["a value", "*"])
        }
        if token.kind == .word([.anyText]) {
            index += 1
            return nil
        }
        guard let text = plainText(token) else {
            throw error(
                .unexpected,
                "unexpected \(shown(token))",
                at: token,
                expected: ["a value without wildcards", "*"]
            )
        }
        index += 1
        return try bound(field, text, token, side)
    }

    private enum Side {
        case lowerInclusive, lowerExclusive, upperInclusive, upperExclusive

        var isInclusive: Bool { self == .lowerInclusive || self == .upperInclusive }
    }

    /// A date is a stretch of time: what is above it begins behind its end, what is up to it
    /// includes its end.
    private func bound(
        _ field: FieldReference,
        _ text: String,
        _ token: Token,
        _ side: Side
    ) throws(QueryError) -> Bound {
        guard field.isTime else { return Bound(.text(text), isInclusive: side.isInclusive) }
        let time = try time(text, token)
        switch side {
        case .lowerInclusive, .upperExclusive: return Bound(.time(time.first), isInclusive: side.isInclusive)
        case .lowerExclusive, .upperInclusive: return Bound(.time(time.last), isInclusive: side.isInclusive)
        }
    }

    private func time(_ text: String, _ token: Token) throws(QueryError) -> RelativeTime {
        if let time = RelativeTime(text, now: now) { return time }
        throw error(
            .invalidTime,
            "\"\(QueryError.excerpt(text))\" is no time",
            at: token,
            expected: ["2026-11-21", "2026-11-21T08:15:30Z", "now", "now-7d", "now-1d/d with units s m h d w"]
        )
    }

    private func plainText(_ token: Token) -> String? {
        switch token.kind {
        case .word(let elements): TextPattern(elements).literal
        case .phrase(let phrase): phrase
        default: nil
        }
    }

    // MARK: - Limits

    private mutating func enter(_ token: Token) throws(QueryError) {
        depth += 1
        guard depth <= QueryLimits.maximumDepth else {
            throw error(.tooLarge, "nested deeper than \(QueryLimits.maximumDepth)", at: token, expected: [])
        }
    }

    private mutating func count(_ token: Token) throws(QueryError) {
        conditionCount += 1
        guard conditionCount <= QueryLimits.maximumConditions else {
            throw error(.tooLarge, "more than \(QueryLimits.maximumConditions) conditions", at: token, expected: [])
        }
    }

    // MARK: - Errors

    private var endOfText: Range<Int> { end..<end }

    /// Where the next token stands, or the end.
    private var place: Range<Int> { next?.byteRange ?? endOfText }

    private func shown(_ token: Token) -> String {
        QueryError.excerpt(String(decoding: text[token.byteRange], as: UTF8.self))
    }

    private func error(
        _ code: QueryError.Code,
        _ message: String,
        at token: Token,
        expected: [String],
        suggestion: String? = nil
    ) -> QueryError {
        error(code, message, at: token.byteRange, expected: expected, suggestion: suggestion)
    }

    private func error(
        _ code: QueryError.Code,
        _ message: String,
        at range: Range<Int>,
        expected: [String],
        suggestion: String? = nil
    ) -> QueryError {
        QueryError(code, message, at: range, of: text, expected: expected, suggestion: suggestion)
    }
}

// MARK: - Values of fields

extension AuditField {
    /// All values of a field that has a closed set of them; nil for others.
    fileprivate var closedValues: [String]? {
        switch self {
        case .outcome: Outcome.allCases.map(\.rawValue)
        case .principalKind: Principal.Kind.allCases.map(\.rawValue)
        case .stream: ["audit", "system"]
        default: nil
        }
    }

    /// The pattern in the field's canonical spelling, where that is a matter of letters alone.
    fileprivate func canonicalPattern(_ pattern: TextPattern) -> TextPattern {
        switch self {
        case .resourceType, .principalKind, .outcome, .action, .stream: break
        default: return pattern
        }
        var elements: [TextPattern.Element] = []
        var literal: [UInt8] = []
        func flush() {
            elements += canonicalValue(String(decoding: literal, as: UTF8.self)).utf8.map(TextPattern.Element.byte)
            literal = []
        }
        for element in pattern.elements {
            if case .byte(let byte) = element {
                literal.append(byte)
            } else {
                flush()
                elements.append(element)
            }
        }
        flush()
        return TextPattern(elements)
    }
}
