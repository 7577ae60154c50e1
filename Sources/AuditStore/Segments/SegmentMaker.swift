// SPDX-License-Identifier: Apache-2.0

package import JournalFormat
package import ManifestFormat

/// Makes segments of what a store has committed and writes their files: everything about sealing but the threads.
///
/// `StoreCore.adopt` then has them count. A segment that could not be written is kept and tried again; meanwhile the journal
/// has its events.
package struct SegmentMaker: ~Copyable {
    private let policy: SealPolicy
    let files: SegmentFiles
    private var sealer: SegmentSealer
    /// Full segments that are not written yet, oldest first.
    private var waiting: [LiveSegment.Finished] = []

    /// Begins behind the last segment of a log.
    init(_ snapshot: StoreSnapshot, _ files: SegmentFiles, policy: SealPolicy) {
        self.policy = policy
        self.files = files
        sealer = SegmentSealer(from: snapshot.liveStart, policy)
    }

    /// The first index that it has not taken yet.
    package var nextIndex: UInt64 { sealer.nextIndex }

    // MARK: - Taking

    /// Takes a frame that the journal has written; those before it must have been taken.
    package mutating func take(_ frame: JournalFrame, _ reference: FrameReference) {
        var full: [LiveSegment.Finished] = []
        sealer.take(frame, firstIndex: reference.firstIndex, received: reference.received) { full.append($0) }
        waiting += full
    }

    /// Reads from the log what it has not taken yet, up to an index; stops early when a segment is full, to be called again.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    package mutating func catchUp(with snapshot: StoreSnapshot, to end: UInt64) throws(StoreError) {
        while waiting.isEmpty, nextIndex < end, let part = snapshot.part(holding: nextIndex) {
            var full: [LiveSegment.Finished] = []
            sealer.take(try snapshot.events(of: part)) { full.append($0) }
            waiting += full
        }
    }

    /// Ends the segment that is being made if its oldest event is old enough and it is at a boundary.
    package mutating func finishIfDue(now: Int64) {
        if let finished = sealer.finishIfDue(now: now) { waiting.append(finished) }
    }

    /// Ends the segment that is being made, wherever it is.
    package mutating func finishAll() {
        if let finished = sealer.finishAll() { waiting.append(finished) }
    }

    // MARK: - Writing

    /// Whether a full segment is to be written.
    package var hasWaiting: Bool { !waiting.isEmpty }

    /// Writes the oldest full segment; nil when there is none.
    ///
    /// It stays first in line until `wasAdopted`.
    ///
    /// - Throws: as `SegmentFiles.write`; may be called again.
    package func writeNext() throws(StoreError) -> SegmentDescription? {
        guard let first = waiting.first else { return nil }
        return try files.write(first)
    }

    /// Gives the oldest full segment to somebody who writes it and has it count before the next.
    mutating func takeWaiting() -> LiveSegment.Finished? {
        waiting.isEmpty ? nil : waiting.removeFirst()
    }

    /// Lets go of the segment that was written last.
    package mutating func wasAdopted() {
        waiting.removeFirst()
    }

    // MARK: - Merging

    /// Segments next to each other that together make one of full size at most; the oldest such run, nil when there is none.
    ///
    /// - Parameters:
    ///   - snapshot: the log.
    ///   - count: how many there must be at least.
    /// - Returns: two or more of them, in order.
    package func mergeableSegments(of snapshot: StoreSnapshot, atLeast count: Int) -> [SealedSegment]? {
        var run: [SealedSegment] = []
        for segment in snapshot.segments {
            if segment.damage == nil, fits(run + [segment]) {
                run.append(segment)
                continue
            }
            if isWorthMerging(run, atLeast: count) { return run }
            run = segment.damage == nil && fits([segment]) ? [segment] : []
        }
        return isWorthMerging(run, atLeast: count) ? run : nil
    }

    private func fits(_ segments: [SealedSegment]) -> Bool {
        segments.reduce(0) { $0 + $1.description.eventCount } <= policy.eventCount
            && segments.reduce(0) { $0 + $1.description.eventByteCount } <= policy.eventByteCount
    }

    /// Whether enough would become one, and none of them is most of it already: that one would be written again and again.
    private func isWorthMerging(_ segments: [SealedSegment], atLeast count: Int) -> Bool {
        let largest = segments.map(\.description.eventCount).max() ?? 0
        let all = segments.reduce(0) { $0 + $1.description.eventCount }
        return segments.count >= max(2, count) && (count <= 2 || 2 * largest <= all)
    }

    /// Writes one segment with the events of several.
    ///
    /// - Throws: `damaged` when one of them is; as `SegmentFiles.write`.
    package func writeMerged(_ segments: [SealedSegment]) throws(StoreError) -> SegmentDescription {
        var merged = LiveSegment(firstIndex: segments.first?.description.firstIndex ?? 0)
        for segment in segments {
            for part in LogPart.parts(of: segment) {
                guard case .rows(_, let rows) = part else { continue }
                let run = try segment.events(rows)
                for group in run.groups {
                    merged.add(run.bytes.span.bytes, run.ranges[group.places], group.labels, run.flags)
                }
            }
        }
        return try files.write(merged.finish())
    }

    // MARK: - Erasing

    /// Writes a segment anew, with tombstones in the place of some of its events.
    ///
    /// What was written down beside the events stays, and says of those that they were erased.
    ///
    /// - Parameters:
    ///   - segment: of the log.
    ///   - tombstones: what stands in the place of an event, by its index.
    /// - Returns: the segment that has them; it counts when it is adopted.
    /// - Throws: `damaged` when the segment is; as `SegmentFiles.write`.
    package func writeErased(
        _ segment: SealedSegment,
        _ tombstones: [UInt64: [UInt8]]
    ) throws(StoreError) -> SegmentDescription {
        var rewritten = LiveSegment(firstIndex: segment.description.firstIndex)
        for part in LogPart.parts(of: segment) {
            guard case .rows(_, let rows) = part else { continue }
            let run = try segment.events(rows)
            for group in run.groups {
                var next = group.places.lowerBound
                for place in group.places {
                    guard let tombstone = tombstones[run.firstIndex + UInt64(place)] else { continue }
                    let flags = (run.flags[place] ?? []).union(.erased)
                    rewritten.add(run.bytes.span.bytes, run.ranges[next..<place], group.labels, run.flags)
                    rewritten.add(tombstone.span.bytes, [0..<tombstone.count][...], group.labels, [0: flags])
                    next = place + 1
                }
                rewritten.add(run.bytes.span.bytes, run.ranges[next..<group.places.upperBound], group.labels, run.flags)
            }
        }
        return try files.write(rewritten.finish(), generation: segment.description.generation + 1)
    }
}
