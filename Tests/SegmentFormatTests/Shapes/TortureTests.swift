// SPDX-License-Identifier: Apache-2.0

import Foundation
import SegmentFormat
import Testing

@Suite struct TortureTests {
    @Test(arguments: TortureSet.values)
    func `a value comes back whatever kind its column has`(value: String) throws {
        let plain = (0..<40).map { #"{"v":"\#($0)","w":"x"}"# }
        let one = #"{"v":\#(value),"w":"x"}"#

        for events in [[one], plain + [one], [one] + plain, [one, one] + plain + [one]] {
            #expect(try RoundTrip(events).firstDifference() == nil)
        }
    }

    /// A column of 40,000 different values, past the point where it stores each by itself, and then odd ones.
    @Test(arguments: 0..<6)
    func `a value comes back behind a column of another kind`(kind: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(kind))
        let regular = (0..<40_000).map { place -> String in
            let high = String(numbers.next() | 1 << 63, radix: 16)
            let low = String(numbers.next() | 1 << 63, radix: 16)
            let text =
                switch kind {
                case 0:
                    "\(high.prefix(8))-\(high.suffix(8).prefix(4))-\(high.suffix(4))-\(low.prefix(4))-\(low.suffix(12))"
                case 1: high
                case 2: place.isMultiple(of: 3) ? high + low : high
                case 3: "\(Int64(bitPattern: numbers.next()))"
                case 4: "2026-03-\(10 + place % 20)T\(10 + place % 14):\(10 + place % 50):17.\(100_000 + place)Z"
                default: "text \(high)"
                }
            return #"{"v":"\#(text)"}"#
        }
        let odd = TortureSet.values.map { #"{"v":\#($0)}"# }

        let oddLast = try RoundTrip(regular + odd)
        #expect(try oddLast.firstDifference() == nil)
        #expect(oddLast.column("v")?.codes == nil)
        #expect(try RoundTrip(odd + regular).firstDifference() == nil)
        #expect(
            try RoundTrip(regular + Array(repeating: odd, count: 20).flatMap { $0 } + regular).firstDifference() == nil
        )
    }

    @Test(arguments: TortureSet.structures + TortureSet.invalid)
    func `an event comes back, and again, and with another value`(text: String) throws {
        let other = text.replacingOccurrences(of: "1", with: "23").replacingOccurrences(of: "c", with: "dd")
        #expect(try RoundTrip([text, text, other, text, other]).firstDifference() == nil)
        #expect(try RoundTrip([other, text]).firstDifference() == nil)
    }

    @Test func `all that is odd comes back from one segment`() throws {
        let events = TortureSet.values.flatMap { value in
            TortureSet.values.map { #"{"id":\#(value),"data":{"x":[\#($0)]},"b":true}"# }
        }
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `10,000 shapes come back, those past the limit raw`() throws {
        let events = TortureSet.shapes(count: 10_000).flatMap { [$0, $0] }
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
        #expect(trip.segment.shapes.shapeCount == SegmentLimits().maximumShapeCount)
        #expect(trip.rawCount == 2 * (10_000 - SegmentLimits().maximumShapeCount + 1))
    }

    @Test func `10,000 keys come back, those past the limit raw`() throws {
        let events = TortureSet.paths(count: 10_000)
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
        #expect(trip.segment.columns.count == SegmentLimits().maximumColumnCount)
    }

    @Test func `events with 2,000 keys come back raw`() throws {
        let events = TortureSet.wideEvents(count: 20)
        let trip = try RoundTrip(events + [#"{"k0":"x"}"#])
        #expect(try trip.firstDifference() == nil)
        #expect(trip.rawCount == 20)
        #expect(trip.segment.columns.count == 2)
    }

    @Test func `payloads of 200 KB come back from their column`() throws {
        let events = TortureSet.payloads(count: 20)
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
        #expect(trip.rawCount == 0)
        #expect(trip.column("data.request.data")?.kind == .json)
    }

    @Test func `nesting past the limit comes back raw`() throws {
        let events = [1, 63, 64, 65, 500].map { depth in
            String(repeating: #"{"a":["#, count: depth) + "1" + String(repeating: "]}", count: depth)
        }
        #expect(try RoundTrip(events + events).firstDifference() == nil)
    }
}
