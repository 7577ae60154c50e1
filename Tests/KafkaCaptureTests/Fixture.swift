// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import KafkaCapture
import KafkaProtocol
import Testing

/// The recording beside this package; tests that need it are skipped where it is not.
enum Fixture {
    static let folder = URL(filePath: #filePath).appending(path: "../../../../shared/fixtures/kafka-3.9").standardized

    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.appending(path: "wire.jsonl").path) }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    static func recording() throws -> WireRecording {
        try WireRecording(try bytes("wire.jsonl"))
    }

    static let options = ConversationOptions(mapping: {
        NodeEndpoint(nodeID: $0.nodeID, host: "gateway.example", port: 30_000 + $0.nodeID)
    })

    static func connection(_ number: Int) -> KafkaConnection {
        KafkaConnection(
            id: String(repeating: "0", count: 32 - String(number).count) + String(number),
            clientHost: "192.0.2.1",
            clientPort: number,
            isEncrypted: false
        )
    }

    static func replay(
        _ recording: WireRecording,
        options: ConversationOptions = options
    ) -> [Int: Replay.Result] {
        var replay = Replay(options: options, connection: connection)
        for entry in recording.entries { replay.play(entry) }
        return replay.finish(time: recording.entries.last?.time ?? 0)
    }
}

/// A frame with its length.
func framed(_ frame: [UInt8]) -> [UInt8] {
    big(Int32(frame.count)) + frame
}

func big(_ value: some FixedWidthInteger) -> [UInt8] {
    stride(from: value.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
}

/// The frames of a stream, without their lengths.
func frames(_ stream: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var place = 0
    while place + 4 <= stream.count {
        let length = stream[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
        guard place + 4 + length <= stream.count else { break }
        found.append(Array(stream[(place + 4)..<(place + 4 + length)]))
        place += 4 + length
    }
    return found
}

/// A client's or a broker's bytes through one conversation.
struct Driver {
    var conversation: KafkaConversation
    var output = ConversationOutput()
    var toBroker: [UInt8] = []
    var toClient: [UInt8] = []
    var observations: [KafkaObservation] = []
    var close: CloseReason?
    var nodes: [NodeEndpoint] = []
    var maximumHeld = 0
    var time: Int64 = 1_000_000_000

    init(options: ConversationOptions = Fixture.options) {
        conversation = KafkaConversation(Fixture.connection(1), options: options)
    }

    mutating func client(_ bytes: [UInt8]) {
        output.removeAll(keepingCapacity: true)
        conversation.receiveFromClient(bytes.span.bytes, time: time, into: &output)
        collect(bytes)
    }

    mutating func broker(_ bytes: [UInt8]) {
        output.removeAll(keepingCapacity: true)
        conversation.receiveFromBroker(bytes.span.bytes, time: time, into: &output)
        collect(bytes)
    }

    mutating func end() {
        output.removeAll(keepingCapacity: true)
        conversation.brokerEnded(time: time, into: &output)
        collect([])
    }

    private mutating func collect(_ bytes: [UInt8]) {
        Self.add(output.toBroker, bytes, &toBroker)
        Self.add(output.toClient, bytes, &toClient)
        observations += output.observations
        nodes += output.nodes
        close = close ?? output.close
        maximumHeld = max(maximumHeld, conversation.heldByteCount)
    }

    private static func add(_ pieces: [ConversationOutput.Piece], _ bytes: [UInt8], _ stream: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .received(let range): stream += bytes[range]
            case .bytes(let own): stream += own
            }
        }
    }

    var exchanges: [KafkaExchange] {
        observations.compactMap { if case .exchange(let exchange) = $0 { exchange } else { nil } }
    }

    var logins: [SASLExchange] {
        observations.compactMap { if case .authentication(let login) = $0 { login } else { nil } }
    }
}

/// SplitMix64, so that a failing seed can be tried again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
