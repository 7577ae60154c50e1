// SPDX-License-Identifier: Apache-2.0

/// A pattern in the notation of regular expressions, which a whole text has to fit.
///
/// There are literals, `.`, `[a-z]`, `[^a-z]`, `\d \w \s \D \W \S`, `* + ? {m,n}`, `|`, groups, and
/// `\` before whatever else means something. `.` is any Unicode scalar, also a line's end; classes
/// and the case of letters are ASCII's. There is nothing that needs backtracking: no
/// backreferences, no look-around, and no anchors, as the whole text has to fit.
///
/// **Complexity:** one step for each scalar of the text. A step looks up one entry of a table where
/// the expression's table is small, and else takes O(m · ⌈m/64⌉) for m positions, at most
/// `QueryLimits.maximumRegexPositions`.
package struct RegularExpression: Hashable, Sendable {
    /// What stands between the slashes, where `/` needs no backslash.
    package let source: String

    /// Whether ASCII letters match in either case.
    package let ignoresCase: Bool

    /// In a class, so that conditions stay small.
    private let automaton: PositionAutomaton

    /// Reads what stands between the slashes; there `\/` and `/` mean the same.
    ///
    /// - Throws: `RegularExpressionError` for what is no regular expression, is one of another
    ///   kind, or has too many positions.
    package init(_ source: String, ignoresCase: Bool = false) throws(RegularExpressionError) {
        let syntax = try RegexParser.syntax(of: source, ignoresCase: ignoresCase)
        automaton = PositionAutomaton(syntax)
        self.source = Self.withoutEscapedSlashes(source)
        self.ignoresCase = ignoresCase
    }

    /// Whether the whole text fits.
    package func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return automaton.accepts(bytes.span)
    }

    /// Whether the whole text, in UTF-8, fits.
    package func matches(_ text: Span<UInt8>) -> Bool {
        automaton.accepts(text)
    }

    /// How many characters and classes there are, with counted repeats written out.
    package var positionCount: Int { automaton.positionCount }

    package static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        left.ignoresCase == right.ignoresCase && left.source == right.source
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(ignoresCase)
    }
}

extension RegularExpression: CustomStringConvertible {
    /// The expression as it is written behind a field's colon.
    package var description: String {
        var written: [UInt8] = [UInt8(ascii: "/")]
        Self.visit(source) { byte, isEscaped in
            if isEscaped || byte == UInt8(ascii: "/") { written.append(UInt8(ascii: "\\")) }
            written.append(byte)
        }
        written.append(UInt8(ascii: "/"))
        if ignoresCase { written.append(UInt8(ascii: "i")) }
        return String(decoding: written, as: UTF8.self)
    }

    /// Equal expressions have equal sources, however their slashes were written.
    private static func withoutEscapedSlashes(_ source: String) -> String {
        var plain: [UInt8] = []
        visit(source) { byte, isEscaped in
            if isEscaped, byte != UInt8(ascii: "/") { plain.append(UInt8(ascii: "\\")) }
            plain.append(byte)
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func visit(_ source: String, _ body: (_ byte: UInt8, _ isEscaped: Bool) -> Void) {
        var isEscaped = false
        for byte in source.utf8 {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                body(byte, isEscaped)
                isEscaped = false
            }
        }
    }
}

/// Why a text is no regular expression of ours.
package struct RegularExpressionError: Error, Equatable {
    package let message: String

    /// In UTF-8 bytes of the source as it was written.
    package let byteRange: Range<Int>

    /// What could have stood there.
    package let expected: [String]
}
