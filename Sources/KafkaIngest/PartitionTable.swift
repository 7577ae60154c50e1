// SPDX-License-Identifier: Apache-2.0

import KafkaClient

/// The partitions that are read, and how far their records were fetched.
struct PartitionTable {
    private var positions: [KafkaPartition: TopicPosition] = [:]
    private var open: Set<KafkaPartition> = []

    var count: Int { positions.count }
    var isEmpty: Bool { positions.isEmpty }
    /// Whether the end of each was seen since it was begun.
    var isAtEnd: Bool { open.isEmpty }

    func has(_ partition: KafkaPartition) -> Bool { positions[partition] != nil }
    func position(of partition: KafkaPartition) -> TopicPosition { positions[partition] ?? TopicPosition(offset: 0) }

    mutating func begin(_ partition: KafkaPartition, at position: TopicPosition) {
        positions[partition] = position
        open.insert(partition)
    }

    mutating func move(_ partition: KafkaPartition, to position: TopicPosition) { positions[partition] = position }

    mutating func end(_ partition: KafkaPartition) { open.remove(partition) }

    /// Until it is begun again, its end was not seen.
    mutating func forget(_ partition: KafkaPartition) {
        positions[partition] = nil
        open.insert(partition)
    }
}

/// Pauses between attempts.
struct Backoff {
    private var delay: Duration = .milliseconds(100)

    /// 0.1 s and then twice as long each time, up to 10 s.
    mutating func next() -> Duration {
        defer { delay = min(delay * 2, .seconds(10)) }
        return delay
    }
}
