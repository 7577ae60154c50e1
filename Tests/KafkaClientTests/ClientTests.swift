// SPDX-License-Identifier: Apache-2.0

import CRdKafka
import Logging
import MockKafka
import Testing

@testable import KafkaClient

@Suite struct ClientTests {
    private static let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let brokers: MockBrokers

    init() throws { brokers = try MockBrokers() }

    private func properties(_ more: [String: String] = [:]) -> KafkaProperties {
        var properties = KafkaProperties()
        properties["bootstrap.servers"] = brokers.bootstrap
        for (name, value) in more { properties[name] = value }
        return properties
    }

    /// `value-0` and on, with keys of which ten are the same.
    private static func batch(_ numbers: Range<Int>) -> (records: [OutgoingRecord], bytes: [UInt8]) {
        var (records, bytes): ([OutgoingRecord], [UInt8]) = ([], [])
        for number in numbers {
            let start = bytes.count
            bytes += Array("key-\(number % 10)".utf8)
            let middle = bytes.count
            bytes += Array("value-\(number)".utf8)
            records.append(OutgoingRecord(key: start..<middle, value: middle..<bytes.count))
        }
        return (records, bytes)
    }

    /// Every value by partition, with its offset, up to the ends.
    private static func everything(
        _ consumer: KafkaConsumer,
        _ topic: String,
        from offsets: [Int32: Int64] = [:]
    ) async throws -> [Int32: [(offset: Int64, value: String)]] {
        let partitions = try await consumer.partitions(of: topic)
        for partition in partitions { try await consumer.read(partition, from: offsets[partition.number] ?? 0) }
        var (values, open): ([Int32: [(offset: Int64, value: String)]], Set<KafkaPartition>) = ([:], Set(partitions))
        while !open.isEmpty {
            for delivery in try await consumer.next() {
                switch delivery {
                case .records(let records):
                    values[records.partition.number, default: []] += records.records.map { record in
                        (record.offset, String(decoding: records.bytes[record.value ?? 0..<0], as: UTF8.self))
                    }
                case .end(let partition, _): open.remove(partition)
                case .failed(_, let error): throw error
                }
            }
        }
        return values
    }

    @Test func `what was sent is read, in order, by partition and offset`() async throws {
        try brokers.makeTopic("t", partitions: 4)
        let producer = try KafkaProducer(properties(), logger: Self.log)
        let (records, bytes) = Self.batch(0..<5_000)
        let failures = try await producer.send(records, of: bytes, to: "t")
        #expect(failures.allSatisfy { $0 == nil } && failures.count == 5_000)
        await producer.close()

        let consumer = try KafkaConsumer(properties(), logger: Self.log)
        let read = try await Self.everything(consumer, "t")
        await consumer.close()

        #expect(read.values.flatMap { $0 }.map(\.value).sorted() == (0..<5_000).map { "value-\($0)" }.sorted())
        for records in read.values {
            #expect(records.map(\.offset) == Array(0..<Int64(records.count)))
            let numbers = records.compactMap { Int($0.value.dropFirst(6)) }
            #expect(numbers == numbers.sorted(), "one sender's records of a partition stay in order")
        }
    }

    @Test func `reading goes on at an offset, and tells where the end is`() async throws {
        try brokers.makeTopic("t", partitions: 1)
        let producer = try KafkaProducer(properties(), logger: Self.log)
        let (records, bytes) = Self.batch(0..<100)
        _ = try await producer.send(records, of: bytes, to: "t")
        await producer.close()
        let consumer = try KafkaConsumer(properties(), logger: Self.log)
        #expect(try await consumer.ranges(of: [KafkaPartition("t", 0)]) == [KafkaPartition("t", 0): 0..<100])

        let rest = try await Self.everything(consumer, "t", from: [0: 90])
        #expect(rest[0]?.map(\.offset) == Array(90..<100))
        let again = try await Self.everything(consumer, "t", from: [0: 98])
        #expect(again[0]?.map(\.value) == ["value-98", "value-99"])
        await consumer.close()
    }

    @Test func `an offset that is not there is an error and no other offset`() async throws {
        try brokers.makeTopic("t", partitions: 1)
        let producer = try KafkaProducer(properties(), logger: Self.log)
        let (records, bytes) = Self.batch(0..<10)
        _ = try await producer.send(records, of: bytes, to: "t")
        await producer.close()
        let consumer = try KafkaConsumer(properties(), logger: Self.log)
        let error = await #expect(throws: KafkaClientError.self) {
            try await Self.everything(consumer, "t", from: [0: 1_000])
        }
        #expect(error?.code == .offsetOutOfRange)
        #expect(error?.message.contains("t[0]") == true)
        await consumer.close()
    }

    @Test func `what brokers refuse for a while arrives once`() async throws {
        try brokers.makeTopic("t", partitions: 2)
        let produce: Int16 = 0
        brokers.fail(
            produce,
            with: [
                RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            ]
        )
        let producer = try KafkaProducer(properties(["retry.backoff.ms": "10"]), logger: Self.log)
        let (records, bytes) = Self.batch(0..<2_000)
        let failures = try await producer.send(records, of: bytes, to: "t")
        #expect(failures.allSatisfy { $0 == nil })
        await producer.close()
        let consumer = try KafkaConsumer(properties(), logger: Self.log)
        let read = try await Self.everything(consumer, "t")
        #expect(read.values.flatMap { $0 }.map(\.value).sorted() == (0..<2_000).map { "value-\($0)" }.sorted())
        await consumer.close()
    }

    @Test func `a record without a value is a record`() async throws {
        try brokers.makeTopic("t", partitions: 1)
        let producer = try KafkaProducer(properties(), logger: Self.log)
        let failures = try await producer.send(
            [OutgoingRecord(value: 0..<0), OutgoingRecord(value: 0..<2)],
            of: Array("{}".utf8),
            to: "t"
        )
        #expect(failures == [nil, nil])
        await producer.close()
        let consumer = try KafkaConsumer(properties(), logger: Self.log)
        let read = try await Self.everything(consumer, "t")
        #expect(read[0]?.map(\.value) == ["", "{}"])
        await consumer.close()
    }

    // MARK: - What goes wrong

    @Test func `a topic that is refused is named, with what to do`() async throws {
        brokers.refuse(topic: "secret", with: RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        let consumer = try KafkaConsumer(properties(), logger: Self.log)
        let error = await #expect(throws: KafkaClientError.self) { try await consumer.partitions(of: "secret") }
        #expect(error?.code == .unauthorized)
        #expect(error?.message.contains("secret") == true)
        await consumer.close()
    }

    @Test func `nobody at the address is told with the property`() async throws {
        var nobody = KafkaProperties()
        // RFC 6335's tcpmux: nobody listens there on a machine of today.
        nobody["bootstrap.servers"] = "127.0.0.1:1"
        let consumer = try KafkaConsumer(nobody, logger: Self.log)
        let error = await #expect(throws: KafkaClientError.self) {
            try await consumer.partitions(of: "t", within: .seconds(2))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("bootstrap.servers") == true, "\(error?.message ?? "")")
        await consumer.close()
    }

    @Test func `a client that was closed says so and does not crash`() async throws {
        let consumer = try KafkaConsumer(properties(), logger: Self.log)
        await consumer.close()
        await consumer.close()
        await #expect(throws: KafkaClientError.self) { try await consumer.next() }
        _ = try KafkaConsumer(properties(), logger: Self.log)
    }
}
