// SPDX-License-Identifier: Apache-2.0

/// The dictionaries behind a classification, prepared once.
///
/// Complexity: a known event costs two look-ups by hash and no allocation; a name in other letter case costs one
/// lower-case copy of itself.
struct CatalogIndex: Sendable {
    let types: [String: TypeIndex]
    /// Lower-case method name to the types it is known under, in the order of the file.
    private let typesByMethod: [String: [String]]

    init(
        eventTypes: [CatalogEventType],
        families: [CatalogFamily],
        categories: [CatalogCategory],
        methods: [CatalogEntry]
    ) {
        var familyByID: [String: CatalogFamily] = [:]
        for family in families { familyByID[family.id] = family }
        var types: [String: TypeIndex] = [:]
        // Proper types first: an alias takes over what its target has.
        for type in eventTypes.filter({ $0.aliasOf == nil }) + eventTypes.filter({ $0.aliasOf != nil }) {
            let places = categories.filter { $0.eventTypes.contains(type.name) }.compactMap { category in
                familyByID[category.familyID].map { (family: $0, category: category) }
            }
            types[type.name] = TypeIndex(
                type: type,
                places: places,
                methods: methods.filter { $0.category.eventTypes.contains(type.name) },
                target: type.aliasOf.flatMap { types[$0] }
            )
        }
        self.types = types
        var typesByMethod: [String: [String]] = [:]
        for entry in methods where !entry.method.isPrefix {
            for name in Set(([entry.method.name] + entry.method.otherSpellings).map { $0.lowercased() }) {
                let missing = entry.category.eventTypes.filter { typesByMethod[name]?.contains($0) != true }
                typesByMethod[name, default: []] += missing
            }
        }
        self.typesByMethod = typesByMethod
    }

    func typesKnowing(method: String) -> [String] {
        typesByMethod[method.lowercased()] ?? []
    }
}

/// What is known under one event type.
final class TypeIndex: Sendable {
    let type: CatalogEventType
    private let exact: [String: [CatalogEntry]]
    private let folded: [String: [CatalogEntry]]
    private let prefixes: [CatalogEntry]
    private let placementByResourceType: [String: CatalogPlacement]
    private let commonPlacement: CatalogPlacement
    /// The index of the type that an alias stands for.
    private let target: TypeIndex?

    init(
        type: CatalogEventType,
        places: [(family: CatalogFamily, category: CatalogCategory)],
        methods: [CatalogEntry],
        target: TypeIndex?
    ) {
        self.type = type
        self.target = target
        var exact: [String: [CatalogEntry]] = [:]
        var folded: [String: [CatalogEntry]] = [:]
        for entry in methods where !entry.method.isPrefix {
            exact[entry.method.name, default: []].append(entry)
        }
        for entry in methods where !entry.method.isPrefix {
            let spellings = [entry.method.name] + entry.method.otherSpellings
            // A name that is one method's own is never also another's other spelling.
            for spelling in entry.method.otherSpellings where exact[spelling] == nil { exact[spelling] = [entry] }
            for spelling in Set(spellings.map { $0.lowercased() }) { folded[spelling, default: []].append(entry) }
        }
        self.exact = exact
        self.folded = folded
        prefixes = methods.filter(\.method.isPrefix)
        var listing: [String: [(family: CatalogFamily, category: CatalogCategory)]] = [:]
        for place in places {
            for resourceType in Set(place.category.resourceTypes.map(CatalogEntry.fold)) {
                listing[resourceType, default: []].append(place)
            }
        }
        placementByResourceType = listing.mapValues { CatalogPlacement(commonTo: $0) }
        commonPlacement = CatalogPlacement(commonTo: places)
    }

    /// The entries of a name: more than one where categories share it.
    func entries(method: String) -> [CatalogEntry] {
        if let entries = exact[method] { return entries }
        if let entries = folded[method.lowercased()] { return entries }
        if let entry = prefixes.first(where: { method.hasPrefix($0.method.name) }) { return [entry] }
        return target?.entries(method: method) ?? []
    }

    /// Where an event of this type belongs when its method is no help.
    func placement(resourceType: String?) -> CatalogPlacement {
        guard let resourceType else { return commonPlacement }
        let folded = CatalogEntry.fold(resourceType: resourceType)
        if let placement = placementByResourceType[folded] { return placement }
        return target?.placement(resourceType: resourceType) ?? commonPlacement
    }
}
