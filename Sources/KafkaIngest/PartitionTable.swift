// SPDX-License-Identifier: Apache-2.0

import KafkaClient

/// The partitions that are read, and how far their records were fetched.
struct PartitionTable {
    private var positions: [KafkaPartition: TopicPosition] = [:]
    /// The ends that partitions had when they were begun, of those that were not read that far.
    private var ends: [KafkaPartition: Int64] = [:]

    var count: Int { positions.count }
    var isEmpty: Bool { positions.isEmpty }
    /// Whether each was read to the end that it had when it was begun.
    var isAtEnd: Bool { ends.isEmpty }

    func has(_ partition: KafkaPartition) -> Bool { positions[partition] != nil }
    func position(of partition: KafkaPartition) -> TopicPosition { positions[partition] ?? TopicPosition(offset: 0) }

    mutating func begin(_ partition: KafkaPartition, at position: TopicPosition, end: Int64) {
        ends[partition] = end
        move(partition, to: position)
    }

    mutating func move(_ partition: KafkaPartition, to position: TopicPosition) {
        positions[partition] = position
        if let end = ends[partition], position.offset >= end { ends[partition] = nil }
    }

    /// Nothing is in front of an offset that was not fetched: what compaction or transactions left has no records.
    mutating func end(_ partition: KafkaPartition, at offset: Int64) {
        if let end = ends[partition], offset >= end { ends[partition] = nil }
    }

    /// Nothing is known of it until it is begun again.
    mutating func forget(_ partition: KafkaPartition) {
        positions[partition] = nil
        ends[partition] = .max
    }
}
