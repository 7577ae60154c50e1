// SPDX-License-Identifier: Apache-2.0

package import AuditCatalog
import AuditModel
import EventReading
import EventScanner

/// Classifies events that are not stored.
///
/// Belongs to one task at a time.
package struct EventClassifier: ~Copyable {
    private var scanner = ObjectScanner(PathTable.model, limits: .unbounded)
    private let catalog: Catalog

    package init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    /// How an accepted event is classified.
    package mutating func classify(_ bytes: [UInt8]) -> Classification {
        let isObject = (try? scanner.scan(bytes.span.bytes, in: 0..<bytes.count)) != nil
        let values = ScannedValues(bytes: bytes, hits: isObject ? scanner.hits : [])
        return catalog.classify(values)
    }
}

extension Catalog {
    /// How an event is classified by the values that a scan located in it.
    func classify(_ values: ScannedValues) -> Classification {
        classify(
            type: AuditField.type.values(in: values).first,
            method: AuditField.method.values(in: values).first,
            resourceType: AuditField.resourceType.values(in: values).first
        )
    }
}
