// SPDX-License-Identifier: Apache-2.0

import KafkaClient
import Logging
import MockKafka

/// Brokers that a test reads from and writes to: librdkafka's own in this process, or those of somebody's cluster.
///
/// The environment names a real cluster: `MARTLET_TEST_KAFKA`, its bootstrap servers, and `MARTLET_TEST_KAFKA_USERS`,
/// `name:password` of users with commas between, of which the first may do everything.
final class KafkaCluster: Sendable {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let properties: [String: String]
    /// nil for a real cluster.
    let mock: MockBrokers?

    static var isReal: Bool { EndToEnd.environment["MARTLET_TEST_KAFKA"] != nil }

    init() throws {
        var properties: [String: String]
        if let bootstrap = EndToEnd.environment["MARTLET_TEST_KAFKA"] {
            mock = nil
            properties = ["bootstrap.servers": bootstrap]
            if let user = EndToEnd.environment["MARTLET_TEST_KAFKA_USERS"]?.split(separator: ",").first {
                let parts = user.split(separator: ":", maxSplits: 1)
                properties["security.protocol"] = "SASL_PLAINTEXT"
                properties["sasl.mechanisms"] = "PLAIN"
                properties["sasl.username"] = parts.first.map(String.init)
                properties["sasl.password"] = parts.last.map(String.init)
            }
        } else {
            let mock = try MockBrokers()
            self.mock = mock
            properties = ["bootstrap.servers": mock.bootstrap]
        }
        properties["reconnect.backoff.ms"] = "50"
        properties["reconnect.backoff.max.ms"] = "200"
        self.properties = properties
    }

    /// A properties file's text.
    var text: String { properties.map { "\($0.key)=\($0.value)\n" }.joined() }

    private var clientProperties: KafkaProperties {
        properties.reduce(into: KafkaProperties()) { $0[$1.key] = $1.value }
    }

    func makeTopic(_ name: String, partitions: Int32) throws {
        if let mock {
            try mock.makeTopic(name, partitions: partitions)
        } else {
            try RealBrokers.makeTopic(name, partitions: partitions, properties)
        }
    }

    func producer() throws -> KafkaProducer { try KafkaProducer(clientProperties, logger: Self.logger) }

    /// The values of a topic, by partition in order.
    func values(of topic: String) async throws -> [[String]] {
        let consumer = try KafkaConsumer(clientProperties, logger: Self.logger)
        let partitions = try await consumer.partitions(of: topic)
        var (values, open) = (Array(repeating: [String](), count: partitions.count), Set(partitions))
        for partition in partitions { try await consumer.read(partition, from: 0) }
        while !open.isEmpty {
            for delivery in try await consumer.next() {
                switch delivery {
                case .records(let records):
                    values[Int(records.partition.number)] += records.records.map { record in
                        String(decoding: records.bytes[record.value ?? 0..<0], as: UTF8.self)
                    }
                case .end(let partition, _): open.remove(partition)
                case .failed(let partition, _):
                    try await consumer.read(partition, from: Int64(values[Int(partition.number)].count))
                }
            }
        }
        await consumer.close()
        return values
    }
}
