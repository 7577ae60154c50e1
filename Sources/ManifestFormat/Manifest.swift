// SPDX-License-Identifier: Apache-2.0

package import JournalFormat

/// What the store holds besides the journal: which segments there are, how their bytes have to be, where the log begins, and
/// how far every source was read.
///
/// A value. The store reads and replaces it on disk; a segment counts from the moment at which the manifest that names it is
/// durable, and the journal keeps its events until then.
package struct Manifest: Equatable, Sendable {
    /// How far a source was read, from the newest frame that said so.
    ///
    /// It outlives the journal and the segment that carried it.
    package struct SourcePosition: Equatable, Sendable {
        package var submitter: String
        package var source: String
        /// The end of the frame.
        package var index: UInt64
        package var position: [UInt8]

        package init(submitter: String, source: String, index: UInt64, position: [UInt8]) {
            self.submitter = submitter
            self.source = source
            self.index = index
            self.position = position
        }
    }

    package var logID: LogID
    /// The first index that was not deleted by retention.
    package var floorIndex: UInt64 = 0
    /// Adjacent, in the order of the log, from `floorIndex` on.
    package var segments: [SegmentDescription] = []
    /// One for each submitter and source that ever told a position, sorted.
    package var positions: [SourcePosition] = []

    package init(logID: LogID) {
        self.logID = logID
    }

    /// The first index that is in no segment: from here on events are in the journal.
    package var liveStart: UInt64 { segments.last?.indices.upperBound ?? floorIndex }

    /// Whether segments follow each other without a gap.
    package var isConsistent: Bool {
        var next = floorIndex
        for segment in segments {
            guard segment.firstIndex == next, segment.eventCount > 0, segment.byteCount > 0 else { return false }
            next = segment.indices.upperBound
        }
        return true
    }

    /// Takes note of how far a source was read.
    package mutating func record(_ position: SourcePosition) {
        let place = positions.firstIndex { ($0.submitter, $0.source) >= (position.submitter, position.source) }
        guard let place, (positions[place].submitter, positions[place].source) == (position.submitter, position.source)
        else { return positions.insert(position, at: place ?? positions.count) }
        if positions[place].index <= position.index { positions[place] = position }
    }
}
