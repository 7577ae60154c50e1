// SPDX-License-Identifier: Apache-2.0

import CRdKafka
import Foundation
import Glibc
import KafkaClient
import MockKafka
import Synchronization
import Testing

extension EndToEnd {
    /// A server that reads a topic into its log and writes the log to another, and is killed again and again.
    @Suite struct TopicKillTests {
        private static let seed = environment["MARTLET_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<1_000_000)
        private static let killCount = environment["MARTLET_KILLS"].flatMap(Int.init) ?? 200
        private static let eventCount = KafkaCluster.isReal ? 1_000_000 : 50_000
        private static let partitionCount: Int32 = 64

        private let scratch: Scratch
        private let cluster: KafkaCluster
        private let (source, sink): (String, String)
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
            cluster = try KafkaCluster()
            let run = UUID().uuidString.prefix(8)
            (source, sink) = ("in-\(run)", "out-\(run)")
        }

        @Test func `no kill and no broker's error loses a record, stores one twice, or changes the order of a key`()
            async throws
        {
            try cluster.makeTopic(source, partitions: Self.partitionCount)
            try cluster.makeTopic(sink, partitions: 16)
            let config = try scratch.file("martlet.yaml", configuration().utf8)
            let isKilling = Flag()
            let sender = Task { try await send(while: isKilling) }
            let disturber = Task { try await disturb(while: isKilling) }
            let kills = try await kill(config)
            isKilling.value.withLock { $0 = false }
            try await disturber.value
            let sent = try await sender.value

            let server = try await start(config)
            try await eventually("everything is read and written", within: .seconds(300)) {
                try await isDone(server)
            }
            await server.stop()
            let seed: Comment = "seed \(Self.seed)"
            try await checkLog(sent, seed)
            let repeats = try await checkSink(sent, seed)
            Self.tell(
                """
                \(kills) kills, seed \(Self.seed): \(Self.eventCount) records of \(Self.partitionCount) partitions are in the log once, \
                in order; in the topic that was written none is missing, \(repeats) are there twice
                """
            )
        }

        // MARK: - What happens

        private final class Flag: Sendable {
            let value = Mutex(true)
            var isSet: Bool { value.withLock { $0 } }
        }

        private static func event(_ partition: Int32, _ number: Int) -> String {
            #"{"specversion":"1.0","id":"\#(partition)-\#(number)","source":"crn:///kafka=lkc-1","type":"io.confluent.kafka.server/request","subject":"crn:///kafka=lkc-1/topic=t\#(partition)"}"#
        }

        /// Sends until there are all; while there is killing slowly enough to last as long.
        ///
        /// - Returns: how many each partition has.
        private func send(while isKilling: Flag) async throws -> [Int] {
            var generator = SeededGenerator(seed: Self.seed)
            let producer = try cluster.producer()
            var counts = Array(repeating: 0, count: Int(Self.partitionCount))
            var sentCount = 0
            let portion = max(1, Self.eventCount / Self.killCount / 5)
            while sentCount < Self.eventCount {
                var (records, bytes): ([OutgoingRecord], [UInt8]) = ([], [])
                for _ in 0..<min(portion, Self.eventCount - sentCount) {
                    let partition = Int32.random(in: 0..<Self.partitionCount, using: &generator)
                    let start = bytes.count
                    bytes += Self.event(partition, counts[Int(partition)]).utf8
                    counts[Int(partition)] += 1
                    records.append(OutgoingRecord(value: start..<bytes.count, partition: partition))
                }
                sentCount += records.count
                let failures = try await producer.send(records, of: bytes, to: source)
                if let failure = failures.compactMap({ $0 }).first { throw failure }
                if isKilling.isSet { try await Task.sleep(for: .milliseconds(50)) }
            }
            await producer.close()
            return counts
        }

        /// Errors and ends of brokers.
        private func disturb(while isKilling: Flag) async throws {
            guard let mock = cluster.mock else { return }
            var generator = SeededGenerator(seed: Self.seed &+ 1)
            let (produce, fetch, listOffsets, metadata): (Int16, Int16, Int16, Int16) = (0, 1, 2, 3)
            while isKilling.isSet {
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...400, using: &generator)))
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: mock.fail(fetch, with: [RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_UNKNOWN])
                case 1: mock.fail(listOffsets, with: [RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE])
                case 2: mock.fail(metadata, with: [RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE])
                case 3:
                    mock.fail(
                        produce,
                        with: [RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT]
                    )
                default:
                    let node = Int32.random(in: 1...3, using: &generator)
                    mock.setUp(node, isUp: false)
                    try await Task.sleep(for: .milliseconds(Int.random(in: 10...200, using: &generator)))
                    mock.setUp(node, isUp: true)
                }
            }
        }

        private func kill(_ config: String) async throws -> Int {
            var generator = SeededGenerator(seed: Self.seed &+ 2)
            for _ in 0..<Self.killCount {
                let server = try await start(config)
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...500, using: &generator)))
                await server.kill()
            }
            return Self.killCount
        }

        private func start(_ config: String) async throws -> RunningServer {
            try await RunningServer(data: data, arguments: ["--allow-anonymous-loopback", "--config", config])
        }

        private func configuration() throws -> String {
            let properties = try scratch.file("kafka.properties", cluster.text.utf8)
            return """
                kafkaSource: {topics: \(source), properties: "\(properties)"}
                kafkaSink: {topic: \(sink), key: resource, properties: "\(properties)"}
                """
        }

        // MARK: - What became of it

        private struct Status: Decodable {
            struct Topic: Decodable {
                let direction: String
                let partitions: Int?
                let lag: Int
                let trouble: String?
            }

            let endIndex: Int
            let topics: [Topic]
        }

        private func isDone(_ server: RunningServer) async throws -> Bool {
            let status = try await server.request("GET", "/v1/status").decoded(Status.self)
            guard let source = status.topics.first(where: { $0.direction == "source" }), source.lag == 0,
                source.partitions == Int(Self.partitionCount), status.endIndex >= Self.eventCount
            else { return false }
            // The lag is what the last look a second ago showed; nothing more is sent.
            let now = try await server.endIndex()
            try await Task.sleep(for: .seconds(2))
            let later = try await server.request("GET", "/v1/status").decoded(Status.self)
            return later.endIndex <= now + 1 && later.topics.allSatisfy { $0.lag <= 1 }
        }

        private func checkLog(_ sent: [Int], _ seed: Comment) async throws {
            let stored = try await martlet("export", "--data", data, expecting: 0)
            var byPartition = Array(repeating: [[UInt8]](), count: sent.count)
            for line in stored.lines {
                let text = String(decoding: line, as: UTF8.self)
                let number = try #require(text.firstMatch(of: /"id":"([0-9]+)-/).flatMap { Int($0.1) }, seed)
                byPartition[number].append(line)
            }
            for (partition, lines) in byPartition.enumerated() {
                let expected = (0..<sent[partition]).map { Array(Self.event(Int32(partition), $0).utf8) }
                #expect(difference(lines, expected) == nil, seed)
            }
            #expect(stored.lines.count == Self.eventCount, seed)
            try await checkPositions(sent, seed)
        }

        private struct Ledger: Decodable {
            struct Row: Decodable {
                let source: String
                let events: Int
                let lastPosition: String?
                let state: String
            }

            let rows: [Row]
        }

        private func checkPositions(_ sent: [Int], _ seed: Comment) async throws {
            let ledger = try await martlet("ledger", "--data", data, "--output", "json").decoded(Ledger.self)
            for (partition, count) in sent.enumerated() {
                let rows = ledger.rows.filter {
                    $0.source.hasPrefix("kafka:") && $0.source.hasSuffix("/\(source)/\(partition)")
                }
                #expect(rows.last?.lastPosition == "1 \(count)", seed)
                #expect(rows.reduce(0) { $0 + $1.events } == count, seed)
                #expect(rows.allSatisfy { $0.state != "gap" }, seed)
            }
        }

        /// - Returns: how many records are there a second time.
        private func checkSink(_ sent: [Int], _ seed: Comment) async throws -> Int {
            var seen: Set<String> = []
            var next = Array(repeating: 0, count: sent.count)
            var (count, disorder) = (0, 0)
            for value in try await cluster.values(of: sink).joined() {
                let match = try #require(value.firstMatch(of: /"id":"([0-9]+)-([0-9]+)"/), seed)
                let (partition, number) = (try #require(Int(match.1)), try #require(Int(match.2)))
                count += 1
                guard seen.insert(String(value)).inserted else { continue }
                if number != next[partition] { disorder += 1 }
                next[partition] = number + 1
            }
            #expect(disorder == 0, seed)
            #expect(next == sent, seed)
            return count - seen.count
        }

        private static func tell(_ text: String) {
            FileHandle.standardError.write(Data((text + "\n").utf8))
        }
    }
}
