// SPDX-License-Identifier: Apache-2.0

/// What an authorization event from the wire says, for whoever reads the broker's word on the same request elsewhere.
package struct AuthorizationFact: Hashable, Sendable {
    /// Of the event.
    package let eventID: String
    /// `User:alice`.
    package let principal: String
    /// As events spell it: `DescribeConfigs`.
    package let operation: String
    /// `Topic`, `Group`, `Cluster`, `TransactionalId`, `DelegationToken`, `User`.
    package let resourceType: String
    /// Empty where the answer does not say which of several was meant.
    package let resourceName: String
    /// `CreateTopics`.
    package let apiName: String
    package let granted: Bool
    /// When the request came in, in nanoseconds since 1970 (UTC).
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
