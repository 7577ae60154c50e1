// SPDX-License-Identifier: Apache-2.0

/// A method with the family and category it stands in.
///
/// A class, so that a classification refers to it by one pointer instead of copying some twenty strings.
package final class CatalogEntry: Sendable {
    package let family: CatalogFamily
    package let category: CatalogCategory
    package let method: CatalogMethod
    let placement: CatalogPlacement
    private let resourceTypes: Set<String>

    init(family: CatalogFamily, category: CatalogCategory, method: CatalogMethod, placement: CatalogPlacement) {
        self.family = family
        self.category = category
        self.method = method
        self.placement = placement
        resourceTypes = Set((method.resourceTypes + category.resourceTypes).map(Self.fold))
    }

    /// Whether events of this method name resources of the type; `ClusterLink` and `CLUSTER_LINK` are the same.
    package func covers(resourceType: String) -> Bool {
        resourceTypes.contains(Self.fold(resourceType: resourceType))
    }

    /// Checks write `Topic`, requests `TOPIC`: one spelling for both.
    static func fold(resourceType: String) -> String {
        resourceType.lowercased().filter { $0 != "_" && $0 != "-" }
    }
}

/// Family, category and subcategory as far as they are certain: what follows an absent one is absent too.
package final class CatalogPlacement: Sendable {
    package let family: CatalogFamily?
    package let category: String?
    package let subcategory: String?

    static let none = CatalogPlacement(family: nil, category: nil, subcategory: nil)

    init(family: CatalogFamily?, category: String?, subcategory: String?) {
        self.family = family
        self.category = category
        self.subcategory = subcategory
    }

    /// What all the categories have in common.
    init(commonTo categories: [(family: CatalogFamily, category: CatalogCategory)]) {
        guard let first = categories.first, categories.allSatisfy({ $0.family.id == first.family.id }) else {
            family = nil
            category = nil
            subcategory = nil
            return
        }
        family = first.family
        guard categories.allSatisfy({ $0.category.id == first.category.id }) else {
            category = nil
            subcategory = nil
            return
        }
        category = first.category.id
        let sameSubcategory = categories.allSatisfy { $0.category.subcategoryID == first.category.subcategoryID }
        subcategory = sameSubcategory ? first.category.subcategoryID : nil
    }
}
