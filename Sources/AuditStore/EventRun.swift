// SPDX-License-Identifier: Apache-2.0

package import JournalFormat
import SegmentFormat

/// Consecutive events in memory, one behind the other, with what was written down beside them.
///
/// What is read at once: a frame of the journal, or some rows of a segment.
package struct EventRun: Sendable {
    /// What events share that came in one frame.
    package struct Labels: Sendable {
        /// Nanoseconds since 1970.
        package let received: Int64
        package let stream: LogStream
        package let submitter: String
        package let source: String
        /// How far the source was read after the frame, in its own form; empty when it did not say.
        package let position: [UInt8]
    }

    /// Events that share their labels, by their places.
    package struct Group: Sendable {
        package let places: Range<Int>
        package let labels: Labels
    }

    package let firstIndex: UInt64
    package let bytes: [UInt8]
    /// Where each event stands in `bytes`.
    package let ranges: [Range<Int>]
    /// In order, without a gap.
    package let groups: [Group]
    /// Flags of the events that have any, by place.
    package let flags: [Int: EventFlags]

    package var count: Int { ranges.count }
    package var indices: Range<UInt64> { firstIndex..<firstIndex + UInt64(count) }

    /// The labels of one event.
    func labels(ofPlace place: Int) -> Labels? {
        var (low, high) = (0, groups.count)
        while low < high {
            let middle = (low + high) / 2
            if groups[middle].places.upperBound <= place { low = middle + 1 } else { high = middle }
        }
        return low < groups.count ? groups[low].labels : nil
    }

    /// An event with everything that is known of it.
    package func event(at place: Int, _ labels: Labels) -> StoredEvent {
        StoredEvent(
            index: firstIndex + UInt64(place),
            received: labels.received,
            stream: labels.stream,
            submitter: labels.submitter,
            source: labels.source,
            flags: flags[place] ?? [],
            bytes: Array(bytes[ranges[place]])
        )
    }

    /// All events in order.
    package var events: [StoredEvent] {
        groups.flatMap { group in group.places.map { event(at: $0, group.labels) } }
    }
}

extension EventRun {
    /// The events of a frame from an index on.
    init(_ frame: FrameReader, from index: UInt64) {
        let header = frame.header
        let skipped = Int(max(index, header.firstIndex) - header.firstIndex)
        let ranges = Array(frame.ranges().dropFirst(skipped))
        var flags: [Int: EventFlags] = [:]
        for place in ranges.indices {
            let own = frame.entry(skipped + place).flags
            if own != [] { flags[place] = own }
        }
        self.init(
            firstIndex: header.firstIndex + UInt64(skipped),
            bytes: frame.bytes,
            ranges: ranges,
            groups: [Group(places: 0..<ranges.count, labels: Labels(header))],
            flags: flags
        )
    }
}

extension EventRun.Labels {
    init(_ header: FrameHeader) {
        self.init(
            received: header.received,
            stream: header.stream,
            submitter: header.submitter,
            source: header.source,
            position: header.position
        )
    }
}
