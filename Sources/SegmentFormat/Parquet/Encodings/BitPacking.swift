// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Numbers of a fixed number of bits each, packed from the lowest bit of the first byte on.
///
/// Parquet packs in groups of eight, so that a group of width *w* takes *w* bytes; what is missing in the last group is
/// zeros.
enum BitPacking {
    /// Bits that hold every number up to a maximum.
    static func width(of maximum: some FixedWidthInteger & UnsignedInteger) -> Int {
        maximum.bitWidth - maximum.leadingZeroBitCount
    }

    /// Bytes that `count` numbers take, with the padding of the last group.
    static func byteCount(of count: Int, width: Int) -> Int {
        (count + 7) / 8 * width
    }

    /// Appends numbers that have at most `width` bits, and zeros up to a multiple of eight numbers.
    @inline(__always)
    static func pack<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: Span<Value>,
        width: Int,
        into output: inout [UInt8]
    ) {
        guard width > 0 else { return }
        let start = output.count
        let end = start + byteCount(of: values.count, width: width)
        // Whole words are stored, the last one beyond the end.
        output.appendZeros(end - start + 8)
        do {
            var elements = output.mutableSpan
            var raw = unsafe elements.mutableBytes
            let bits = UInt64(width)
            var word: UInt64 = 0
            var used: UInt64 = 0
            var offset = start
            for index in values.indices {
                let value = UInt64(truncatingIfNeeded: values[index])
                word |= value &<< used
                used &+= bits
                if used >= 64 {
                    raw.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
                    offset &+= 8
                    used &-= 64
                    // What did not fit; all of it did when nothing is used, and the shift is then by all its bits.
                    word = value >> (bits &- used)
                }
            }
            raw.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
        }
        output.removeLast(output.count - end)
    }

    /// Fills a range of `output` with numbers of `width` bits.
    ///
    /// The bytes must be as many as they take, or more; the width is at most 32. About 1.6 numbers a nanosecond: each is
    /// one load of eight bytes, a shift and a mask, without a branch on the width.
    static func unpack(_ bytes: RawSpan, width: Int, into output: inout MutableSpan<UInt32>, _ range: Range<Int>) {
        let (start, count) = (range.lowerBound, range.count)
        precondition(start >= 0 && range.upperBound <= output.count && (0...32).contains(width))
        precondition(byteCount(of: count, width: width) <= bytes.byteCount)
        let mask: UInt64 = (1 &<< UInt64(width)) &- 1
        // The numbers whose eight bytes are all inside.
        let whole = width == 0 ? 0 : min(count, max(0, (bytes.byteCount - 8) * 8 / width))
        var bit = 0
        for index in 0..<whole {
            // SAFETY: index < whole, so bit / 8 <= (whole - 1) * width / 8 <= bytes.byteCount - 8; index < count, and the range is inside.
            unsafe output[unchecked: start &+ index] = UInt32(
                truncatingIfNeeded: UInt64(
                    littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: bit &>> 3, as: UInt64.self)
                ) &>> UInt64(bit & 7) & mask
            )
            bit &+= width
        }
        for index in whole..<count {
            output[start + index] = UInt32(truncatingIfNeeded: number(bytes, atBit: index * width, width: width))
        }
    }

    /// One number of up to 64 bits, wherever it lies; bytes beyond the end are read as zeros.
    static func number(_ bytes: RawSpan, atBit bit: Int, width: Int) -> UInt64 {
        guard width > 0 else { return 0 }
        var low: UInt64 = 0
        let first = bit / 8
        for offset in first..<min(first + 8, bytes.byteCount) {
            low |= UInt64(bytes.byte(at: offset)) << UInt64(8 * (offset - first))
        }
        let shift = UInt64(bit % 8)
        var value = low >> shift
        if Int(shift) + width > 64, first + 8 < bytes.byteCount {
            value |= UInt64(bytes.byte(at: first + 8)) << (64 - shift)
        }
        return width == 64 ? value : value & (1 << UInt64(width) - 1)
    }

    /// All numbers ORed together: as wide as the widest of them.
    @inline(__always)
    static func union<Value: FixedWidthInteger & UnsignedInteger>(_ values: Span<Value>) -> Value {
        var all: Value = 0
        for index in values.indices { all |= values[index] }
        return all
    }
}
