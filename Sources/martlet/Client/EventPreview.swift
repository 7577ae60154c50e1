// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import Ingest
import NIOPosix
import QueryEngine

/// Looks at the events of a file without storing them.
struct EventPreview {
    private let catalog: Catalog

    init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    /// Calls `each` for every event with its line, or its place when the events are no lines.
    func run(
        _ reader: sending StreamReader,
        each: (Int, Result<Classification, Rejection>) -> Void
    ) async throws {
        let parts = PartSource(reader, firstLine: 1, pool: .singleton)
        var classifier = EventClassifier(catalog)
        while let part = try await parts.next() {
            for (line, event) in part.events() {
                each(line, event.map { classifier.classify($0) })
            }
        }
    }
}
