// SPDX-License-Identifier: Apache-2.0

/// The settings of reading topics into the log.
extension Setting {
    static let sourceTopics = Setting(
        key: "kafkaSource.topics",
        kind: .text,
        fallback: nil,
        meaning:
            "topics of audit events to read into the log, several with commas between; none is read while it is not set"
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
        meaning:
            "how old an unread record may be, or how long reading in trouble, before /health/ready says that the server is not ready"
    )

    static let kafkaSource = [
        sourceTopics, sourceBootstrapServers, sourceProperties, sourceCluster, sourceFrom, sourceMaximumUnreadAge,
    ]
}

/// The settings of writing the log to a topic.
extension Setting {
    static let sinkBootstrapServers = Setting(
        key: "kafkaSink.bootstrapServers",
        kind: .text,
        fallback: nil,
        meaning:
            "host:port of brokers to write the log to, several with commas between; nothing is written while neither this nor kafkaSink.properties is set"
    )
    static let sinkProperties = Setting(
        key: "kafkaSink.properties",
        kind: .text,
        fallback: nil,
        meaning: "file of librdkafka's properties, name=value a line; ${env:NAME} and ${file:PATH} stand for secrets"
    )
    static let sinkTopic = Setting(
        key: "kafkaSink.topic",
        kind: .text,
        fallback: "confluent-audit-log-events",
        meaning: "topic to write to, unless kafkaSink.routes says where each event goes"
    )
    static let sinkMode = Setting(
        key: "kafkaSink.mode",
        kind: .choice(["structured", "binary"]),
        fallback: "structured",
        meaning:
            "structured: events byte for byte as they came; binary: their data as the value, their attributes as headers"
    )
    static let sinkKey = Setting(
        key: "kafkaSink.key",
        kind: .choice(["none", "organization", "resource"]),
        fallback: "none",
        meaning: "what records are keyed by: those with the same key stay in order"
    )
    static let sinkFilter = Setting(
        key: "kafkaSink.filter",
        kind: .text,
        fallback: nil,
        meaning: "which events are written, as a filter of martlet query; all that came in when left out"
    )
    static let sinkRoutes = Setting(
        key: "kafkaSink.routes",
        kind: .text,
        fallback: nil,
        meaning: "file that says to which topic each event goes, in the form of Confluent Platform's event router"
    )
    static let sinkFrom = Setting(
        key: "kafkaSink.from",
        kind: .choice(["earliest", "latest"]),
        fallback: "earliest",
        meaning: "where it begins when it never ran: with all that is in the log, or with what comes"
    )

    static let kafkaSink = [
        sinkBootstrapServers, sinkProperties, sinkTopic, sinkMode, sinkKey, sinkFilter, sinkRoutes, sinkFrom,
    ]
}
