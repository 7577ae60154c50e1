// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditModel

/// Writes the rows of an answer that has columns, in the form asked for.
///
/// As JSON and CSV they leave as they come; a table is written at the end, when its widths are known.
struct AnswerPrinter {
    private let format: OutputFormat
    private let columns: [AnswerColumn]
    private var rows: [[AnswerCell]] = []
    private(set) var count = 0
    /// Whether any row speaks of an event, which a count of 0 does not.
    private(set) var hasMatch = false

    init(_ format: OutputFormat, columns: [AnswerColumn]) {
        self.format = format
        self.columns = columns
    }

    func begin() {
        switch format {
        case .json: Terminal.write("[")
        case .csv: Terminal.write(columns.map { RowPrinter.quoted($0.name) }.joined(separator: ",") + "\n")
        case .table, .ndjson: break
        }
    }

    mutating func add(_ row: [AnswerCell]) {
        hasMatch = hasMatch || !(columns.count == 1 && row == [.number(0)])
        switch format {
        case .json, .ndjson:
            var text = Array((format == .ndjson ? "" : count == 0 ? "\n" : ",\n").utf8)
            AnswerRowJSON.encode(row, columns, into: &text)
            if format == .ndjson { text.append(UInt8(ascii: "\n")) }
            Terminal.write(text)
        case .csv: Terminal.write(row.map { RowPrinter.quoted($0.text) }.joined(separator: ",") + "\n")
        case .table: rows.append(row)
        }
        count += 1
    }

    func end() {
        switch format {
        case .json: Terminal.write(count == 0 ? "]\n" : "\n]\n")
        case .table where count > 0: Terminal.write(rendered(for: Terminal.outputIsTerminal ? Terminal.width : nil))
        case .table, .ndjson, .csv: break
        }
    }

    // MARK: - Tables

    /// Of a bar at least, and at most.
    private static let barWidths = 8...40

    /// The table's text; for a terminal of some width cut to fit, and with bars for numbers of events.
    func rendered(for terminalWidth: Int?) -> String {
        var titles = columns.map { column in
            Table.Column(
                title: column.name.hasPrefix("data.") ? column.name : column.name.uppercased(),
                isNumber: column.type == .number,
                mayBeCut: column.type == .text,
                keepsBothEnds: true
            )
        }
        guard let terminalWidth else { return table(titles, bars: nil).rendered(width: .max) }
        let room = terminalWidth - table(titles, bars: nil).width - 2
        guard let measured, room >= Self.barWidths.lowerBound else {
            return table(titles, bars: nil).rendered(width: terminalWidth)
        }
        titles.append(Table.Column(title: "", mayBeCut: false))
        let width = min(room, Self.barWidths.upperBound)
        let most = measured.max() ?? 0
        let bars = measured.map { ByteText.bar(Double($0) / Double(max(1, most)), width: width) }
        return table(titles, bars: bars).rendered(width: terminalWidth)
    }

    private func table(_ titles: [Table.Column], bars: [String]?) -> Table {
        var table = Table(titles)
        for (place, row) in rows.enumerated() {
            let cells = zip(row, columns).map { cell, column in
                column.type == .time ? RowPrinter.withoutFraction(cell.text) : cell.text
            }
            let colours = zip(row, columns).map { Self.colour(of: $0, in: $1) }
            table.add(cells + (bars.map { [$0[place]] } ?? []), colours: colours)
        }
        return table
    }

    /// The numbers that bars stand for: those of a last column that counts, if there are several.
    private var measured: [Int]? {
        guard let last = columns.last, last.type == .number, ["count", "distinct"].contains(last.name), rows.count > 1
        else { return nil }
        return rows.map { row in
            if case .number(let number) = row.last { number } else { 0 }
        }
    }

    private static func colour(of cell: AnswerCell, in column: AnswerColumn) -> Colour? {
        if column.type == .time { return .quiet }
        guard column.name.lowercased().hasSuffix("outcome"), case .text(let text) = cell else { return nil }
        return Outcome(rawValue: text).flatMap { RowPrinter.colour(of: $0) }
    }
}
