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
}
