// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Parquet's split-block bloom filter: whether a value may be among those that were inserted.
///
/// The bitset is blocks of eight 32-bit words. A value's hash chooses the block with its upper half, and one bit in each
/// of the eight words with its lower half. "No" is certain; "yes" is wrong for 1 in 100 at 10 bits a value, 1 in 1,000 at
/// 16.
package struct SplitBlockBloomFilter: Equatable, Sendable {
    private static let salts: [UInt32] = [
        0x47B6_137B, 0x4497_4D91, 0x8824_AD5B, 0xA2B7_289D, 0x7054_95C7, 0x2DF1_424B, 0x9EFC_4947, 0x5C6B_FB31,
    ]

    private var words: [UInt32]

    /// An empty filter for so many different values.
    ///
    /// The size is the power of two that is nearest to what is asked for: Arrow's readers refuse others.
    package init(valueCount: Int, bitsPerValue: Int) {
        let wanted = max(32, valueCount.multipliedReportingOverflow(by: bitsPerValue).partialValue / 8)
        var byteCount = 32
        // Up when that is nearer as a ratio: 1.41 is the square root of two.
        while byteCount < ParquetLimits.maximumBloomFilterByteCount, Double(byteCount) * 1.41 < Double(wanted) {
            byteCount *= 2
        }
        words = [UInt32](repeating: 0, count: byteCount / 4)
    }

    /// A filter from its bitset.
    ///
    /// - Throws: `inconsistent` unless it is whole blocks.
    init(bitset: RawSpan) throws(SegmentError) {
        guard bitset.byteCount > 0, bitset.byteCount % 32 == 0 else {
            throw SegmentError(.inconsistent, "a bloom filter of \(bitset.byteCount) bytes")
        }
        words = (0..<bitset.byteCount / 4).map { bitset.halfWord(at: 4 * $0) }
    }

    var byteCount: Int { words.count * 4 }

    func appendBitset(to output: inout [UInt8]) {
        output.reserveCapacity(output.count + byteCount)
        for word in words {
            for byte in 0..<4 as Range<UInt32> { output.append(UInt8(truncatingIfNeeded: word >> (8 * byte))) }
        }
    }

    /// The hash of a value: of its PLAIN bytes, without a length.
    package static func hash(_ value: RawSpan) -> UInt64 {
        XXHash64.hash(value)
    }

    /// The hash of a number, of the 4 or 8 bytes that it has in the file.
    package static func hash(_ value: some FixedWidthInteger & BitwiseCopyable) -> UInt64 {
        let bytes = [value.littleEndian]
        return unsafe XXHash64.hash(bytes.span.bytes)
    }

    package mutating func insert(_ hash: UInt64) {
        let start = block(hash)
        let key = UInt32(truncatingIfNeeded: hash)
        for index in 0..<8 { words[start &+ index] |= 1 &<< ((key &* Self.salts[index]) &>> 27) }
    }

    package func mayContain(_ hash: UInt64) -> Bool {
        let start = block(hash)
        let key = UInt32(truncatingIfNeeded: hash)
        for index in 0..<8 where words[start + index] & 1 &<< ((key &* Self.salts[index]) &>> 27) == 0 {
            return false
        }
        return true
    }

    /// The first word of the block that a hash chooses.
    private func block(_ hash: UInt64) -> Int {
        Int(((hash &>> 32) &* UInt64(words.count / 8)) &>> 32) * 8
    }
}
