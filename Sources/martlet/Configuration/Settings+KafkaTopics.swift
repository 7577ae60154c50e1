// SPDX-License-Identifier: Apache-2.0

import AuditModel
import KafkaClient
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

    /// - Parameter name: of the setting or the flag, for errors.
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
