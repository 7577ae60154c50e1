// SPDX-License-Identifier: Apache-2.0

package import JournalFormat

/// Where a frame is and what it holds: enough to skip it without reading it.
package struct FrameReference: Sendable {
    package let file: JournalFile
    package let fileOffset: Int
    package let byteCount: Int
    package let firstIndex: UInt64
    package let eventCount: Int
    /// Nanoseconds since 1970.
    package let received: Int64
    /// Earliest and latest `time` of its events; a hint, everything when one has none.
    package let timeRange: ClosedRange<Int64>
    package let stream: LogStream

    package var indices: Range<UInt64> { firstIndex..<firstIndex + UInt64(eventCount) }

    init(_ header: FrameHeader, file: JournalFile, fileOffset: Int) {
        self.file = file
        self.fileOffset = fileOffset
        byteCount = header.byteCount
        firstIndex = header.firstIndex
        eventCount = header.eventCount
        received = header.received
        timeRange = min(header.earliestTime, header.latestTime)...max(header.earliestTime, header.latestTime)
        stream = header.stream
    }

    init(_ frame: JournalFrame, firstIndex: UInt64, received: Int64, file: JournalFile, fileOffset: Int) {
        self.file = file
        self.fileOffset = fileOffset
        byteCount = frame.byteCount
        self.firstIndex = firstIndex
        eventCount = frame.eventCount
        self.received = received
        timeRange = frame.timeRange
        stream = frame.stream
    }
}

/// All frames in order, cheap to copy while it grows.
///
/// Full runs of references are never changed again, so a snapshot shares them; only the last, short run is copied when
/// the list grows while somebody holds it.
package struct FrameList: Sendable {
    private static let runLength = 1024
    private var runs: [[FrameReference]] = []

    package private(set) var count = 0

    package subscript(position: Int) -> FrameReference {
        runs[position / Self.runLength][position % Self.runLength]
    }

    package var last: FrameReference? { runs.last?.last }

    mutating func append(_ reference: FrameReference) {
        if count.isMultiple(of: Self.runLength) {
            runs.append([])
            runs[runs.count - 1].reserveCapacity(Self.runLength)
        }
        runs[runs.count - 1].append(reference)
        count += 1
    }

    /// Without the frames whose events all come before an index.
    func suffix(from index: UInt64) -> FrameList {
        var rest = FrameList()
        for position in 0..<count where self[position].indices.upperBound > index { rest.append(self[position]) }
        return rest
    }

    /// The position of the frame that holds an index; nil when none does.
    package func position(of index: UInt64) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].indices.upperBound <= index { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].indices.contains(index) ? low : nil
    }
}
