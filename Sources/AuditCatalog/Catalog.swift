// SPDX-License-Identifier: Apache-2.0

import CCatalogData

/// The event types, categories and methods that audit events are known to have, read from a data file.
///
/// Immutable after `init`, so one value serves all threads.
package struct Catalog: Sendable {
    package let certainties: [CatalogCertainty]
    package let eventTypes: [CatalogEventType]
    package let platformCategories: [PlatformCategory]
    package let families: [CatalogFamily]
    /// In the order of the file, families together.
    package let categories: [CatalogCategory]
    /// Every method of every category, in the order of the file.
    ///
    /// A name stands here once for each of its categories.
    package let methods: [CatalogEntry]
    let index: CatalogIndex

    /// Reads a data file and checks that it hangs together.
    ///
    /// - Throws: `CatalogError`; its `path` names the place in the file.
    package init(json: [UInt8]) throws(CatalogError) {
        var builder = CatalogBuilder(try CatalogDocument.read(json))
        self = try builder.build()
    }

    init(
        certainties: [CatalogCertainty],
        eventTypes: [CatalogEventType],
        platformCategories: [PlatformCategory],
        families: [CatalogFamily],
        categories: [CatalogCategory],
        methods: [CatalogEntry]
    ) {
        self.certainties = certainties
        self.eventTypes = eventTypes
        self.platformCategories = platformCategories
        self.families = families
        self.categories = categories
        self.methods = methods
        index = CatalogIndex(eventTypes: eventTypes, families: families, categories: categories, methods: methods)
    }

    /// The catalogue that the program was built with.
    package static func embedded() throws(CatalogError) -> Catalog {
        try Catalog(json: embeddedJSON())
    }

    /// The data file that the program was built with, as a start for a corrected one.
    package static func embeddedJSON() -> [UInt8] {
        // SAFETY: the two functions describe one array of the C target that is constant and lives as long as the process.
        unsafe [UInt8](UnsafeBufferPointer(start: martlet_catalog_bytes(), count: martlet_catalog_byte_count()))
    }
}
