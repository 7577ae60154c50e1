// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding

/// Times in the one form that is printed back: `2026-03-01T00:00:04.811Z`, with 0 to 9 digits of fraction.
enum TimeText {
    /// Ticks of a second: the coarsest unit of Parquet's timestamps that holds the digits.
    static func ticksPerSecond(fractionDigits: Int) -> Int64 {
        switch fractionDigits {
        case ...3: 1000
        case ...6: 1_000_000
        default: 1_000_000_000
        }
    }

    /// The digits of fraction that a text of this length has; nil when no time is so long.
    @inline(__always)
    static func fractionDigits(byteCount: Int) -> Int? {
        switch byteCount {
        case 20: 0
        case 22...30: byteCount - 21
        default: nil
        }
    }

    /// The time with so many digits of fraction whose only text these bytes are; nil for all other text.
    ///
    /// What is read is printed again and compared: the fields are not checked one by one, since a thirteenth month does
    /// not print back.
    static func read(
        _ bytes: RawSpan,
        _ range: Range<Int>,
        fractionDigits: Int,
        day: inout PrintedDay
    ) -> Int64? {
        guard Self.fractionDigits(byteCount: range.count) == fractionDigits else { return nil }
        let start = range.lowerBound
        let dayWord = bytes.word(at: start)
        let dayEnd = UInt16(bytes.byte(at: start + 8)) | UInt16(bytes.byte(at: start + 9)) &<< 8
        if dayWord != day.word || dayEnd != day.end {
            let year = pair(bytes, start) * 100 + pair(bytes, start + 2)
            day = PrintedDay(CivilDay.number(year: year, month: pair(bytes, start + 5), day: pair(bytes, start + 8)))
        }
        let second = (pair(bytes, start + 11) * 60 + pair(bytes, start + 14)) * 60 + pair(bytes, start + 17)
        var fraction: Int64 = 0
        for place in 0..<fractionDigits {
            fraction = fraction &* 10 &+ Int64(bytes.byte(at: start + 20 + place) &- UInt8(ascii: "0"))
        }
        let perSecond = ticksPerSecond(fractionDigits: fractionDigits)
        fraction &*= scale(fractionDigits: fractionDigits)
        let (seconds, secondsOverflow) = Int64(day.number * CivilDay.seconds + second)
            .multipliedReportingOverflow(by: perSecond)
        let (ticks, overflow) = seconds.addingReportingOverflow(fraction)
        guard !secondsOverflow, !overflow else { return nil }
        var text = ShortText(repeating: 0)
        let count = print(ticks, fractionDigits: fractionDigits, day: &day, into: &text)
        return unsafe DecimalText.isSame(text.span.bytes, count, bytes, range) ? ticks : nil
    }

    /// Prints from the first byte on and returns how many there are; a year beyond 9999 prints wrong, which no value
    /// that was read has.
    static func print(_ ticks: Int64, fractionDigits: Int, day: inout PrintedDay, into text: inout ShortText) -> Int {
        let perSecond = ticksPerSecond(fractionDigits: fractionDigits)
        let (seconds, rest) = floorDivide(ticks, perSecond)
        let (number, secondOfDay) = floorDivide(seconds, Int64(CivilDay.seconds))
        if Int(number) != day.number { day = PrintedDay(Int(number)) }
        for place in 0..<8 { text[place] = UInt8(truncatingIfNeeded: day.word &>> UInt64(place &* 8)) }
        text[8] = UInt8(truncatingIfNeeded: day.end)
        text[9] = UInt8(truncatingIfNeeded: day.end &>> 8)
        text[10] = UInt8(ascii: "T")
        put(secondOfDay / 3600, into: &text, at: 11)
        text[13] = UInt8(ascii: ":")
        put(secondOfDay / 60 % 60, into: &text, at: 14)
        text[16] = UInt8(ascii: ":")
        put(secondOfDay % 60, into: &text, at: 17)
        guard fractionDigits > 0 else {
            text[19] = UInt8(ascii: "Z")
            return 20
        }
        text[19] = UInt8(ascii: ".")
        var fraction = rest / scale(fractionDigits: fractionDigits)
        for place in stride(from: 19 + fractionDigits, to: 19, by: -1) {
            text[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: fraction % 10)
            fraction /= 10
        }
        text[20 + fractionDigits] = UInt8(ascii: "Z")
        return 21 + fractionDigits
    }

    /// Ticks of the last digit of fraction.
    private static func scale(fractionDigits: Int) -> Int64 {
        switch fractionDigits {
        case 1, 4, 7: 100
        case 2, 5, 8: 10
        default: 1
        }
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    /// Two digits; of other bytes some small number that will not print back.
    @inline(__always)
    private static func pair(_ bytes: RawSpan, _ offset: Int) -> Int {
        Int(bytes.byte(at: offset) &- UInt8(ascii: "0")) &* 10 &+ Int(bytes.byte(at: offset + 1) &- UInt8(ascii: "0"))
    }

    @inline(__always)
    private static func put(_ value: Int64, into text: inout ShortText, at place: Int) {
        text[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 10)
        text[place + 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10)
    }
}

/// A day and its ten characters, kept from time to time because the next time is usually on the same day.
struct PrintedDay: BitwiseCopyable, Sendable {
    /// Days since 1970-01-01.
    let number: Int
    /// `YYYY-MM-`, the first character in the lowest byte.
    let word: UInt64
    /// `DD`.
    let end: UInt16

    init(_ number: Int = 0) {
        self.number = number
        let (year, month, day) = CivilDay.date(ofNumber: number)
        word =
            Self.digits(year / 100) | Self.digits(year % 100) &<< 16 | UInt64(UInt8(ascii: "-")) &<< 32
            | Self.digits(month) &<< 40 | UInt64(UInt8(ascii: "-")) &<< 56
        end = UInt16(truncatingIfNeeded: Self.digits(day))
    }

    private static func digits(_ value: Int) -> UInt64 {
        let tens = UInt64(UInt8(truncatingIfNeeded: 48 &+ value / 10 % 10))
        return tens | UInt64(UInt8(truncatingIfNeeded: 48 &+ value % 10)) &<< 8
    }
}
