// SPDX-License-Identifier: Apache-2.0

/// One step behind the filter: what is made of the rows before it.
package enum Pipe: Hashable, Sendable {
    // MARK: Events become a table

    /// How many events there are, for each combination of values and each step of time.
    case count(by: [FieldReference], every: TimeStep?)

    /// The values with the most, at most so many.
    case top(Int, FieldReference, by: Measure)

    /// Each value once, in order.
    case distinct(FieldReference)

    /// Field by field how often each value occurs; of an empty list, the fields that the engine
    /// finds useful.
    case facets([FieldReference])

    /// When each value was seen first and last, and how often.
    case timeline(FieldReference)

    /// Checks and acts of one request, side by side.
    case joinRequest

    /// Stretches of a principal's events without a pause longer than the gap.
    case sessions(gap: TimeStep)

    // MARK: Rows stay what they are

    /// Of events, only these fields.
    case fields([FieldReference])

    /// Of a table, only these columns.
    case columns([String])

    case sort([SortKey])

    /// The first rows, at most so many.
    case limit(Int)
}

/// What `top` ranks by.
package enum Measure: Hashable, Sendable {
    /// The number of events.
    case count

    /// The number of different values of a field.
    case distinct(FieldReference)
}

/// One key of an order.
package struct SortKey: Hashable, Sendable {
    /// A field's name where rows are events, else a column of the table.
    package var column: String
    package var isDescending: Bool

    package init(_ column: String, isDescending: Bool) {
        self.column = column
        self.isDescending = isDescending
    }
}

// MARK: - Printing

extension Pipe: CustomStringConvertible {
    /// The pipe as it is written behind its `|`.
    package var description: String {
        switch self {
        case .count(let fields, let step):
            "count" + (fields.isEmpty ? "" : " by \(Self.list(fields))") + (step.map { " every \($0)" } ?? "")
        case .top(let count, let field, .count): "top \(count) \(Self.name(field))"
        case .top(let count, let field, .distinct(let other)):
            "top \(count) \(Self.name(field)) by distinct \(Self.name(other))"
        case .distinct(let field): "distinct \(Self.name(field))"
        case .facets(let fields): fields.isEmpty ? "facets" : "facets \(Self.list(fields))"
        case .timeline(let field): "timeline \(Self.name(field))"
        case .joinRequest: "join-request"
        case .sessions(let gap): "sessions gap \(gap)"
        case .fields(let fields): "fields \(Self.list(fields))"
        case .columns(let columns): "fields \(columns.map(QueryText.columnName).joined(separator: ", "))"
        case .sort(let keys): "sort \(keys.map(\.description).joined(separator: ", "))"
        case .limit(let count): "limit \(count)"
        }
    }

    private static func name(_ field: FieldReference) -> String { QueryText.columnName(field.description) }

    private static func list(_ fields: [FieldReference]) -> String { fields.map(name).joined(separator: ", ") }
}

extension SortKey: CustomStringConvertible {
    package var description: String { QueryText.columnName(column) + (isDescending ? " desc" : "") }
}
