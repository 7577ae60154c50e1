// SPDX-License-Identifier: Apache-2.0

package import AuditModel

/// The language in which events are asked for.
///
/// ```
/// query      = [ or ]
/// or         = and *( "OR" and )
/// and        = unary *( [ "AND" ] unary )
/// unary      = ( "NOT" | "-" ) unary | primary
/// primary    = "(" or ")" | field ":" value | word | phrase
/// value      = word | phrase | comparison | range | "(" or of values ")" | "*"
/// comparison = ( ">=" | ">" | "<=" | "<" ) ( word | phrase )
/// range      = ( "[" | "{" ) bound "TO" bound ( "]" | "}" )
/// ```
///
/// A word ends at a space, a parenthesis or a quote; `*` and `?` in it are wildcards, and `\` takes
/// the meaning from the next character. Only the first colon divides field and value. Words without
/// a field are looked for in the whole event, ASCII letters in either case.
package enum Query {
    /// Reads a query; an empty one asks for everything.
    ///
    /// Times relative to `now` are resolved, so the filter means the same at any later time.
    ///
    /// **Complexity:** linear in the length of the text, which is bounded by
    /// `QueryLimits.maximumQueryBytes`.
    package static func parse(_ text: String, now: Timestamp) throws(QueryError) -> Filter {
        let bytes = Array(text.utf8)
        guard bytes.count <= QueryLimits.maximumQueryBytes else {
            throw QueryError(
                code: .tooLarge,
                message: "query of \(bytes.count) bytes, more than \(QueryLimits.maximumQueryBytes)",
                characterRange: 0..<0
            )
        }
        var parser = Parser(tokens: try Lexer.tokens(of: bytes), text: bytes, now: now)
        return try parser.parse()
    }
}
