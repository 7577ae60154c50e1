// SPDX-License-Identifier: Apache-2.0

/// When the newest events of the journal become a segment, and when small segments become larger ones.
package struct SealPolicy: Equatable, Sendable {
    /// Segments end at multiples of this, because the log's tiles have so many leaves: what retention deletes then leaves
    /// whole tiles behind.
    ///
    /// Only `sealAll` ends one elsewhere, and the next one ends at a multiple again. Nothing but a test has another value.
    package var boundary: UInt64 = 256

    /// Events of a full segment.
    ///
    /// Measured: 57.8 bytes an event, index and all, and 57.4 with twice as many, which take twice the memory while one is
    /// made. Fewer files, not fewer bytes, is what larger ones give.
    package var eventCount = 131_072

    /// Bytes of the events of a full segment, for events that are large.
    package var eventByteCount = 512 << 20

    /// Nanoseconds after which the oldest event of the journal is sealed even if there are few.
    package var age: Int64 = 3_600_000_000_000

    /// Small segments next to each other that are merged without being asked.
    ///
    /// With eight, an event is written anew at most once for every factor of eight in a segment's size.
    package var mergedCount = 8

    /// Bytes past which a segment ends anywhere.
    ///
    /// Places inside a segment have 32 bits.
    static let largestEventByteCount = 1 << 30

    package init() {}
}
