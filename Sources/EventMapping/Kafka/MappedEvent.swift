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

/// A check and its outcome, in the words in which both the wire and a broker's log can be put.
package struct AuthorizationFact: Hashable, Sendable {
    /// Id of the event that says so.
    package let eventID: String
    /// With its type: `User:alice`.
    package let principal: String
    /// In Confluent's spelling: `AlterConfigs`.
    package let operation: String
    /// In Confluent's spelling: `TransactionalId`.
    package let resourceType: String
    /// Empty where the answer does not say which of several was meant.
    package let resourceName: String
    /// Kafka's name of the API, without `kafka.`: `CreateTopics`.
    package let apiName: String
    package let granted: Bool
    /// In nanoseconds since 1970 (UTC).
    package let time: Int64

    package init(
        eventID: String,
        principal: String,
        operation: String,
        resourceType: String,
        resourceName: String,
        apiName: String,
        granted: Bool,
        time: Int64
    ) {
        self.eventID = eventID
        self.principal = principal
        self.operation = operation
        self.resourceType = resourceType
        self.resourceName = resourceName
        self.apiName = apiName
        self.granted = granted
        self.time = time
    }
}
