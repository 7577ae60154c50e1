// SPDX-License-Identifier: Apache-2.0

/// Why a query cannot be read, where, and what would have been right there.
///
/// Of the family *rejected*: the query is at fault, and whoever wrote it is told.
package struct QueryError: Error, Equatable {
    /// What is wrong; callers branch on this and never on the message.
    package enum Code: String, Sendable, CaseIterable {
        /// The query is longer, deeper or has more conditions than `QueryLimits` allow.
        case tooLarge
        /// A quote without its end.
        case unterminatedQuote
        /// A backslash at the end, with nothing to escape.
        case trailingEscape
        /// A character or word that cannot stand where it stands.
        case unexpected
        /// Something is missing: a condition, a value, a closing bracket.
        case missing
        /// A name that is no field.
        case unknownField
        /// A value that the field never has.
        case unknownValue
        /// A text that is no time.
        case invalidTime
        /// A range that ends before it begins.
        case emptyRange
        /// `and`, `or`, `not`, `&&`, `||`: an operator as other languages write it.
        case operatorSpelling
        /// A regular expression that is none, is one of another kind, or has no field.
        case invalidRegularExpression
        /// A network whose length its address does not have.
        case invalidNetwork
        /// A name that is no pipe.
        case unknownPipe
        /// A name that is no column of the table.
        case unknownColumn
        /// A pipe where only a filter is read, or in an order that has no meaning.
        case misplacedPipe
        /// A field or column that stands twice in a list.
        case repeatedField
        /// A number or a step of time that is none, or outside its limits.
        case invalidNumber
    }

    package let code: Code
    package let message: String

    /// In characters of the query, from 0, half-open; empty where something is missing.
    package let characterRange: Range<Int>

    /// What could have stood there.
    package let expected: [String]

    /// The nearest thing that would be right.
    package let suggestion: String?

    package init(
        code: Code,
        message: String,
        characterRange: Range<Int>,
        expected: [String] = [],
        suggestion: String? = nil
    ) {
        self.code = code
        self.message = message
        self.characterRange = characterRange
        self.expected = expected
        self.suggestion = suggestion
    }

    /// With a range of UTF-8 bytes, as the lexer counts.
    init(
        _ code: Code,
        _ message: String,
        at byteRange: Range<Int>,
        of text: [UInt8],
        expected: [String] = [],
        suggestion: String? = nil
    ) {
        let lower = String(decoding: text[..<byteRange.lowerBound], as: UTF8.self).count
        // Counted from the front both times: a character may begin before the range and end in it.
        let upper = String(decoding: text[..<byteRange.upperBound], as: UTF8.self).count
        self.init(
            code: code,
            message: message,
            characterRange: lower..<max(lower, upper),
            expected: expected,
            suggestion: suggestion
        )
    }
}

extension QueryError: CustomStringConvertible {
    /// The message, what was expected and the suggestion, in one line.
    package var description: String {
        var text = "\(message) at character \(characterRange.lowerBound + 1)"
        if let suggestion { text += "; did you mean \(suggestion)?" }
        if !expected.isEmpty { text += "; expected \(expected.joined(separator: ", "))" }
        return text
    }
}

// MARK: - Showing the place

extension QueryError {
    /// The message, the query with a caret under the place, and the hints, each on a line of its
    /// own.
    ///
    /// Control characters of the query are shown as spaces, so that a query from elsewhere cannot
    /// steer a terminal.
    package func rendered(for text: String) -> String {
        let characters = Self.printable(text)
        let place = min(characterRange.lowerBound, characters.count)
        let half = QueryLimits.maximumShownCharacters / 2
        let start = characters.count <= QueryLimits.maximumShownCharacters ? 0 : max(0, place - half)
        let end = min(characters.count, start + QueryLimits.maximumShownCharacters)
        let lead = start > 0 ? "…" : ""
        let marked = max(1, min(characterRange.upperBound, end) - place)

        var lines = [message]
        lines.append("  \(lead)\(String(characters[start..<end]))\(end < characters.count ? "…" : "")")
        let indent = String(repeating: " ", count: lead.count + place - start)
        lines.append("  \(indent)^\(String(repeating: "~", count: marked - 1))")
        if let suggestion { lines.append("did you mean \(suggestion)?") }
        if !expected.isEmpty { lines.append("expected \(expected.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }

    /// A part of the query as messages quote it: printable, and not longer than a line.
    static func excerpt(_ text: some StringProtocol) -> String {
        let characters = printable(text)
        let isWhole = characters.count <= QueryLimits.maximumQuotedCharacters
        return String(characters.prefix(QueryLimits.maximumQuotedCharacters)) + (isWhole ? "" : "…")
    }

    private static func printable(_ text: some StringProtocol) -> [Character] {
        text.map { isPrintable($0) ? $0 : " " }
    }

    private static func isPrintable(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
    }
}
