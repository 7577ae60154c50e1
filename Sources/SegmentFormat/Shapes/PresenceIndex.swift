// SPDX-License-Identifier: Apache-2.0

/// Finds the values of any row: how many rows before it have a value in a column.
///
/// A row's shape says which columns it has, so that a count of shapes is a count of values. The counts of each column
/// are kept for every block of rows: 4 bytes a column and block.
package struct PresenceIndex: Sendable {
    private static let blockRowCount = 1024

    private let rowShapes: [UInt16]
    private let columnCount: Int
    /// Columns with a value in each shape.
    private let shapeColumns: [[UInt16]]
    /// Before each block, for each column.
    private var counts: [UInt32] = []

    /// - Throws: `inconsistent` when a row names a shape that is not there.
    package init(_ shapes: ShapeTable, rowShapes: [UInt16]) throws(SegmentError) {
        self.rowShapes = rowShapes
        columnCount = shapes.columns.count
        shapeColumns = (0..<shapes.shapeCount).map { shapes.storedColumns(of: UInt16(truncatingIfNeeded: $0)) }
        var running = [UInt32](repeating: 0, count: columnCount)
        for (row, shape) in rowShapes.enumerated() {
            guard Int(shape) < shapeColumns.count else {
                throw SegmentError(.inconsistent, "row \(row) has shape \(shape) of \(shapeColumns.count)")
            }
            if row.isMultiple(of: Self.blockRowCount) { counts.append(contentsOf: running) }
            for column in shapeColumns[Int(shape)] { running[Int(column)] += 1 }
        }
    }

    package var rowCount: Int { rowShapes.count }

    /// For each column the place of the first value from a row on.
    ///
    /// The row must be one of the segment's.
    package func places(ofRow row: Int) -> [UInt32] {
        let block = row / Self.blockRowCount
        var places = Array(counts[block * columnCount..<(block + 1) * columnCount])
        for earlier in block * Self.blockRowCount..<row {
            for column in shapeColumns[Int(rowShapes[earlier])] { places[Int(column)] += 1 }
        }
        return places
    }
}
