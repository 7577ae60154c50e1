// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditStore
import QueryEngine

/// A row of an answer.
enum AnswerRow {
    case event(StoredEvent)
    /// A cell for each column that the query has.
    case cells([AnswerCell])
}

/// What is known when the last row was handed out.
struct AnswerSummary {
    /// Why not everything was looked at, or given, if so.
    var partialReason: String?
    /// Where to go on; nil when there are no more rows.
    var cursor: QueryCursor?
    /// nil where nobody kept account.
    var explanation: Explanation?
}

/// The answer as a client reads it: with columns where rows are not whole events.
struct AnswerDocument: Decodable {
    let columns: [AnswerColumn]?
    let rows: [[String: AnswerCell]]?
    let partialReason: String?
    let cursor: String?
    let explain: Explanation?

    var summary: AnswerSummary {
        AnswerSummary(partialReason: partialReason, cursor: cursor.flatMap { QueryCursor($0) }, explanation: explain)
    }

    /// The rows, with their cells in the order of the columns.
    var cells: [[AnswerCell]] {
        let names = (columns ?? []).map(\.name)
        return (rows ?? []).map { row in names.map { row[$0] ?? .none } }
    }
}
