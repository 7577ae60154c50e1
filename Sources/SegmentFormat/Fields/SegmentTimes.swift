// SPDX-License-Identifier: Apache-2.0

/// The time of each row by which events are ordered: the event's own, or when it was received if it has none that reads.
package struct SegmentTimes: Sendable {
    private enum Storage: Sendable {
        /// Milliseconds since the base, where all fit.
        case short(base: Int64, [UInt32])
        /// Nanoseconds since 1970.
        case long([Int64])
    }

    private let storage: Storage
    /// The earliest and the latest, in nanoseconds since 1970.
    package let bounds: ClosedRange<Int64>
    /// Whether every row's time is at or behind that of the row before.
    package let isAscending: Bool
    package let rowCount: Int

    package var byteCount: Int {
        switch storage {
        case .short(_, let times): times.count * 4
        case .long(let times): times.count * 8
        }
    }

    /// Times that are whole milliseconds.
    init(milliseconds: [Int64]) {
        var (least, greatest) = (Int64.max, Int64.min)
        var isAscending = true
        var last = Int64.min
        for time in milliseconds {
            least = min(least, time)
            greatest = max(greatest, time)
            if time < last { isAscending = false }
            last = time
        }
        rowCount = milliseconds.count
        self.isAscending = isAscending
        let first = milliseconds.isEmpty ? 0 : least
        bounds = Self.nanoseconds(first)...Self.nanoseconds(max(first, greatest))
        let (span, overflow) = greatest.subtractingReportingOverflow(least)
        if !milliseconds.isEmpty, !overflow, span <= Int64(UInt32.max) {
            storage = .short(base: first, milliseconds.map { UInt32(truncatingIfNeeded: $0 &- first) })
        } else {
            storage = .long(milliseconds.map(Self.nanoseconds))
        }
    }

    init(nanoseconds: [Int64]) {
        rowCount = nanoseconds.count
        isAscending = zip(nanoseconds, nanoseconds.dropFirst()).allSatisfy { $0 <= $1 }
        let first = nanoseconds.min() ?? 0
        bounds = first...(nanoseconds.max() ?? first)
        storage = .long(nanoseconds)
    }

    private static func nanoseconds(_ milliseconds: Int64) -> Int64 {
        let (product, overflow) = milliseconds.multipliedReportingOverflow(by: RealTime.nanosecondsPerMillisecond)
        return overflow ? (milliseconds < 0 ? .min : .max) : product
    }

    /// The time of a row, in nanoseconds since 1970.
    @inline(__always)
    package subscript(row: Int) -> Int64 {
        switch storage {
        case .short(let base, let times):
            (base &+ Int64(times[row])) &* RealTime.nanosecondsPerMillisecond
        case .long(let times): times[row]
        }
    }

    /// The rows with a time in a range, both ends included.
    package func rows(in range: ClosedRange<Int64>) -> Bitmap {
        guard range.overlaps(bounds) else { return Bitmap(repeating: false, count: rowCount) }
        if range.lowerBound <= bounds.lowerBound, range.upperBound >= bounds.upperBound {
            return Bitmap(repeating: true, count: rowCount)
        }
        if isAscending {
            let start = firstRow { $0 >= range.lowerBound }
            let end = firstRow { $0 > range.upperBound }
            var rows = Bitmap(repeating: false, count: start)
            rows.append(repeating: true, count: end - start)
            rows.append(repeating: false, count: rowCount - end)
            return rows
        }
        var words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
        for row in 0..<rowCount where range.contains(self[row]) { words[row / 64] |= 1 << UInt64(row % 64) }
        return Bitmap(words: words, count: rowCount)
    }

    /// The first row of which this holds, and of all behind it too.
    private func firstRow(_ holds: (Int64) -> Bool) -> Int {
        var (low, high) = (0, rowCount)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
