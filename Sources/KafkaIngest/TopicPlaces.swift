// SPDX-License-Identifier: Apache-2.0

import Ingest
import KafkaClient
import Logging

/// Where partitions are begun: by the journal, by the brokers, and by what was asked for.
struct TopicPlaces {
    let options: TopicReader.Options
    /// A part of each partition's source.
    let cluster: String
    let consumer: KafkaConsumer
    let admission: Admission
    let logger: Logger

    /// How the log names a partition.
    func source(_ partition: KafkaPartition) -> String {
        "kafka:\(cluster)/\(partition.topic)/\(partition.number)"
    }

    /// How far it was read by the journal; nil when nothing of the partition is in it.
    func stored(_ partition: KafkaPartition) -> TopicPosition? {
        admission.position(ofSource: source(partition), from: options.submitter).flatMap(TopicPosition.init)
    }

    /// Where partitions begin that were never read, by what was asked for.
    ///
    /// - Throws: `KafkaClientError`.
    func starts(of partitions: [KafkaPartition]) async throws -> [KafkaPartition: Int64] {
        guard case .time(let milliseconds) = options.start, !partitions.isEmpty else {
            var starts: [KafkaPartition: Int64] = [:]
            for partition in partitions {
                let range = try await consumer.offsets(of: partition)
                starts[partition] = options.start == .latest ? range.upperBound : range.lowerBound
            }
            return starts
        }
        var starts = try await consumer.offsets(of: partitions, notBefore: milliseconds)
        for (partition, offset) in starts where offset < 0 {
            starts[partition] = try await consumer.offsets(of: partition).upperBound
        }
        return starts
    }

    /// An offset that is there: the one asked for, or the first one, after a gap was recorded.
    ///
    /// - Throws: `KafkaClientError`; `StoreError`.
    func place(_ offset: Int64, of partition: KafkaPartition) async throws -> Int64 {
        let range = try await consumer.offsets(of: partition)
        guard !(range.lowerBound...range.upperBound).contains(offset) else { return offset }
        let wasRemoved = offset < range.lowerBound
        // A partition without a position begins where it begins: nobody promised what was removed before.
        if wasRemoved, stored(partition) == nil { return range.lowerBound }
        try await admission.recordGap(
            Gap(
                submitter: options.submitter,
                source: source(partition),
                from: "offset \(offset)",
                to: wasRemoved ? "offset \(range.lowerBound - 1)" : nil,
                reason: wasRemoved ? .retentionTook : .truncated,
                lostCount: wasRemoved ? Int(range.lowerBound - offset) : nil
            )
        )
        logger.error(
            "the topic has not what comes next",
            metadata: [
                "kafka.partition": "\(partition)", "kafka.offset": "\(offset)",
                "kafka.first_offset": "\(range.lowerBound)", "kafka.end_offset": "\(range.upperBound)",
            ]
        )
        return range.lowerBound
    }
}
