// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Bits in order, the first one lowest in the first word: which rows have a value, or booleans.
package struct Bitmap: Equatable, Sendable {
    /// Bits behind the last one are zeros.
    package private(set) var words: [UInt64] = []
    package private(set) var count = 0

    package init() {}

    package init(repeating bit: Bool, count: Int) {
        append(repeating: bit, count: count)
    }

    package init(_ bits: some Sequence<Bool>) {
        for bit in bits { append(bit) }
    }

    /// Takes words as they are; bits behind the count are cleared.
    package init(words: [UInt64], count: Int) {
        precondition(count >= 0 && words.count == (count + 63) / 64)
        self.words = words
        self.count = count
        if count % 64 != 0 { self.words[words.count - 1] &= 1 << UInt64(count % 64) - 1 }
    }

    @inline(__always)
    package subscript(index: Int) -> Bool {
        precondition(index < count)
        return words[index / 64] & 1 &<< UInt64(index % 64) != 0
    }

    @inline(__always)
    package mutating func append(_ bit: Bool) {
        append(UInt64(bit ? 1 : 0), count: 1)
    }

    /// Appends the lowest `count` bits of a word, at most 64; the others must be zeros.
    @inline(__always)
    package mutating func append(_ bits: UInt64, count added: Int) {
        let used = count % 64
        if used == 0 {
            if added > 0 { words.append(bits) }
        } else {
            words[words.count - 1] |= bits << UInt64(used)
            if used + added > 64 { words.append(bits >> UInt64(64 - used)) }
        }
        count += added
    }

    package mutating func append(repeating bit: Bool, count added: Int) {
        var left = added
        while left > 0 {
            let step = min(64, left)
            append(bit ? .max >> UInt64(64 - step) : 0, count: step)
            left -= step
        }
    }

    /// Appends `count` bits from the lowest of the first byte on; the bytes must hold that many.
    mutating func append(bits bytes: RawSpan, count added: Int) {
        precondition(added <= bytes.byteCount * 8)
        var offset = 0
        var left = added
        while left > 0 {
            let step = min(64, left)
            let bits = BitPacking.number(bytes, atBit: offset * 8, width: step)
            append(bits, count: step)
            offset += 8
            left -= step
        }
    }

    /// How many bits of a range are set.
    package func setCount(_ range: Range<Int>) -> Int {
        var total = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let step = min(64, range.upperBound - index)
            total += bits(at: index, count: step).nonzeroBitCount
            index += step
        }
        return total
    }

    /// A range of bits in bytes, zeros behind the last.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count / 8 + 8)
        var index = range.lowerBound
        while index < range.upperBound {
            let step = min(64, range.upperBound - index)
            let word = bits(at: index, count: step)
            for place in 0..<(step + 7) / 8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
            index += step
        }
        return bytes
    }

    /// Up to 64 bits from any index on.
    @inline(__always)
    private func bits(at index: Int, count wanted: Int) -> UInt64 {
        precondition(index >= 0 && index + wanted <= count)
        let shift = UInt64(index % 64)
        var word = words[index / 64] >> shift
        if Int(shift) + wanted > 64 { word |= words[index / 64 + 1] << (64 - shift) }
        return wanted == 64 ? word : word & (1 << UInt64(wanted) - 1)
    }
}
