// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditModel
import EventMapping
import KafkaCapture
import KafkaProtocol

struct GatewayReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Print the events that a recording of Kafka connections would have made, without a network.",
        discussion: """
            A recording has one frame a line:
              {"conn": 1, "dir": "C>S", "seq": 0, "ts": 1795353860.242216, "len": 65, "hex": "00120003…"}
            dir is C>S from client to broker or S>C back, ts seconds since 1970, hex the frame behind its length of len bytes; \
            in place of len and hex, "eof": true ends a side.

              martlet gateway replay recording.jsonl --cluster crn:///kafka=test | martlet ingest --data ./audit -

            Exit status 1: an answer named a broker that the gateway could not have replaced, or a connection would have been closed.
            """
    )

    @Argument(help: ArgumentHelp("The recording; - for standard input.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The cluster's CRN, as events name it.", valueName: "crn"))
    var cluster = "crn:///kafka=replay"

    @Option(
        help: ArgumentHelp("What is captured, YAML. Default: what holds without one.", valueName: "file"),
        completion: .file()
    )
    var policy: String?

    func run() async throws {
        guard let crn = CRN(cluster) else {
            throw CommandFailure(.usage, "\"\(Terminal.harmless(cluster))\" is no CRN, such as crn:///kafka=test")
        }
        let policy = try PolicyFile.policy(policy)
        let text = try SmallFile.bytes(of: file == "-" ? "/dev/stdin" : file, maximumByteCount: Self.maximumByteCount)
        let recording: WireRecording
        do throws(RecordingError) {
            recording = try WireRecording(text)
        } catch {
            throw CommandFailure(.usage, "\(Terminal.harmless(file)), \(error)")
        }
        var replay = EventReplay(cluster: KafkaCluster(crn: crn), policy: policy)
        let problems = replay.play(recording) { Terminal.write(String(decoding: $0, as: UTF8.self) + "\n") }
        for problem in problems { Terminal.complain(problem) }
        if !problems.isEmpty { throw CommandFailure(.no) }
    }

    /// A recording is held whole, and its frames once more.
    private static let maximumByteCount = 1 << 30
}

/// Plays a recording and maps what is seen to events.
private struct EventReplay {
    /// The gateway's place in the made-up network: a documentation address (RFC 5737), so that nobody takes it for a real one.
    private static let host = "192.0.2.1"
    private static let bootstrapPort: Int32 = 9092

    let cluster: KafkaCluster
    let policy: CapturePolicy
    private var mappers: [String: KafkaEventMapper] = [:]
    private var latest: Int64 = 0

    init(cluster: KafkaCluster, policy: CapturePolicy) {
        self.cluster = cluster
        self.policy = policy
    }

    /// Hands on each event's bytes and gives what a gateway would have complained about.
    mutating func play(_ recording: WireRecording, emit: ([UInt8]) -> Void) -> [String] {
        let options = ConversationOptions(
            captures: { [policy] in policy.captures($0) },
            mapping: { node in
                let (port, isTooLarge) = Self.bootstrapPort.addingReportingOverflow(1 + max(0, node.nodeID))
                return isTooLarge || port > 65_535
                    ? nil : NodeEndpoint(nodeID: node.nodeID, host: Self.host, port: port)
            }
        )
        var replay = Replay(options: options) { Self.connection($0) }
        for entry in recording.entries {
            latest = max(latest, entry.time)
            replay.play(entry) { observe($0, $1, emit) }
        }
        let results = replay.finish(time: latest) { observe($0, $1, emit) }
        var rest: [MappedEvent] = []
        cluster.flush(time: .max, into: &rest)
        for event in rest { emit(event.bytes) }
        return results.keys.sorted().flatMap { number in Self.complaints(number, results[number]) }
    }

    private static func complaints(_ number: Int, _ result: Replay.Result?) -> [String] {
        guard let result else { return [] }
        var complaints: [String] = result.unmapped.map { node in
            let address = "\(Terminal.harmless(node.host)):\(node.port)"
            return "connection \(number): node \(node.nodeID) at \(address) has no place in the gateway"
        }
        if let close = result.close {
            complaints.append("connection \(number) would have been closed: \(close)")
        }
        return complaints
    }

    private mutating func observe(
        _ connection: KafkaConnection,
        _ observation: KafkaObservation,
        _ emit: ([UInt8]) -> Void
    ) {
        var mapper =
            mappers.removeValue(forKey: connection.id)
            ?? KafkaEventMapper(connection, cluster: cluster, policy: policy)
        var events: [MappedEvent] = []
        mapper.map(observation, into: &events)
        if case .ended = observation {} else { mappers[connection.id] = mapper }
        for event in events { emit(event.bytes) }
    }

    /// The same for the same recording, so that putting its events into a log twice stores them once.
    private static func connection(_ number: Int) -> KafkaConnection {
        let digits = String(number, radix: 16)
        return KafkaConnection(
            id: String(repeating: "0", count: max(0, 32 - digits.count)) + digits,
            clientHost: host,
            clientPort: 1 + number % 65_535,
            isEncrypted: false
        )
    }
}
