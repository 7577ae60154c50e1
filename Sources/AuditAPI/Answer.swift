// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import AuditStore
import ByteCoding
package import QueryEngine
package import QueryLanguage

/// A column of an answer, as the API names it.
package struct AnswerColumn: Codable, Sendable, Equatable {
    /// What stands in a column.
    package enum Kind: String, Codable, Sendable {
        case text
        case time
        case number
    }

    package let name: String
    package let type: Kind

    package init(_ column: ResultColumn) {
        name = column.name
        type =
            switch column.content {
            case .number: .number
            case .time: .time
            case .text: .text
            case .value(let field): Kind(field)
            }
    }
}

extension AnswerColumn.Kind {
    /// What the values of a field are.
    package init(_ field: FieldReference) {
        guard case .audit(let field) = field else {
            self = .text
            return
        }
        self = field == .index ? .number : field.isTime ? .time : .text
    }
}

/// What stands in a cell of an answer.
package enum AnswerCell: Sendable, Equatable {
    case none
    /// Times too, by RFC 3339.
    case text(String)
    case number(Int)
    /// More values than one at a path.
    case texts([String])

    /// The values of a field in an event.
    init(_ values: [String], _ type: AnswerColumn.Kind) {
        switch values.count {
        case 0: self = .none
        case 1: self = AnswerCell(values[0], type)
        default: self = .texts(values)
        }
    }

    private init(_ text: String, _ type: AnswerColumn.Kind) {
        self = type == .number ? Int(text).map(AnswerCell.number) ?? .text(text) : .text(text)
    }

    init(_ value: QueryTable.Value, _ type: AnswerColumn.Kind) {
        switch value {
        case .none: self = .none
        case .text(let text): self = AnswerCell(text, type)
        case .number(let number): self = .number(number)
        case .time(let time): self = .text(time.description)
        }
    }

    /// For people; nothing for nothing.
    package var text: String {
        switch self {
        case .none: ""
        case .text(let text): text
        case .number(let number): String(number)
        case .texts(let texts): texts.joined(separator: ", ")
        }
    }

    func encode(into text: inout [UInt8]) {
        switch self {
        case .none: text.append(contentsOf: "null".utf8)
        case .text(let value): JSONString.encode(value, into: &text)
        case .number(let number): text.append(contentsOf: String(number).utf8)
        case .texts(let values):
            text.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { text.append(UInt8(ascii: ",")) }
                JSONString.encode(value, into: &text)
            }
            text.append(UInt8(ascii: "]"))
        }
    }
}

extension AnswerCell: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .texts(try container.decode([String].self))
        }
    }
}

/// The rows of an answer that has columns.
package struct AnswerTable: Sendable {
    package let columns: [AnswerColumn]
    package private(set) var rows: [[AnswerCell]]
    /// Why these are not all rows, if so.
    package private(set) var partialReason: String?

    /// The first rows of a table; without a limit so many as an answer in order of time may have, and then it says so.
    package init(_ table: QueryTable, limit: Int?) {
        let columns = table.columns.map { AnswerColumn($0) }
        self.columns = columns
        rows = table.rows.prefix(limit ?? APILimits.maximumRowCount).map { row in
            zip(row, columns).map { AnswerCell($0, $1.type) }
        }
        partialReason = table.outcome.partialReason
        if limit == nil, table.rows.count > rows.count {
            let cut = "the table has \(table.rows.count) rows, and the first \(rows.count) are given"
            partialReason = partialReason.map { "\($0); \(cut)" } ?? cut
        }
    }
}

/// Rows as JSON objects.
package enum AnswerRowJSON {
    /// Appends `{"<column>":<value>,…}`; `index` comes first where it is given and no column.
    package static func encode(
        _ cells: [AnswerCell],
        _ columns: [AnswerColumn],
        index: UInt64? = nil,
        into text: inout [UInt8]
    ) {
        text.append(UInt8(ascii: "{"))
        var isFirst = true
        if let index, !columns.contains(where: { $0.name == AuditField.index.rawValue }) {
            text.append(contentsOf: "\"index\":\(index)".utf8)
            isFirst = false
        }
        for (cell, column) in zip(cells, columns) {
            if !isFirst { text.append(UInt8(ascii: ",")) }
            isFirst = false
            JSONString.encode(column.name, into: &text)
            text.append(UInt8(ascii: ":"))
            cell.encode(into: &text)
        }
        text.append(UInt8(ascii: "}"))
    }
}

/// The fields of events as cells.
///
/// Belongs to one task at a time.
package struct AnswerProjector: ~Copyable {
    package let columns: [AnswerColumn]
    private var projector: FieldProjector

    /// nil when the query shows whole events or makes a table.
    package init?(_ query: Query, _ engine: Engine) {
        guard let columns = query.columns, !query.pipes.contains(where: \.makesTable) else { return nil }
        let fields = columns.compactMap { column -> FieldReference? in
            if case .value(let field) = column.content { field } else { nil }
        }
        self.columns = columns.map { AnswerColumn($0) }
        projector = FieldProjector(fields, catalog: engine.catalog)
    }

    package mutating func cells(of event: StoredEvent) -> [AnswerCell] {
        zip(projector.values(of: event), columns).map { AnswerCell($0, $1.type) }
    }
}
