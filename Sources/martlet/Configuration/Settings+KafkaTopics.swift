// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import KafkaClient
import KafkaExport
import KafkaIngest

/// What the settings say of reading topics.
extension Settings {
    /// What is read, and how the brokers are reached; nil where nothing is read.
    ///
    /// - Throws: `CommandFailure`.
    func kafkaSource() throws -> (options: TopicReader.Options, properties: KafkaProperties)? {
        let topics = texts(.sourceTopics)
        guard !topics.isEmpty else { return nil }
        var options = TopicReader.Options(topics: topics)
        options.cluster = text(.sourceCluster)
        options.start = try Self.topicStart(text(.sourceFrom) ?? "earliest", of: Setting.sourceFrom.key)
        let properties = try KafkaPropertyFile.properties(
            file: text(.sourceProperties),
            bootstrapServers: text(.sourceBootstrapServers)
        )
        return (options, properties)
    }

    /// What is written, and how the brokers are reached; nil where nothing is written.
    ///
    /// - Throws: `CommandFailure`.
    func kafkaSink() throws -> (options: TopicWriter.Options, properties: KafkaProperties)? {
        guard text(.sinkBootstrapServers) != nil || text(.sinkProperties) != nil else { return nil }
        var options = TopicWriter.Options()
        options.topic = text(.sinkTopic) ?? options.topic
        options.mode = text(.sinkMode).flatMap { RecordMode(rawValue: $0) } ?? .structured
        options.key = text(.sinkKey).flatMap { RecordKey(rawValue: $0) } ?? .none
        options.filter = try text(.sinkFilter).map { text in
            try TypedQuery.filter(EventQuery(filter: text), now: System.now())
        }
        options.routes = try text(.sinkRoutes).map { try PolicyFile.routes($0) }
        options.startsAtEnd = text(.sinkFrom) == "latest"
        let properties = try KafkaPropertyFile.properties(
            file: text(.sinkProperties),
            bootstrapServers: text(.sinkBootstrapServers)
        )
        try refuseLoop(options, properties)
        return (options, properties)
    }

    /// The brokers may be the same under other names too: that is found out when they are reached.
    private func refuseLoop(_ sink: TopicWriter.Options, _ properties: KafkaProperties) throws {
        guard let source = try kafkaSource(),
            source.properties["bootstrap.servers"] == properties["bootstrap.servers"],
            let topic = sink.topics.first(where: source.options.topics.contains)
        else { return }
        throw CommandFailure(
            .usage,
            "kafkaSink.topic: \(topic) is read into this log (kafkaSource.topics), so that what is written to it would come back; choose another topic for one of the two"
        )
    }

    /// What a text says, which is the value of a setting or a flag with that name.
    ///
    /// - Throws: `CommandFailure`.
    static func topicStart(_ text: String, of name: String) throws -> TopicStart {
        switch text {
        case "earliest": return .earliest
        case "latest": return .latest
        default:
            guard let time = try TypedQuery.time(name, text, System.now()) else { return .earliest }
            return .time(time.nanosecondsSinceEpoch / 1_000_000)
        }
    }
}
