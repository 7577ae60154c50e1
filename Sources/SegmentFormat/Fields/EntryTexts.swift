// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventReading
import EventScanner

/// Decides for entries of a column whether a scalar in them passes, as if it stood in an event.
///
/// Belongs to one task at a time.
package struct EntryTexts: ~Copyable {
    private var printer = ValuePrinter()
    private var text: [UInt8] = []
    private var scanner = ObjectScanner(PathTable([]), limits: .unbounded, wantsEveryScalar: true)

    package init() {}

    /// Whether a scalar passes.
    ///
    /// - Parameters:
    ///   - column: the column.
    ///   - entry: one of its entries.
    ///   - passes: decides about a text in UTF-8.
    /// - Returns: whether any did; an object or array has many.
    package mutating func contains(
        _ column: ShreddedColumn,
        entry: Int,
        where passes: (Span<UInt8>) -> Bool
    ) -> Bool {
        text.removeAll(keepingCapacity: true)
        if column.kind == .json || column.forms.contains(.json) {
            // Objects are what the scanner reads, so the value becomes a member of one.
            text.append(contentsOf: "{\"v\":".utf8)
            printer.append(column, entry: entry, to: &text)
            text.append(UInt8(ascii: "}"))
            if let found = containsScalar(where: passes) { return found }
            text.removeAll(keepingCapacity: true)
        }
        printer.append(column, entry: entry, to: &text)
        guard text.contains(UInt8(ascii: "\\")) else { return passes(text.span) }
        let decoded = Array(JSONString.decode(text.span).utf8)
        return passes(decoded.span)
    }

    /// Whether a scalar of the object in `text` passes; nil when it is none, so that the entry is a text itself.
    private mutating func containsScalar(where passes: (Span<UInt8>) -> Bool) -> Bool? {
        let text = text
        guard (try? unsafe scanner.scan(text.span.bytes, in: 0..<text.count)) != nil else { return nil }
        for hit in scanner.hits where hit.kind.isScalar {
            if hit.kind == .escapedString {
                let decoded = Array(text.text(of: hit).text.utf8)
                if passes(decoded.span) { return true }
            } else if passes(text.span.extracting(hit.range)) {
                return true
            }
        }
        return false
    }
}
