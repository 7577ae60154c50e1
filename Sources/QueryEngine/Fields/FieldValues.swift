// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import ByteCoding
import EventReading
import EventScanner
import QueryLanguage
import SegmentFormat

/// What the fields of queries are in an event, apart from its place and time in the log.
///
/// The one place that says so: events of the journal and columns of segments are read by the same rules.
struct FieldValues: Sendable {
    let catalog: Catalog

    /// All values with which conditions on a field are compared, the one that is shown first.
    ///
    /// Empty for `time` and for what only the store knows.
    func values(of field: AuditField, in values: ScannedValues) -> [String] {
        switch field {
        case .time, .received, .index, .stream: return []
        case .family: return Self.list(catalog.classify(values).family)
        case .category: return Self.list(catalog.classify(values).category)
        case .subcategory: return Self.list(catalog.classify(values).subcategory)
        default:
            guard let paths = field.directPaths, paths.count == 1 else { return field.values(in: values) }
            return values.all(paths[0]).compactMap {
                $0.kind.isScalar && $0.kind != .null && !$0.text.isEmpty ? $0.text : nil
            }
        }
    }

    private static func list(_ value: String?) -> [String] { value.map { [$0] } ?? [] }

    /// How a field is read from columns; nil for `time` and for what only the store knows.
    func question(_ field: FieldReference) -> FieldQuestion? {
        switch field {
        case .path(let path): return FieldQuestion(path: path)
        case .audit(let field):
            guard !field.paths.isEmpty, field != .time else { return nil }
            return FieldQuestion(field.rawValue, field.paths) { values(of: field, in: $0) }
        }
    }
}
