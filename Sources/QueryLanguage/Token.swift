// SPDX-License-Identifier: Apache-2.0

/// A piece of a query and where it stands.
struct Token: Equatable {
    enum Kind: Equatable {
        case openParenthesis
        case closeParenthesis
        case and
        case or
        case not
        /// A name and the colon behind it.
        case field(String)
        /// Text without quotes; escapes are resolved, wildcards are elements.
        case word([TextPattern.Element])
        /// Text in quotes, in which nothing is a wildcard.
        case phrase(String)
        /// What stands between slashes, as it was written, `\/` and all.
        case regex(String, ignoresCase: Bool)
        case comparison(Operator)
        /// `[`, or `{` when the end itself is left out.
        case rangeStart(isInclusive: Bool)
        case rangeEnd(isInclusive: Bool)
        /// Between the ends of a range.
        case to
    }

    enum Operator: String {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    let kind: Kind

    /// In UTF-8 bytes of the query.
    let byteRange: Range<Int>
}
