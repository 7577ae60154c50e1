// SPDX-License-Identifier: Apache-2.0

private import AuditModel

// MARK: - Printing

extension Filter: CustomStringConvertible {
    /// A query that parses to an equal filter, if this one is in its simplest form, as the parser's
    /// are.
    ///
    /// Times are printed in full, so the query means the same tomorrow.
    package var description: String {
        switch self {
        case .all: "*"
        case .and(let parts):
            parts.isEmpty ? "*" : parts.map { $0.description(insideOf: .and) }.joined(separator: " AND ")
        case .or(let parts):
            parts.isEmpty ? "NOT *" : parts.map { $0.description(insideOf: .or) }.joined(separator: " OR ")
        case .not(let part): "NOT \(part.description(insideOf: .not))"
        case .field(let field, let comparison): "\(QueryText.fieldName(field.description)):\(comparison.queryText)"
        case .freeText(let pattern): QueryText.freeText(pattern)
        }
    }

    private enum Surroundings { case and, or, not }

    /// With parentheses where the filter around would take it apart.
    private func description(insideOf surroundings: Surroundings) -> String {
        switch (self, surroundings) {
        case (.and, .or), (.all, _), (.field, _), (.freeText, _), (.not, .and), (.not, .or): description
        case (.and, _), (.or, _), (.not, .not): "(\(description))"
        }
    }
}

extension Comparison {
    fileprivate var queryText: String {
        switch self {
        case .equals(let text): QueryText.value(text)
        case .pattern(let pattern): QueryText.pattern(pattern.elements, isFreeText: false)
        case .regex(let expression): expression.description
        case .network(let network): network.description
        case .exists: "*"
        case .range(let lower?, let upper?):
            "\(lower.isInclusive ? "[" : "{")\(lower.queryText) TO \(upper.queryText)\(upper.isInclusive ? "]" : "}")"
        case .range(let lower?, nil): "\(lower.isInclusive ? ">=" : ">")\(lower.queryText)"
        case .range(nil, let upper?): "\(upper.isInclusive ? "<=" : "<")\(upper.queryText)"
        case .range(nil, nil): "*"
        }
    }
}

extension Bound {
    fileprivate var queryText: String {
        switch value {
        case .time(let time): time.description
        case .text(let text): QueryText.value(text)
        }
    }
}

/// Texts as they are written in queries.
enum QueryText {
    /// Bare when nothing in it means anything, else in quotes.
    static func value(_ text: String) -> String {
        // `TO` is a word of ranges, `>` with `=` behind it is another operator, a slash at the
        // beginning may begin a regular expression, and networks are not texts.
        let isBare =
            text.utf8.allSatisfy(isPlain) && !text.isEmpty && text != "TO" && !text.hasPrefix("=")
            && !text.hasPrefix("/") && !AddressRange.isWritten(in: text)
        return isBare ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        result.append(UInt8(ascii: "\""))
        return String(decoding: result, as: UTF8.self)
    }

    /// With a backslash before whatever would end the name.
    static func fieldName(_ name: String) -> String {
        escaped(name.utf8.map(TextPattern.Element.byte), isPlain: Lexer.isFieldNameByte)
    }

    /// A name as it is written behind a pipe, where commas divide names.
    static func columnName(_ name: String) -> String {
        escaped(name.utf8.map(TextPattern.Element.byte), isPlain: PipeLexer.isPlainNameByte)
    }

    static func freeText(_ pattern: TextPattern) -> String {
        var elements = pattern.elements[...]
        if elements.first == .anyText { elements = elements.dropFirst() }
        if elements.last == .anyText { elements = elements.dropLast() }
        if elements.isEmpty { return "*" }
        guard let text = TextPattern(elements).literal else { return Self.pattern(elements, isFreeText: true) }
        let isPlain =
            !text.hasPrefix("/")
            && text.utf8.allSatisfy { Self.isPlain($0) && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "-") }
        return isPlain && Lexer.operators[text.lowercased()] == nil ? text : quoted(text)
    }

    /// Wildcards bare, and with a backslash before whatever else means something.
    static func pattern(_ elements: some Sequence<TextPattern.Element>, isFreeText: Bool) -> String {
        let text = escaped(elements) {
            isPlain($0) && !(isFreeText && ($0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "-")))
        }
        return text.hasPrefix("/") ? "\\\(text)" : text
    }

    private static func escaped(
        _ elements: some Sequence<TextPattern.Element>,
        isPlain: (UInt8) -> Bool
    ) -> String {
        var result: [UInt8] = []
        for element in elements {
            switch element {
            case .anyText: result.append(UInt8(ascii: "*"))
            case .anyCharacter: result.append(UInt8(ascii: "?"))
            case .byte(let byte):
                if byte < 0x80, !isPlain(byte) { result.append(UInt8(ascii: "\\")) }
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Letters, digits and the punctuation of ids, CRNs, addresses and times.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}
