// SPDX-License-Identifier: Apache-2.0

extension SegmentRows {
    /// Some of the rows, with places from 0; the range must be inside.
    func rows(_ range: Range<Int>) -> SegmentRows {
        var part = SegmentRows(firstIndex: firstIndex &+ UInt64(range.lowerBound), runs: [])
        var start = 0
        for run in runs {
            let rows = (start..<start + run.rowCount).clamped(to: range)
            start += run.rowCount
            guard !rows.isEmpty else { continue }
            var cut = run
            cut.rowCount = rows.count
            part.runs.append(cut)
        }
        for flagged in flags where range.contains(flagged.row) {
            part.flags.append(Flagged(row: flagged.row - range.lowerBound, flags: flagged.flags))
        }
        return part
    }

    /// Adds the rows that follow; a run that goes on stays one.
    mutating func append(_ next: SegmentRows) {
        let count = rowCount
        flags += next.flags.map { Flagged(row: $0.row + count, flags: $0.flags) }
        for run in next.runs {
            if var last = runs.last {
                last.rowCount = run.rowCount
                if last == run {
                    runs[runs.count - 1].rowCount += run.rowCount
                    continue
                }
            }
            runs.append(run)
        }
    }
}
