// SPDX-License-Identifier: Apache-2.0

/// A service, or a side of the organization, that writes audit events.
package struct CatalogFamily: Sendable, Equatable {
    /// What users type after `family:`, as in `schema-registry`.
    package let id: String
    package let name: String
    package let summary: String
}
