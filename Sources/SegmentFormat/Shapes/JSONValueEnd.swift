// SPDX-License-Identifier: Apache-2.0

import ByteCoding

private import CBytes

/// Where values end, in text that was validated before it came here.
///
/// Nothing relies on that validation but the meaning of columns: whatever range is found for a value, the bytes before,
/// in and after it are all kept, and text that is no JSON only finds other ends, or none.
enum JSONValueEnd {
    private static let blockByteCount = 32
    static let notFound = -1

    /// The offset of the quote that closes the string whose text begins at `start`.
    ///
    /// Bytes behind `end` may be loaded but never count.
    @inline(__always)
    static func string(_ bytes: RawSpan, from start: Int, end: Int) -> Int {
        if start <= bytes.byteCount - blockByteCount {
            let stops = stops(bytes, at: start)
            let stop = start + stops.trailingZeroBitCount
            if stops != 0, stop < end, bytes.byte(at: stop) == UInt8(ascii: "\"") { return stop }
        }
        return anyString(bytes, from: start, end: end)
    }

    @inline(never)
    private static func anyString(_ bytes: RawSpan, from start: Int, end: Int) -> Int {
        var index = start
        while index < end {
            if index <= bytes.byteCount - blockByteCount {
                let stops = stops(bytes, at: index)
                guard stops != 0 else {
                    index += blockByteCount
                    continue
                }
                index += stops.trailingZeroBitCount
                guard index < end else { return notFound }
            }
            switch bytes.byte(at: index) {
            case UInt8(ascii: "\""): return index
            case UInt8(ascii: "\\"): index += 2
            case 0..<0x20: return notFound
            default: index += 1
            }
        }
        return notFound
    }

    /// A bit for each of 32 bytes that ends a run of plain text; traps when they are not all inside.
    @inline(__always)
    private static func stops(_ bytes: RawSpan, at index: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: block(bytes, at: index))
    }

    /// The same in the low half, and in the high half a bit for each byte that is not ASCII.
    @inline(__always)
    private static func block(_ bytes: RawSpan, at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= bytes.byteCount - blockByteCount)
        return unsafe bytes.withUnsafeBytes { buffer in
            // SAFETY: all 32 bytes are inside, by the line above; a buffer that has bytes has an address.
            unsafe martlet_json_string_block(buffer.baseAddress.unsafelyUnwrapped + index)
        }
    }

    // MARK: - Of text that was not validated

    /// The offset of the quote that closes a string of nothing but plain ASCII, whose text begins at `start`; `notFound` for
    /// any other string, valid or not.
    @inline(__always)
    static func plainString(_ bytes: RawSpan, from start: Int, end: Int) -> Int {
        var index = start
        while index <= bytes.byteCount - blockByteCount {
            let block = block(bytes, at: index)
            let (stops, high) = (UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block &>> 32))
            if stops == 0 {
                guard high == 0 else { return notFound }
                index &+= blockByteCount
                continue
            }
            let count = stops.trailingZeroBitCount
            let stop = index &+ count
            let isPlain = high.trailingZeroBitCount >= count
            return isPlain && stop < end && bytes.byte(at: stop) == UInt8(ascii: "\"") ? stop : notFound
        }
        while index < end {
            switch bytes.byte(at: index) {
            case UInt8(ascii: "\""): return index
            case UInt8(ascii: "\\"), 0..<0x20, 0x80...: return notFound
            default: index += 1
            }
        }
        return notFound
    }

    /// The offset behind the longest number by RFC 8259 §6 that begins at `start`; `notFound` when none does.
    static func strictNumber(_ bytes: RawSpan, from start: Int, end: Int) -> Int {
        var index = start
        func digits() -> Bool {
            let first = index
            while index < end, bytes.byte(at: index) &- UInt8(ascii: "0") < 10 { index += 1 }
            return index > first
        }
        if index < end, bytes.byte(at: index) == UInt8(ascii: "-") { index += 1 }
        if index < end, bytes.byte(at: index) == UInt8(ascii: "0") {
            index += 1
        } else if !digits() {
            return notFound
        }
        if index < end, bytes.byte(at: index) == UInt8(ascii: ".") {
            index += 1
            guard digits() else { return notFound }
        }
        if index < end, bytes.byte(at: index) | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < end, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes.byte(at: index)) { index += 1 }
            guard digits() else { return notFound }
        }
        return index
    }

    // MARK: - Of text that was

    /// The offset of the first byte from `start` on that is in no number.
    @inline(__always)
    static func number(_ bytes: RawSpan, from start: Int, end: Int) -> Int {
        var index = start
        while index < end, isOfNumber(bytes.byte(at: index)) { index += 1 }
        return index
    }

    @inline(__always)
    private static func isOfNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e")
    }

    @inline(__always)
    static func startsNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
    }

    /// The offset behind the object or array that opens at `start`, and how many elements or members it has.
    static func container(_ bytes: RawSpan, from start: Int, end: Int) -> (end: Int, count: Int) {
        var index = start
        var depth = 0
        var commas = 0
        var isEmpty = true
        while index < end {
            let byte = bytes.byte(at: index)
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == 1 { isEmpty = false }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return (index + 1, isEmpty ? 0 : commas + 1) }
            case UInt8(ascii: "\""):
                isEmpty = isEmpty && depth > 1
                index = string(bytes, from: index + 1, end: end)
                guard index != notFound else { return (notFound, 0) }
            case UInt8(ascii: ","):
                if depth == 1 { commas += 1 }
            case 0x20, 0x0A, 0x0D, 0x09: break
            default: if depth == 1 { isEmpty = false }
            }
            index += 1
        }
        return (notFound, 0)
    }
}
