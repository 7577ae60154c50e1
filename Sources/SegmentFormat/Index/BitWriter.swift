// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Bits one behind the other, from the lowest of the first byte on, and numbers in Exp-Golomb codes.
///
/// The code of order *k* of a number *v*: of v + 2^k, which has *w* bits, first w − 1 − k zeros, then a one, then its
/// lower w − 1 bits. Small numbers are short, and no number needs a table.
struct BitWriter {
    /// Numbers are below this many bits, so that a code has at most 57 and is read at once.
    static let maximumNumberBits = 28

    private var words: [UInt64] = []
    private var word: UInt64 = 0
    private var used: UInt64 = 0

    var bitCount: Int { words.count * 64 + Int(used) }

    /// Appends a number in the code of an order of at most 28; it must be below 2^28 − 2^order.
    @inline(__always)
    mutating func append(_ value: UInt32, order: Int) {
        let raised = UInt64(value) &+ 1 &<< UInt64(order)
        let lowBits = 63 &- raised.leadingZeroBitCount
        precondition(lowBits < Self.maximumNumberBits && lowBits >= order)
        let zeros = lowBits &- order
        let low = raised & (1 &<< UInt64(lowBits) &- 1)
        append((low &<< 1 | 1) &<< UInt64(zeros), count: zeros &+ 1 &+ lowBits)
    }

    /// Appends bits, at most 63; those above must be zeros.
    @inline(__always)
    mutating func append(_ bits: UInt64, count: Int) {
        word |= bits &<< used
        used &+= UInt64(truncatingIfNeeded: count)
        guard used >= 64 else { return }
        words.append(word)
        used &-= 64
        word = bits >> (UInt64(truncatingIfNeeded: count) &- used)
    }

    /// All bits, with zeros up to a whole byte.
    func bytes() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * 8 + 8)
        unsafe bytes.append(words.span.bytes)
        for place in 0..<(used + 7) / 8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * place))) }
        return bytes
    }
}

/// Counts of numbers by their size, to choose the order of their code.
struct NumberSizes {
    private var counts = InlineArray<33, Int>(repeating: 0)

    mutating func add(_ value: UInt32) {
        counts[32 - value.leadingZeroBitCount] += 1
    }

    /// The order with which all codes together are shortest, as far as the sizes tell, and how many bits they then have.
    var best: (order: Int, bitCount: Int) {
        var best = (order: 0, bitCount: Int.max)
        let widest = counts.indices.last { counts[$0] > 0 } ?? 0
        for order in 0...min(widest, 20) {
            var bitCount = 0
            for width in 0...widest {
                bitCount += counts[width] * (width <= order ? order + 1 : 2 * width - 1 - order)
            }
            if bitCount < best.bitCount { best = (order, bitCount) }
        }
        return best
    }
}
