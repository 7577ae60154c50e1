// SPDX-License-Identifier: Apache-2.0

/// A CloudEvents `type` that the catalogue knows.
package struct CatalogEventType: Sendable, Equatable {
    package let name: String
    /// `authentication`, `authorization`, `request` or `access-transparency`.
    package let action: String
    /// The type that took this one's place; its methods are accepted here too.
    package let aliasOf: String?
    package let summary: String
}

/// How sure a method's name is.
package struct CatalogCertainty: Sendable, Equatable {
    package let id: String
    package let summary: String
}

/// One of the categories by which Confluent Platform routes its audit records.
package struct PlatformCategory: Sendable, Equatable {
    package let id: String
    /// As it is written in Platform's router configuration.
    package let name: String
    package let isCapturedByDefault: Bool
    package let summary: String
}
