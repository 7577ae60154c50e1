// SPDX-License-Identifier: Apache-2.0

import JournalFormat

/// What the store holds besides the journal: which segments there are, how their bytes have to be, where the log begins, and
/// how far every source was read.
///
/// A value. `ManifestFile` reads and replaces it on disk; a segment counts from the moment at which the manifest that names it
/// is durable, and the journal keeps its events until then.
struct Manifest: Equatable, Sendable {
    /// How far a source was read, from the newest frame that said so.
    ///
    /// It outlives the journal and the segment that carried it.
    struct SourcePosition: Equatable, Sendable {
        var submitter: String
        var source: String
        /// The end of the frame.
        var index: UInt64
        var position: [UInt8]
    }

    var logID: LogID
    /// The first index that was not deleted by retention.
    var floorIndex: UInt64 = 0
    /// Adjacent, in the order of the log, from `floorIndex` on.
    var segments: [SegmentDescription] = []
    /// One for each submitter and source that ever told a position, sorted.
    var positions: [SourcePosition] = []

    init(logID: LogID) {
        self.logID = logID
    }

    /// The first index that is in no segment: from here on events are in the journal.
    var liveStart: UInt64 { segments.last?.indices.upperBound ?? floorIndex }

    /// Whether segments follow each other without a gap.
    var isConsistent: Bool {
        var next = floorIndex
        for segment in segments {
            guard segment.firstIndex == next, segment.eventCount > 0, segment.byteCount > 0 else { return false }
            next = segment.indices.upperBound
        }
        return true
    }

    /// Takes note of how far a source was read.
    mutating func record(_ position: SourcePosition) {
        let place = positions.firstIndex { ($0.submitter, $0.source) >= (position.submitter, position.source) }
        guard let place, (positions[place].submitter, positions[place].source) == (position.submitter, position.source)
        else { return positions.insert(position, at: place ?? positions.count) }
        if positions[place].index <= position.index { positions[place] = position }
    }
}
