// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Ledger

@Suite struct LifeLineTests {
    private static let second: Int64 = 1_000_000_000

    private static func line(_ signs: [LifeSign], until now: Int64) -> [String] {
        var line = LifeLine(before: .serverDown)
        for sign in signs { line.add(sign) }
        line.end(at: now * second)
        return line.outages.map { outage in
            let start = outage.range.lowerBound == .min ? "" : "\(outage.range.lowerBound / second)"
            return "\(outage.cause.rawValue) \(start)-\(outage.range.upperBound / second)"
        }
    }

    private static func at(_ seconds: Int64) -> Int64 { seconds * second }

    @Test(
        arguments: [
            ([], 100, ["server-down -100"]),
            ([.started(at(10))], 20, ["server-down -10"]),
            ([.started(at(10))], 700, ["server-down -10", "no-sign-of-life 10-700"]),
            ([.started(at(10)), .stopped(at(20))], 30, ["server-down -10", "server-down 20-30"]),
            ([.started(at(10)), .stopped(at(20)), .started(at(25))], 30, ["server-down -10", "server-down 20-25"]),
            (
                [.started(at(10)), .alive(from: at(11), to: at(15)), .started(at(25))], 30,
                ["server-down -10", "unclean-end 15-25"]
            ),
            ([.alive(from: at(5), to: at(15))], 30, ["server-down -5"]),
            ([.started(at(10)), .alive(from: at(610), to: at(900))], 930, ["server-down -10"]),
            (
                [.started(at(10)), .alive(from: at(611), to: at(900))], 930,
                ["server-down -10", "no-sign-of-life 10-611"]
            ),
            (
                [.started(at(10)), .alive(from: at(20), to: at(20)), .diskFull(at(25)), .diskAvailable(at(40))], 50,
                ["server-down -10", "disk-full 20-40"]
            ),
            (
                [.started(at(10)), .diskFull(at(25)), .started(at(40))], 50,
                ["server-down -10", "unclean-end 25-40", "disk-full 10-40"]
            ),
            ([.started(at(10)), .diskFull(at(25))], 50, ["server-down -10", "disk-full 10-50"]),
            // A clock that was set back.
            (
                [.started(at(100)), .alive(from: at(50), to: at(60)), .alive(from: at(110), to: at(120))], 130,
                ["server-down -100"]
            ),
            ([.started(at(100)), .started(at(50))], 130, ["server-down -100"]),
        ] as [([LifeSign], Int64, [String])]
    )
    func `outages follow from the signs in their order`(signs: [LifeSign], now: Int64, expected: [String]) {
        #expect(Self.line(signs, until: now) == expected)
    }
}
