// SPDX-License-Identifier: Apache-2.0

/// A method that events of one category carry in `data.methodName`.
package struct CatalogMethod: Sendable, Equatable {
    /// The spelling that records have, as far as known; of a prefix, its known beginning.
    package let name: String
    /// The id of a `CatalogCertainty`.
    package let certainty: String
    package let summary: String
    /// Narrower than the category's, or beside them; empty where the category's hold.
    package let resourceTypes: [String]
    /// Spellings met elsewhere.
    ///
    /// Upper and lower case need no entry here: they are matched without regard to case.
    package let otherSpellings: [String]
    /// Values of `authorizationInfo.operation` that have been met; the set is open.
    package let operations: [String]
    /// The id of the `PlatformCategory` under which Confluent Platform routes it; nil where Platform does not write it.
    package let platformCategory: String?
    /// False for methods that only Confluent Platform writes.
    package let isInCloud: Bool
    /// Whether only the beginning of the name is known.
    package let isPrefix: Bool
    package let note: String?
}
