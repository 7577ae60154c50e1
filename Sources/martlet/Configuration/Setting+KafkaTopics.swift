// SPDX-License-Identifier: Apache-2.0

/// The settings of reading topics into the log.
extension Setting {
    static let sourceTopics = Setting(
        key: "kafkaSource.topics",
        kind: .text,
        fallback: nil,
        meaning: "topics of audit events to read into the log, several with commas between; none is read while it is not set"
    )
    static let sourceBootstrapServers = Setting(
        key: "kafkaSource.bootstrapServers",
        kind: .text,
        fallback: nil,
        meaning: "host:port of their brokers to begin with, several with commas between"
    )
    static let sourceProperties = Setting(
        key: "kafkaSource.properties",
        kind: .text,
        fallback: nil,
        meaning: "file of librdkafka's properties, name=value a line; ${env:NAME} and ${file:PATH} stand for secrets"
    )
    static let sourceCluster = Setting(
        key: "kafkaSource.cluster",
        kind: .text,
        fallback: nil,
        meaning: "name of the cluster in positions and gaps; the id that the brokers say when left out"
    )
    static let sourceFrom = Setting(
        key: "kafkaSource.from",
        kind: .text,
        fallback: "earliest",
        meaning: "where partitions begin that were never read: earliest, latest, or a time such as now-7d"
    )
    static let sourceMaximumUnreadAge = Setting(
        key: "kafkaSource.maximumUnreadAge",
        kind: .duration(none: "unlimited"),
        fallback: "unlimited",
        meaning: "how old an unread record may be before /health/ready says that the server is not ready"
    )

    static let kafkaSource = [
        sourceTopics, sourceBootstrapServers, sourceProperties, sourceCluster, sourceFrom, sourceMaximumUnreadAge,
    ]
}
