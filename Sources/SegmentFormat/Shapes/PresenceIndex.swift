// SPDX-License-Identifier: Apache-2.0

/// Finds the values of any row: how many rows before it have a value in a column.
///
/// A row's shape says which columns it has, so that a count of shapes is a count of values. The counts of each column
/// are kept for every block of rows: 4 bytes a column and block.
package struct PresenceIndex: Sendable {
    private static let blockRowCount = 1024

    package let rowShapes: [UInt16]
    private let columnCount: Int
    /// Columns with a value in each shape.
    private let shapeColumns: [[UInt16]]
    /// Before each block, for each column; the last block begins behind the last row, or before it.
    private var counts: [UInt32] = []

    /// - Throws: `inconsistent` when a row names a shape that is not there.
    package init(_ shapes: ShapeTable, rowShapes: [UInt16]) throws(SegmentError) {
        self.rowShapes = rowShapes
        columnCount = shapes.columns.count
        shapeColumns = (0..<shapes.shapeCount).map { shapes.storedColumns(of: UInt16(truncatingIfNeeded: $0)) }
        if let row = rowShapes.firstIndex(where: { $0 >= shapes.shapeCount }) {
            throw SegmentError(.inconsistent, "row \(row) has shape \(rowShapes[row]) of \(shapes.shapeCount)")
        }
        var running = [UInt32](repeating: 0, count: columnCount)
        for start in stride(from: 0, through: rowShapes.count, by: Self.blockRowCount) {
            counts.append(contentsOf: running)
            add(start..<min(start + Self.blockRowCount, rowShapes.count), to: &running)
        }
    }

    package var rowCount: Int { rowShapes.count }

    /// For each column the place of the first value from a row on.
    ///
    /// The row must be one of the segment's, or the one behind the last.
    package func places(ofRow row: Int) -> [UInt32] {
        let block = row / Self.blockRowCount
        var places = Array(counts[block * columnCount..<(block + 1) * columnCount])
        add(block * Self.blockRowCount..<row, to: &places)
        return places
    }

    /// The shapes of some rows, each once, in the order of their numbers.
    func shapes(ofRows rows: Range<Int>) -> [Int] {
        let counts = shapeCounts(rows)
        return counts.indices.filter { counts[$0] > 0 }
    }

    /// The columns that have a value in any row of one of these shapes, in the order of their numbers.
    func columns(ofShapes shapes: [Int]) -> [Int] {
        var isPresent = Array(repeating: false, count: columnCount)
        for shape in shapes {
            for column in shapeColumns[shape] { isPresent[Int(column)] = true }
        }
        return isPresent.indices.filter { isPresent[$0] }
    }

    /// Bytes of memory, the shapes' lists of columns not counted.
    var byteCount: Int {
        counts.count * MemoryLayout<UInt32>.stride + rowShapes.count * MemoryLayout<UInt16>.stride
    }

    // MARK: - Counting

    /// How many of some rows each shape has.
    private func shapeCounts(_ rows: Range<Int>) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: shapeColumns.count)
        for row in rows { counts[Int(rowShapes[row])] += 1 }
        return counts
    }

    /// Adds how many of some rows have a value in each column.
    private func add(_ rows: Range<Int>, to places: inout [UInt32]) {
        // By shape and not by row: many rows share few shapes.
        for (shape, count) in shapeCounts(rows).enumerated() where count > 0 {
            for column in shapeColumns[shape] { places[Int(column)] += count }
        }
    }
}
