// SPDX-License-Identifier: Apache-2.0

package import AuditCatalog
import AuditModel
package import AuditStore
import ByteCoding
import EventReading
import EventScanner
package import QueryLanguage

/// Reads of one event after the other the fields that a query shows.
///
/// Belongs to one task at a time.
package struct FieldProjector: ~Copyable {
    private let fields: [FieldReference]
    private let catalog: Catalog
    private var scanner: ObjectScanner
    private let slots: [String: UInt16]
    private let shared: SharedSlots

    package init(_ fields: [FieldReference], catalog: Catalog) {
        self.fields = fields
        self.catalog = catalog
        let paths = Set(
            fields.compactMap { field -> String? in
                if case .path(let path) = field { path } else { nil }
            }
        ).sorted()
        slots = Dictionary(
            uniqueKeysWithValues: paths.enumerated().map { ($1, PathTable.firstFreeSlot + UInt16($0)) }
        )
        let (table, shared) = PathTable.modelAnd(paths)
        self.shared = shared
        scanner = ObjectScanner(table, limits: .unbounded)
    }

    /// The values of each field, in order: of a field of the model one or none, of a path all that stand there.
    package mutating func values(of stored: StoredEvent) -> [[String]] {
        let isScanned = (try? scanner.scan(stored.bytes.span.bytes, in: 0..<stored.bytes.count)) != nil
        let values = ScannedValues(bytes: stored.bytes, hits: isScanned ? scanner.hits : [], shared: shared)
        let described = DescribedEvent(
            stored: stored,
            event: AuditEvent(values),
            classification: catalog.classify(values)
        )
        return fields.map { field in
            switch field {
            case .audit(let field): described.value(of: field).map { [$0] } ?? []
            case .path(let path): texts(at: path, in: values)
            }
        }
    }

    private func texts(at path: String, in values: ScannedValues) -> [String] {
        guard let slot = slots[path] else { return [] }
        return values.hits.compactMap { hit in
            guard values.isHit(hit, of: slot), hit.kind.isScalar, hit.kind != .null, hit.byteCount > 0 else {
                return nil
            }
            return values.bytes.text(of: hit).text
        }
    }
}
