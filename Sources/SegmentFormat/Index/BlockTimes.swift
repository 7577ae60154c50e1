// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The earliest and latest `time` of each block of rows, in milliseconds since 1970-01-01T00:00:00Z.
///
/// As the column has them: floored to milliseconds, so that an event's own time is before `upperBound` + 1.
package struct BlockTimes: Equatable, Sendable {
    /// One for each block; nil for a block without a time.
    package let bounds: [ClosedRange<Int64>?]

    /// The bounds of a column; nil for any column but one of milliseconds.
    init?(_ column: ParquetColumn, _ data: ParquetColumnData, rowCount: Int) {
        guard case .timestamp(.milliseconds) = column.logicalType, case .int64(let values) = data.values,
            data.codes.map({ $0.allSatisfy { $0 < values.count } }) ?? true
        else { return nil }
        var bounds: [ClosedRange<Int64>?] = []
        var place = 0
        for start in stride(from: 0, to: rowCount, by: 1 << IndexLimits.blockRowBits) {
            let rows = start..<min(rowCount, start + 1 << IndexLimits.blockRowBits)
            let count = data.presence?.setCount(rows) ?? rows.count
            bounds.append(Self.bounds(of: values, data.codes, place..<place + count))
            place += count
        }
        self.bounds = bounds
    }

    private static func bounds(of values: [Int64], _ codes: [UInt32]?, _ places: Range<Int>) -> ClosedRange<Int64>? {
        guard !places.isEmpty else { return nil }
        var (earliest, latest) = (Int64.max, Int64.min)
        for place in places {
            let value = codes.map { values[Int($0[place])] } ?? values[place]
            (earliest, latest) = (min(earliest, value), max(latest, value))
        }
        return earliest...latest
    }

    // MARK: - Bytes

    /// For each block: 0 without a time, else one more than the milliseconds that its times span, and how much later
    /// its earliest is than that of the block before.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        var last: Int64 = 0
        for bounds in bounds {
            guard let bounds else {
                bytes.appendVarint(0)
                continue
            }
            let span = UInt64(bitPattern: bounds.upperBound &- bounds.lowerBound)
            bytes.appendVarint(span == .max ? .max : span + 1)
            bytes.appendVarint(zigZag(bounds.lowerBound &- last))
            last = bounds.lowerBound
        }
        return bytes
    }

    /// - Throws: `truncated`, `inconsistent`.
    init(_ bytes: [UInt8], rowCount: Int) throws(SegmentError) {
        let raw = unsafe bytes.span.bytes
        var offset = 0
        var last: Int64 = 0
        var bounds: [ClosedRange<Int64>?] = []
        for _ in stride(from: 0, to: rowCount, by: 1 << IndexLimits.blockRowBits) {
            let span = try raw.varint(at: &offset)
            guard span > 0 else {
                bounds.append(nil)
                continue
            }
            last = last &+ unZigZag(try raw.varint(at: &offset))
            bounds.append(Self.range(from: last, span: span))
        }
        guard offset == bytes.count else { throw SegmentError(.inconsistent, "\(bytes.count) bytes of times") }
        self.bounds = bounds
    }

    private static func range(from earliest: Int64, span: UInt64) -> ClosedRange<Int64> {
        // A block whose times span all that 64 bits can say is said to span one less, and so has no end here.
        let room = UInt64(bitPattern: Int64.max &- earliest)
        guard span < .max, span - 1 <= room else { return earliest...Int64.max }
        return earliest...earliest &+ Int64(bitPattern: span - 1)
    }
}
