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

    /// Where partitions begin that were never read, by what was asked for and what there is of each.
    ///
    /// - Throws: `KafkaClientError`.
    func starts(_ ranges: [KafkaPartition: Range<Int64>]) async throws -> [KafkaPartition: Int64] {
        switch options.start {
        case .earliest: return ranges.mapValues(\.lowerBound)
        case .latest: return ranges.mapValues(\.upperBound)
        case .time(let milliseconds):
            let found = try await consumer.offsets(of: Array(ranges.keys), notBefore: milliseconds)
            // Of a partition without such a record there is none to tell.
            return ranges.reduce(into: [:]) { starts, range in
                let offset = found[range.key] ?? -1
                starts[range.key] = offset < 0 ? range.value.upperBound : offset
            }
        }
    }

    /// An offset that is in the range that there is: the one asked for, or the first one, after a gap was recorded.
    ///
    /// - Throws: `StoreError`.
    func place(_ position: TopicPosition, of partition: KafkaPartition, in range: Range<Int64>) async throws -> Int64 {
        let offset = position.offset
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
            ),
            // So that the gap is told once.
            position: TopicPosition(offset: range.lowerBound, gateways: position.gateways).bytes
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
