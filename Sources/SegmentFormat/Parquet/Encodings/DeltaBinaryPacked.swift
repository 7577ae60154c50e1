// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Integers as differences from the one before, less the smallest difference of their block, bit-packed.
///
/// | part | coding |
/// |---|---|
/// | numbers of a block, miniblocks of a block, numbers in all | varints; we write 128 and 4 |
/// | first number | zigzag varint |
/// | of each block: smallest difference | zigzag varint |
/// | of each block: widths of its miniblocks | a byte each |
/// | of each block: miniblocks that hold a number | bit-packed, zeros behind the last number |
///
/// Differences wrap around in the width of the type, as Parquet says.
enum DeltaBinaryPacked {
    private static let blockCount = 128
    private static let miniblockCount = 4
    private static let valuesOfMiniblock = 32

    /// Appends numbers.
    @inline(__always)
    static func encode<Value: FixedWidthInteger & SignedInteger>(_ values: Span<Value>, into output: inout [UInt8])
    where Value.Magnitude: FixedWidthInteger & UnsignedInteger {
        output.appendVarint(UInt64(blockCount))
        output.appendVarint(UInt64(miniblockCount))
        output.appendVarint(UInt64(values.count))
        output.appendVarint(zigZag(values.isEmpty ? 0 : Int64(values[0])))
        var differences = [Value](repeating: 0, count: blockCount)
        var offsets = [Value.Magnitude](repeating: 0, count: blockCount)
        var next = 1
        while next < values.count {
            let count = min(blockCount, values.count - next)
            encodeBlock(values.extracting(next - 1..<next + count), &differences, &offsets, into: &output)
            next += count
        }
    }

    /// A block: the number before it and its numbers.
    @inline(__always)
    private static func encodeBlock<Value: FixedWidthInteger & SignedInteger>(
        _ values: Span<Value>,
        _ differences: inout [Value],
        _ offsets: inout [Value.Magnitude],
        into output: inout [UInt8]
    ) where Value.Magnitude: FixedWidthInteger & UnsignedInteger {
        let count = values.count - 1
        var smallest = Value.max
        for index in 0..<count {
            let difference = values[index &+ 1] &- values[index]
            differences[index] = difference
            smallest = min(smallest, difference)
        }
        for index in 0..<blockCount {
            offsets[index] =
                index < count ? Value.Magnitude(truncatingIfNeeded: differences[index] &- smallest) : 0
        }
        output.appendVarint(zigZag(Int64(smallest)))
        let widthsStart = output.count
        output.appendZeros(miniblockCount)
        for miniblock in 0..<(count + valuesOfMiniblock - 1) / valuesOfMiniblock {
            let start = miniblock * valuesOfMiniblock
            let part = offsets.span.extracting(start..<start + valuesOfMiniblock)
            let width = BitPacking.width(of: BitPacking.union(part))
            output[widthsStart + miniblock] = UInt8(width)
            BitPacking.pack(part, width: width, into: &output)
        }
    }

    /// Appends the numbers that bytes begin with; returns how many bytes they took.
    ///
    /// - Throws: `inconsistent` when there are other than `count`; `truncated`; `tooLarge` for blocks beyond reason.
    @inline(__always)
    static func decode<Value: FixedWidthInteger & SignedInteger>(
        _ bytes: RawSpan,
        count: Int,
        into output: inout [Value]
    ) throws(SegmentError) -> Int {
        var offset = 0
        let blockCount = try bytes.count(at: &offset, upTo: 1 << 20, "numbers in a block")
        let miniblockCount = try bytes.count(at: &offset, upTo: 1 << 10, "miniblocks in a block")
        let total = try bytes.count(at: &offset, upTo: count, "numbers")
        let first = Value(truncatingIfNeeded: unZigZag(try bytes.varint(at: &offset)))
        guard total == count, miniblockCount > 0, blockCount > 0, blockCount % (miniblockCount * 8) == 0 else {
            throw SegmentError(
                .inconsistent,
                "\(total) differences in blocks of \(blockCount) in \(miniblockCount) parts, expected \(count)"
            )
        }
        guard count > 0 else { return offset }
        let valuesOfMiniblock = blockCount / miniblockCount
        var value = first
        output.append(first)
        var left = count - 1
        while left > 0 {
            let smallest = Value(truncatingIfNeeded: unZigZag(try bytes.varint(at: &offset)))
            let widths = offset
            guard miniblockCount <= bytes.byteCount - offset else { throw cutOff(offset) }
            offset += miniblockCount
            for miniblock in 0..<miniblockCount where left > 0 {
                let width = Int(bytes.byte(at: widths + miniblock))
                let byteCount = BitPacking.byteCount(of: valuesOfMiniblock, width: width)
                guard width <= Value.bitWidth else {
                    throw SegmentError(.inconsistent, "differences of \(width) bits", .init(byteOffset: offset))
                }
                guard byteCount <= bytes.byteCount - offset else { throw cutOff(offset) }
                let step = min(valuesOfMiniblock, left)
                let packed = bytes.extracting(offset..<offset + byteCount)
                decode(packed, width: width, count: step, after: &value, adding: smallest, into: &output)
                left -= step
                offset += byteCount
            }
        }
        return offset
    }

    /// Numbers of one miniblock.
    @inline(__always)
    private static func decode<Value: FixedWidthInteger & SignedInteger>(
        _ packed: RawSpan,
        width: Int,
        count: Int,
        after value: inout Value,
        adding smallest: Value,
        into output: inout [Value]
    ) {
        var last = value
        if width == 0 {
            for _ in 0..<count {
                last &+= smallest
                output.append(last)
            }
        } else {
            // Up to 56 bits lie inside eight bytes wherever they begin.
            let whole = width > 56 ? 0 : min(count, max(0, (packed.byteCount - 8) * 8 / width))
            let mask: UInt64 = width > 56 ? 0 : 1 << UInt64(width) - 1
            var bit = 0
            for _ in 0..<whole {
                let difference = packed.word(at: bit &>> 3) &>> UInt64(bit & 7) & mask
                last = last &+ smallest &+ Value(truncatingIfNeeded: difference)
                output.append(last)
                bit &+= width
            }
            for index in whole..<count {
                let difference = BitPacking.number(packed, atBit: index * width, width: width)
                last = last &+ smallest &+ Value(truncatingIfNeeded: difference)
                output.append(last)
            }
        }
        value = last
    }

    private static func cutOff(_ offset: Int) -> SegmentError {
        SegmentError(.truncated, "a block of differences is cut off", .init(byteOffset: offset))
    }
}
