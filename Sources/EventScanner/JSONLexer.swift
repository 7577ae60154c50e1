// SPDX-License-Identifier: Apache-2.0

import ByteCoding

private import CBytes

/// The lexical grammar of JSON (RFC 8259): strings, numbers, literals, white space.
///
/// Static functions over bytes and the offset where the text ends. They are not methods of the scanner on purpose: a
/// method that only reads makes the compiler copy the scanner to call it, once a string, which halves the speed.
enum JSONLexer {
    // MARK: - Strings

    /// Bytes that `martlet_json_string_block` looks at.
    private static let blockByteCount = 32

    /// Scans the string whose opening quote is at `start`; `end` in the result is behind its closing quote.
    ///
    /// Inlined for the strings that most are: short, without escapes, all ASCII.
    @inline(__always)
    static func scanString(_ bytes: RawSpan, at start: Int, end: Int) throws(ScanError) -> (kind: JSONKind, end: Int) {
        let first = start + 1
        if first <= bytes.byteCount - blockByteCount {
            let block = block(bytes, at: first)
            let stops = UInt32(truncatingIfNeeded: block)
            let close = first + stops.trailingZeroBitCount
            // `stops ^ (stops - 1)` has the bits up to and including the first stop.
            if stops != 0, UInt32(truncatingIfNeeded: block &>> 32) & (stops ^ (stops &- 1)) == 0, close < end,
                bytes.byte(at: close) == UInt8(ascii: "\"")
            {
                return (.string, close + 1)
            }
        }
        return try scanAnyString(bytes, at: start, end: end)
    }

    /// The same for every string.
    @inline(never)
    private static func scanAnyString(
        _ bytes: RawSpan,
        at start: Int,
        end: Int
    ) throws(ScanError) -> (kind: JSONKind, end: Int) {
        var kind = JSONKind.string
        var isASCII = true
        var index = start + 1
        while true {
            index = endOfPlainText(bytes, from: index, end: end, isASCII: &isASCII)
            guard index < end else { throw ScanError(.truncated, at: end) }
            switch bytes.byte(at: index) {
            case UInt8(ascii: "\""):
                if !isASCII { try validateUTF8(bytes, start + 1..<index) }
                return (kind, index + 1)
            case UInt8(ascii: "\\"):
                kind = .escapedString
                index = try scanEscape(bytes, at: index, end: end)
            default:
                throw ScanError(.controlCharacter, at: index)
            }
        }
    }

    /// The offset of the next quote, backslash or control character, or one that is not below `end`.
    @inline(__always)
    private static func endOfPlainText(_ bytes: RawSpan, from start: Int, end: Int, isASCII: inout Bool) -> Int {
        var index = start
        let lastBlock = bytes.byteCount - blockByteCount
        while index < end, index <= lastBlock {
            let block = block(bytes, at: index)
            let stops = UInt32(truncatingIfNeeded: block)
            // Without a stop this is `0 ^ .max`: all of the block.
            if UInt32(truncatingIfNeeded: block &>> 32) & (stops ^ (stops &- 1)) != 0 { isASCII = false }
            guard stops == 0 else { return index + stops.trailingZeroBitCount }
            index += blockByteCount
        }
        while index < end {
            let byte = bytes.byte(at: index)
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            if byte >= 0x80 { isASCII = false }
            index += 1
        }
        return index
    }

    /// What is in the 32 bytes at `index`: `martlet_json_string_block`.
    ///
    /// Traps when they are not all inside.
    @inline(__always)
    private static func block(_ bytes: RawSpan, at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= bytes.byteCount - blockByteCount)
        return unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: all 32 bytes are inside, by the line above; a buffer that has bytes has an address.
            unsafe martlet_json_string_block(buffer.baseAddress.unsafelyUnwrapped + index)
        }
    }

    /// Scans the escape whose backslash is at `start`, and the second half when it is that of a surrogate pair.
    private static func scanEscape(_ bytes: RawSpan, at start: Int, end: Int) throws(ScanError) -> Int {
        guard start + 1 < end else { throw ScanError(.truncated, at: end) }
        let letter = bytes.byte(at: start + 1)
        guard letter == UInt8(ascii: "u") else {
            guard JSONString.plainByte(forEscape: letter) != nil else { throw ScanError(.invalidEscape, at: start) }
            return start + 2
        }
        let unit = try codeUnit(bytes, at: start, end: end)
        guard unit & 0xF800 == 0xD800 else { return start + 6 }
        // RFC 8259 §7: beyond the basic plane a character is a pair, high half first.
        guard unit < 0xDC00 else { throw ScanError(.loneSurrogate, at: start) }
        for (offset, expected) in [(start + 6, UInt8(ascii: "\\")), (start + 7, UInt8(ascii: "u"))] {
            guard offset < end else { throw ScanError(.truncated, at: end) }
            guard bytes.byte(at: offset) == expected else { throw ScanError(.loneSurrogate, at: start) }
        }
        guard try codeUnit(bytes, at: start + 6, end: end) & 0xFC00 == 0xDC00 else {
            throw ScanError(.loneSurrogate, at: start)
        }
        return start + 12
    }

    /// The value of `\uXXXX` at `start`.
    private static func codeUnit(_ bytes: RawSpan, at start: Int, end: Int) throws(ScanError) -> UInt16 {
        var unit: UInt16 = 0
        for offset in start + 2..<start + 6 {
            guard offset < end else { throw ScanError(.truncated, at: end) }
            guard let digit = Hex.value(ofDigit: bytes.byte(at: offset)) else {
                throw ScanError(.invalidEscape, at: start)
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// Checks text with bytes of 0x80 and above by the table of well-formed sequences (Unicode 15, table 3-7).
    private static func validateUTF8(_ bytes: RawSpan, _ range: Range<Int>) throws(ScanError) {
        var index = range.lowerBound
        while index < range.upperBound {
            let lead = bytes.byte(at: index)
            let (count, second): (Int, ClosedRange<UInt8>) =
                switch lead {
                case 0x00...0x7F: (1, 0x80...0xBF)
                case 0xC2...0xDF: (2, 0x80...0xBF)
                case 0xE0: (3, 0xA0...0xBF)
                case 0xE1...0xEC, 0xEE...0xEF: (3, 0x80...0xBF)
                case 0xED: (3, 0x80...0x9F)
                case 0xF0: (4, 0x90...0xBF)
                case 0xF1...0xF3: (4, 0x80...0xBF)
                case 0xF4: (4, 0x80...0x8F)
                default: (0, 0x80...0xBF)
                }
            guard count > 0, index + count <= range.upperBound else { throw ScanError(.invalidUTF8, at: index) }
            if count > 1 {
                guard second.contains(bytes.byte(at: index + 1)) else { throw ScanError(.invalidUTF8, at: index) }
                for offset in index + 2..<max(index + 2, index + count) where bytes.byte(at: offset) & 0xC0 != 0x80 {
                    throw ScanError(.invalidUTF8, at: index)
                }
            }
            index += count
        }
    }

    // MARK: - Numbers and literals

    /// Scans a number by the grammar of RFC 8259 §6.
    ///
    /// Its value is never computed: the text is the value.
    static func scanNumber(_ bytes: RawSpan, at start: Int, end: Int) throws(ScanError) -> Int {
        var index = start
        if peek(bytes, at: index, end: end) == UInt8(ascii: "-") { index += 1 }
        if peek(bytes, at: index, end: end) == UInt8(ascii: "0") {
            index += 1
        } else {
            index = try scanDigits(bytes, from: index, ofNumberAt: start, end: end)
        }
        if peek(bytes, at: index, end: end) == UInt8(ascii: ".") {
            index = try scanDigits(bytes, from: index + 1, ofNumberAt: start, end: end)
        }
        if peek(bytes, at: index, end: end) | 0x20 == UInt8(ascii: "e") {
            index += 1
            let sign = peek(bytes, at: index, end: end)
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            index = try scanDigits(bytes, from: index, ofNumberAt: start, end: end)
        }
        guard !continuesNumber(peek(bytes, at: index, end: end)) else { throw ScanError(.invalidNumber, at: start) }
        return index
    }

    /// Scans at least one digit.
    private static func scanDigits(
        _ bytes: RawSpan,
        from first: Int,
        ofNumberAt start: Int,
        end: Int
    ) throws(ScanError) -> Int {
        guard first < end else { throw ScanError(.truncated, at: end) }
        var index = first
        while isDigit(peek(bytes, at: index, end: end)) { index += 1 }
        guard index > first else { throw ScanError(.invalidNumber, at: start) }
        return index
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Whether a byte behind a number shows that a number of another grammar was meant: `01`, `0x1`, `1_000`, `1.2.3`.
    private static func continuesNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    static func scanLiteral(
        _ literal: StaticString,
        _ bytes: RawSpan,
        at start: Int,
        end: Int
    ) throws(ScanError) -> Int {
        let count = literal.utf8CodeUnitCount
        for offset in 0..<count {
            guard start + offset < end else { throw ScanError(.truncated, at: end) }
            // SAFETY: `offset` is below the literal's own length.
            let expected = unsafe literal.utf8Start[offset]
            guard bytes.byte(at: start + offset) == expected else { throw ScanError(.invalidLiteral, at: start) }
        }
        return start + count
    }

    // MARK: - Bytes

    /// The byte at `index`, or 0, which is valid nowhere outside strings, at the end.
    @inline(__always)
    static func peek(_ bytes: RawSpan, at index: Int, end: Int) -> UInt8 {
        index < end ? bytes.byte(at: index) : 0
    }

    /// The offset of the first byte from `index` on that is not white space, at most `end`.
    @inline(__always)
    static func skipWhitespace(_ bytes: RawSpan, from index: Int, end: Int) -> Int {
        var index = index
        while index < end {
            let byte = bytes.byte(at: index)
            if byte > 0x20 { return index }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return index }
            index += 1
        }
        return index
    }
}
