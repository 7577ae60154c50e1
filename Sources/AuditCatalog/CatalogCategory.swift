// SPDX-License-Identifier: Apache-2.0

/// A part of a family whose events are alike; several may share an `id` and differ in their subcategory.
package struct CatalogCategory: Sendable, Equatable {
    package let familyID: String
    /// What users type after `category:`, as in `access-management`.
    package let id: String
    package let name: String
    /// What users type after `subcategory:`, as in `api-key`; nil where the category has no parts.
    package let subcategoryID: String?
    package let subcategoryName: String?
    package let summary: String
    /// More than one only where a type has an alias or no source states the type.
    package let eventTypes: [String]
    /// Empty where events name no resource type or none is known.
    package let resourceTypes: [String]
    /// Whether the whole list of methods has been read, so that a name outside it is news.
    package let isComplete: Bool
    package let note: String?

    /// The names for a reader, as in `Access management, API key`.
    package var title: String {
        guard let subcategoryName else { return name }
        return "\(name), \(subcategoryName)"
    }
}
