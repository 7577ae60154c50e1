// SPDX-License-Identifier: Apache-2.0

package import KafkaProtocol

/// What a conversation is to look at, to let through and to replace.
package struct ConversationOptions: Sendable {
    /// Whether exchanges of an API are wanted.
    ///
    /// Logins always are, and answers with addresses are rewritten in any case.
    package var captures: @Sendable (APIKey) -> Bool
    /// Nil lets a request go on; with a code the client gets an answer that says it, or is disconnected.
    ///
    /// SASL and ApiVersions are asked as well. Of Produce or Fetch requests that come together and tell nothing new only the first is
    /// asked for; the others are counted (`ConversationOutput.repeatedCount`).
    package var admits: @Sendable (RequestHeader) -> Int16?
    /// The gateway's address of a broker.
    package var mapping: @Sendable (NodeEndpoint) -> NodeEndpoint?
    package var maximumFrameByteCount = CaptureLimits.frameByteCount
    /// Of one frame copied aside to be decoded.
    package var maximumObservedByteCount = CaptureLimits.observedByteCount
    /// Of an answer held to be rewritten.
    package var maximumHeldAnswerByteCount = CaptureLimits.heldAnswerByteCount
    package var maximumPendingCount = CaptureLimits.pendingCount
    package var maximumPendingByteCount = CaptureLimits.pendingByteCount
    /// The claim of OAUTHBEARER tokens that brokers take the principal from.
    package var nameClaim = "sub"

    package init(
        captures: @escaping @Sendable (APIKey) -> Bool = { _ in true },
        admits: @escaping @Sendable (RequestHeader) -> Int16? = { _ in nil },
        mapping: @escaping @Sendable (NodeEndpoint) -> NodeEndpoint?
    ) {
        self.captures = captures
        self.admits = admits
        self.mapping = mapping
    }
}
