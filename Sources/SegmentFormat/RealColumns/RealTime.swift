// SPDX-License-Identifier: Apache-2.0

import AuditModel

/// The times by which a segment's events are ordered: their own, or those of receipt where they have none.
struct RealTime {
    /// Milliseconds since 1970, for each row; nil when the path `time` has them.
    var milliseconds: [Int64]?
    /// In nanoseconds since 1970.
    var earliest: Int64
    var latest: Int64

    static let nanosecondsPerMillisecond: Int64 = 1_000_000

    /// Of milliseconds that are a path's values; there must be one.
    init(ofValues values: [Int64]) {
        earliest = (values.min() ?? 0) * Self.nanosecondsPerMillisecond
        latest = (values.max() ?? 0) * Self.nanosecondsPerMillisecond
    }

    /// - Parameters:
    ///   - rowCodes: for each row which of the times, or `RowCodes.none`.
    ///   - times: nanoseconds since 1970.
    ///   - rows: for the times of receipt.
    init(_ rowCodes: [UInt32], times: [Int64], _ rows: SegmentRows) {
        var milliseconds: [Int64] = []
        milliseconds.reserveCapacity(rowCodes.count)
        earliest = .max
        latest = .min
        var row = 0
        for run in rows.runs {
            for code in rowCodes[row..<row + run.rowCount] {
                let time = code == RowCodes.none ? run.received : times[Int(code)]
                earliest = min(earliest, time)
                latest = max(latest, time)
                milliseconds.append(Self.milliseconds(time))
            }
            row += run.rowCount
        }
        self.milliseconds = milliseconds
    }

    /// Rounded down, before 1970 too.
    static func milliseconds(_ nanoseconds: Int64) -> Int64 {
        let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: nanosecondsPerMillisecond)
        return rest < 0 ? quotient - 1 : quotient
    }
}

extension ShreddedColumn {
    /// Whether the values of the path `time` are the column `time` as they stand: milliseconds, one in every row, and
    /// none so far away that `Timestamp` ends before it.
    func isRealTime(ofRowCount rowCount: Int) -> Bool {
        guard case .time(let digits) = kind, digits <= 3, case .integers(let values) = entries, codes == nil,
            rowCount > 0, values.count == rowCount
        else { return false }
        let limit = Int64.max / RealTime.nanosecondsPerMillisecond
        var isInside = true
        for value in values where value < -limit || value > limit { isInside = false }
        return isInside
    }
}
