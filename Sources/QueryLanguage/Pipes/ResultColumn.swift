// SPDX-License-Identifier: Apache-2.0

private import AuditModel

/// A column of an answer.
package struct ResultColumn: Hashable, Sendable {
    /// What stands in a column.
    package enum Content: Hashable, Sendable {
        /// A value of the field, in its canonical spelling.
        case value(FieldReference)
        /// A point in time.
        case time
        /// A whole number.
        case number
        /// One of a few words, or a name.
        case text
    }

    package let name: String
    package let content: Content

    package init(_ name: String, _ content: Content) {
        self.name = name
        self.content = content
    }

    /// A field's column has the field's name.
    package init(_ field: FieldReference) {
        self.init(field.description, .value(field))
    }
}

extension Query {
    /// The columns of the answer's rows, in order; nil when rows are whole events.
    package var columns: [ResultColumn]? {
        var rows = Rows.events
        for pipe in pipes { rows.pass(pipe) }
        return switch rows {
        case .events: nil
        case .selected(let fields): fields.map { ResultColumn($0) }
        case .table(let columns): columns
        }
    }
}

/// What rows are between two pipes.
enum Rows: Equatable {
    case events
    /// Events of which only these fields are shown.
    case selected([FieldReference])
    case table([ResultColumn])

    /// Whether a pipe has made a table.
    var isTable: Bool {
        if case .table = self { true } else { false }
    }

    mutating func pass(_ pipe: Pipe) {
        switch pipe {
        case .sort, .limit: break
        case .fields(let fields): self = .selected(fields)
        case .columns(let names):
            guard case .table(let columns) = self else { break }
            self = .table(names.compactMap { name in columns.first { $0.name == name } })
        default: self = .table(pipe.tableColumns)
        }
    }
}

extension Pipe {
    /// The columns of the table that the pipe makes of events; none for a pipe that makes none.
    var tableColumns: [ResultColumn] {
        switch self {
        case .count(let fields, let step):
            (step == nil ? [] : [ResultColumn("time", .time)]) + fields.map { ResultColumn($0) }
                + [ResultColumn("count", .number)]
        case .top(_, let field, .count): [ResultColumn(field), ResultColumn("count", .number)]
        case .top(_, let field, .distinct): [ResultColumn(field), ResultColumn("distinct", .number)]
        case .distinct(let field): [ResultColumn(field)]
        case .facets: [ResultColumn("field", .text), ResultColumn("value", .text), ResultColumn("count", .number)]
        case .timeline(let field):
            [
                ResultColumn(field), ResultColumn("first", .time), ResultColumn("last", .time),
                ResultColumn("count", .number),
            ]
        case .joinRequest:
            [
                ResultColumn("request", .value(.audit(.requestID))), ResultColumn("check", .number),
                ResultColumn("act", .number), ResultColumn("checkOutcome", .value(.audit(.outcome))),
                ResultColumn("actOutcome", .value(.audit(.outcome))), ResultColumn(.audit(.principal)),
                ResultColumn(.audit(.method)), ResultColumn(.audit(.resource)), ResultColumn("link", .text),
            ]
        case .sessions:
            [
                ResultColumn(.audit(.principal)), ResultColumn("first", .time), ResultColumn("last", .time),
                ResultColumn("events", .number), ResultColumn("methods", .number),
                ResultColumn("resources", .number), ResultColumn("failures", .number),
            ]
        case .fields, .columns, .sort, .limit: []
        }
    }
}
