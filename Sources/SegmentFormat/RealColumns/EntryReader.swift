// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// Reads entries of columns as the JSON text that they stand for.
struct EntryReader {
    let columns: [ShreddedColumn]
    private var printer = ValuePrinter()
    private(set) var text: [UInt8] = []

    init(_ columns: [ShreddedColumn]) {
        self.columns = columns
    }

    /// Leaves in `text` what stands in the event: of a string, what is between its quotes.
    mutating func read(_ hit: PlacedHit, entry: Int) {
        text.removeAll(keepingCapacity: true)
        printer.append(columns[Int(hit.column)], entry: entry, to: &text)
        guard hit.transform == .afterLastEqualsSign, let equals = text.lastIndex(of: UInt8(ascii: "=")) else { return }
        text.removeSubrange(...equals)
    }

    /// Leaves in `text` the value as a text, escapes resolved; false when it says nothing.
    mutating func readText(_ hit: PlacedHit, entry: Int) -> Bool {
        switch hit.kind {
        case .true: text = Array("true".utf8)
        case .false: text = Array("false".utf8)
        case .null, .object, .array: return false
        case .string, .escapedString, .number:
            guard hit.column != PlacedHit.noColumn else { return false }
            read(hit, entry: entry)
            if isEscaped { text = Array(JSONString.decode(text.span).utf8) }
        }
        return !text.isEmpty
    }

    /// The value as the model wants it.
    mutating func value(_ hit: PlacedHit, entry: Int) -> JSONText {
        switch hit.kind {
        case .true: return JSONText(kind: .true, text: "true")
        case .false: return JSONText(kind: .false, text: "false")
        case .null, .object, .array: return JSONText(kind: hit.kind, text: "")
        case .string, .escapedString, .number:
            guard hit.column != PlacedHit.noColumn else { return JSONText(kind: hit.kind, text: "") }
            read(hit, entry: entry)
            guard isEscaped else { return JSONText(kind: hit.kind, text: String(decoding: text, as: UTF8.self)) }
            return JSONText(kind: .escapedString, text: JSONString.decode(text.span))
        }
    }

    /// Only strings can have a backslash.
    private var isEscaped: Bool { text.contains(UInt8(ascii: "\\")) }
}

/// Values of one event that were found by its shape.
struct PlacedValues: EventValues {
    var values: [(slot: UInt16, value: JSONText)] = []

    func first(_ path: AuditPath) -> JSONText? {
        values.first { $0.slot == path.rawValue }?.value
    }

    func all(_ path: AuditPath) -> [JSONText] {
        values.lazy.filter { $0.slot == path.rawValue }.map(\.value)
    }
}
