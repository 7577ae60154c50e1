// SPDX-License-Identifier: Apache-2.0

package import QueryLanguage

import AuditModel

/// The promises of the query language that must hold for any text at all.
///
/// libFuzzer calls this with inputs of its making, and the tests with every file of the corpus.
package enum QueryFuzz {
    /// Reads `input` as a query and uses what it gives.
    ///
    /// Bytes that are not UTF-8 become U+FFFD, as everywhere where text comes in.
    ///
    /// - Returns: the error of the query, nil when it is one.
    @discardableResult
    package static func check(_ input: [UInt8]) throws(BrokenPromise) -> QueryError? {
        let text = String(decoding: input, as: UTF8.self)
        let query: Query
        do throws(QueryError) {
            query = try Query.parse(text, now: now)
        } catch {
            try check(error, of: text)
            return error
        }
        try require(text.utf8.count <= QueryLimits.maximumQueryBytes, "a query longer than the limit")
        try require(query.pipes.count <= QueryLimits.maximumPipes, "more pipes than the limit")
        try checkDescription(of: query)
        try checkFilter(of: query, text)
        try checkColumns(of: query)
        tryConditions(of: query.filter, on: input)
        return nil
    }

    private static let now = Timestamp(nanosecondsSinceEpoch: 1_795_311_015_000_000_005)

    // MARK: - Promises

    /// It points into the text, and shows it without what steers a terminal.
    private static func check(_ error: QueryError, of text: String) throws(BrokenPromise) {
        try require(error.characterRange.upperBound <= text.count, "an error outside the query")
        let shown = error.rendered(for: text)
        try require(shown.contains("^"), "an error without its caret")
        try require(!shown.unicodeScalars.contains { $0 != "\n" && $0.value < 0x20 }, "control characters in an error")
        let width = QueryLimits.maximumShownCharacters + 4
        let lines = shown.split(separator: "\n").dropFirst().prefix(2)
        try require(lines.allSatisfy { $0.count <= width }, "a shown query that is too wide")
    }

    /// The description is a query, and the same one.
    private static func checkDescription(of query: Query) throws(BrokenPromise) {
        let text = query.description
        // Relative times and escapes are written out, which may pass the limit.
        guard text.utf8.count <= QueryLimits.maximumQueryBytes else { return }
        let again: Query
        do throws(QueryError) {
            again = try Query.parse(text, now: now)
        } catch {
            throw BrokenPromise("a description that is no query: \(text): \(error)")
        }
        try require(again == query, "a description that is another query: \(text)")
        try require(again.description == text, "a description that changes: \(text)")
        try require(again.hashValue == query.hashValue, "equal queries with different hash values: \(text)")
    }

    /// A filter that stands alone is the query's, or its pipes are objected to.
    private static func checkFilter(of query: Query, _ text: String) throws(BrokenPromise) {
        let filter: Filter
        do throws(QueryError) {
            filter = try Query.parseFilter(text, now: now)
        } catch {
            return try require(
                error.code == .misplacedPipe && !query.pipes.isEmpty,
                "no filter when it stands alone"
            )
        }
        try require(filter == query.filter && query.pipes.isEmpty, "another filter when it stands alone")
    }

    /// Tables have columns, each once; an order is by one of them.
    private static func checkColumns(of query: Query) throws(BrokenPromise) {
        guard let columns = query.columns else { return }
        try require(!columns.isEmpty, "rows without columns")
        try require(Set(columns.map(\.name)).count == columns.count, "a column twice")
    }

    /// Nothing is expected of the answers but that they come.
    private static func tryConditions(of filter: Filter, on input: [UInt8]) {
        switch filter {
        case .all: break
        case .and(let parts), .or(let parts): for part in parts { tryConditions(of: part, on: input) }
        case .not(let part): tryConditions(of: part, on: input)
        case .freeText(let pattern): _ = pattern.matches(input.span)
        case .field(_, let comparison):
            // Also on bytes that are not UTF-8.
            _ = comparison.matches(input.span)
            _ = comparison.matches("10.1.2.3")
            _ = comparison.matches(now)
        }
    }

    private static func require(_ promise: Bool, _ broken: String) throws(BrokenPromise) {
        if !promise { throw BrokenPromise(broken) }
    }
}
