// SPDX-License-Identifier: Apache-2.0

import AuditModel

/// The rule by which a zone's clocks change every year, as `TZ` has it: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: POSIX, Base Definitions §8.3, and RFC 9636 §3.3.2, which lets hours go from -167 to 167.
struct TimeZoneYears: Equatable {
    /// Years for which transitions are made: logs are not older than Kafka, and not from a later century.
    static let years = 2007...2150

    /// Seconds east of UTC.
    let standardOffset: Int
    let summer: Summer?

    struct Summer: Equatable {
        let offset: Int
        let begin: Day
        let end: Day
    }

    /// A day of every year, and the local second on it.
    struct Day: Equatable {
        enum Rule: Equatable {
            /// 1 to 365; 29 February is not counted.
            case withoutLeapDay(Int)
            /// 0 to 365.
            case withLeapDay(Int)
            /// A month, a week from 1 to 5 for the last, a day from 0 for Sunday.
            case month(Int, week: Int, weekday: Int)
        }

        let rule: Rule
        let second: Int
    }

    init?(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        guard reader.name(), let west = reader.time(maximumHour: 24) else { return nil }
        standardOffset = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standardOffset + 3_600
        if !reader.isAt(UInt8(ascii: ",")) {
            guard let west = reader.time(maximumHour: 24) else { return nil }
            offset = -west
        }
        guard let begin = reader.day(), let end = reader.day(), reader.isAtEnd else { return nil }
        summer = Summer(offset: offset, begin: begin, end: end)
    }

    /// What the rule makes of the clocks behind a moment, in seconds since 1970.
    func transitions(behind second: Int64) -> [TimeZoneRule.Transition] {
        guard let summer else { return [TimeZoneRule.Transition(second: second + 1, offset: standardOffset)] }
        var all: [TimeZoneRule.Transition] = []
        for year in Self.years {
            // Each is told by the clock that it puts an end to.
            let begin = summer.begin.second(ofYear: year) - Int64(standardOffset)
            let end = summer.end.second(ofYear: year) - Int64(summer.offset)
            all.append(TimeZoneRule.Transition(second: begin, offset: summer.offset))
            all.append(TimeZoneRule.Transition(second: end, offset: standardOffset))
        }
        return all.filter { $0.second > second }.sorted { $0.second < $1.second }
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        func isAt(_ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }

        mutating func take(_ byte: UInt8) -> Bool {
            guard isAt(byte) else { return false }
            index += 1
            return true
        }

        /// `CET`, or anything between angle brackets.
        mutating func name() -> Bool {
            let start = index
            if take(UInt8(ascii: "<")) {
                while index < bytes.count, !isAt(UInt8(ascii: ">")) { index += 1 }
                return take(UInt8(ascii: ">"))
            }
            while index < bytes.count, (bytes[index] | 0x20) &- UInt8(ascii: "a") < 26 { index += 1 }
            return index - start >= 3
        }

        mutating func number() -> Int? {
            let start = index
            var value = 0
            while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10, index - start < 4 {
                value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
                index += 1
            }
            return index == start ? nil : value
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time(maximumHour: Int) -> Int? {
            let isNegative = take(UInt8(ascii: "-"))
            if !isNegative { _ = take(UInt8(ascii: "+")) }
            guard let hour = number(), hour <= maximumHour else { return nil }
            var seconds = hour * 3_600
            for unit in [60, 1] {
                guard take(UInt8(ascii: ":")) else { break }
                guard let value = number(), value < 60 else { return nil }
                seconds += value * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// `,Mm.w.d/time`, `,Jn/time` or `,n/time`.
        mutating func day() -> Day? {
            guard take(UInt8(ascii: ",")), let rule = rule() else { return nil }
            guard take(UInt8(ascii: "/")) else { return Day(rule: rule, second: 7_200) }
            return time(maximumHour: 167).map { Day(rule: rule, second: $0) }
        }

        private mutating func rule() -> Day.Rule? {
            if take(UInt8(ascii: "M")) {
                guard let month = number(), (1...12).contains(month), take(UInt8(ascii: ".")), let week = number(),
                    (1...5).contains(week), take(UInt8(ascii: ".")), let weekday = number(), weekday <= 6
                else { return nil }
                return .month(month, week: week, weekday: weekday)
            }
            let isJulian = take(UInt8(ascii: "J"))
            guard let day = number(), day <= 365, day > 0 || !isJulian else { return nil }
            return isJulian ? .withoutLeapDay(day) : .withLeapDay(day)
        }
    }
}

extension TimeZoneYears.Day {
    /// Local seconds since 1970.
    fileprivate func second(ofYear year: Int) -> Int64 {
        Int64(number(ofYear: year) * CivilDay.seconds + second)
    }

    /// Days since 1970.
    private func number(ofYear year: Int) -> Int {
        let newYear = CivilDay.number(year: year, month: 1, day: 1)
        switch rule {
        case .withLeapDay(let day):
            return newYear + day
        case .withoutLeapDay(let day):
            let march = CivilDay.number(year: year, month: 3, day: 1)
            // From 1 March on, which is the 60th day.
            return day >= 60 ? march + day - 60 : newYear + day - 1
        case .month(let month, let week, let weekday):
            let first = CivilDay.number(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday, day 4 from Sunday.
            let firstWeekday = ((first + 4) % 7 + 7) % 7
            let day = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            let next = month == 12 ? newYear + 366 : CivilDay.number(year: year, month: month + 1, day: 1)
            let end = month == 12 ? CivilDay.number(year: year + 1, month: 1, day: 1) : next
            return day < end ? day : day - 7
        }
    }
}
