// SPDX-License-Identifier: Apache-2.0

/// Bounds on queries.
///
/// A query past any of them is an error that names the limit.
package enum QueryLimits {
    /// The longest query; a page of text is more than anybody types, and less than a URL's usual
    /// bound.
    package static let maximumQueryBytes = 8_192

    /// The deepest nesting of parentheses and negations, which bounds the recursion of the parser.
    package static let maximumDepth = 64

    /// The most conditions of a query, each of which may be tried on every event.
    package static let maximumConditions = 512

    /// The widest line of a query shown with an error; of a longer one the part around the error is
    /// shown.
    package static let maximumShownCharacters = 100

    /// The longest part of a query quoted in a message; of a longer one the beginning is.
    package static let maximumQuotedCharacters = 40

    /// The longest unknown field name for which the nearest known one is looked for.
    package static let maximumSuggestedNameBytes = 40

    // MARK: - Pipes

    /// The most pipes of a query; each passes over all rows that the one before it gives.
    package static let maximumPipes = 16

    /// The most fields in a list, which is the width of a table.
    package static let maximumFields = 16

    /// The largest N of `top N`, whose rows are kept in memory.
    package static let maximumTop = 10_000

    /// The largest number behind `limit`.
    package static let maximumLimit = 1_000_000

    /// The shortest step of time; a finer one would make a row of nearly every event.
    package static let minimumStepSeconds: Int64 = 1

    /// The longest step of time, a leap year.
    package static let maximumStepSeconds: Int64 = 366 * 86_400

    // MARK: - Regular expressions

    /// The most positions of a regular expression, with counted repeats written out: one step takes
    /// at most so many times the words that hold them.
    package static let maximumRegexPositions = 512

    /// The most positions of all regular expressions of a query, which bounds what they take.
    package static let maximumRegexPositionsInAll = 4_096

    /// The most sets of states in an expression's table; with more of them the sets are found anew
    /// for each text.
    package static let maximumRegexStates = 512

    /// The most entries of an expression's table, 64 KiB of memory.
    package static let maximumRegexTableEntries = 32_768
}
