// SPDX-License-Identifier: Apache-2.0

/// What an answer says of how it went; 0 is success.
package struct KafkaErrorCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int16

    package init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// As Kafka spells it: `TOPIC_AUTHORIZATION_FAILED`; nil for a code that we do not know.
    package var name: String? { Self.names[rawValue] }

    /// Whether it says that somebody may not: an authorizer's answer, and nothing that only follows from one.
    package var isDenial: Bool { Self.denials.contains(rawValue) }
}
