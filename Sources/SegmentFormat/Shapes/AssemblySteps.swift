// SPDX-License-Identifier: Apache-2.0

/// The shapes of a segment laid out flat: for each a row of literals, each with the value behind it.
struct AssemblySteps: Sendable {
    /// A literal and the value behind it, ready for the loop.
    struct Step: BitwiseCopyable {
        let literalStart: Int32
        let literalCount: Int32
        /// -1 behind the last literal.
        let column: Int32
        /// Whether an earlier value of the row has taken the column's place already.
        let isRepeated: Bool
        let transform: LeafTransform
    }

    static let noColumn: Int32 = -1

    let shapes: ShapeTable
    /// With slack behind the last.
    let literals: [UInt8]
    private(set) var steps: [Step] = []
    private(set) var offsets: [Int32] = [0]

    init(_ shapes: ShapeTable) {
        self.shapes = shapes
        literals = shapes.literalBytes + Array(repeating: 0, count: ColumnEntryPool.slack)
        for shape in 0..<shapes.shapeCount { append(UInt16(truncatingIfNeeded: shape)) }
    }

    var shapeCount: Int { offsets.count - 1 }

    @inline(__always)
    func range(of shape: Int) -> Range<Int> {
        Int(offsets[shape])..<Int(offsets[shape + 1])
    }

    private mutating func append(_ shape: UInt16) {
        var seen: Set<UInt16> = []
        for part in shapes.parts(of: shape) {
            let literal = shapes.literal(part.literal)
            steps.append(
                Step(
                    literalStart: Int32(truncatingIfNeeded: literal.startIndex),
                    literalCount: Int32(truncatingIfNeeded: literal.count),
                    column: part.hasValue ? Int32(part.storedColumn) : Self.noColumn,
                    isRepeated: part.hasValue && !seen.insert(part.storedColumn).inserted,
                    transform: part.transform
                )
            )
        }
        offsets.append(Int32(truncatingIfNeeded: steps.count))
    }

    /// Bytes that the longest row of a shape can have, and the slack behind it.
    func maximumByteCount(of shape: Int, _ columns: [AssemblyColumns.Column]) -> Int {
        steps[range(of: shape)].reduce(ColumnEntryPool.slack) { sum, step in
            sum + Int(step.literalCount)
                + (step.column == Self.noColumn ? 0 : columns[Int(step.column)].entries.maximumTextByteCount)
        }
    }
}
