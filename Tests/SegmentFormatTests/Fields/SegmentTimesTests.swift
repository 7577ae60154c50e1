// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct SegmentTimesTests {
    private static let kinds: [String] = ["rising", "mixed", "far apart", "before 1970"]

    private static func milliseconds(_ kind: String, _ random: inout SeededNumbers) -> [Int64] {
        let times = (0..<700).map { _ in Int64(random.below(5000)) }
        return switch kind {
        case "rising": times.sorted()
        case "far apart": times.map { $0 * 100_000_000 }
        case "before 1970": times.map { -$0 }
        default: times
        }
    }

    @Test(arguments: kinds)
    func `rows are found by their times, both ends included`(kind: String) {
        var random = SeededNumbers(seed: 7)
        let milliseconds = Self.milliseconds(kind, &random)
        let nanoseconds = milliseconds.map { $0 &* 1_000_000 }
        for times in [SegmentTimes(milliseconds: milliseconds), SegmentTimes(nanoseconds: nanoseconds)] {
            #expect(milliseconds.indices.allSatisfy { times[$0] == nanoseconds[$0] })
            #expect(times.isAscending == (kind == "rising"))
            for _ in 0..<50 {
                let ends = [
                    nanoseconds[random.below(700)], nanoseconds[random.below(700)] + Int64(random.below(3)) - 1,
                ]
                let range = min(ends[0], ends[1])...max(ends[0], ends[1])
                let found = times.rows(in: range)
                #expect(milliseconds.indices.allSatisfy { found[$0] == range.contains(nanoseconds[$0]) })
            }
            #expect(times.rows(in: .min ... .max) == Bitmap(repeating: true, count: 700))
        }
    }

    @Test func `of no rows there are no times`() {
        #expect(SegmentTimes(milliseconds: []).rows(in: 0...1).count == 0)
        #expect(SegmentTimes(nanoseconds: []).rowCount == 0)
    }
}
