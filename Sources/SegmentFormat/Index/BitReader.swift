// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Reads what `BitWriter` wrote; holds only a position, the bytes are handed to every call.
struct BitReader {
    private(set) var bitOffset: Int

    init(atBit bitOffset: Int = 0) {
        self.bitOffset = bitOffset
    }

    /// The next number in the code of an order of at most 28.
    ///
    /// - Throws: `truncated` behind the last byte, `inconsistent` when the code is no number's.
    @inline(__always)
    mutating func next(_ bytes: RawSpan, order: Int) throws(SegmentError) -> UInt32 {
        let bits = try peek(bytes)
        let zeros = bits.trailingZeroBitCount
        let lowBits = zeros &+ order
        guard lowBits < BitWriter.maximumNumberBits else { throw noNumber() }
        let low = bits &>> UInt64(zeros &+ 1) & (1 &<< UInt64(lowBits) &- 1)
        bitOffset &+= zeros &+ 1 &+ lowBits
        guard bitOffset <= bytes.byteCount &* 8 else { throw truncated() }
        return UInt32(truncatingIfNeeded: (low | 1 &<< UInt64(lowBits)) &- 1 &<< UInt64(order))
    }

    /// The next bits, at most 32.
    ///
    /// - Throws: `truncated` behind the last byte.
    @inline(__always)
    mutating func next(_ bytes: RawSpan, count: Int) throws(SegmentError) -> UInt32 {
        guard count > 0 else { return 0 }
        let bits = try peek(bytes)
        bitOffset &+= count
        guard bitOffset <= bytes.byteCount &* 8 else { throw truncated() }
        return UInt32(truncatingIfNeeded: bits & (1 &<< UInt64(count) &- 1))
    }

    /// At least 57 bits, zeros behind the end.
    @inline(__always)
    private func peek(_ bytes: RawSpan) throws(SegmentError) -> UInt64 {
        let offset = bitOffset &>> 3
        if bitOffset >= 0, offset &+ 8 <= bytes.byteCount {
            return bytes.word(at: offset) &>> UInt64(bitOffset & 7)
        }
        guard bitOffset >= 0, offset < bytes.byteCount else { throw truncated() }
        return BitPacking.number(bytes, atBit: bitOffset, width: 57)
    }

    private func truncated() -> SegmentError {
        SegmentError(.truncated, "a number is cut off", .init(byteOffset: bitOffset / 8))
    }

    private func noNumber() -> SegmentError {
        SegmentError(.inconsistent, "a code of more than 28 bits", .init(byteOffset: bitOffset / 8))
    }
}
