// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Testing

@testable import martlet

@Suite struct HeartbeatClockTests {
    private static let start = Timestamp("2026-11-22T10:00:00Z") ?? .epoch

    private static func time(_ seconds: Int) -> Timestamp { start.adding(.seconds(seconds)) }

    private static func clock(at seconds: Int) -> HeartbeatClock {
        HeartbeatClock(interval: .seconds(60), longestPause: .seconds(300), now: time(seconds), endIndex: 1)
    }

    /// Ticks every so many seconds, with a log that does not grow but for what is said, and tells what was said when.
    private static func said(_ clock: inout HeartbeatClock, _ seconds: StrideThrough<Int>) -> [String] {
        var endIndex: UInt64 = 1
        return seconds.flatMap { second in
            let beats = clock.tick(at: time(second), endIndex: endIndex)
            endIndex += UInt64(beats.count)
            return beats.map { beat in
                switch beat {
                case .log: "log \(second)"
                case .hour(let start): "hour \(start)"
                }
            }
        }
    }

    @Test func `a silent log speaks once an interval`() {
        var clock = Self.clock(at: 5)

        #expect(Self.said(&clock, stride(from: 10, through: 200, by: 5)) == ["log 65", "log 130", "log 195"])
    }

    @Test func `a log that grows says nothing`() {
        var clock = Self.clock(at: 0)

        for second in stride(from: 30, through: 600, by: 30) {
            #expect(clock.tick(at: Self.time(second), endIndex: UInt64(second)) == [])
        }
    }

    @Test func `only hours that were watched as a whole are spoken for`() {
        var clock = Self.clock(at: 1800)

        let hours = Self.said(&clock, stride(from: 1805, through: 3 * 3600, by: 5)).filter { $0.hasPrefix("hour") }

        #expect(hours == ["hour 2026-11-22T11:00:00Z", "hour 2026-11-22T12:00:00Z"])
    }

    @Test func `a pause of the machine is not watching`() {
        var clock = Self.clock(at: 0)
        _ = Self.said(&clock, stride(from: 5, through: 3700, by: 5))

        let later = Self.said(&clock, stride(from: 4100, through: 11_000, by: 5)).filter { $0.hasPrefix("hour") }

        #expect(later == ["hour 2026-11-22T12:00:00Z"])
    }

    @Test func `a clock that is set back is not watching`() {
        var clock = Self.clock(at: 3500)
        _ = Self.said(&clock, stride(from: 3505, through: 3700, by: 5))

        let later = Self.said(&clock, stride(from: 3590, through: 7300, by: 5)).filter { $0.hasPrefix("hour") }

        #expect(later == ["hour 2026-11-22T11:00:00Z"])
    }
}
