// SPDX-License-Identifier: Apache-2.0

import AuditModel

/// How far local clocks are from UTC, and when that changes: what stamps without a zone need.
///
/// A fixed offset, or the history of a zone as `TimeZoneFile` reads it.
package struct TimeZoneRule: Equatable, Sendable {
    /// From a moment on, so many seconds east of UTC.
    package struct Transition: Equatable, Sendable {
        /// Seconds since 1970 (UTC).
        package let second: Int64
        package let offset: Int

        package init(second: Int64, offset: Int) {
            self.second = second
            self.offset = offset
        }
    }

    /// Seconds east of UTC before the first transition.
    private let firstOffset: Int
    /// In order.
    private let transitions: [Transition]

    package static let utc = TimeZoneRule(secondsEast: 0)

    package init(secondsEast: Int) {
        firstOffset = secondsEast
        transitions = []
    }

    /// - Parameters:
    ///   - firstOffset: seconds east of UTC before the first transition.
    ///   - transitions: in any order.
    package init(firstOffset: Int, transitions: [Transition]) {
        self.firstOffset = firstOffset
        self.transitions = transitions.sorted { $0.second < $1.second }
    }

    /// Reads `UTC`, `Z`, `+02:00`, `-0530` or `+2`; nil for any other text, which may be a zone's name.
    package init?(fixed text: String) {
        if ["UTC", "GMT", "Z", "Etc/UTC"].contains(text) {
            self = .utc
            return
        }
        let bytes = Array(text.utf8)
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = bytes.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard (1...4).contains(digits.count), bytes.count - digits.count <= 2,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        let (hours, minutes) = digits.count <= 2 ? (number, 0) : number.quotientAndRemainder(dividingBy: 100)
        guard hours <= 18, minutes < 60 else { return nil }
        self.init(secondsEast: (hours * 3_600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1))
    }

    /// The offset that holds at a moment.
    package func offset(atUTC second: Int64) -> Int {
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].second <= second { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : transitions[low - 1].offset
    }

    /// The offset of what a local clock showed, both in seconds.
    ///
    /// When a clock is put back, an hour is shown twice, and the line does not say which it was: the first is taken, always, so that
    /// a line read again has the same time. What no clock showed, because it was put forward, has the offset from before.
    package func offset(ofLocal second: Int64) -> Int {
        // The first transition behind which this reading comes too late to be from before it.
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if localEnd(beforeTransition: middle) <= second { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : transitions[low - 1].offset
    }

    /// The local reading, by either offset the later, from which on a clock shows what follows a transition and nothing else.
    private func localEnd(beforeTransition place: Int) -> Int64 {
        let before = place == 0 ? firstOffset : transitions[place - 1].offset
        return transitions[place].second + Int64(max(before, transitions[place].offset))
    }

    /// The quarter of an hour that was asked for last, so that the lines of one ask once.
    struct Memory: Sendable {
        private var quarter = Int64.min
        private var offset = 0

        /// As `offset(ofLocal:)`.
        mutating func offset(ofLocal second: Int64, _ rule: TimeZoneRule) -> Int {
            guard !rule.transitions.isEmpty else { return rule.firstOffset }
            // Since there is Kafka, no zone has changed in the middle of a quarter.
            let asked = second / 900
            if asked != quarter {
                quarter = asked
                offset = rule.offset(ofLocal: asked * 900)
            }
            return offset
        }
    }
}
