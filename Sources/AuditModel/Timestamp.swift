// SPDX-License-Identifier: Apache-2.0

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z without leap seconds, as POSIX counts.
///
/// **Range:** 1677-09-21T00:12:43.145224192Z to 2262-04-11T23:47:16.854775807Z. What lies outside
/// becomes the nearer end; the record's own bytes keep the text.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let nanosecondsSinceEpoch: Int64

    package init(nanosecondsSinceEpoch: Int64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    /// Of a day in the proleptic Gregorian calendar; saturates.
    package init(year: Int, month: Int, day: Int, secondOfDay: Int = 0, nanosecond: Int = 0) {
        self.init(
            secondsSinceEpoch: CivilDay.number(year: year, month: month, day: day) * CivilDay.seconds + secondOfDay,
            nanosecond: nanosecond
        )
    }

    /// Saturates; `nanosecond` counts forward from the second, before the epoch too.
    package init(secondsSinceEpoch: Int, nanosecond: Int = 0) {
        // In 128 bits, because seconds just below the range can reach into it by their nanoseconds.
        let nanoseconds = Int128(secondsSinceEpoch) * 1_000_000_000 + Int128(nanosecond)
        nanosecondsSinceEpoch = Int64(clamping: nanoseconds)
    }

    package static let epoch = Timestamp(nanosecondsSinceEpoch: 0)
    package static let distantPast = Timestamp(nanosecondsSinceEpoch: .min)
    package static let distantFuture = Timestamp(nanosecondsSinceEpoch: .max)

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }

    /// Saturates.
    package func adding(nanoseconds: Int64) -> Timestamp {
        Timestamp(nanosecondsSinceEpoch: Int64(clamping: Int128(nanosecondsSinceEpoch) + Int128(nanoseconds)))
    }

    /// Saturates; precision below a nanosecond is dropped.
    package func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
        return Timestamp(nanosecondsSinceEpoch: Int64(clamping: Int128(nanosecondsSinceEpoch) + nanoseconds))
    }
}

// MARK: - Calendar

extension Timestamp {
    /// The day in UTC and the nanoseconds since its midnight.
    package var utc: (year: Int, month: Int, day: Int, nanosecondOfDay: Int64) {
        let perDay = Int64(CivilDay.seconds) * 1_000_000_000
        var day = nanosecondsSinceEpoch / perDay
        var rest = nanosecondsSinceEpoch % perDay
        if rest < 0 {
            day -= 1
            rest += perDay
        }
        let date = CivilDay.date(ofNumber: Int(day))
        return (date.year, date.month, date.day, rest)
    }
}

/// Days of the proleptic Gregorian calendar, numbered from 1970-01-01.
package enum CivilDay {
    package static let seconds = 86_400

    /// Days from 1970-01-01; years within ±10^10 cannot overflow.
    ///
    /// Of fields out of range, the number of some other day.
    package static func number(year: Int, month: Int, day: Int) -> Int {
        // Years begin in March here, so that the leap day is the last of its year; 400 years are
        // 146,097 days.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        // 719,468 days lie between 0000-03-01 and 1970-01-01.
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date of a day.
    package static func date(ofNumber number: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    static func count(year: Int, month: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
