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
    private let places: EventPlaces

    package init(_ fields: [FieldReference], catalog: Catalog) {
        self.fields = fields
        self.catalog = catalog
        places = EventPlaces(fields)
        scanner = ObjectScanner(places.table, limits: .unbounded)
    }

    /// The values of each field, in order: of a field of the model one or none, of a path all that stand there.
    package mutating func values(of stored: StoredEvent) -> [[String]] {
        let isScanned = (try? scanner.scan(stored.bytes.span.bytes, in: 0..<stored.bytes.count)) != nil
        let values = ScannedValues(bytes: stored.bytes, hits: isScanned ? scanner.hits : [], shared: places.shared)
        let described = DescribedEvent(
            stored: stored,
            event: AuditEvent(values),
            classification: catalog.classify(values)
        )
        return fields.map { field in
            switch field {
            case .audit(let field): described.value(of: field).map { [$0] } ?? []
            case .path(let path): places.texts(at: path, in: values)
            }
        }
    }
}
