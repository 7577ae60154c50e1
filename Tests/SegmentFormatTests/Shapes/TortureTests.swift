// SPDX-License-Identifier: Apache-2.0

import Foundation
import SegmentFormat
import Testing

@Suite struct TortureTests {
    static let values = [
        #""""#, #""a""#, #""\u003d""#, #""\"\\\/\b\f\n\r\t""#, #""\ud83d\ude00""#, #""é€😀""#, "\"\u{7F}\"", "0", "-0",
        "1",
        "-1", "1.0", "1e5", "1E+5", "-1.25e-007", "1e400", "0.1234567890123456789", "12345678901234567890",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        #""0""#, #""-0""#, #""007""#, #""+1""#, #""9223372036854775807""#, #""9223372036854775808""#, #"" 1""#,
        "true", "false", "null", "{}", "[]", "{ }", "[ ]", #"[1,"2",[3,[4]],{"a":5}]"#, "[[],[[]],{}]",
        #""e957a2c3-8455-475a-a0ef-f917b55069f9""#, #""E957A2C3-8455-475A-A0EF-F917B55069F9""#,
        #""e957a2c3-8455-475a-a0ef-f917b55069f""#, #""e957a2c3-8455-475a-a0ef_f917b55069f9""#,
        #""e957a2c3-8455-475g-a0ef-f917b55069f9""#, #""00""#, #""0g""#, #""abc""#, #""ABCD""#, #""deadbeef""#,
        #""deadbeef0102030405060708090a0b0c0d0e0f""#, #""deadbeef0102030405060708090a0b0c0d0e0fg""#,
        #""2026-03-01T00:00:04Z""#, #""2026-03-01T00:00:04.8Z""#, #""2026-03-01T00:00:04.81Z""#,
        #""2026-03-01T00:00:04.811Z""#, #""2026-03-01T00:00:04.8112Z""#, #""2026-03-01T00:00:04.81123Z""#,
        #""2026-03-01T00:00:04.811234Z""#, #""2026-03-01T00:00:04.8112345Z""#, #""2026-03-01T00:00:04.81123456Z""#,
        #""2026-03-01T00:00:04.811234567Z""#, #""2026-03-01T00:00:04.8112345678Z""#, #""2026-03-01T00:00:04.Z""#,
        #""2026-03-01T00:00:04.811+02:00""#, #""2026-03-01t00:00:04.811z""#, #""2026-03-01 00:00:04.811Z""#,
        #""2026-02-29T00:00:00.000Z""#, #""2024-02-29T23:59:59.999Z""#, #""2026-13-01T00:00:00.000Z""#,
        #""2026-00-00T00:00:00.000Z""#, #""2026-01-01T24:00:00.000Z""#, #""2016-12-31T23:59:60.000Z""#,
        #""0000-01-01T00:00:00.000Z""#, #""9999-12-31T23:59:59.999Z""#, #""1677-09-21T00:12:43.145224191Z""#,
        #""1969-12-31T23:59:59.999999999Z""#, #""9999-12-31T23:59:59.999999999Z""#,
        #""+999999999-12-31T23:59:59.999999999-18:00""#, #""-0001-01-01T00:00:00.000Z""#,
        #""203.0.113.77""#, #""crn://a/b=c/topic=x""#, #""=""#, #""a=""#,
    ]

    @Test(arguments: values)
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
        let odd = Self.values.map { #"{"v":\#($0)}"# }

        let oddLast = try RoundTrip(regular + odd)
        #expect(try oddLast.firstDifference() == nil)
        #expect(oddLast.column("v")?.codes == nil)
        #expect(try RoundTrip(odd + regular).firstDifference() == nil)
        #expect(
            try RoundTrip(regular + Array(repeating: odd, count: 20).flatMap { $0 } + regular).firstDifference() == nil
        )
    }

    @Test(arguments: [
        " {\"a\" : 1 ,\t\"b\":[ 1 , 2 ]\r\n} \n", "{\"a\":1}", "{\"a\":1 }", "{ \"a\":1}", "{}", " { } ",
        #"{"":1}"#, #"{"":{"":{"":""}}}"#, #"{"a.b":1,"a":{"b":2}}"#, #"{"a[0]":1,"a":[2]}"#, #"{"\u0061":1}"#,
        #"{"é":1,"é":2}"#, #"{"\"":1}"#, #"{"a":[[[[1]]]],"b":[[],[1],[[2]]]}"#, #"{"a":[1,2],"b":[{"c":3},{"c":4}]}"#,
        #"{"a":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]}"#, #"{"a":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}"#,
        #"{"a":[[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17],[1],"x"]}"#,
        #"{"data":{"request":{"data":{"a":[1,{"b":"}\"]"}]}}}}"#, #"{"data":{"request":{"data":{}}}}"#,
        #"{"data":{"request":{"data":"text"}}}"#, #"{"data":{"request":{"data":[]}}}"#,
        #"{"data":{"result":{"data":[1,2]},"request":{"d\u0061ta":{"x":1}}}}"#,
        #"{"subject":"a/b=c","data":{"resourceName":"a/b=c","authorizationInfo":{"resourceName":"c"}}}"#,
        #"{"subject":"a/b=c","data":{"resourceName":"a/b=d","authorizationInfo":{"resourceName":"c"}}}"#,
        #"{"data":{"resourceName":"c","authorizationInfo":{"resourceName":"c"}},"subject":"c"}"#,
        #"{"data":{"resourceName":7},"subject":"7"}"#,
        // No events, but nothing is lost even so.
        "", "x", "[1]", "{", "{\"a\":", "{\"a\":1,\"a\":2}", "{\"a\":\"\\", "{\"a\":tru", "{\"a\":[}", "\u{0}",
        "{\"a\":1}{\"a\":1}",
    ])
    func `an event comes back, and again, and with another value`(text: String) throws {
        let other = text.replacingOccurrences(of: "1", with: "23").replacingOccurrences(of: "c", with: "dd")
        #expect(try RoundTrip([text, text, other, text, other]).firstDifference() == nil)
        #expect(try RoundTrip([other, text]).firstDifference() == nil)
    }

    @Test func `all that is odd comes back from one segment`() throws {
        let events = Self.values.flatMap { value in
            Self.values.map { #"{"id":\#(value),"data":{"x":[\#($0)]},"b":true}"# }
        }
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `10,000 shapes come back, those past the limit raw`() throws {
        let events = (0..<10_000).flatMap { number in
            let bits = (0..<14).map { #""k\#($0)":\#(number >> $0 & 1 == 1 ? "true" : "false")"# }.joined(
                separator: ","
            )
            return Array(repeating: #"{"id":"\#(number)",\#(bits)}"#, count: 2)
        }
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
        #expect(trip.segment.shapes.shapeCount == SegmentLimits().maximumShapeCount)
        #expect(trip.rawCount == 2 * (10_000 - SegmentLimits().maximumShapeCount + 1))
    }

    @Test func `10,000 keys come back, those past the limit raw`() throws {
        let events = (0..<10_000).map { #"{"id":"\#($0)","key\#($0)":"\#($0)"}"# }
        let trip = try RoundTrip(events)
        #expect(try trip.firstDifference() == nil)
        #expect(trip.segment.columns.count == SegmentLimits().maximumColumnCount)
    }

    @Test func `events with 2,000 keys come back raw`() throws {
        let events = (0..<20).map { number in
            "{" + (0..<2000).map { #""k\#($0)":"\#($0 * number)""# }.joined(separator: ",") + "}"
        }
        let trip = try RoundTrip(events + [#"{"k0":"x"}"#])
        #expect(try trip.firstDifference() == nil)
        #expect(trip.rawCount == 20)
        #expect(trip.segment.columns.count == 2)
    }

    @Test func `payloads of 200 KB come back from their column`() throws {
        let events = (0..<20).map { number in
            let rows = (0..<5000).map { #"{"n":"\#($0 * number)","s":"\"}]\""}"# }.joined(separator: ",")
            return
                #"{"id":"\#(number)","data":{"request":{"data":{"rows":[\#(rows)]}}},"text":"\#(rows.filter { $0 != "\"" && $0 != "\\" })"}"#
        }
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
