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

    /// Whether a value of a field's column passes, or another name of it that the column leaves out.
    func passes(_ value: Span<UInt8>, of field: FieldReference, _ comparison: Comparison) -> Bool {
        if comparison.matches(value) { return true }
        guard field == .audit(.resource) else { return false }
        let text = String(decoding: value.indices.map { value[$0] }, as: UTF8.self)
        guard let short = CRN(text)?.shortened.description, short != text else { return false }
        return comparison.matches(short)
    }

    /// Texts of which every value of a field's column that passes has one in it; none when there are none to name.
    func literals(of field: FieldReference, _ comparison: Comparison) -> [[UInt8]] {
        let literal = comparison.literal
        guard !literal.isEmpty else { return [] }
        guard field == .audit(.resource) else { return [literal] }
        // A shortened name differs in what stands before its elements, in some of their types, and in what is escaped.
        let runs = literal.split { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): false
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): false
            default: true
            }
        }
        guard let longest = runs.max(by: { $0.count < $1.count }) else { return [] }
        return [Array(longest), [UInt8(ascii: "%")]]
    }

    /// How a field is read from columns; nil for `time` and for what only the store knows.
    func question(_ field: FieldReference) -> FieldQuestion? {
        switch field {
        case .path(let path): return FieldQuestion(path: path)
        case .audit(let field):
            guard !field.paths.isEmpty, field != .time else { return nil }
            // The shortened form of a name is made when it is asked for: most are never looked at.
            if field == .resource { return FieldQuestion(field.rawValue, .resource) }
            return FieldQuestion(field.rawValue, field.paths) { values(of: field, in: $0) }
        }
    }
}
