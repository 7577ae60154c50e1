// SPDX-License-Identifier: Apache-2.0

package import KafkaCapture

import ByteCoding
import KafkaProtocol

/// The promises of a Kafka conversation that must hold for any bytes at all from either side.
///
/// An input is a row of turns: a byte whose lowest bit says who sends (0 the client, 1 the broker) and whose second bit says that
/// a length comes first that fits; two bytes with the turn's length; and its bytes.
package enum ConversationFuzz {
    /// Plays the turns whole, and once more cut into small parts, and compares what comes of it.
    ///
    /// Returns: Why the conversation was closed, nil when it was not.
    @discardableResult
    package static func check(_ input: [UInt8]) throws(BrokenPromise) -> CloseReason? {
        let turns = turns(of: input)
        let whole = try play(turns, partByteCount: .max)
        let single = try play(turns, partByteCount: 1)
        let parts = try play(turns, partByteCount: 7)
        try require(single == whole, "cut into bytes, something else comes of it")
        try require(parts == whole, "cut into parts, something else comes of it")
        return whole.close
    }

    private struct Turn {
        let isFromClient: Bool
        let bytes: [UInt8]
    }

    private struct Outcome: Equatable {
        var toBroker: [UInt8] = []
        var toClient: [UInt8] = []
        var observations: [String] = []
        var nodes: [NodeEndpoint] = []
        var close: CloseReason?
    }

    private static let maximumFrame = 1 << 20

    /// What one conversation may hold of small inputs: twice their bytes, and what its tables take at least.
    private static func bound(_ input: Int) -> Int { 65_536 + 64 * input }

    private static func turns(of input: [UInt8]) -> [Turn] {
        var turns: [Turn] = []
        var place = 0
        while place + 3 <= input.count {
            let mark = input[place]
            let count = min(Int(input[place + 1]) << 8 | Int(input[place + 2]), input.count - place - 3)
            var bytes = Array(input[(place + 3)..<(place + 3 + count)])
            if mark & 2 != 0 { bytes = [0, 0, UInt8(count >> 8), UInt8(count & 0xff)] + bytes }
            turns.append(Turn(isFromClient: mark & 1 == 0, bytes: bytes))
            place += 3 + count
        }
        return turns
    }

    private static func play(_ turns: [Turn], partByteCount: Int) throws(BrokenPromise) -> Outcome {
        var options = ConversationOptions(
            // Of repeated Produce and Fetch requests not every one is asked for.
            admits: { header in
                let isRepeated = header.apiKey == .produce || header.apiKey == .fetch
                return header.correlationID == 0x7f7f_7f7f && !isRepeated ? 44 : nil
            },
            mapping: { $0.port == 1 ? nil : NodeEndpoint(nodeID: $0.nodeID, host: "gateway", port: 9) }
        )
        options.maximumFrameByteCount = maximumFrame
        let connection = KafkaConnection(id: "0", clientHost: "192.0.2.1", clientPort: 1, isEncrypted: false)
        var conversation = KafkaConversation(connection, options: options)
        var outcome = Outcome()
        var output = ConversationOutput()
        var taken = 0
        for turn in turns where outcome.close == nil {
            var place = 0
            while place < turn.bytes.count, outcome.close == nil {
                let end = place + min(partByteCount, turn.bytes.count - place)
                let part = Array(turn.bytes[place..<end])
                place = end
                taken += part.count
                output.removeAll(keepingCapacity: true)
                let span = unsafe part.span.bytes
                if turn.isFromClient {
                    conversation.receiveFromClient(span, time: 1, into: &output)
                } else {
                    conversation.receiveFromBroker(span, time: 1, into: &output)
                }
                try collect(output, part, &outcome)
                try require(conversation.heldByteCount <= bound(taken), "too much is held")
            }
        }
        output.removeAll(keepingCapacity: true)
        conversation.brokerEnded(time: 2, into: &output)
        try collect(output, [], &outcome)
        try require(!conversation.awaitsAnswers, "an ended conversation waits")
        return outcome
    }

    private static func collect(
        _ output: ConversationOutput,
        _ part: [UInt8],
        _ outcome: inout Outcome
    ) throws(BrokenPromise) {
        try append(output.toBroker, part, &outcome.toBroker)
        try append(output.toClient, part, &outcome.toClient)
        outcome.observations += output.observations.map { "\($0)" }
        outcome.nodes += output.nodes
        outcome.close = outcome.close ?? output.close
    }

    private static func append(
        _ pieces: [ConversationOutput.Piece],
        _ part: [UInt8],
        _ stream: inout [UInt8]
    ) throws(BrokenPromise) {
        for piece in pieces {
            switch piece {
            case .received(let range):
                try require(
                    range.lowerBound >= 0 && range.upperBound <= part.count,
                    "a range outside what was received"
                )
                stream += part[range]
            case .bytes(let own): stream += own
            }
        }
    }

    private static func require(_ promise: Bool, _ broken: String) throws(BrokenPromise) {
        if !promise { throw BrokenPromise(broken) }
    }
}
