// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import SegmentFormat

/// Makes segments of the journal's events, in their order, one after the other.
///
/// Without threads: whoever owns it hands over what was committed, and writes what is finished.
struct SegmentSealer: ~Copyable {
    private let policy: SealPolicy
    private var live: LiveSegment

    init(from index: UInt64, _ policy: SealPolicy) {
        self.policy = policy
        live = LiveSegment(firstIndex: index)
    }

    /// The first index that it has not taken yet.
    var nextIndex: UInt64 { live.endIndex }

    /// Events that were taken and are in no finished segment yet.
    var pendingEventCount: Int { live.eventCount }

    /// When the oldest of them was received; nil when there is none.
    var oldestReceived: Int64? { live.oldestReceived }

    // MARK: - Taking

    /// Takes the events of a frame that it has not taken yet.
    ///
    /// - Parameters:
    ///   - frame: one that the journal has written, at `firstIndex`; it must begin no later than `nextIndex`.
    ///   - firstIndex: the index of its first event.
    ///   - received: when it was received.
    ///   - finished: is called with each segment that is full.
    mutating func take(
        _ frame: JournalFrame,
        firstIndex: UInt64,
        received: Int64,
        _ finished: (LiveSegment.Finished) -> Void
    ) {
        let labels = EventRun.Labels(
            received: received,
            stream: frame.stream,
            submitter: frame.submitter,
            source: frame.source,
            position: frame.position
        )
        let skipped = places(from: firstIndex, count: frame.eventCount)
        let table = frame.table
        var flags: [Int: EventFlags] = [:]
        for place in skipped..<table.count where table[place].flags.rawValue != 0 { flags[place] = table[place].flags }
        frame.withEvents { bytes, offsets in
            let ranges = table.indices.map { offsets[$0]..<offsets[$0] + table[$0].byteCount }
            take(bytes, ranges[skipped...], labels, flags, finished)
        }
    }

    /// Takes the events of a run that it has not taken yet.
    mutating func take(
        _ run: EventRun,
        _ finished: (LiveSegment.Finished) -> Void
    ) {
        let skipped = places(from: run.firstIndex, count: run.count)
        for group in run.groups where group.places.upperBound > skipped {
            let places = max(skipped, group.places.lowerBound)..<group.places.upperBound
            take(run.bytes.span.bytes, run.ranges[places], group.labels, run.flags, finished)
        }
    }

    private func places(from firstIndex: UInt64, count: Int) -> Int {
        precondition(firstIndex <= nextIndex, "event \(nextIndex) was to come next, not \(firstIndex)")
        return min(count, Int(nextIndex - firstIndex))
    }

    /// Takes events that share their labels; `flags` has those of the events that have any, by their places in the whole of
    /// which `ranges` is a part.
    private mutating func take(
        _ bytes: RawSpan,
        _ ranges: ArraySlice<Range<Int>>,
        _ labels: EventRun.Labels,
        _ flags: [Int: EventFlags],
        _ finished: (LiveSegment.Finished) -> Void
    ) {
        var rest = ranges
        while !rest.isEmpty {
            let taken = rest.prefix(live.room(for: rest, policy))
            live.add(bytes, taken, labels, flags)
            rest = rest.dropFirst(taken.count)
            if live.isFull(policy) || !rest.isEmpty { finished(finish()) }
        }
    }

    // MARK: - Finishing

    /// Has the segment end at the next boundary when its oldest event is old enough.
    ///
    /// - Returns: the segment, if it is at a boundary now.
    mutating func finishIfDue(now: Int64) -> LiveSegment.Finished? {
        guard let oldest = live.oldestReceived, now.subtractingReportingOverflow(oldest).partialValue >= policy.age
        else {
            return nil
        }
        live.isDue = true
        return live.isFull(policy) ? finish() : nil
    }

    /// Ends the segment where it is, if it holds anything.
    mutating func finishAll() -> LiveSegment.Finished? {
        live.eventCount > 0 ? finish() : nil
    }

    private mutating func finish() -> LiveSegment.Finished {
        var other = LiveSegment(firstIndex: live.endIndex)
        swap(&live, &other)
        return other.finish()
    }
}
