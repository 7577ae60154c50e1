// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// Writing JSON behind other bytes.
extension [UInt8] {
    mutating func append(_ text: StaticString) {
        // SAFETY: a literal's bytes live as long as the program.
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ bytes: RawSpan, _ range: Range<Int>) {
        unsafe bytes.extracting(range).withUnsafeBytes { buffer in
            // SAFETY: the buffer is read before the closure ends.
            unsafe append(contentsOf: buffer)
        }
    }

    /// The text of a JSON string's value, without quotes; what is no UTF-8 is repaired.
    mutating func appendEscaped(_ bytes: RawSpan, _ range: Range<Int>) {
        guard bytes.isPlain(range) else {
            var text: [UInt8] = []
            JSONString.encode(bytes.string(range), into: &text)
            append(contentsOf: text.dropFirst().dropLast())
            return
        }
        append(bytes, range)
    }

    /// RFC 3339 in UTC with three digits, or six where three lose something, and never more.
    mutating func append(time: Int64) {
        let perDay: Int64 = 86_400_000_000_000
        var day = time / perDay
        var rest = time % perDay
        if rest < 0 {
            day -= 1
            rest += perDay
        }
        let date = CivilDay.date(ofNumber: Int(day))
        append(digits: date.year, count: 4)
        append(UInt8(ascii: "-"))
        append(digits: date.month, count: 2)
        append(UInt8(ascii: "-"))
        append(digits: date.day, count: 2)
        append(UInt8(ascii: "T"))
        let second = Int(rest / 1_000_000_000)
        append(digits: second / 3_600, count: 2)
        append(UInt8(ascii: ":"))
        append(digits: second / 60 % 60, count: 2)
        append(UInt8(ascii: ":"))
        append(digits: second % 60, count: 2)
        append(UInt8(ascii: "."))
        let microsecond = Int(rest % 1_000_000_000 / 1_000)
        if microsecond.isMultiple(of: 1_000) {
            append(digits: microsecond / 1_000, count: 3)
        } else {
            append(digits: microsecond, count: 6)
        }
        append(UInt8(ascii: "Z"))
    }

    private mutating func append(digits value: Int, count: Int) {
        var unit = 1
        for _ in 1..<count { unit *= 10 }
        while unit > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / unit % 10))
            unit /= 10
        }
    }
}

extension RawSpan {
    /// Whether a range can stand in a JSON string as it is: printable ASCII without quotes and backslashes.
    func isPlain(_ range: Range<Int>) -> Bool {
        for index in range {
            let byte = byte(at: index)
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
                return false
            }
        }
        return true
    }

    /// Whether a range can stand in a CRN as it is.
    func isUnreserved(_ range: Range<Int>) -> Bool {
        for index in range {
            switch byte(at: index) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                continue
            default: return false
            }
        }
        return true
    }
}
