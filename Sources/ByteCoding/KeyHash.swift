// SPDX-License-Identifier: Apache-2.0

/// A seeded 64-bit hash of short byte strings: keys of JSON objects, ids of events.
///
/// Folded multiplication, as in wyhash: one multiplication for sixteen bytes, and one at the end. The seed is secret, so that a sender
/// cannot choose strings that collide and make a search slow. Equal hashes are always confirmed by comparing bytes; the
/// hash alone never decides anything. With one seed the values are the same for ever: the journal holds some.
@frozen @usableFromInline
package struct KeyHash: Sendable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    package init(seed: UInt64) {
        first = seed ^ 0x9E37_79B9_7F4A_7C15
        second = seed &* 0xD6E8_FEB8_6659_FD93 | 1
    }

    /// The hash of `bytes[range]`.
    ///
    /// The range must lie inside the bytes.
    package func hash(_ bytes: RawSpan, _ range: Range<Int>) -> UInt64 {
        hash(bytes, range, head: KeyHead(bytes, range))
    }

    /// The same for a caller that has loaded the head already.
    @inlinable @inline(__always)
    package func hash(_ bytes: RawSpan, _ range: Range<Int>, head: KeyHead) -> UInt64 {
        let state =
            range.count > KeyHead.byteCount
            ? stateOfLongKey(bytes, range) : fold(head.low ^ first, head.high ^ second)
        // The length is multiplied in, not mixed with the last word: there a sender could make up for it by its bytes.
        return fold(state ^ second, first ^ UInt64(truncatingIfNeeded: range.count))
    }

    @usableFromInline
    func stateOfLongKey(_ bytes: RawSpan, _ range: Range<Int>) -> UInt64 {
        var state = second
        var offset = range.lowerBound
        while offset + 16 < range.upperBound {
            state = fold(bytes.word(at: offset) ^ first, bytes.word(at: offset + 8) ^ state)
            offset += 16
        }
        return fold(bytes.word(at: range.upperBound - 16) ^ first, bytes.word(at: range.upperBound - 8) ^ state)
    }

    @inlinable @inline(__always)
    func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}

/// The first sixteen bytes of a key as two little-endian words, zeros after its end.
///
/// With the length it is the whole of a key that is not longer, so that two of them are compared without a loop.
@frozen @usableFromInline
package struct KeyHead: Sendable, Equatable {
    @inlinable @inline(__always)
    package static var byteCount: Int { 16 }

    @usableFromInline package let low: UInt64
    @usableFromInline package let high: UInt64

    /// The head of the empty key.
    package init() {
        low = 0
        high = 0
    }

    /// The head of `bytes[range]`.
    ///
    /// The range must lie inside the bytes.
    @inlinable @inline(__always)
    package init(_ bytes: RawSpan, _ range: Range<Int>) {
        let count = range.count
        guard range.lowerBound + Self.byteCount <= bytes.byteCount else {
            (low, high) = Self.wordsAtEnd(of: bytes, range)
            return
        }
        low = bytes.word(at: range.lowerBound) & Self.mask(byteCount: count)
        high = bytes.word(at: range.lowerBound + 8) & Self.mask(byteCount: count - 8)
    }

    @inlinable @inline(__always)
    package static func == (left: KeyHead, right: KeyHead) -> Bool {
        left.low == right.low && left.high == right.high
    }

    /// Where the bytes end before two whole words do.
    @usableFromInline
    static func wordsAtEnd(of bytes: RawSpan, _ range: Range<Int>) -> (low: UInt64, high: UInt64) {
        var words: (low: UInt64, high: UInt64) = (0, 0)
        for offset in range.prefix(byteCount).reversed() {
            words.high = words.high << 8 | words.low >> 56
            words.low = words.low << 8 | UInt64(bytes.byte(at: offset))
        }
        return words
    }

    /// Ones over the first `byteCount` bytes of a word; the count may be below 0 or above 8.
    @inlinable @inline(__always)
    static func mask(byteCount: Int) -> UInt64 {
        // Shifting by half the bits twice: a shift by all 64 would be one by none. Nothing here branches, because the
        // length of the next key cannot be predicted.
        let half = UInt64(truncatingIfNeeded: 4 &* max(0, min(byteCount, 8)))
        return ~((.max &<< half) &<< half)
    }
}
