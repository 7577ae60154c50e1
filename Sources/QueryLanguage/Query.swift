// SPDX-License-Identifier: Apache-2.0

package import AuditModel

/// What is asked: which events, and what is made of them.
///
/// ```
/// query      = filter *( "|" pipe )
///
/// filter     = [ or ]
/// or         = and *( "OR" and )
/// and        = unary *( [ "AND" ] unary )
/// unary      = ( "NOT" | "-" ) unary | primary
/// primary    = "(" or ")" | field ":" value | word | phrase
/// value      = word | phrase | regex | network | comparison | range | "(" or of values ")" | "*"
/// regex      = "/" 1*( any but "/" | "\/" ) "/" [ "i" ]
/// network    = address "/" length
/// comparison = ( ">=" | ">" | "<=" | "<" ) ( word | phrase )
/// range      = ( "[" | "{" ) bound "TO" bound ( "]" | "}" )
/// bound      = word | phrase | "*"
///
/// pipe       = "count" [ "by" fields ] [ "every" step ]
///            | "top" number field [ "by" ( "count" | "distinct" field ) ]
///            | "distinct" field
///            | "facets" [ fields ]
///            | "timeline" field
///            | "join-request"
///            | "sessions" "gap" step
///            | "fields" ( fields | columns )
///            | "sort" key *( "," key )
///            | "limit" number
/// fields     = field *( "," field )
/// columns    = column *( "," column )
/// key        = [ "-" ] name | name ( "asc" | "desc" )
/// step       = number ( "s" | "m" | "h" | "d" | "w" )
/// ```
///
/// A word ends at a space, a parenthesis, a quote or a `|`; `*` and `?` in it are wildcards, and `\`
/// takes the meaning from the next character. Only the first colon divides field and value. Words
/// without a field are looked for in the whole event, ASCII letters in either case. A regular
/// expression begins right behind the colon or in the parentheses behind it, and what begins with a
/// slash is one only if its second slash stands before a space, `)`, `|`, the end, or an `i` before
/// these; `RegularExpression` says what may stand in it. A network is one where the field is
/// `client.ip` or a path.
///
/// A name is a field's, where events are meant, or a column's behind a pipe that makes a table,
/// which is any of the first seven. There is at most one of these; before it stands no pipe, and
/// behind it `fields`, `sort` and `limit`, which without it stand in any order.
package struct Query: Hashable, Sendable {
    /// Which events.
    package var filter: Filter

    /// What is made of them, one after the other; of none the events are the answer.
    package var pipes: [Pipe]

    /// Checks nothing: only `parse` knows what fits together.
    package init(_ filter: Filter, pipes: [Pipe] = []) {
        self.filter = filter
        self.pipes = pipes
    }
}

extension Query {
    /// Reads a query; an empty one asks for everything.
    ///
    /// Times relative to `now` are resolved, so the query means the same at any later time.
    ///
    /// **Complexity:** linear in the length of the text, which is bounded by
    /// `QueryLimits.maximumQueryBytes`; the tables of regular expressions are bounded by
    /// `QueryLimits.maximumRegexPositionsInAll`.
    package static func parse(_ text: String, now: Timestamp) throws(QueryError) -> Query {
        let (bytes, filter, end) = try filterAndRest(text, now: now)
        var parser = PipeParser(tokens: try PipeLexer.tokens(of: bytes, from: end), text: bytes)
        return Query(filter, pipes: try parser.parse())
    }

    /// Reads a filter that stands alone, as where events are followed, exported or allowed to a
    /// token.
    ///
    /// - Throws: what `parse` does, and `misplacedPipe` for a pipe.
    package static func parseFilter(_ text: String, now: Timestamp) throws(QueryError) -> Filter {
        let (bytes, filter, end) = try filterAndRest(text, now: now)
        guard end < bytes.count else { return filter }
        throw QueryError(
            .misplacedPipe,
            "a filter stands alone here, without pipes",
            at: end..<(end + 1),
            of: bytes,
            expected: ["the end", #"\| or quotes for the character"#]
        )
    }

    private static func filterAndRest(
        _ text: String,
        now: Timestamp
    ) throws(QueryError) -> (bytes: [UInt8], filter: Filter, end: Int) {
        let bytes = Array(text.utf8)
        guard bytes.count <= QueryLimits.maximumQueryBytes else {
            throw QueryError(
                code: .tooLarge,
                message: "query of \(bytes.count) bytes, more than \(QueryLimits.maximumQueryBytes)",
                characterRange: 0..<0
            )
        }
        let (tokens, end) = try Lexer.tokens(of: bytes)
        var parser = Parser(tokens: tokens, end: end, text: bytes, now: now)
        return (bytes, try parser.parse(), end)
    }
}

extension Query: CustomStringConvertible {
    /// A text that parses to an equal query, if this one is in its simplest form, as the parser's
    /// are.
    package var description: String {
        ([filter.description] + pipes.map(\.description)).joined(separator: " | ")
    }
}
