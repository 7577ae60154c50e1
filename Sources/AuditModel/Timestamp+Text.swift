// SPDX-License-Identifier: Apache-2.0

// MARK: - Printing

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with 0, 3, 6 or 9 digits of fraction, the fewest that lose nothing; reads
    /// back to itself.
    package var description: String {
        let (year, month, day, nanosecondOfDay) = utc
        let second = Int(nanosecondOfDay / 1_000_000_000)
        var text: [UInt8] = []
        text.reserveCapacity(30)
        text.appendDigits(year, count: 4)
        text.append(UInt8(ascii: "-"))
        text.appendDigits(month, count: 2)
        text.append(UInt8(ascii: "-"))
        text.appendDigits(day, count: 2)
        text.append(UInt8(ascii: "T"))
        text.appendDigits(second / 3_600, count: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDigits(second / 60 % 60, count: 2)
        text.append(UInt8(ascii: ":"))
        text.appendDigits(second % 60, count: 2)
        let fraction = Int(nanosecondOfDay % 1_000_000_000)
        if fraction != 0 {
            text.append(UInt8(ascii: "."))
            if fraction.isMultiple(of: 1_000_000) {
                text.appendDigits(fraction / 1_000_000, count: 3)
            } else if fraction.isMultiple(of: 1_000) {
                text.appendDigits(fraction / 1_000, count: 6)
            } else {
                text.appendDigits(fraction, count: 9)
            }
        }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends the last `count` decimal digits of a number that is not negative.
    fileprivate mutating func appendDigits(_ value: Int, count: Int) {
        var divisor = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}

// MARK: - Reading

extension Timestamp {
    /// Reads RFC 3339, or ISO 8601 with an expanded year such as
    /// `+999999999-12-31T23:59:59.999999999-18:00`.
    package init?(_ text: some StringProtocol) {
        // A copy, because only native strings lend their bytes.
        self.init(Array(text.utf8).span)
    }

    /// As from text: a date, `T` or a space, a time of day with any number of fraction digits, `Z`
    /// or an offset.
    ///
    /// Digits below the nanosecond are dropped. Second 60 is a leap second and read as the second
    /// after it. A time without offset is no point in time and gives nil, as does anything else
    /// that the grammar does not have.
    package init?(_ text: Span<UInt8>) {
        guard text.count <= Limits.maximumTimestampBytes else { return nil }
        var reader = TimestampReader()
        guard let date = reader.date(text), reader.separator(text), let time = reader.timeOfDay(text),
            let offset = reader.offset(text), reader.isAtEnd(text)
        else { return nil }
        let day = CivilDay.number(year: date.year, month: date.month, day: date.day)
        self.init(secondsSinceEpoch: day * CivilDay.seconds + time.second - offset, nanosecond: time.nanosecond)
    }

    /// The first moment in UTC of a date without time of day, `2026-11-21`; nil for other text.
    package init?(date text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Limits.maximumTimestampBytes else { return nil }
        var reader = TimestampReader()
        guard let date = reader.date(bytes.span), reader.isAtEnd(bytes.span) else { return nil }
        self.init(year: date.year, month: date.month, day: date.day)
    }
}

/// Walks over the text of a time; holds only a position.
private struct TimestampReader {
    private var index = 0

    func isAtEnd(_ text: Span<UInt8>) -> Bool { index == text.count }

    mutating func date(_ text: Span<UInt8>) -> (year: Int, month: Int, day: Int)? {
        guard let year = year(text), take(UInt8(ascii: "-"), text), let month = digits(2, text),
            take(UInt8(ascii: "-"), text), let day = digits(2, text), (1...12).contains(month), day >= 1,
            day <= CivilDay.count(year: year, month: month)
        else { return nil }
        return (year, month, day)
    }

    /// Four digits, or a sign and four to ten: RFC 3339 has the first, ISO 8601 §4.1.2.4 and
    /// java.time the second.
    private mutating func year(_ text: Span<UInt8>) -> Int? {
        let isNegative = take(UInt8(ascii: "-"), text)
        guard isNegative || take(UInt8(ascii: "+"), text) else { return digits(4, text) }
        let start = index
        while index < text.count, index - start < 10, Self.isDigit(text[index]) { index += 1 }
        let count = index - start
        index = start
        guard count >= 4, let year = digits(count, text) else { return nil }
        return isNegative ? -year : year
    }

    mutating func separator(_ text: Span<UInt8>) -> Bool {
        take(UInt8(ascii: "T"), text) || take(UInt8(ascii: "t"), text) || take(UInt8(ascii: " "), text)
    }

    mutating func timeOfDay(_ text: Span<UInt8>) -> (second: Int, nanosecond: Int)? {
        guard let hour = digits(2, text), hour < 24, take(UInt8(ascii: ":"), text), let minute = digits(2, text),
            minute < 60, take(UInt8(ascii: ":"), text), let second = digits(2, text), second <= 60
        else { return nil }
        guard take(UInt8(ascii: "."), text) else { return (hour * 3_600 + minute * 60 + second, 0) }
        var nanosecond = 0
        var unit = 100_000_000
        let start = index
        while index < text.count, Self.isDigit(text[index]) {
            nanosecond += Int(text[index] - UInt8(ascii: "0")) * unit
            unit /= 10
            index += 1
        }
        return index == start ? nil : (hour * 3_600 + minute * 60 + second, nanosecond)
    }

    /// Seconds east of UTC.
    ///
    /// RFC 3339 goes to ±23:59, java.time to ±18:00.
    mutating func offset(_ text: Span<UInt8>) -> Int? {
        if take(UInt8(ascii: "Z"), text) || take(UInt8(ascii: "z"), text) { return 0 }
        let isWest = take(UInt8(ascii: "-"), text)
        guard isWest || take(UInt8(ascii: "+"), text), let hour = digits(2, text), hour < 24,
            take(UInt8(ascii: ":"), text), let minute = digits(2, text), minute < 60
        else { return nil }
        return (hour * 3_600 + minute * 60) * (isWest ? -1 : 1)
    }

    private mutating func take(_ byte: UInt8, _ text: Span<UInt8>) -> Bool {
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    /// Exactly `count` digits, at most 10, so that the number fits with room.
    private mutating func digits(_ count: Int, _ text: Span<UInt8>) -> Int? {
        guard count <= text.count - index else { return nil }
        var value = 0
        for offset in 0..<count {
            let byte = text[index + offset]
            guard Self.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        index += count
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
