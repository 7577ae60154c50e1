// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes events of shapes and column values again, byte for byte.
///
/// Of all rows of a segment, or of some: the columns then have only the values of the pages that were read.
package struct SegmentAssembler: Sendable {
    /// What a row may need before its exact size is counted instead of assuming the longest values of all its columns.
    private static let roomWithoutCounting = 1 << 20

    /// Rows by which the size of those behind them is guessed, and the most that is guessed: the first may be the longest.
    private static let sampleRowCount = 256
    private static let maximumGuess = 64 << 20

    private let steps: AssemblySteps
    private let columns: AssemblyColumns
    /// For each shape the bytes that its longest row can have, -1 for those that no row is of.
    private let maximumByteCounts: [Int]

    package var shapes: ShapeTable { steps.shapes }

    /// - Throws: `inconsistent` when columns and shapes do not fit, or a column contradicts itself.
    package init(_ shapes: ShapeTable, columns source: [ShreddedColumn]) throws(SegmentError) {
        let columns = try AssemblyColumns(shapes, source)
        let steps = AssemblySteps(shapes)
        self.init(steps, columns, shapesInUse: 0..<steps.shapeCount)
    }

    /// Takes what is laid out already.
    ///
    /// - Parameters:
    ///   - steps: the shapes.
    ///   - columns: as many as the shapes know.
    ///   - shapesInUse: those of the rows that will be made, all of them shapes of the table.
    init(_ steps: AssemblySteps, _ columns: AssemblyColumns, shapesInUse: some Sequence<Int>) {
        var counts = Array(repeating: -1, count: steps.shapeCount)
        for shape in shapesInUse { counts[shape] = steps.maximumByteCount(of: shape, columns.columns) }
        self.steps = steps
        self.columns = columns
        maximumByteCounts = counts
    }

    /// Places of the first value of each column: those of row 0.
    package var firstPlaces: [UInt32] { Array(repeating: 0, count: columns.columns.count) }

    /// Makes the events of consecutive rows.
    ///
    /// - Parameters:
    ///   - rowShapes: the shape of each of the rows.
    ///   - places: for each column the place of its next value, which moves on; see `PresenceIndex`.
    ///   - rows: takes the events.
    /// - Throws: `inconsistent` when a row names a shape that is not there or a column has no more values.
    package func assemble(
        _ rowShapes: Span<UInt16>,
        places: inout [UInt32],
        into rows: inout AssembledRows
    ) throws(SegmentError) {
        guard places.count == columns.columns.count else {
            throw SegmentError(.inconsistent, "\(places.count) places for \(columns.columns.count) columns")
        }
        var day = PrintedDay()
        let start = rows.byteCount
        for row in rowShapes.indices {
            if row == Self.sampleRowCount {
                let guess = (rows.byteCount - start) / row * (rowShapes.count - row)
                rows.makeRoom(for: min(guess + guess / 8, Self.maximumGuess))
            }
            let shape = Int(rowShapes[row])
            guard shape < maximumByteCounts.count, maximumByteCounts[shape] >= 0 else {
                throw SegmentError(.inconsistent, "a row has shape \(shape) of \(maximumByteCounts.count)")
            }
            var room = maximumByteCounts[shape]
            if room > Self.roomWithoutCounting { room = try byteCount(ofRow: shape, places) }
            rows.makeRoom(for: room)
            let end = unsafe rows.bytes.withUnsafeMutableBytes { output in
                unsafe assemble(shape, &places, &day, output, from: rows.byteCount)
            }
            guard let end else { throw Self.tooFewValues }
            rows.close(at: end)
        }
    }

    private static var tooFewValues: SegmentError { SegmentError(.inconsistent, "a column has too few values") }

    /// Bytes that suffice for one row, with slack.
    ///
    /// Where a few long values are among many columns, a row of the longest of all may be longer than the segment.
    @inline(never)
    private func byteCount(ofRow shape: Int, _ places: [UInt32]) throws(SegmentError) -> Int {
        var count = ColumnEntryPool.slack
        for step in steps.steps[steps.range(of: shape)] {
            count += Int(step.literalCount)
            guard step.column != AssemblySteps.noColumn else { break }
            let column = columns.columns[Int(step.column)]
            let place = Int(places[Int(step.column)])
            // A repeated value stands at the same place here, because no place has moved on yet.
            guard place < column.valueCount else { throw Self.tooFewValues }
            let isVariable =
                column.entries.width == 0 && column.entries.printing != .time
                && column.entries.printing != .integer
            guard isVariable else {
                count += column.entries.maximumTextByteCount
                continue
            }
            let first = column.entries.firstEntry + entry(of: column, place)
            let pool = column.coding == .direct ? columns.values : columns.dictionaries
            let length = Int(pool.offsets[first + 1] - pool.offsets[first])
            count += column.entries.printing == .hexadecimal ? 2 * length : length
        }
        return count
    }

    @inline(__always)
    private func entry(of column: AssemblyColumns.Column, _ place: Int) -> Int {
        switch column.coding {
        case .direct: place
        case .narrow: Int(columns.narrowCodes[column.firstCode &+ place])
        case .wide: Int(columns.wideCodes[column.firstCode &+ place])
        }
    }

    // MARK: - One row

    /// Writes one row from `start` on and returns its end; nil when a column has no more values.
    ///
    /// The output has room for the row, so nothing below can pass its end; each copy checks that all the same.
    @inline(__always)
    private func assemble(
        _ shape: Int,
        _ places: inout [UInt32],
        _ day: inout PrintedDay,
        _ output: UnsafeMutableRawBufferPointer,
        from start: Int
    ) -> Int? {
        var end = start
        for number in steps.range(of: shape) {
            let step = steps.steps[number]
            unsafe Self.copy(steps.literals, Int(step.literalStart), Int(step.literalCount), output, end)
            end &+= Int(step.literalCount)
            guard step.column != AssemblySteps.noColumn else { break }
            let column = columns.columns[Int(step.column)]
            var place = Int(places[Int(step.column)])
            if step.isRepeated {
                place &-= 1
            } else {
                guard place < column.valueCount else { return nil }
                places[Int(step.column)] = UInt32(truncatingIfNeeded: place &+ 1)
            }
            let entry = entry(of: column, place)
            if column.coding == .direct {
                unsafe end = write(columns.values, column.entries, entry, step.transform, &day, output, end)
            } else {
                unsafe end = write(columns.dictionaries, column.entries, entry, step.transform, &day, output, end)
            }
        }
        return end
    }

    /// Writes the text of a value and returns its end.
    @inline(__always)
    private func write(
        _ pool: borrowing ColumnEntryPool,
        _ entries: ColumnEntryPool.Place,
        _ entry: Int,
        _ transform: LeafTransform,
        _ day: inout PrintedDay,
        _ output: UnsafeMutableRawBufferPointer,
        _ end: Int
    ) -> Int {
        guard entries.printing == .text else {
            return unsafe Self.print(pool, entries, entry, &day, output, end)
        }
        var first = entries.firstByte &+ Int(pool.offsets[entries.firstEntry &+ entry])
        let last = entries.firstByte &+ Int(pool.offsets[entries.firstEntry &+ entry &+ 1])
        if transform == .afterLastEqualsSign { first = Self.afterLastEqualsSign(pool.bytes, first..<last) }
        unsafe Self.copy(pool.bytes, first, last &- first, output, end)
        return end &+ last &- first
    }

    private static func afterLastEqualsSign(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        var start = range.upperBound
        while start > range.lowerBound, bytes[start - 1] != UInt8(ascii: "=") { start -= 1 }
        return start
    }

    /// Copies a text; short ones as 32 bytes, whatever their length.
    @inline(__always)
    private static func copy(
        _ source: [UInt8],
        _ start: Int,
        _ count: Int,
        _ output: UnsafeMutableRawBufferPointer,
        _ end: Int
    ) {
        // The slack lies behind all of both, so a copy of 32 bytes for fewer is inside.
        let reach = max(count, 32)
        precondition(start >= 0 && count >= 0 && start <= source.count - reach && end <= output.count - reach)
        unsafe source.withUnsafeBytes { input in
            // SAFETY: source and target have `reach` bytes from here, by the line above, and do not overlap.
            let from = unsafe input.baseAddress.unsafelyUnwrapped + start
            let to = unsafe output.baseAddress.unsafelyUnwrapped + end
            if count <= 32 {
                unsafe to.copyMemory(from: from, byteCount: 32)
            } else {
                unsafe to.copyMemory(from: from, byteCount: count)
            }
        }
    }

    // MARK: - Typed values

    /// Writes the text of a typed value and returns its end.
    private static func print(
        _ pool: borrowing ColumnEntryPool,
        _ entries: ColumnEntryPool.Place,
        _ entry: Int,
        _ day: inout PrintedDay,
        _ output: UnsafeMutableRawBufferPointer,
        _ end: Int
    ) -> Int {
        switch entries.printing {
        case .text: return end
        case .uuid:
            let start = entries.firstByte &+ entry &* UUIDText.valueByteCount
            return unsafe printUUID(pool.bytes, start, output, end)
        case .hexadecimal:
            let first = entries.firstEntry + entry
            let range =
                entries.width > 0
                ? entry * entries.width..<(entry + 1) * entries.width
                : Int(pool.offsets[first])..<Int(pool.offsets[first + 1])
            return unsafe printDigits(pool.bytes, entries.firstByte + range.lowerBound, range.count, output, end)
        case .time, .integer:
            return unsafe printNumber(pool.integers[entries.firstEntry + entry], entries, &day, output, end)
        }
    }

    private static func printUUID(
        _ bytes: [UInt8],
        _ start: Int,
        _ output: UnsafeMutableRawBufferPointer,
        _ end: Int
    ) -> Int {
        let words = unsafe (bytes.span.bytes.word(at: start), bytes.span.bytes.word(at: start &+ 8))
        let first = HexadecimalText.print(UInt32(truncatingIfNeeded: words.0))
        let second = HexadecimalText.print(UInt32(truncatingIfNeeded: words.0 &>> 32))
        let third = HexadecimalText.print(UInt32(truncatingIfNeeded: words.1))
        let fourth = HexadecimalText.print(UInt32(truncatingIfNeeded: words.1 &>> 32))
        let halves = (
            UInt32(truncatingIfNeeded: second), UInt32(truncatingIfNeeded: second &>> 32),
            UInt32(truncatingIfNeeded: third), UInt32(truncatingIfNeeded: third &>> 32)
        )
        // SAFETY: `storeBytes` checks that all is inside.
        unsafe output.storeBytes(of: first, toByteOffset: end, as: UInt64.self)
        unsafe output.storeBytes(of: halves.0, toByteOffset: end + 9, as: UInt32.self)
        unsafe output.storeBytes(of: halves.1, toByteOffset: end + 14, as: UInt32.self)
        unsafe output.storeBytes(of: halves.2, toByteOffset: end + 19, as: UInt32.self)
        unsafe output.storeBytes(of: halves.3, toByteOffset: end + 24, as: UInt32.self)
        unsafe output.storeBytes(of: fourth, toByteOffset: end + 28, as: UInt64.self)
        for hyphen in [8, 13, 18, 23] { unsafe output[end + hyphen] = UInt8(ascii: "-") }
        return end + UUIDText.byteCount
    }

    private static func printDigits(
        _ bytes: [UInt8],
        _ first: Int,
        _ count: Int,
        _ output: UnsafeMutableRawBufferPointer,
        _ end: Int
    ) -> Int {
        var target = end
        // Whole words at a time; both sides have slack.
        for start in stride(from: first, to: first + count, by: 4) {
            let digits = unsafe HexadecimalText.print(bytes.span.bytes.halfWord(at: start))
            // SAFETY: `storeBytes` checks that all is inside.
            unsafe output.storeBytes(of: digits, toByteOffset: target, as: UInt64.self)
            target += 8
        }
        return end + 2 * count
    }

    private static func printNumber(
        _ value: Int64,
        _ entries: ColumnEntryPool.Place,
        _ day: inout PrintedDay,
        _ output: UnsafeMutableRawBufferPointer,
        _ end: Int
    ) -> Int {
        var text = ShortText(repeating: 0)
        let count =
            entries.printing == .time
            ? TimeText.print(value, fractionDigits: Int(entries.fractionDigits), day: &day, into: &text)
            : DecimalText.print(value, into: &text)
        precondition(end <= output.count - ShortText.count)
        // SAFETY: the output has room for all of the text, by the line above.
        unsafe text.span.withUnsafeBytes { source in
            unsafe (output.baseAddress.unsafelyUnwrapped + end).copyMemory(
                from: source.baseAddress.unsafelyUnwrapped,
                byteCount: ShortText.count
            )
        }
        return end + count
    }
}
