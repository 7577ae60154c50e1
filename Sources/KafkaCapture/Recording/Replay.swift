// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import KafkaProtocol

/// Plays recorded connections through conversations, without a network.
package struct Replay {
    package struct Result {
        package let connection: KafkaConnection
        package var observations: [KafkaObservation] = []
        /// What would have been sent on, lengths included.
        package var toBroker: [UInt8] = []
        package var toClient: [UInt8] = []
        package var nodes: [NodeEndpoint] = []
        package var unmapped: [NodeEndpoint] = []
        package var close: CloseReason?
    }

    private struct Played {
        var conversation: KafkaConversation
        var result: Result
    }

    private let options: ConversationOptions
    private let makeConnection: (Int) -> KafkaConnection
    private var played: [Int: Played] = [:]
    private var output = ConversationOutput()

    /// `connection`: What is known of a connection of the recording.
    package init(options: ConversationOptions, connection: @escaping (Int) -> KafkaConnection) {
        self.options = options
        makeConnection = connection
    }

    /// Plays one entry.
    ///
    /// `observe`: Gets what was seen, in the recording's order.
    package mutating func play(
        _ entry: WireRecording.Entry,
        observe: (KafkaConnection, KafkaObservation) -> Void = { _, _ in }
    ) {
        guard let frame = entry.frame else { return end(entry, observe) }
        var bytes: [ConversationOutput.Piece] = []
        bytes.addFrame(frame)
        if case .bytes(let bytes)? = bytes.first {
            play(bytes, of: entry.connection, isFromClient: entry.isFromClient, time: entry.time, observe: observe)
        }
    }

    /// Plays bytes that need not be whole frames.
    package mutating func play(
        _ bytes: [UInt8],
        of number: Int,
        isFromClient: Bool,
        time: Int64,
        observe: (KafkaConnection, KafkaObservation) -> Void = { _, _ in }
    ) {
        change(number, bytes, observe) { conversation, output in
            // SAFETY: every byte of an array of bytes is initialised.
            let span = unsafe bytes.span.bytes
            if isFromClient {
                conversation.receiveFromClient(span, time: time, into: &output)
            } else {
                conversation.receiveFromBroker(span, time: time, into: &output)
            }
        }
    }

    private mutating func end(_ entry: WireRecording.Entry, _ observe: (KafkaConnection, KafkaObservation) -> Void) {
        change(entry.connection, [], observe) { conversation, output in
            if entry.isFromClient {
                conversation.clientEnded(time: entry.time, into: &output)
            } else {
                conversation.brokerEnded(time: entry.time, into: &output)
            }
        }
    }

    /// Ends all connections that the recording leaves open, and gives what became of each, by its number.
    package mutating func finish(
        time: Int64,
        observe: (KafkaConnection, KafkaObservation) -> Void = { _, _ in }
    ) -> [Int: Result] {
        for number in played.keys.sorted() {
            change(number, [], observe) { $0.brokerEnded(time: time, into: &$1) }
        }
        return played.mapValues(\.result)
    }

    private mutating func change(
        _ number: Int,
        _ bytes: [UInt8],
        _ observe: (KafkaConnection, KafkaObservation) -> Void,
        _ change: (inout KafkaConversation, inout ConversationOutput) -> Void
    ) {
        let connection = played[number]?.result.connection ?? makeConnection(number)
        var current =
            played.removeValue(forKey: number)
            ?? Played(
                conversation: KafkaConversation(connection, options: options),
                result: Result(connection: connection)
            )
        output.removeAll(keepingCapacity: true)
        change(&current.conversation, &output)
        Self.append(output.toBroker, of: bytes, to: &current.result.toBroker)
        Self.append(output.toClient, of: bytes, to: &current.result.toClient)
        current.result.observations += output.observations
        current.result.nodes += output.nodes
        current.result.unmapped += output.unmapped
        current.result.close = current.result.close ?? output.close
        for observation in output.observations { observe(connection, observation) }
        played[number] = current
    }

    private static func append(_ pieces: [ConversationOutput.Piece], of bytes: [UInt8], to stream: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .received(let range): stream += bytes[range]
            case .bytes(let own): stream += own
            }
        }
    }
}
