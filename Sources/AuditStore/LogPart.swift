// SPDX-License-Identifier: Apache-2.0

package import JournalFormat
import ManifestFormat

/// A stretch of the log that is read at once, and what is known of it without reading it.
package enum LogPart: Sendable {
    /// A frame of the journal; its first events may be in a segment already.
    case frame(FrameReference, from: UInt64)
    /// Rows of a segment.
    case rows(SealedSegment, Range<Int>)

    /// Rows of a segment that make one part: those of one page in every column.
    package static let rowsPerPart = 16_384

    package var indices: Range<UInt64> {
        switch self {
        case .frame(let frame, let first): max(first, frame.firstIndex)..<frame.indices.upperBound
        case .rows(let segment, let rows):
            segment.description.firstIndex + UInt64(rows.lowerBound)..<segment.description.firstIndex
                + UInt64(rows.upperBound)
        }
    }

    package var eventCount: Int { indices.count }

    /// Bytes of its events, about.
    package var estimatedByteCount: Int {
        switch self {
        case .frame(let frame, _): frame.byteCount
        case .rows(let segment, let rows):
            segment.description.eventByteCount / max(1, segment.description.eventCount) * rows.count
        }
    }

    /// Earliest and latest time by which its events are ordered; never too narrow.
    package var timeRange: ClosedRange<Int64> {
        switch self {
        case .frame(let frame, _): frame.timeRange
        case .rows(let segment, _): segment.description.timeRange
        }
    }

    /// Earliest and latest time of receipt; never too narrow.
    package var receivedRange: ClosedRange<Int64> {
        switch self {
        case .frame(let frame, _): frame.received...frame.received
        case .rows(let segment, _): segment.description.receivedRange
        }
    }

    /// Whether it can have events of a stream.
    package func mayHold(_ stream: LogStream) -> Bool {
        switch self {
        case .frame(let frame, _): frame.stream == stream
        case .rows(let segment, _): segment.description.streams.contains(stream)
        }
    }

    /// All rows of a segment, as one part.
    package static func whole(_ segment: SealedSegment) -> LogPart {
        .rows(segment, 0..<segment.description.eventCount)
    }

    /// All rows of a segment, in order.
    static func parts(of segment: SealedSegment) -> [LogPart] {
        let count = segment.description.eventCount
        return stride(from: 0, to: count, by: rowsPerPart).map { first in
            .rows(segment, first..<min(count, first + rowsPerPart))
        }
    }
}
