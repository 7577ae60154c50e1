// SPDX-License-Identifier: Apache-2.0

package import AuditCatalog
package import AuditModel
package import AuditStore
import EventReading
import EventScanner
import JournalFormat

/// A stored event with everything Martlet knows of it: its own fields, the catalogue's, the store's.
package struct DescribedEvent: Sendable {
    package let stored: StoredEvent
    package let event: AuditEvent
    package let classification: Classification

    /// The value to show for a field; nil when there is none.
    package func value(of field: AuditField) -> String? {
        switch field {
        case .received: Timestamp(nanosecondsSinceEpoch: stored.received).description
        case .index: String(stored.index)
        case .stream: stored.stream.name
        case .family: classification.family
        case .category: classification.category
        case .subcategory: classification.subcategory
        default: event.value(of: field)
        }
    }
}

/// Describes events one after the other.
///
/// Belongs to one task at a time.
package struct EventDescriber: ~Copyable {
    private var scanner: ObjectScanner
    private let catalog: Catalog

    package init(_ catalog: Catalog) {
        self.catalog = catalog
        // What is stored was scanned when it came; limits may have been larger then.
        scanner = ObjectScanner(PathTable.model, limits: .unbounded)
    }

    package mutating func describe(_ stored: StoredEvent) -> DescribedEvent {
        let found = (try? scanner.scan(stored.bytes.span.bytes, in: 0..<stored.bytes.count)) != nil
        let event = AuditEvent(ScannedValues(bytes: stored.bytes, hits: found ? scanner.hits : []))
        let classification = catalog.classify(
            type: event.type,
            method: event.method,
            resourceType: event.resourceType
        )
        return DescribedEvent(stored: stored, event: event, classification: classification)
    }
}
