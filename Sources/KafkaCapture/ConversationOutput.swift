// SPDX-License-Identifier: Apache-2.0

package import KafkaProtocol

/// What is to be done after bytes came in.
package struct ConversationOutput {
    package enum Piece: Equatable, Sendable {
        /// A range of the bytes handed to this very call.
        case received(Range<Int>)
        case bytes([UInt8])
    }

    /// In order; ranges that touch are one.
    package var toBroker: [Piece] = []
    package var toClient: [Piece] = []
    package var observations: [KafkaObservation] = []
    /// Brokers that answers named, as they named them.
    package var nodes: [NodeEndpoint] = []
    /// Addresses that would have led around the gateway; no client got to know them.
    package var unmapped: [NodeEndpoint] = []
    /// `KafkaConversation.awaitsAnswers` after these bytes.
    package internal(set) var awaitsAnswers = false
    /// Requests that went on without `ConversationOptions.admits` being asked for each of them.
    package var repeatedCount = 0
    /// The connection has to be closed once what stands here was sent.
    package var close: CloseReason?

    package init() {}

    package mutating func removeAll(keepingCapacity: Bool) {
        toBroker.removeAll(keepingCapacity: keepingCapacity)
        toClient.removeAll(keepingCapacity: keepingCapacity)
        observations.removeAll(keepingCapacity: keepingCapacity)
        nodes.removeAll(keepingCapacity: keepingCapacity)
        unmapped.removeAll(keepingCapacity: keepingCapacity)
        repeatedCount = 0
        close = nil
    }
}

extension [ConversationOutput.Piece] {
    /// Adds a range of what was received, joined with the one before it where they touch.
    @inline(__always)
    mutating func pass(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if case .received(let before)? = last, before.upperBound == range.lowerBound {
            self[count - 1] = .received(before.lowerBound..<range.upperBound)
        } else {
            append(.received(range))
        }
    }

    /// Adds a frame of our own making with its length.
    mutating func addFrame(_ frame: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frame.count + 4)
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: frame.count >> shift))
        }
        bytes += frame
        append(.bytes(bytes))
    }
}
