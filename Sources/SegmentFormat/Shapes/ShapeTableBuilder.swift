// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A table of shapes while the segment grows: skeletons, and the shapes that they have with each set of relations.
///
/// A *skeleton* is what the text around the values is; a *shape* is a skeleton and which of its possible relations
/// between values hold.
struct ShapeTableBuilder: Sendable {
    /// A value of a shape that is stored.
    struct StoredLeaf: BitwiseCopyable, Sendable {
        /// Which value of the event.
        let leaf: UInt16
        let column: UInt16
    }

    /// Two values of a skeleton of which one may follow from the other.
    struct PossibleRelation: BitwiseCopyable, Sendable {
        let derived: UInt16
        let base: UInt16
        let transform: LeafTransform
    }

    private struct Skeleton: Sendable {
        /// Literal before each value, and behind the last.
        let literals: [UInt32]
        let columns: [UInt16]
        let forms: [LeafForms]
        /// The shape for each set of relations; `noShape` as long as none is needed.
        var shapes: [UInt16]
    }

    /// 2 to the power of so many shapes a skeleton may have.
    static let maximumRelationCount = 8
    private static let noShape = UInt16.max

    private let limits: SegmentLimits
    private let keyHash: KeyHash
    private var skeletons: [Skeleton] = []
    private var literals = TextDictionary()

    /// Possible relations of all skeletons, and where those of each begin.
    private var relations: [PossibleRelation] = []
    private var relationOffsets: [Int32] = [0]

    private var table = ShapeTable(columns: [])

    /// Stored values of all shapes, and where those of each begin.
    private(set) var storedLeaves: [StoredLeaf] = []
    private(set) var storedOffsets: [Int32] = [0]

    init(limits: SegmentLimits, keyHash: KeyHash) {
        self.limits = limits
        self.keyHash = keyHash
        let empty: [UInt8] = []
        _ = unsafe literals.code(of: empty.span.bytes, 0..<0, keyHash)
        appendShape(
            [
                ShapeTable.Part(
                    literal: 0,
                    column: ShapeTable.rawColumn,
                    storedColumn: ShapeTable.rawColumn,
                    form: .event
                ),
                ShapeTable.Part(literal: 0),
            ]
        )
    }

    var skeletonCount: Int { skeletons.count }
    var isFull: Bool {
        table.shapeCount >= min(limits.maximumShapeCount, Int(Self.noShape))
            || literals.bytes.count >= limits.maximumLiteralByteCount
    }

    // MARK: - Skeletons

    /// Adds the skeleton of an event whose leaves and columns are known.
    mutating func addSkeleton(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        leaves: [LeafScanner.Leaf],
        columns: [UInt16],
        relations found: [PossibleRelation]
    ) {
        var numbers: [UInt32] = []
        var start = range.lowerBound
        for leaf in leaves {
            numbers.append(UInt32(literals.code(of: bytes, start..<Int(leaf.value.start), keyHash)))
            start = Int(leaf.value.end)
        }
        numbers.append(UInt32(literals.code(of: bytes, start..<range.upperBound, keyHash)))
        relations.append(contentsOf: found)
        relationOffsets.append(Int32(truncatingIfNeeded: relations.count))
        skeletons.append(
            Skeleton(
                literals: numbers,
                columns: columns,
                forms: leaves.map(\.form.column),
                shapes: Array(repeating: Self.noShape, count: 1 << found.count)
            )
        )
    }

    /// The shape of an event: its skeleton with the relations that hold in it; the raw shape when there is no room.
    @inline(__always)
    mutating func shape(_ skeleton: Int, _ bytes: RawSpan, _ values: [ValueRange]) -> UInt16 {
        var held = 0
        let first = Int(relationOffsets[skeleton])
        for place in first..<Int(relationOffsets[skeleton + 1]) {
            let relation = relations[place]
            let base = Self.transformed(bytes, values[Int(relation.base)].range, by: relation.transform)
            let derived = values[Int(relation.derived)].range
            if base.count == derived.count,
                TextComparison.isSame(bytes, base.lowerBound, bytes, derived.lowerBound, count: base.count)
            {
                held |= 1 << (place - first)
            }
        }
        let shape = skeletons[skeleton].shapes[held]
        return shape == Self.noShape ? addShape(skeleton, held) : shape
    }

    /// The part of a value that a transform leaves.
    @inline(__always)
    static func transformed(_ bytes: RawSpan, _ range: Range<Int>, by transform: LeafTransform) -> Range<Int> {
        guard transform == .afterLastEqualsSign else { return range }
        var start = range.upperBound
        while start > range.lowerBound, bytes.byte(at: start - 1) != UInt8(ascii: "=") { start -= 1 }
        return start..<range.upperBound
    }

    @inline(never)
    private mutating func addShape(_ skeleton: Int, _ held: Int) -> UInt16 {
        guard !isFull else { return ShapeTable.rawShape }
        let source = skeletons[skeleton]
        var parts = zip(source.columns, zip(source.literals, source.forms)).map { column, leaf in
            ShapeTable.Part(literal: leaf.0, column: column, storedColumn: column, form: leaf.1)
        }
        let first = Int(relationOffsets[skeleton])
        for place in first..<Int(relationOffsets[skeleton + 1]) where held & 1 << (place - first) != 0 {
            let relation = relations[place]
            let part = parts[Int(relation.derived)]
            parts[Int(relation.derived)] = ShapeTable.Part(
                literal: part.literal,
                column: part.column,
                storedColumn: source.columns[Int(relation.base)],
                transform: relation.transform,
                form: part.form
            )
        }
        parts.append(ShapeTable.Part(literal: source.literals.last ?? 0))
        let shape = UInt16(truncatingIfNeeded: table.shapeCount)
        appendShape(parts)
        skeletons[skeleton].shapes[held] = shape
        return shape
    }

    private mutating func appendShape(_ parts: [ShapeTable.Part]) {
        for (leaf, part) in parts.enumerated() where part.hasValue && part.storedColumn == part.column {
            storedLeaves.append(StoredLeaf(leaf: UInt16(truncatingIfNeeded: leaf), column: part.column))
        }
        storedOffsets.append(Int32(truncatingIfNeeded: storedLeaves.count))
        table.parts.append(contentsOf: parts)
        table.partOffsets.append(UInt32(truncatingIfNeeded: table.parts.count))
    }

    // MARK: - The finished table

    func finish(_ columns: [ShreddedColumn]) -> ShapeTable {
        var finished = table
        finished.columns = columns.map { ShapeTable.Column(path: $0.path, kind: $0.kind, forms: $0.forms) }
        finished.literalOffsets = literals.offsets
        finished.literalBytes = literals.bytes
        return finished
    }
}
