// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import QueryLanguage

/// What a query with a table answers.
package struct QueryTable: Sendable {
    /// What stands in a cell.
    package enum Value: Sendable, Hashable {
        /// The events of the row have no value here.
        case none
        case text(String)
        case number(Int)
        case time(Timestamp)
    }

    package var columns: [ResultColumn]
    package var rows: [[Value]]
    package var outcome: QueryOutcome

    package init(columns: [ResultColumn], rows: [[Value]] = [], outcome: QueryOutcome = QueryOutcome()) {
        self.columns = columns
        self.rows = rows
        self.outcome = outcome
    }
}

extension QueryTable.Value: Comparable {
    /// Texts byte by byte, as everywhere.
    package static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.number(let left), .number(let right)): left == right
        case (.time(let left), .time(let right)): left == right
        case (.text(let left), .text(let right)): ExactText(left) == ExactText(right)
        default: false
        }
    }

    /// What is missing comes first; then numbers and times by what they are, texts byte by byte.
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.time(let left), .time(let right)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        default: left.rank < right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .none: 0
        case .number: 1
        case .time: 2
        case .text: 3
        }
    }
}
