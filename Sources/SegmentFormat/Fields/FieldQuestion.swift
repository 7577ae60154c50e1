// SPDX-License-Identifier: Apache-2.0

package import AuditModel
import ByteCoding
package import EventReading
import EventScanner

/// How a field is read from events: the places that it depends on, and what it makes of the values there.
package struct FieldQuestion: Sendable {
    /// What the field is called; two questions of one name are the same.
    package let name: String

    let table: PathTable
    /// The places as paths.
    let spellings: [String]
    /// The table's slots of these places.
    let slots: Set<UInt16>
    /// The column of the file that is the field already.
    let column: RealColumn?
    /// The field's values in an event of which the table's places were located; texts without escapes.
    let values: @Sendable (ScannedValues) -> [String]

    /// A field of the model, or one that follows from such.
    ///
    /// - Parameters:
    ///   - name: what the field is called.
    ///   - paths: the places of an event that its values depend on.
    ///   - values: the field's values.
    package init(_ name: String, _ paths: [AuditPath], values: @escaping @Sendable (ScannedValues) -> [String]) {
        self.name = name
        column = nil
        table = .model
        spellings = paths.flatMap(\.spellings)
        slots = Set(paths.map(\.rawValue))
        self.values = values
    }

    /// A field that is a column of texts in every segment.
    ///
    /// - Parameters:
    ///   - name: what the field is called.
    ///   - column: the column.
    package init(_ name: String, _ column: RealColumn) {
        self.name = name
        self.column = column
        table = .model
        spellings = []
        slots = []
        values = { _ in [] }
    }

    /// All scalars at a path that say something, as texts.
    package init(path: String) {
        name = path
        column = nil
        spellings = PathTable.spellings(of: path)
        table = PathTable(spellings.map { ($0, 0) })
        slots = [0]
        values = { values in
            values.hits.compactMap { hit in
                guard hit.slot == 0, hit.kind.isScalar, hit.kind != .null, hit.byteCount > 0 else { return nil }
                return values.bytes.text(of: hit).text
            }
        }
    }
}
