// SPDX-License-Identifier: Apache-2.0

/// An audit event that was made of an observation, ready to be stored.
package struct MappedEvent: Sendable {
    /// One JSON object, a CloudEvent in structured mode.
    package let bytes: [UInt8]
    package let category: CaptureCategory
    /// Whether an authorization was refused; failed logins are none.
    package let isDenial: Bool
    /// What was checked, for joining it with the broker's own log; nil for logins and acts.
    package let fact: AuthorizationFact?

    package init(bytes: [UInt8], category: CaptureCategory, isDenial: Bool, fact: AuthorizationFact?) {
        self.bytes = bytes
        self.category = category
        self.isDenial = isDenial
        self.fact = fact
    }
}
