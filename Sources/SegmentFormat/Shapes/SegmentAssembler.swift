// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes events of shapes and column values again, byte for byte.
///
/// The columns are laid out anew as a few flat arrays, so that the loops over rows touch no array of arrays. All numbers
/// are checked here once; the loops rely on it.
package struct SegmentAssembler: Sendable {
    /// How a column's values become text.
    private enum Printing: UInt8, BitwiseCopyable {
        case text
        case uuid
        case hexadecimal
        case time
        case integer
    }

    /// Where a value's entry is found.
    private enum Coding: UInt8, BitwiseCopyable {
        case direct
        case narrow
        case wide
    }

    private struct Column: BitwiseCopyable {
        var printing = Printing.text
        var coding = Coding.direct
        var fractionDigits: UInt8 = 0
        /// First of the column's codes in `narrowCodes` or `wideCodes`.
        var firstCode = 0
        /// First of its entries in `integers` or `offsets`, or their first byte in `pool` if they have one length.
        var firstEntry = 0
        /// First byte of its entries in `pool`.
        var firstByte = 0
        /// Bytes of each entry if they have one length, else 0.
        var width = 0
        var valueCount = 0
        /// Bytes of the longest text of a value.
        var maximumTextByteCount = 0
    }

    /// A literal and the value behind it, ready for the loop.
    private struct Step: BitwiseCopyable {
        let literalStart: Int32
        let literalCount: Int32
        /// -1 behind the last literal.
        let column: Int32
        /// Whether an earlier value of the row has taken the column's place already.
        let isRepeated: Bool
        let transform: LeafTransform
    }

    private static let noColumn: Int32 = -1
    /// Bytes behind the last one that a fixed-size copy may touch.
    private static let slack = 64

    package let shapes: ShapeTable

    private var columns: [Column] = []
    private var narrowCodes: [UInt16] = []
    private var wideCodes: [UInt32] = []
    private var offsets: [UInt32] = []
    private var integers: [Int64] = []
    private var pool: [UInt8] = []

    private let literals: [UInt8]
    private var steps: [Step] = []
    private var stepOffsets: [Int32] = [0]
    /// For each shape the bytes that its longest row can have.
    private var maximumByteCounts: [Int] = []

    /// - Throws: `inconsistent` when columns and shapes do not fit, or a column contradicts itself.
    package init(_ shapes: ShapeTable, columns source: [ShreddedColumn]) throws(SegmentError) {
        guard source.count == shapes.columns.count else {
            throw SegmentError(.inconsistent, "\(source.count) columns, the shapes know \(shapes.columns.count)")
        }
        self.shapes = shapes
        literals = shapes.literalBytes + Array(repeating: 0, count: Self.slack)
        for (number, column) in source.enumerated() {
            guard column.kind == shapes.columns[number].kind else {
                throw SegmentError(.inconsistent, "column \(number) has not the kind that the shapes say")
            }
            try append(column, number)
        }
        pool.append(contentsOf: repeatElement(0, count: Self.slack))
        for shape in 0..<shapes.shapeCount { appendSteps(of: UInt16(truncatingIfNeeded: shape)) }
    }

    // MARK: - Laying out

    private mutating func append(_ source: ShreddedColumn, _ number: Int) throws(SegmentError) {
        func contradiction(_ what: String) -> SegmentError { SegmentError(.inconsistent, "column \(number): \(what)") }
        var column = Column()
        let entryCount = source.entries.count
        switch source.codes {
        case nil: break
        case .narrow(let codes):
            guard Self.greatest(codes) < entryCount else { throw contradiction("a code has no entry") }
            column.coding = .narrow
            column.firstCode = narrowCodes.count
            narrowCodes.append(contentsOf: codes)
        case .wide(let codes):
            guard Self.greatest(codes) < entryCount else { throw contradiction("a code has no entry") }
            column.coding = .wide
            column.firstCode = wideCodes.count
            wideCodes.append(contentsOf: codes)
        }
        column.valueCount = source.valueCount
        column.firstByte = pool.count
        var maximumEntryByteCount = 0
        switch (source.entries, source.kind) {
        case (.integers(let values), .time(let digits)):
            column.printing = .time
            column.fractionDigits = digits
            column.firstEntry = integers.count
            integers.append(contentsOf: values)
        case (.integers(let values), .integer):
            column.printing = .integer
            column.firstEntry = integers.count
            integers.append(contentsOf: values)
        case (.fixed(let byteCount, let bytes), .uuid), (.fixed(let byteCount, let bytes), .hexadecimal):
            guard byteCount > 0, bytes.count.isMultiple(of: byteCount) else { throw contradiction("odd length") }
            guard source.kind != .uuid || byteCount == UUIDText.valueByteCount else {
                throw contradiction("a UUID of \(byteCount) bytes")
            }
            column.printing = source.kind == .uuid ? .uuid : .hexadecimal
            column.width = byteCount
            maximumEntryByteCount = byteCount
            pool.append(contentsOf: bytes)
        case (.variable(let ends, let bytes), .hexadecimal), (.variable(let ends, let bytes), .text),
            (.variable(let ends, let bytes), .json):
            var last: UInt32 = 0
            for offset in ends {
                guard offset >= last, offset <= bytes.count else { throw contradiction("offsets go back") }
                maximumEntryByteCount = max(maximumEntryByteCount, Int(offset - last))
                last = offset
            }
            column.printing = source.kind == .hexadecimal ? .hexadecimal : .text
            column.firstEntry = offsets.count
            offsets.append(contentsOf: ends)
            pool.append(contentsOf: bytes)
        default: throw contradiction("its values cannot be of its kind")
        }
        column.maximumTextByteCount =
            switch column.printing {
            case .text: maximumEntryByteCount
            case .hexadecimal: 2 * maximumEntryByteCount
            case .uuid, .time, .integer: ShortText.count
            }
        columns.append(column)
    }

    /// The greatest code, or -1; a loop that the compiler turns into vector instructions.
    private static func greatest<Code: FixedWidthInteger & UnsignedInteger>(_ codes: [Code]) -> Int {
        guard !codes.isEmpty else { return -1 }
        var greatest: Code = 0
        for code in codes { greatest = max(greatest, code) }
        return Int(greatest)
    }

    private mutating func appendSteps(of shape: UInt16) {
        var seen: Set<UInt16> = []
        var byteCount = Self.slack
        for part in shapes.parts(of: shape) {
            let literal = shapes.literal(part.literal)
            byteCount += literal.count
            if part.hasValue { byteCount += columns[Int(part.storedColumn)].maximumTextByteCount }
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
        stepOffsets.append(Int32(truncatingIfNeeded: steps.count))
        maximumByteCounts.append(byteCount)
    }

    // MARK: - Assembling

    /// Places of the first value of each column: those of row 0.
    package var firstPlaces: [UInt32] { Array(repeating: 0, count: columns.count) }

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
        guard places.count == columns.count else {
            throw SegmentError(.inconsistent, "\(places.count) places for \(columns.count) columns")
        }
        var day = PrintedDay()
        for row in rowShapes.indices {
            let shape = Int(rowShapes[row])
            guard shape < maximumByteCounts.count else {
                throw SegmentError(.inconsistent, "a row has shape \(shape) of \(maximumByteCounts.count)")
            }
            rows.makeRoom(for: maximumByteCounts[shape])
            let end = unsafe rows.bytes.withUnsafeMutableBytes { output in
                unsafe assemble(shape, &places, &day, output, from: rows.byteCount)
            }
            guard let end else { throw SegmentError(.inconsistent, "a column has too few values") }
            rows.close(at: end)
        }
    }

    /// Writes one row from `start` on and returns its end; nil when a column has no more values.
    ///
    /// The output has room for the longest row of the shape, so nothing below can pass its end; each copy checks that
    /// all the same.
    @inline(__always)
    private func assemble(
        _ shape: Int,
        _ places: inout [UInt32],
        _ day: inout PrintedDay,
        _ output: UnsafeMutableRawBufferPointer,
        from start: Int
    ) -> Int? {
        var end = start
        for number in Int(stepOffsets[shape])..<Int(stepOffsets[shape + 1]) {
            let step = steps[number]
            unsafe Self.copy(literals, Int(step.literalStart), Int(step.literalCount), output, end)
            end &+= Int(step.literalCount)
            guard step.column != Self.noColumn else { break }
            let column = columns[Int(step.column)]
            var place = Int(places[Int(step.column)])
            if step.isRepeated {
                place &-= 1
            } else {
                guard place < column.valueCount else { return nil }
                places[Int(step.column)] = UInt32(truncatingIfNeeded: place &+ 1)
            }
            let entry =
                switch column.coding {
                case .direct: place
                case .narrow: Int(narrowCodes[column.firstCode &+ place])
                case .wide: Int(wideCodes[column.firstCode &+ place])
                }
            if column.printing == .text {
                var first = column.firstByte &+ Int(offsets[column.firstEntry &+ entry])
                let last = column.firstByte &+ Int(offsets[column.firstEntry &+ entry &+ 1])
                if step.transform == .afterLastEqualsSign { first = afterLastEqualsSign(first..<last) }
                unsafe Self.copy(pool, first, last &- first, output, end)
                end &+= last &- first
            } else {
                unsafe end = print(column, entry, &day, output, end)
            }
        }
        return end
    }

    private func afterLastEqualsSign(_ range: Range<Int>) -> Int {
        var start = range.upperBound
        while start > range.lowerBound, pool[start - 1] != UInt8(ascii: "=") { start -= 1 }
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

    /// Writes the text of a typed value and returns its end.
    private func print(
        _ column: Column,
        _ entry: Int,
        _ day: inout PrintedDay,
        _ output: UnsafeMutableRawBufferPointer,
        _ end: Int
    ) -> Int {
        switch column.printing {
        case .text: return end
        case .uuid:
            let start = column.firstByte &+ entry &* UUIDText.valueByteCount
            let words = unsafe (pool.span.bytes.word(at: start), pool.span.bytes.word(at: start &+ 8))
            let first = HexadecimalText.print(UInt32(truncatingIfNeeded: words.0))
            let second = HexadecimalText.print(UInt32(truncatingIfNeeded: words.0 &>> 32))
            let third = HexadecimalText.print(UInt32(truncatingIfNeeded: words.1))
            let fourth = HexadecimalText.print(UInt32(truncatingIfNeeded: words.1 &>> 32))
            // SAFETY: `storeBytes` checks that all is inside.
            unsafe output.storeBytes(of: first, toByteOffset: end, as: UInt64.self)
            unsafe output.storeBytes(of: UInt32(truncatingIfNeeded: second), toByteOffset: end + 9, as: UInt32.self)
            unsafe output.storeBytes(
                of: UInt32(truncatingIfNeeded: second &>> 32),
                toByteOffset: end + 14,
                as: UInt32.self
            )
            unsafe output.storeBytes(of: UInt32(truncatingIfNeeded: third), toByteOffset: end + 19, as: UInt32.self)
            unsafe output.storeBytes(
                of: UInt32(truncatingIfNeeded: third &>> 32),
                toByteOffset: end + 24,
                as: UInt32.self
            )
            unsafe output.storeBytes(of: fourth, toByteOffset: end + 28, as: UInt64.self)
            for hyphen in [8, 13, 18, 23] { unsafe output[end + hyphen] = UInt8(ascii: "-") }
            return end + UUIDText.byteCount
        case .hexadecimal:
            let range =
                column.width > 0
                ? column.firstByte + entry * column.width..<column.firstByte + (entry + 1) * column.width
                : column.firstByte + Int(offsets[column.firstEntry + entry])..<column.firstByte
                    + Int(offsets[column.firstEntry + entry + 1])
            var target = end
            // Whole words at a time; both sides have slack.
            for start in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
                let digits = unsafe HexadecimalText.print(pool.span.bytes.halfWord(at: start))
                // SAFETY: `storeBytes` checks that all is inside.
                unsafe output.storeBytes(of: digits, toByteOffset: target, as: UInt64.self)
                target += 8
            }
            return end + 2 * range.count
        case .time, .integer:
            var text = ShortText(repeating: 0)
            let value = integers[column.firstEntry + entry]
            let count =
                column.printing == .time
                ? TimeText.print(value, fractionDigits: Int(column.fractionDigits), day: &day, into: &text)
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
}
