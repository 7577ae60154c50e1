// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Looking for text in a line; every range is clamped to nothing rather than trapped on.
extension RawSpan {
    /// Whether `text` stands at `offset`, all of it in front of `end`.
    func holds(_ text: StaticString, at offset: Int, end: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset >= 0, count <= end - offset, end <= byteCount else { return false }
        for place in 0..<count {
            // SAFETY: `place` is below the literal's own length.
            let expected = unsafe text.utf8Start[place]
            guard byte(at: offset + place) == expected else { return false }
        }
        return true
    }

    /// The first place of a byte in a range.
    func first(_ wanted: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if byte(at: index) == wanted { return index }
            index += 1
        }
        return nil
    }

    /// The first place of a text that lies in a range as a whole.
    func first(_ text: StaticString, in range: Range<Int>) -> Int? {
        let count = text.utf8CodeUnitCount
        guard count > 0, range.count >= count else { return nil }
        // SAFETY: the literal has at least one byte.
        let head = unsafe text.utf8Start[0]
        var index = range.lowerBound
        let last = range.upperBound - count
        while index <= last {
            if byte(at: index) == head, holds(text, at: index, end: range.upperBound) { return index }
            index += 1
        }
        return nil
    }

    /// The last place of a text that lies in a range as a whole.
    func last(_ text: StaticString, in range: Range<Int>) -> Int? {
        let count = text.utf8CodeUnitCount
        guard count > 0, range.count >= count else { return nil }
        // SAFETY: the literal has at least one byte.
        let head = unsafe text.utf8Start[0]
        var index = range.upperBound - count
        while index >= range.lowerBound {
            if byte(at: index) == head, holds(text, at: index, end: range.upperBound) { return index }
            index -= 1
        }
        return nil
    }

    /// The end of the text without spaces that begins at `start`.
    func endOfWord(from start: Int, end: Int) -> Int {
        var index = start
        while index < end, byte(at: index) != 0x20 { index += 1 }
        return index
    }

    /// Behind the spaces at `start`.
    func skippingSpaces(from start: Int, end: Int) -> Int {
        var index = start
        while index < end, byte(at: index) == 0x20 { index += 1 }
        return index
    }

    /// A decimal number that fills a range; nil for anything else, and above 2^53.
    func number(in range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 15 else { return nil }
        var value = 0
        for index in range {
            let digit = byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    /// A range as text; what is no UTF-8 is repaired.
    func string(_ range: Range<Int>) -> String {
        unsafe extracting(range).withUnsafeBytes { buffer in
            // SAFETY: the buffer is read before the closure ends.
            unsafe String(decoding: buffer, as: UTF8.self)
        }
    }

    /// Whether a range holds exactly a text.
    func equals(_ text: StaticString, in range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount && holds(text, at: range.lowerBound, end: range.upperBound)
    }
}

extension RawSpan {
    /// Without the carriage return at a line's end, and the zeros that a log begins with when it was cut under its writer.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, byte(at: start) == 0 { start += 1 }
        if start < end, byte(at: end - 1) == 0x0D { end -= 1 }
        return start..<end
    }
}
