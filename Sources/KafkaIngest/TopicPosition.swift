// SPDX-License-Identifier: Apache-2.0

package import KafkaClient

/// How far a partition was read: all records in front of `offset` became events that are stored, or are set aside.
///
/// As text, in the frames of the journal: `1`, the offset, with a space between. Readers refuse another first word.
struct TopicPosition: Equatable, Sendable {
    let offset: Int64

    init(offset: Int64) { self.offset = offset }

    init?(_ bytes: [UInt8]) {
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0] == "1", let offset = Int64(words[1]), offset >= 0 else { return nil }
        self.init(offset: offset)
    }

    var bytes: [UInt8] { Array("1 \(offset)".utf8) }
}

/// How far a reader is.
package struct TopicProgress: Sendable {
    package internal(set) var partitionCount = 0
    package internal(set) var recordCount = 0
    package internal(set) var byteCount = 0
    /// Records that are no events, and are in the quarantine.
    package internal(set) var setAsideCount = 0
    /// What was the matter last; nil when records came since.
    package internal(set) var trouble: KafkaClientError?

    mutating func add(_ count: Int, byteCount: Int) {
        recordCount += count
        self.byteCount += byteCount
        trouble = nil
    }
}

/// The partitions that are read, and where.
struct PartitionTable {
    private var offsets: [KafkaPartition: Int64] = [:]
    private var open: Set<KafkaPartition> = []

    var count: Int { offsets.count }
    var isEmpty: Bool { offsets.isEmpty }
    /// Whether the end of each was seen since it was begun.
    var isAtEnd: Bool { open.isEmpty }

    func has(_ partition: KafkaPartition) -> Bool { offsets[partition] != nil }
    func offset(of partition: KafkaPartition) -> Int64 { offsets[partition] ?? 0 }

    mutating func begin(_ partition: KafkaPartition, at offset: Int64) {
        offsets[partition] = offset
        open.insert(partition)
    }

    mutating func move(_ partition: KafkaPartition, to offset: Int64) { offsets[partition] = offset }

    mutating func end(_ partition: KafkaPartition, at offset: Int64) {
        offsets[partition] = max(offset, offsets[partition] ?? 0)
        open.remove(partition)
    }

    /// Until it is begun again, its end was not seen.
    mutating func forget(_ partition: KafkaPartition) {
        offsets[partition] = nil
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
