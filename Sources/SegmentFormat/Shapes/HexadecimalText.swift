// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Lower-case hexadecimal digits, eight at a time in one word, and the UUIDs made of them.
///
/// Reading never trusts itself: what was read is printed again and compared with the text, so that `isExact` means
/// "prints back to these bytes" and not "looks right".
enum HexadecimalText {
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101
    private static let lowNibbles: UInt64 = 0x0F0F_0F0F_0F0F_0F0F

    /// Four bytes of eight digits, the first digit in the lowest byte.
    @inline(__always)
    static func read(_ digits: UInt64) -> (value: UInt32, isExact: Bool) {
        // A letter has bit 6 set and its low nibble begins at 1 for `a`.
        let nibbles = (digits & lowNibbles) &+ 9 &* ((digits &>> 6) & lowBits)
        let isExact = nibbles & ~lowNibbles == 0 && printed(nibbles: nibbles) == digits
        let pairs = (nibbles &<< 4 | nibbles &>> 8) & 0x00FF_00FF_00FF_00FF
        let halves = (pairs | pairs &>> 8) & 0x0000_FFFF_0000_FFFF
        return (UInt32(truncatingIfNeeded: halves | halves &>> 16), isExact)
    }

    /// The eight digits of four bytes.
    @inline(__always)
    static func print(_ value: UInt32) -> UInt64 {
        let halves = (UInt64(value) | UInt64(value) &<< 16) & 0x0000_FFFF_0000_FFFF
        let pairs = (halves | halves &<< 8) & 0x00FF_00FF_00FF_00FF
        return printed(nibbles: (pairs &>> 4 | pairs &<< 8) & lowNibbles)
    }

    @inline(__always)
    private static func printed(nibbles: UInt64) -> UInt64 {
        // 39 lies between `9` + 1 and `a`.
        let letters = ((nibbles &+ 6 &* lowBits) &>> 4) & lowBits
        return nibbles &+ 0x30 &* lowBits &+ 39 &* letters
    }

    /// Appends the bytes of an even number of digits.
    ///
    /// Appends nothing and returns false when the text is anything else.
    static func append(_ bytes: RawSpan, _ range: Range<Int>, to values: inout [UInt8]) -> Bool {
        guard range.count.isMultiple(of: 2) else { return false }
        let before = values.count
        var offset = range.lowerBound
        var isExact = true
        while offset < range.upperBound {
            let count = min(8, range.upperBound - offset)
            let (value, isExactWord) = read(word(bytes, at: offset, count: count))
            isExact = isExact && isExactWord
            // SAFETY: the bytes of an integer, read inside the closure; `count` is at most 8.
            unsafe withUnsafeBytes(of: value.littleEndian) { unsafe values.append(contentsOf: $0.prefix(count / 2)) }
            offset += count
        }
        if !isExact { values.removeLast(values.count - before) }
        return isExact
    }

    /// Up to eight digits, filled up with zeros.
    @inline(__always)
    static func word(_ bytes: RawSpan, at offset: Int, count: Int) -> UInt64 {
        if count == 8 { return bytes.word(at: offset) }
        var word: UInt64 = 0x3030_3030_3030_3030
        for place in 0..<count {
            let shift = UInt64(place &* 8)
            word = word & ~(0xFF &<< shift) | UInt64(bytes.byte(at: offset + place)) &<< shift
        }
        return word
    }
}

/// The text of a UUID as RFC 9562 §4 recommends it: lower case, hyphenated.
enum UUIDText {
    static let byteCount = 36
    static let valueByteCount = 16

    /// The 16 bytes in the order of the text, as four words.
    @inline(__always)
    static func read(_ bytes: RawSpan, _ range: Range<Int>) -> (words: SIMD4<UInt32>, isExact: Bool) {
        guard range.count == byteCount else { return (SIMD4(), false) }
        let start = range.lowerBound
        let first = HexadecimalText.read(bytes.word(at: start))
        let second = HexadecimalText.read(
            UInt64(bytes.halfWord(at: start + 9)) | UInt64(bytes.halfWord(at: start + 14)) &<< 32
        )
        let third = HexadecimalText.read(
            UInt64(bytes.halfWord(at: start + 19)) | UInt64(bytes.halfWord(at: start + 24)) &<< 32
        )
        let fourth = HexadecimalText.read(bytes.word(at: start + 28))
        let hyphen = UInt8(ascii: "-")
        let isExact =
            bytes.byte(at: start + 8) == hyphen && bytes.byte(at: start + 13) == hyphen
            && bytes.byte(at: start + 18) == hyphen && bytes.byte(at: start + 23) == hyphen
            && first.isExact && second.isExact && third.isExact && fourth.isExact
        return (SIMD4(first.value, second.value, third.value, fourth.value), isExact)
    }

    static func append(_ bytes: RawSpan, _ range: Range<Int>, to values: inout [UInt8]) -> Bool {
        let (words, isExact) = read(bytes, range)
        guard isExact else { return false }
        // SAFETY: the bytes of a vector of integers, read inside the closure. All our processors are little-endian.
        unsafe withUnsafeBytes(of: words) { unsafe values.append(contentsOf: $0) }
        return true
    }
}
