// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Takes events apart into shapes and typed columns, so that every byte comes back.
///
/// Why what is stored is the event: an event is a row of literals and values without a gap (`ShapeTrie`). Each literal
/// was compared with the shape's when the event matched. Each value is either in a dictionary, whose entry was compared
/// with it or copied from it; or stored as text; or was read as a typed value, printed again, and compared; or was
/// compared with the value that it follows from. So each event is rebuilt and compared when it is added, piece by piece,
/// whether or not its text means what the shape says. An event of which one piece does not come back is stored raw.
///
/// A shredder belongs to one task and allocates only when something new comes: a text, a shape, a column.
package struct SegmentShredder: ~Copyable, Sendable {
    private let limits: SegmentLimits
    private let keyHash: KeyHash

    private var trie: ShapeTrie
    private var scanner: LeafScanner
    private var paths = PathTree()
    private var shapes: ShapeTableBuilder
    private var columnPaths = [""]
    private var columns = [ColumnBuilder(.text)]
    /// For each column whether its values are stored by themselves.
    private var isDirect = [true]

    private var rowShapes: [UInt16] = []
    private var values: [ValueRange]
    private var leafColumns: [Int32] = []

    /// A value that is looked for in its column's dictionary.
    private struct Sought: BitwiseCopyable {
        var column: UInt16 = 0
        var leaf: UInt16 = 0
        var hash: UInt64 = 0
        var slot: UInt64 = 0
    }

    /// Room for those of one event.
    private var sought: [Sought]

    /// For each configured relation the columns that have its paths, -1 before they are met.
    private var relationColumns: [(derived: Int32, base: Int32)]
    private var refusalCount = 0

    /// Bytes of the events so far.
    package private(set) var byteCount = 0
    /// Events that have no shape.
    package private(set) var rawCount = 0

    /// - Parameters:
    ///   - limits: what the columns may cost.
    ///   - seed: random, see `KeyHash`; nothing that is stored depends on it.
    package init(limits: SegmentLimits = SegmentLimits(), seed: UInt64 = .random(in: .min ... .max)) {
        // What the offsets and numbers of leaves are stored in.
        precondition(limits.maximumByteCount <= UInt32.max && limits.maximumLeafCount <= UInt16.max)
        self.limits = limits
        keyHash = KeyHash(seed: seed)
        trie = ShapeTrie(maximumElementCount: limits.maximumElementCount)
        scanner = LeafScanner(limits)
        shapes = ShapeTableBuilder(limits: limits, keyHash: keyHash)
        values = Array(repeating: ValueRange(), count: limits.maximumLeafCount)
        sought = Array(repeating: Sought(), count: limits.maximumLeafCount)
        relationColumns = Array(repeating: (PathTree.noColumn, PathTree.noColumn), count: limits.relations.count)
        columns[0].note(.event)
    }

    package var rowCount: Int { rowShapes.count }
    package var shapeCount: Int { shapes.storedOffsets.count - 1 }
    package var columnCount: Int { columns.count }

    // MARK: - Adding events

    /// Adds an event.
    ///
    /// - Throws: `segmentFull`, with nothing changed.
    package mutating func add(_ event: RawSpan) throws(SegmentError) {
        try add(event, 0..<event.byteCount)
    }

    /// Adds the event `bytes[range]`; faster than a span of its own, because what stands behind it can be loaded.
    ///
    /// The range must lie inside the bytes.
    ///
    /// - Throws: `segmentFull`, or `tooLarge` for a buffer of 4 GiB and more, with nothing changed.
    package mutating func add(_ bytes: RawSpan, _ range: Range<Int>) throws(SegmentError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.byteCount)
        guard bytes.byteCount <= UInt32.max else {
            throw SegmentError(.tooLarge, "a buffer of \(bytes.byteCount) bytes, places in it have 32 bits")
        }
        guard range.count <= limits.maximumByteCount - byteCount else {
            throw SegmentError(.segmentFull, "\(byteCount) bytes of events, \(range.count) more do not fit")
        }
        byteCount += range.count
        var skeleton = trie.match(bytes, range, into: &values)
        if skeleton == ShapeTrie.noSkeleton { skeleton = learn(bytes, range) }
        if skeleton != ShapeTrie.noSkeleton {
            let shape = shapes.shape(skeleton, bytes, values)
            if shape != ShapeTable.rawShape, store(shape, bytes) { return }
        }
        _ = columns[0].addDirectly(bytes, range)
        rowShapes.append(ShapeTable.rawShape)
        rawCount += 1
    }

    /// Stores the values of a matched event; false, with nothing changed, when one would not print back.
    @inline(__always)
    private mutating func store(_ shape: UInt16, _ bytes: RawSpan) -> Bool {
        let first = Int(shapes.storedOffsets[Int(shape)])
        let last = Int(shapes.storedOffsets[Int(shape) + 1])
        // Those that can refuse come first, so that few need to be taken back.
        for place in first..<last {
            let stored = shapes.storedLeaves[place]
            let column = Int(stored.column)
            guard isDirect[column] else { continue }
            let value = values[Int(stored.leaf)].range
            if !columns[column].addDirectly(bytes, value) {
                guard columns[column].becomesTextForMisfit() else {
                    takeBack(first..<place)
                    return false
                }
                _ = columns[column].addDirectly(bytes, value)
            }
        }
        storeTexts(first..<last, bytes)
        rowShapes.append(shape)
        return true
    }

    /// Stores the values that belong into dictionaries.
    ///
    /// Three turns instead of one: what is found is all over the memory, and in its own turn the loads overlap.
    @inline(__always)
    private mutating func storeTexts(_ places: Range<Int>, _ bytes: RawSpan) {
        var count = 0
        for place in places {
            let stored = shapes.storedLeaves[place]
            let column = Int(stored.column)
            guard !isDirect[column] else { continue }
            let value = values[Int(stored.leaf)].range
            if columns[column].addRepetition(bytes, value) { continue }
            sought[count] = Sought(column: stored.column, leaf: stored.leaf, hash: keyHash.hash(bytes, value))
            count &+= 1
        }
        for place in 0..<count {
            sought[place].slot = columns[Int(sought[place].column)].slot(of: sought[place].hash)
        }
        for place in 0..<count {
            let sought = sought[place]
            let column = Int(sought.column)
            let value = values[Int(sought.leaf)].range
            if columns[column].addText(bytes, value, hash: sought.hash, slot: sought.slot, limits: limits) {
                review(column)
            }
        }
    }

    @inline(never)
    private mutating func review(_ column: Int) {
        columns[column].review(limits: limits)
        // Looked at again only after the loop has passed this column: no column is twice in a shape.
        isDirect[column] = columns[column].storage != .dictionary
    }

    private mutating func takeBack(_ places: Range<Int>) {
        for place in places {
            let column = Int(shapes.storedLeaves[place].column)
            if isDirect[column] { columns[column].removeLast() }
        }
    }

    // MARK: - Learning shapes

    /// Learns the skeleton of an event that matched none and leaves the places of its values in `values`.
    @inline(never)
    private mutating func learn(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
        guard !shapes.isFull, refusalCount < limits.maximumRefusalCount,
            trie.literalByteCount + range.count <= limits.maximumLiteralByteCount,
            scanner.scan(bytes, range)
        else { return ShapeTrie.noSkeleton }
        guard let missingCount = paths.columns(of: scanner, bytes, into: &leafColumns) else {
            return ShapeTrie.noSkeleton
        }
        if missingCount > 0 {
            guard columns.count + missingCount <= min(limits.maximumColumnCount, Int(ShapeTable.Part.noColumn)),
                let added = paths.addColumns(
                    of: scanner,
                    bytes,
                    firstColumn: columns.count,
                    limits: limits,
                    into: &leafColumns
                )
            else {
                refusalCount += 1
                return ShapeTrie.noSkeleton
            }
            for path in added { addColumn(path) }
        }
        return addSkeleton(bytes, range)
    }

    private mutating func addColumn(_ path: String) {
        let column = Int32(truncatingIfNeeded: columns.count)
        columns.append(ColumnBuilder(.dictionary, typing(ofPath: path)))
        columnPaths.append(path)
        isDirect.append(false)
        for (place, relation) in limits.relations.enumerated() {
            if relation.derivedPath == path { relationColumns[place].derived = column }
            if relation.basePath == path { relationColumns[place].base = column }
        }
    }

    private func typing(ofPath path: String) -> ColumnBuilder.Typing {
        guard limits.hasStableTypes else { return .free }
        return path == RealColumn.quotedTimePath ? .times : .numbers
    }

    private mutating func addSkeleton(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
        let leaves = scanner.leaves
        for (place, leaf) in leaves.enumerated() {
            values[place] = leaf.value
            columns[Int(leafColumns[place])].note(leaf.form.column)
        }
        let skeleton = shapes.skeletonCount
        if let known = trie.insert(bytes, range, leaves: leaves, skeleton: skeleton) { return known }
        shapes.addSkeleton(
            bytes,
            range,
            leaves: leaves,
            columns: leafColumns.map { UInt16(truncatingIfNeeded: $0) },
            relations: possibleRelations()
        )
        return skeleton
    }

    /// The configured relations of which both values are in the event just learned.
    ///
    /// A value that others may follow from never follows from another itself, so that it is always stored.
    private func possibleRelations() -> [ShapeTableBuilder.PossibleRelation] {
        var found: [ShapeTableBuilder.PossibleRelation] = []
        let bases = Set(limits.relations.map(\.basePath))
        for (place, relation) in limits.relations.enumerated() where !bases.contains(relation.derivedPath) {
            let columns = relationColumns[place]
            guard columns.derived != PathTree.noColumn, columns.base != PathTree.noColumn,
                let derived = leafColumns.firstIndex(of: columns.derived),
                let base = leafColumns.firstIndex(of: columns.base),
                !found.contains(where: { Int($0.derived) == derived }),
                found.count < ShapeTableBuilder.maximumRelationCount
            else { continue }
            found.append(
                ShapeTableBuilder.PossibleRelation(
                    derived: UInt16(truncatingIfNeeded: derived),
                    base: UInt16(truncatingIfNeeded: base),
                    transform: relation.transform
                )
            )
        }
        return found
    }

    // MARK: - The finished segment

    /// The segment of all events added, in their order.
    package consuming func finish() -> ShreddedSegment {
        var finished: [ShreddedColumn] = []
        finished.reserveCapacity(columns.count)
        for place in columns.indices {
            finished.append(finish(place))
            columns[place] = ColumnBuilder()
        }
        return ShreddedSegment(shapes: shapes.finish(finished), rowShapes: rowShapes, columns: finished)
    }

    private mutating func finish(_ place: Int) -> ShreddedColumn {
        let path = columnPaths[place]
        var column = columns[place].finish(path: path, keyHash, limits: limits)
        guard path == RealColumn.quotedTimePath else { return column }
        if column.isRealTime(ofRowCount: rowShapes.count) {
            column.path = RealColumn.time.rawValue
        } else if limits.hasStableTypes, case .time = column.kind {
            // Beside the real column it is a text in every segment, whatever the times in this one.
            column = columns[place].finishAsText(path: path)
        }
        return column
    }
}
