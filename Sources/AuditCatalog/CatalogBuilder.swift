// SPDX-License-Identifier: Apache-2.0

/// Turns a data file into a catalogue and refuses one that contradicts itself.
struct CatalogBuilder {
    private let document: CatalogDocument
    private var certaintyIDs: Set<String> = []
    private var typeNames: Set<String> = []
    private var platformIDs: Set<String> = []

    init(_ document: CatalogDocument) {
        self.document = document
    }

    mutating func build() throws(CatalogError) -> Catalog {
        guard document.schemaVersion == CatalogLimits.schemaVersion else {
            throw CatalogError(
                code: .unsupportedVersion,
                message: "version \(document.schemaVersion), this program reads \(CatalogLimits.schemaVersion)",
                path: "schemaVersion"
            )
        }
        let certainties = try buildCertainties()
        let eventTypes = try buildEventTypes()
        let platformCategories = try buildPlatformCategories()
        var families: [CatalogFamily] = []
        var categories: [CatalogCategory] = []
        var methods: [CatalogEntry] = []
        var familyIDs: Set<String> = []
        for (number, item) in document.families.enumerated() {
            let path = "families[\(number)]"
            let family = CatalogFamily(
                id: try text(item.value.id, at: "\(path).id"),
                name: try text(item.value.name, at: "\(path).name"),
                summary: try text(item.value.description, at: "\(path).description")
            )
            try insert(family.id, into: &familyIDs, at: "\(path).id")
            families.append(family)
            var places: Set<String> = []
            for (number, item) in item.value.categories.enumerated() {
                let path = "\(path).categories[\(number)]"
                let category = try buildCategory(item.value, of: family, at: path)
                try insert("\(category.id) \(category.subcategoryID ?? "")", into: &places, at: "\(path).id")
                categories.append(category)
                methods += try buildMethods(item.value, of: category, in: family, at: path)
            }
        }
        return Catalog(
            certainties: certainties,
            eventTypes: eventTypes,
            platformCategories: platformCategories,
            families: families,
            categories: categories,
            methods: methods
        )
    }

    // MARK: - Parts

    private mutating func buildCertainties() throws(CatalogError) -> [CatalogCertainty] {
        var certainties: [CatalogCertainty] = []
        for (number, item) in document.certainties.enumerated() {
            let path = "certainties[\(number)]"
            let certainty = CatalogCertainty(
                id: try text(item.value.id, at: "\(path).id"),
                summary: try text(item.value.description, at: "\(path).description")
            )
            try insert(certainty.id, into: &certaintyIDs, at: "\(path).id")
            certainties.append(certainty)
        }
        return certainties
    }

    private mutating func buildEventTypes() throws(CatalogError) -> [CatalogEventType] {
        var types: [CatalogEventType] = []
        for (number, item) in document.eventTypes.enumerated() {
            let path = "eventTypes[\(number)]"
            let type = CatalogEventType(
                name: try text(item.value.type, at: "\(path).type"),
                action: try text(item.value.action, at: "\(path).action"),
                aliasOf: item.value.aliasOf,
                summary: try text(item.value.description, at: "\(path).description")
            )
            try insert(type.name, into: &typeNames, at: "\(path).type")
            types.append(type)
        }
        let proper = Set(types.filter { $0.aliasOf == nil }.map(\.name))
        for (number, type) in types.enumerated() {
            guard let target = type.aliasOf, !proper.contains(target) else { continue }
            // An alias of an alias is refused too, so no look-up can go in circles.
            throw unknown("event type", target, at: "eventTypes[\(number)].aliasOf")
        }
        return types
    }

    private mutating func buildPlatformCategories() throws(CatalogError) -> [PlatformCategory] {
        var categories: [PlatformCategory] = []
        for (number, item) in document.platformCategories.enumerated() {
            let path = "platformCategories[\(number)]"
            let category = PlatformCategory(
                id: try text(item.value.id, at: "\(path).id"),
                name: try text(item.value.name, at: "\(path).name"),
                isCapturedByDefault: item.value.capturedByDefault,
                summary: try text(item.value.description, at: "\(path).description")
            )
            try insert(category.id, into: &platformIDs, at: "\(path).id")
            categories.append(category)
        }
        return categories
    }

    private func buildCategory(
        _ item: CatalogDocument.Category,
        of family: CatalogFamily,
        at path: String
    ) throws(CatalogError) -> CatalogCategory {
        guard (item.subcategory == nil) == (item.subcategoryName == nil) else {
            let absent = item.subcategory == nil ? "subcategory" : "subcategoryName"
            throw CatalogError(code: .wrongShape, message: "missing beside its sister", path: "\(path).\(absent)")
        }
        guard !item.eventTypes.isEmpty else {
            throw CatalogError(code: .empty, message: "no event type", path: "\(path).eventTypes")
        }
        for (number, type) in item.eventTypes.enumerated() where !typeNames.contains(type) {
            throw unknown("event type", type, at: "\(path).eventTypes[\(number)]")
        }
        return CatalogCategory(
            familyID: family.id,
            id: try text(item.id, at: "\(path).id"),
            name: try text(item.name, at: "\(path).name"),
            subcategoryID: try optionalText(item.subcategory, at: "\(path).subcategory"),
            subcategoryName: try optionalText(item.subcategoryName, at: "\(path).subcategoryName"),
            summary: try text(item.description, at: "\(path).description"),
            eventTypes: try distinct(item.eventTypes, at: "\(path).eventTypes"),
            resourceTypes: try distinct(item.resourceTypes, at: "\(path).resourceTypes"),
            isComplete: item.complete,
            note: item.note
        )
    }

    private func buildMethods(
        _ item: CatalogDocument.Category,
        of category: CatalogCategory,
        in family: CatalogFamily,
        at path: String
    ) throws(CatalogError) -> [CatalogEntry] {
        let placement = CatalogPlacement(family: family, category: category.id, subcategory: category.subcategoryID)
        var entries: [CatalogEntry] = []
        var names: Set<String> = []
        for (number, item) in item.methods.enumerated() {
            let path = "\(path).methods[\(number)]"
            let method = try buildMethod(item.value, at: path)
            try insert(method.name.lowercased(), into: &names, at: "\(path).name", shown: method.name)
            for (number, spelling) in method.otherSpellings.enumerated()
            where spelling.lowercased() != method.name.lowercased() {
                let path = "\(path).otherSpellings[\(number)]"
                try insert(spelling.lowercased(), into: &names, at: path, shown: spelling)
            }
            entries.append(CatalogEntry(family: family, category: category, method: method, placement: placement))
        }
        return entries
    }

    private func buildMethod(_ item: CatalogDocument.Method, at path: String) throws(CatalogError) -> CatalogMethod {
        guard certaintyIDs.contains(item.certainty) else {
            throw unknown("certainty", item.certainty, at: "\(path).certainty")
        }
        if let platform = item.platform, !platformIDs.contains(platform) {
            throw unknown("platform category", platform, at: "\(path).platform")
        }
        return CatalogMethod(
            name: try text(item.name, at: "\(path).name"),
            certainty: item.certainty,
            summary: try text(item.description, at: "\(path).description"),
            resourceTypes: try distinct(item.resourceTypes ?? [], at: "\(path).resourceTypes"),
            otherSpellings: try distinct(item.otherSpellings ?? [], at: "\(path).otherSpellings"),
            operations: try distinct(item.operations ?? [], at: "\(path).operations"),
            platformCategory: item.platform,
            isInCloud: item.cloud ?? true,
            isPrefix: item.nameIsPrefix ?? false,
            note: item.note
        )
    }

    // MARK: - Checks

    private func text(_ text: String, at path: String) throws(CatalogError) -> String {
        guard !text.isEmpty else { throw CatalogError(code: .empty, message: "empty text", path: path) }
        return text
    }

    private func optionalText(_ text: String?, at path: String) throws(CatalogError) -> String? {
        guard let text else { return nil }
        return try self.text(text, at: path)
    }

    private func distinct(_ texts: [String], at path: String) throws(CatalogError) -> [String] {
        var seen: Set<String> = []
        for (number, text) in texts.enumerated() {
            try insert(try self.text(text, at: "\(path)[\(number)]"), into: &seen, at: "\(path)[\(number)]")
        }
        return texts
    }

    private func insert(
        _ name: String,
        into names: inout Set<String>,
        at path: String,
        shown: String? = nil
    ) throws(CatalogError) {
        guard !names.insert(name).inserted else { return }
        throw CatalogError(code: .duplicate, message: "\"\(shown ?? name)\" stands here a second time", path: path)
    }

    private func unknown(_ kind: String, _ name: String, at path: String) -> CatalogError {
        CatalogError(code: .unknownReference, message: "\(kind) \"\(name)\" is not declared in this file", path: path)
    }
}
