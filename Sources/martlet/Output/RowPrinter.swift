// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import AuditStore
import JournalFormat
import QueryEngine

/// How rows are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// Columns that fit the terminal.
    case table
    /// One JSON document with rows: fields, and the event's own bytes.
    case json
    /// The original bytes of each event, with a line end behind it.
    case ndjson
    /// The columns of the table, uncut, for spreadsheets.
    case csv
}

/// Writes the rows of a query in the form asked for.
struct RowPrinter: ~Copyable {
    private let format: OutputFormat
    private var describer: EventDescriber
    private var table = Table([
        .init(title: "INDEX", isNumber: true, mayBeCut: false), .init(title: "TIME", mayBeCut: false),
        .init(title: "OUTCOME", mayBeCut: false), .init(title: "PRINCIPAL"), .init(title: "METHOD"),
        .init(title: "RESOURCE", keepsEnd: true), .init(title: "CLIENT"),
    ])
    private static let fields: [AuditField] = [.index, .time, .outcome, .principal, .method, .resource, .clientIP]
    private(set) var count = 0

    init(_ format: OutputFormat, describer: consuming EventDescriber) {
        self.format = format
        self.describer = describer
    }

    mutating func begin() {
        switch format {
        case .json: Terminal.write("[")
        case .csv: Terminal.write(Self.fields.map(\.rawValue).joined(separator: ",") + "\n")
        case .table, .ndjson: break
        }
    }

    mutating func add(_ row: StoredEvent) {
        switch format {
        case .ndjson:
            Terminal.write(row.bytes + [UInt8(ascii: "\n")])
        case .json:
            var text = Array((count == 0 ? "\n" : ",\n").utf8)
            RowJSON.encode(describer.describe(row), into: &text)
            Terminal.write(text)
        case .csv:
            let described = describer.describe(row)
            Terminal.write(Self.fields.map { Self.quoted(described.value(of: $0) ?? "") }.joined(separator: ",") + "\n")
        case .table:
            add(describer.describe(row))
        }
        count += 1
    }

    func end() {
        switch format {
        case .json: Terminal.write(count == 0 ? "]\n" : "\n]\n")
        case .table where count > 0: Terminal.write(table.rendered())
        case .table, .ndjson, .csv: break
        }
    }

    private mutating func add(_ row: DescribedEvent) {
        let conflict = row.stored.flags.contains(.conflict)
        table.add(
            Self.fields.map { field in
                let value = row.value(of: field) ?? ""
                return switch field {
                case .index: conflict ? value + "!" : value
                case .time: Self.withoutFraction(value)
                case .resource: Self.short(value)
                default: value
                }
            },
            colours: [.quiet, .quiet, Self.colour(of: row.event.outcome)]
        )
    }

    static func colour(of outcome: Outcome) -> Colour? {
        switch outcome {
        case .success, .allowed: .good
        case .failure: .bad
        case .denied: .attention
        case .unknown: .quiet
        }
    }

    /// Seconds are enough to read; the event has the rest.
    static func withoutFraction(_ time: String) -> String {
        guard time.hasSuffix("Z"), let dot = time.firstIndex(of: ".") else { return time }
        return time[..<dot] + "Z"
    }

    /// A CRN without what every CRN has.
    private static func short(_ resource: String) -> String {
        guard let crn = CRN(resource), !crn.elements.isEmpty else { return resource }
        return crn.shortened.elements.map { "\($0.type)=\($0.name)" }.joined(separator: "/")
    }

    /// RFC 4180; and a value that a spreadsheet would take for a formula is disarmed with an apostrophe.
    static func quoted(_ value: String) -> String {
        let text = Terminal.harmless(value)
        let isFormula = text.first.map { "=+-@".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
