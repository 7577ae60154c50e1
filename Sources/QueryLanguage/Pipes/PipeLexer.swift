// SPDX-License-Identifier: Apache-2.0

/// A piece of the text behind the filter.
struct PipeToken: Equatable {
    enum Kind: Equatable {
        case pipe
        case comma
        /// A name, a number or a word such as `by`; escapes are resolved.
        case word(String)
    }

    let kind: Kind

    /// In UTF-8 bytes of the query.
    let byteRange: Range<Int>
}

/// Cuts the pipes of a query into tokens, in one pass.
///
/// There are fewer kinds than in a filter: words, which end at a space, a comma or a `|`, and these.
enum PipeLexer {
    /// The tokens from a place to the end.
    static func tokens(of text: [UInt8], from start: Int) throws(QueryError) -> [PipeToken] {
        var tokens: [PipeToken] = []
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "|"):
                tokens.append(PipeToken(kind: .pipe, byteRange: index..<(index + 1)))
                index += 1
            case UInt8(ascii: ","):
                tokens.append(PipeToken(kind: .comma, byteRange: index..<(index + 1)))
                index += 1
            case let byte where Lexer.isSpace(byte):
                index += 1
            default:
                tokens.append(try word(of: text, at: &index))
            }
        }
        return tokens
    }

    private static func word(of text: [UInt8], at index: inout Int) throws(QueryError) -> PipeToken {
        let start = index
        var content: [UInt8] = []
        while index < text.count, !endsWord(text[index]) {
            if text[index] == UInt8(ascii: "\\") {
                index += 1
                guard index < text.count else {
                    throw QueryError(
                        .trailingEscape,
                        "backslash with nothing behind it",
                        at: (index - 1)..<index,
                        of: text,
                        expected: ["a character to escape", #"\\ for a backslash"#]
                    )
                }
            } else if !isPlainNameByte(text[index]) {
                throw unexpected(index, of: text)
            }
            content.append(text[index])
            index += 1
        }
        return PipeToken(kind: .word(String(decoding: content, as: UTF8.self)), byteRange: start..<index)
    }

    private static func unexpected(_ index: Int, of text: [UInt8]) -> QueryError {
        let character = String(decoding: text[index...index], as: UTF8.self)
        return QueryError(
            .unexpected,
            "unexpected \(character) behind a pipe",
            at: index..<(index + 1),
            of: text,
            expected: ["names without quotes, parentheses and wildcards", "\\\(character) in a name"]
        )
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        Lexer.isSpace(byte) || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|")
    }

    /// Whether the byte may stand in a name without a backslash.
    static func isPlainNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""),
            UInt8(ascii: "\\"):
            false
        default: !endsWord(byte)
        }
    }
}
