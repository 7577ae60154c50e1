// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import SegmentFormat

/// The segment that is being made of the newest events: their columns, growing event by event.
///
/// Belongs to one thread at a time.
struct LiveSegment: ~Copyable {
    let firstIndex: UInt64
    private var shredder = SegmentShredder()
    private var rows: SegmentRows
    private var firstReceived: Int64?
    private var receivedRange: ClosedRange<Int64>?
    private var streams: Set<LogStream> = []
    /// Whether it ends at the next boundary.
    var isDue = false

    init(firstIndex: UInt64) {
        self.firstIndex = firstIndex
        rows = SegmentRows(firstIndex: firstIndex, runs: [])
    }

    var eventCount: Int { shredder.rowCount }
    var eventByteCount: Int { shredder.byteCount }
    var endIndex: UInt64 { firstIndex + UInt64(eventCount) }

    /// When the first event was received; nil while there is none.
    var oldestReceived: Int64? { firstReceived }

    /// How many of the events that come next still belong to it.
    func room(for ranges: ArraySlice<Range<Int>>, _ policy: SealPolicy) -> Int {
        var count = 0
        var byteCount = eventByteCount
        for range in ranges {
            guard !isFull(eventCount + count, byteCount, next: range.count, policy) else { break }
            count += 1
            byteCount += range.count
        }
        return count
    }

    /// Whether it takes no more events.
    func isFull(_ policy: SealPolicy) -> Bool { isFull(eventCount, eventByteCount, next: 0, policy) }

    private func isFull(_ count: Int, _ byteCount: Int, next size: Int, _ policy: SealPolicy) -> Bool {
        guard count > 0 else { return false }
        if byteCount + size > SealPolicy.largestEventByteCount { return true }
        guard (firstIndex + UInt64(count)).isMultiple(of: policy.boundary) else { return false }
        return isDue || count + Int(policy.boundary) > policy.eventCount || byteCount >= policy.eventByteCount
    }

    /// Adds events that share their labels.
    ///
    /// - Parameters:
    ///   - bytes: what holds them.
    ///   - ranges: where each is; they must have room.
    ///   - labels: what was written down beside them.
    ///   - flags: of those that have any, by the places in `ranges`.
    mutating func add(
        _ bytes: RawSpan,
        _ ranges: ArraySlice<Range<Int>>,
        _ labels: EventRun.Labels,
        _ flags: [Int: EventFlags]
    ) {
        guard !ranges.isEmpty else { return }
        let firstRow = eventCount
        for range in ranges {
            do {
                try shredder.add(bytes, range)
            } catch {
                preconditionFailure("room was asked for before: \(error)")
            }
        }
        for (place, flags) in flags.filter({ ranges.indices.contains($0.key) }).sorted(by: { $0.key < $1.key }) {
            rows.flags.append(SegmentRows.Flagged(row: firstRow + place - ranges.startIndex, flags: flags.rawValue))
        }
        append(SegmentRows.Run(labels, rowCount: ranges.count))
        firstReceived = firstReceived ?? labels.received
        let range = receivedRange ?? labels.received...labels.received
        receivedRange = min(range.lowerBound, labels.received)...max(range.upperBound, labels.received)
        streams.insert(labels.stream)
    }

    /// Events of one frame that come in two calls are one run.
    private mutating func append(_ run: SegmentRows.Run) {
        guard let last = rows.runs.last, last.hasLabels(of: run) else { return rows.runs.append(run) }
        rows.runs[rows.runs.count - 1].rowCount += run.rowCount
    }

    /// The finished columns and what the log knows of the rows.
    consuming func finish() -> Finished {
        let byteCount = eventByteCount
        let received = receivedRange ?? 0...0
        return Finished(
            events: shredder.finish(),
            rows: rows,
            eventByteCount: byteCount,
            firstReceived: firstReceived ?? 0,
            receivedRange: received,
            streams: streams
        )
    }

    /// Everything that a segment's file is made of.
    struct Finished: Sendable {
        let events: ShreddedSegment
        let rows: SegmentRows
        let eventByteCount: Int
        let firstReceived: Int64
        let receivedRange: ClosedRange<Int64>
        let streams: Set<LogStream>

        var indices: Range<UInt64> { rows.firstIndex..<rows.firstIndex + UInt64(rows.rowCount) }
    }
}

extension SegmentRows.Run {
    init(_ labels: EventRun.Labels, rowCount: Int) {
        self.init(
            rowCount: rowCount,
            received: labels.received,
            stream: labels.stream.name,
            submitter: labels.submitter,
            origin: labels.source,
            position: labels.position
        )
    }

    /// Whether all but the number of rows is the same.
    fileprivate func hasLabels(of other: SegmentRows.Run) -> Bool {
        var other = other
        other.rowCount = rowCount
        return self == other
    }
}
