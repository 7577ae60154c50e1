// SPDX-License-Identifier: Apache-2.0

package import AuditModel

/// A time as people write it, which is a point or a stretch: a date is a whole day.
///
/// Absolute: RFC 3339, or cut short behind the year, month, day, minute or second and then in UTC.
/// Relative: `now`, moved by amounts of `s m h d w` and rounded down to the start of one: `now-7d`,
/// `now-1d/d`, `now+90m`.
package struct RelativeTime: Equatable, Sendable {
    /// The first moment.
    package let first: Timestamp

    /// The last moment; the first itself for a point in time.
    package let last: Timestamp

    /// Reads a time; nil for other text.
    package init?(_ text: String, now: Timestamp) {
        if let point = Timestamp(text) {
            self.init(first: point, last: point)
        } else if text.hasPrefix("now") {
            self.init(relative: text.utf8.dropFirst(3), now: now)
        } else {
            self.init(cutShort: text)
        }
    }

    private init(first: Timestamp, last: Timestamp) {
        self.first = first
        self.last = last
    }

    // MARK: - Relative

    private init?(relative text: Substring.UTF8View, now: Timestamp) {
        var rest = text
        var point = now
        while let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            rest.removeFirst()
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest[digits.endIndex...]
            guard let amount = Int64(Substring(digits)), let letter = rest.popFirst(), let unit = Self.unit(letter)
            else { return nil }
            let (length, overflow) = amount.multipliedReportingOverflow(by: unit)
            let isBack = sign == UInt8(ascii: "-")
            if overflow {
                point = isBack ? .distantPast : .distantFuture
            } else {
                point = point.adding(nanoseconds: isBack ? -length : length)
            }
        }
        guard rest.popFirst() == UInt8(ascii: "/") else {
            guard rest.isEmpty, text.isEmpty || text.last != UInt8(ascii: "/") else { return nil }
            self.init(first: point, last: point)
            return
        }
        guard let letter = rest.popFirst(), let unit = Self.unit(letter), rest.isEmpty else { return nil }
        let first = Self.rounded(point, to: unit)
        self.init(first: first, last: first.adding(nanoseconds: unit - 1))
    }

    private static func unit(_ letter: UInt8) -> Int64? {
        switch letter {
        case UInt8(ascii: "s"): second
        case UInt8(ascii: "m"): 60 * second
        case UInt8(ascii: "h"): 3_600 * second
        case UInt8(ascii: "d"): day
        case UInt8(ascii: "w"): 7 * day
        default: nil
        }
    }

    private static let second: Int64 = 1_000_000_000
    private static let day: Int64 = 86_400 * second

    private static func rounded(_ point: Timestamp, to unit: Int64) -> Timestamp {
        // ISO 8601 weeks begin on Monday, and 1970-01-05 was one.
        let origin = unit == 7 * day ? 4 * day : 0
        let remainder = (point.nanosecondsSinceEpoch % unit - origin % unit) % unit
        return point.adding(nanoseconds: -(remainder < 0 ? remainder + unit : remainder))
    }

    // MARK: - Cut short

    private init?(cutShort text: String) {
        switch text.utf8.count {
        case 4: self.init(from: "\(text)-01-01", months: 12)
        case 7: self.init(from: "\(text)-01", months: 1)
        case 10: self.init(from: "\(text)T00:00:00Z", length: Self.day)
        case 16: self.init(from: "\(text):00Z", length: 60 * Self.second)
        case 19: self.init(from: "\(text)Z", length: Self.second)
        default: return nil
        }
    }

    private init?(from text: String, length: Int64) {
        guard let first = Timestamp(text) else { return nil }
        self.init(first: first, last: first.adding(nanoseconds: length - 1))
    }

    private init?(from text: String, months: Int) {
        guard let first = Timestamp(date: text) else { return nil }
        let (year, month, _, _) = first.utc
        let next = month - 1 + months
        let end = Timestamp(year: year + next / 12, month: next % 12 + 1, day: 1)
        self.init(first: first, last: end.adding(nanoseconds: -1))
    }
}
