// SPDX-License-Identifier: Apache-2.0

/// Which way a message goes.
package enum MessageDirection: Sendable {
    case request
    case answer
}

/// Which messages can be decoded.
package enum MessageLayouts {
    /// Both ends can be decoded; nil for an API that is not described.
    package static func versions(of api: APIKey) -> ClosedRange<Int16>? {
        MessageTable.shared.versions(of: api)
    }

    /// The first version with compact lengths and tagged fields; nil where there is none, and for an API that is not described.
    package static func firstFlexibleVersion(of api: APIKey) -> Int16? {
        MessageTable.shared.firstFlexibleVersion(of: api)
    }

    /// Whether the version is flexible, also one that is newer than those described.
    package static func isFlexible(_ api: APIKey, version: Int16) -> Bool {
        firstFlexibleVersion(of: api).map { version >= $0 } ?? false
    }

    /// Whether an answer has tagged fields between its correlation id and its body.
    ///
    /// Those of ApiVersions never have: a client has to understand one before it knows what the broker speaks (KIP-511).
    package static func hasTaggedAnswerHeader(_ api: APIKey, version: Int16) -> Bool {
        api != .apiVersions && isFlexible(api, version: version)
    }
}

extension APIKey {
    /// As Kafka spells it: `CreateTopics`; nil for one that is not described.
    package var name: String? { Self.names[rawValue] }
}
