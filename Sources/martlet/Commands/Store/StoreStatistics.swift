// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import ManifestFormat

/// What a log holds and what that takes: the document of `store stats`.
struct StoreStatistics: Encodable {
    /// Bytes of a kind, and how many that are for an event.
    struct Size: Encodable, Equatable {
        let bytes: Int
        /// nil where there are no events.
        let bytesPerEvent: Double?

        init(_ bytes: Int, events: Int) {
            self.bytes = bytes
            bytesPerEvent = events > 0 ? (Double(bytes) / Double(events) * 1000).rounded() / 1000 : nil
        }
    }

    struct Column: Encodable, Equatable {
        let name: String
        let bytes: Int
        let bytesPerEvent: Double?
        /// Of all segments and indexes, 0 to 1.
        let share: Double
    }

    let events: Int
    let firstIndex: UInt64
    let endIndex: UInt64
    /// By the events' own times, where they have one.
    let oldest: String?
    let newest: String?
    let firstReceived: String?
    let lastReceived: String?
    let segments: Int
    let sealedEvents: Int
    let journalEvents: Int
    /// The events themselves, as they came in, those of segments.
    let original: Size
    /// Segments, indexes and journal.
    let all: Size
    let segmentFiles: Size
    let index: Size
    let journal: Size
    /// The largest first.
    let columns: [Column]
    var damaged: [String] = []

    /// What a segment's file is made of that is no column.
    static let restName = "(footer, shapes, page indexes)"
    static let indexName = "(index)"

    /// - Parameters:
    ///   - snapshot: the log.
    ///   - sizes: of its segments, those that could be read.
    init(_ snapshot: StoreSnapshot, _ sizes: [SegmentSizes]) {
        let descriptions = snapshot.segments.map(\.description)
        var summary = Summary()
        for part in snapshot.parts { summary.add(part) }
        var byColumn: [String: Int] = [:]
        for size in sizes {
            for column in size.columns { byColumn[column.name, default: 0] += column.byteCount }
            byColumn[Self.restName, default: 0] += size.otherByteCount
            byColumn[Self.indexName, default: 0] += size.indexByteCount
        }
        let sealed = descriptions.reduce(0) { $0 + $1.eventCount }
        let segmentBytes = descriptions.reduce(0) { $0 + $1.byteCount }
        let indexBytes = sizes.reduce(0) { $0 + $1.indexByteCount }
        events = snapshot.eventCount
        firstIndex = snapshot.floorIndex
        endIndex = snapshot.endIndex
        oldest = summary.times.map { Timestamp(nanosecondsSinceEpoch: $0.lowerBound).description }
        newest = summary.times.map { Timestamp(nanosecondsSinceEpoch: $0.upperBound).description }
        firstReceived = snapshot.firstReceived.map { Timestamp(nanosecondsSinceEpoch: $0).description }
        lastReceived = snapshot.lastReceived.map { Timestamp(nanosecondsSinceEpoch: $0).description }
        segments = descriptions.count
        sealedEvents = sealed
        journalEvents = snapshot.journalEventCount
        original = Size(descriptions.reduce(0) { $0 + $1.eventByteCount }, events: sealed)
        all = Size(segmentBytes + indexBytes + summary.frameByteCount, events: snapshot.eventCount)
        segmentFiles = Size(segmentBytes, events: sealed)
        index = Size(indexBytes, events: sealed)
        journal = Size(summary.frameByteCount, events: snapshot.journalEventCount)
        columns = Self.columns(byColumn, events: sealed)
    }

    /// Sorted by bytes, then by name.
    static func columns(_ byteCounts: [String: Int], events: Int) -> [Column] {
        let total = byteCounts.values.reduce(0, +)
        return byteCounts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { name, byteCount in
            Column(
                name: name,
                bytes: byteCount,
                bytesPerEvent: Size(byteCount, events: events).bytesPerEvent,
                share: (Double(byteCount) / Double(max(1, total)) * 10_000).rounded() / 10_000
            )
        }
    }

    /// What is told of each part without reading it.
    private struct Summary {
        var times: ClosedRange<Int64>?
        var frameByteCount = 0

        mutating func add(_ part: LogPart) {
            if case .frame(let frame, _) = part { frameByteCount += frame.byteCount }
            // A frame with an event without a time says nothing of the others' times.
            let range = part.timeRange == .min ... .max ? part.receivedRange : part.timeRange
            let known = times ?? range
            times = min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
        }
    }
}
