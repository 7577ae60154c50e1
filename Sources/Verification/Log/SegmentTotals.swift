// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat

/// What the events of a segment are together, to be compared with what the manifest says of them.
///
/// The manifest is not signed, and queries leave segments out because of it.
struct SegmentTotals {
    let description: SegmentDescription
    private var eventCount = 0
    private var byteCount: UInt64 = 0
    private var receivedRange: ClosedRange<Int64>?
    private var streams: Set<LogStream> = []

    init(_ description: SegmentDescription) { self.description = description }

    mutating func add(_ result: LogPieceResult) {
        eventCount += result.indices.count
        byteCount += result.byteCount
        streams.formUnion(result.streams)
        guard let added = result.receivedRange else { return }
        let range = receivedRange ?? added
        receivedRange = min(range.lowerBound, added.lowerBound)...max(range.upperBound, added.upperBound)
    }

    /// What the manifest says and the events do not; nil when all fits or not all events were seen.
    var contradiction: Finding? {
        guard eventCount == description.eventCount else { return nil }
        let what: String
        if byteCount != UInt64(description.eventByteCount) {
            what = "its events have \(byteCount) bytes, the manifest says \(description.eventByteCount)"
        } else if receivedRange != description.receivedRange {
            what = "its events were received at other times than the manifest says"
        } else if streams != description.streams {
            what = "its events are of other streams than the manifest says"
        } else {
            return nil
        }
        return Finding(.damaged, description.name, description.indices, what)
    }
}
