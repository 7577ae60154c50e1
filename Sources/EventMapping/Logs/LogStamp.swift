// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// The time that a line begins with: `2026-11-22 13:24:20,529`, also with `T`, `.`, fewer or more digits, and a zone.
struct LogStamp: Equatable {
    /// Seconds since 1970 by the clock that wrote it, in its zone.
    let localSecond: Int64
    let nanosecond: Int64
    /// Seconds east of UTC; nil when the line names no zone.
    let offset: Int?
    /// Behind it.
    let end: Int

    /// Reads the stamp at `start`; nil when there is none.
    init?(_ bytes: RawSpan, at start: Int, end limit: Int) {
        // The shortest is `2026-11-22 13:24:20`.
        guard limit - start >= 19, limit <= bytes.byteCount, start >= 0,
            let year = bytes.digits(4, at: start), bytes.byte(at: start + 4) == UInt8(ascii: "-"),
            let month = bytes.digits(2, at: start + 5), bytes.byte(at: start + 7) == UInt8(ascii: "-"),
            let day = bytes.digits(2, at: start + 8),
            bytes.byte(at: start + 10) == 0x20 || bytes.byte(at: start + 10) == UInt8(ascii: "T"),
            let hour = bytes.digits(2, at: start + 11), bytes.byte(at: start + 13) == UInt8(ascii: ":"),
            let minute = bytes.digits(2, at: start + 14), bytes.byte(at: start + 16) == UInt8(ascii: ":"),
            let second = bytes.digits(2, at: start + 17), (1...12).contains(month), (1...31).contains(day), hour < 24,
            minute < 60, second <= 60, year >= 1970, year < 2200
        else { return nil }
        let days = CivilDay.number(year: year, month: month, day: day)
        localSecond = Int64(days * CivilDay.seconds + hour * 3_600 + minute * 60 + second)
        (nanosecond, self.end, offset) = Self.rest(bytes, at: start + 19, end: limit)
    }

    private static func rest(_ bytes: RawSpan, at start: Int, end limit: Int) -> (Int64, Int, Int?) {
        var index = start
        var nanosecond: Int64 = 0
        if index + 1 < limit, bytes.byte(at: index) == UInt8(ascii: ",") || bytes.byte(at: index) == UInt8(ascii: ".") {
            var unit: Int64 = 100_000_000
            let first = index + 1
            index = first
            while index < limit, bytes.byte(at: index) &- UInt8(ascii: "0") < 10 {
                nanosecond += Int64(bytes.byte(at: index) &- UInt8(ascii: "0")) * unit
                unit /= 10
                index += 1
            }
            if index == first { return (0, start, nil) }
        }
        guard index < limit else { return (nanosecond, index, nil) }
        switch bytes.byte(at: index) {
        case UInt8(ascii: "Z"):
            return (nanosecond, index + 1, 0)
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            let sign = bytes.byte(at: index) == UInt8(ascii: "-") ? -1 : 1
            guard let hours = bytes.digits(2, at: index + 1) else { return (nanosecond, index, nil) }
            let colon = index + 3 < limit && bytes.byte(at: index + 3) == UInt8(ascii: ":") ? 1 : 0
            guard let minutes = bytes.digits(2, at: index + 3 + colon), index + 5 + colon <= limit else {
                return (nanosecond, index, nil)
            }
            return (nanosecond, index + 5 + colon, sign * (hours * 3_600 + minutes * 60))
        default:
            return (nanosecond, index, nil)
        }
    }

    /// Nanoseconds since 1970 (UTC).
    func time(_ rule: TimeZoneRule, _ memory: inout TimeZoneRule.Memory) -> Int64 {
        let offset = offset ?? memory.offset(ofLocal: localSecond, rule)
        return (localSecond - Int64(offset)) * 1_000_000_000 + nanosecond
    }
}

extension RawSpan {
    /// So many decimal digits; nil when one is none, or there are not so many.
    fileprivate func digits(_ count: Int, at offset: Int) -> Int? {
        guard offset + count <= byteCount else { return nil }
        var value = 0
        for place in 0..<count {
            let digit = byte(at: offset + place) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }
}
