// SPDX-License-Identifier: Apache-2.0

import ByteCoding

extension ShreddedSegment {
    /// The first row whose event does not come back byte for byte, nil when all do.
    ///
    /// The second proof, and independent of the first: every event was proven piece by piece when it was added, and this
    /// makes all of them anew from what will be written. About 0.6 times the time that adding takes.
    ///
    /// - Parameters:
    ///   - bytes: the events as they were added.
    ///   - ranges: where each stands, in order.
    /// - Returns: a row; the number of rows when there are more or fewer events than rows.
    /// - Throws: `inconsistent` when shapes and columns do not fit each other.
    package func firstDifference(from bytes: RawSpan, _ ranges: [Range<Int>]) throws(SegmentError) -> Int? {
        guard ranges.count == rowShapes.count else { return rowShapes.count }
        let assembler = try SegmentAssembler(shapes, columns: columns)
        var places = assembler.firstPlaces
        var rows = AssembledRows()
        // Small enough to stay in the second-level cache.
        let batchRowCount = 256
        for first in stride(from: 0, to: rowShapes.count, by: batchRowCount) {
            let last = min(first + batchRowCount, rowShapes.count)
            rows.removeAll()
            try assembler.assemble(rowShapes.span.extracting(first..<last), places: &places, into: &rows)
            for row in first..<last {
                let made = unsafe rows.bytes.span.bytes.extracting(rows.range(of: row - first))
                guard made.equals(bytes.extracting(ranges[row])) else { return row }
            }
        }
        return nil
    }
}
