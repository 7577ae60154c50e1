// SPDX-License-Identifier: Apache-2.0

package import KafkaClient

/// How far a reader is.
package struct TopicProgress: Sendable {
    package internal(set) var partitionCount = 0
    package internal(set) var recordCount = 0
    package internal(set) var byteCount = 0
    /// Events that the log did not have, and those that it had.
    package internal(set) var storedCount = 0
    package internal(set) var repeatedCount = 0
    /// Records that are no events, and are in the quarantine.
    package internal(set) var setAsideCount = 0
    /// Records that came from this log, and were passed over.
    package internal(set) var ownCount = 0
    /// Records a second over the last seconds.
    package internal(set) var rate = 0.0
    /// Records that the brokers have behind what is stored, as far as the brokers said.
    package internal(set) var lag = 0
    /// No unread record is older, milliseconds since 1970; nil when nothing is unread.
    ///
    /// It is the stamp of the last record that is stored, in the partition with unread records where that is oldest.
    package internal(set) var unreadSince: Int64?
    /// What is the matter; nil when records came since.
    package internal(set) var trouble: KafkaClientError?
    /// Since when.
    package internal(set) var troubleSince: ContinuousClock.Instant?

    mutating func meet(_ error: KafkaClientError) {
        trouble = error
        troubleSince = troubleSince ?? .now
    }
}

/// What of each partition is stored, for the lag.
struct StoredMarks {
    private struct Mark {
        var offset: Int64
        var stamp: Int64?
    }

    private var marks: [KafkaPartition: Mark] = [:]

    mutating func begin(_ partition: KafkaPartition, at offset: Int64) {
        marks[partition] = Mark(offset: offset, stamp: marks[partition]?.stamp)
    }

    mutating func store(_ partition: KafkaPartition, upTo offset: Int64, stamp: Int64?) {
        marks[partition] = Mark(offset: offset, stamp: stamp ?? marks[partition]?.stamp)
    }

    /// How many records the brokers have behind what is stored, given the offsets that their next records get.
    func lag(_ ends: [KafkaPartition: Int64]) -> (records: Int, since: Int64?) {
        var (records, since) = (0, Int64?.none)
        for (partition, end) in ends {
            guard let mark = marks[partition], end > mark.offset else { continue }
            records += Int(clamping: end - mark.offset)
            if let stamp = mark.stamp { since = min(since ?? stamp, stamp) }
        }
        return (records, since)
    }
}
