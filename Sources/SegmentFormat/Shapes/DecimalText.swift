// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Room for the text of any number or time.
typealias ShortText = InlineArray<40, UInt8>

/// Whole numbers in decimal as `String(Int64)` prints them: no leading zeros, no `-0`, no `+`.
enum DecimalText {
    /// Digits of the longest number, and its sign.
    private static let maximumByteCount = 20

    /// The number whose only text these bytes are; nil for all other text.
    static func read(_ bytes: RawSpan, _ range: Range<Int>) -> Int64? {
        guard !range.isEmpty, range.count <= maximumByteCount else { return nil }
        let isNegative = bytes.byte(at: range.lowerBound) == UInt8(ascii: "-")
        var value: Int64 = 0
        for offset in (isNegative ? range.lowerBound + 1 : range.lowerBound)..<range.upperBound {
            let digit = bytes.byte(at: offset) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            // Downwards, because there is one more negative number than positive ones.
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, underflow) = tenfold.subtractingReportingOverflow(Int64(digit))
            guard !overflow, !underflow else { return nil }
            value = sum
        }
        guard isNegative || value != .min else { return nil }
        if !isNegative { value = -value }
        var text = ShortText(repeating: 0)
        let count = print(value, into: &text)
        return unsafe isSame(text.span.bytes, count, bytes, range) ? value : nil
    }

    /// Prints from the first byte on and returns how many there are.
    static func print(_ value: Int64, into text: inout ShortText) -> Int {
        var magnitude = value.magnitude
        var count = 1
        var power: UInt64 = 10
        // Ends at 10^19 at the latest, which still fits.
        while magnitude >= power {
            count += 1
            power &*= 10
        }
        if value < 0 {
            text[0] = UInt8(ascii: "-")
            count += 1
        }
        var place = count
        repeat {
            place -= 1
            text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
        return count
    }

    /// Whether the first `count` bytes of a text are `bytes[range]`.
    static func isSame(_ text: RawSpan, _ count: Int, _ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard count == range.count else { return false }
        return TextComparison.isSame(text, 0, bytes, range.lowerBound, count: count)
    }
}
