// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import SegmentFormat
import Testing

@Suite struct SegmentShredderTests {
    @Test func `the example day comes back`() throws {
        let events = try ExampleDay.events()
        let trip = try RoundTrip(events)
        #expect(!events.isEmpty)
        #expect(try trip.firstDifference() == nil)
        #expect(trip.rawCount == 0)
    }

    /// Events changed at random places: other bytes, bytes fewer and more, pieces of other events.
    @Test func `20,000 mutations come back`() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            var numbers = SeededNumbers(seed: seed)
            let originals = try ExampleDay.events()
            var events: [[UInt8]] = []
            for _ in 0..<5000 {
                guard var event = originals.randomElement(using: &numbers) else { continue }
                for _ in 0..<Int.random(in: 0...3, using: &numbers) {
                    Self.mutate(&event, originals, &numbers)
                }
                events.append(event)
            }
            let trip = try RoundTrip(events, seed: seed)
            #expect(try trip.firstDifference() == nil, "seed \(seed)")
        }
    }

    private static func mutate(_ event: inout [UInt8], _ others: [[UInt8]], _ numbers: inout SeededNumbers) {
        guard !event.isEmpty else { return }
        let place = Int.random(in: 0..<event.count, using: &numbers)
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: event[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case 1: event.remove(at: place)
        case 2: event.insert(Array("\"\\{}[],:0e-.tn =".utf8).randomElement(using: &numbers) ?? 0, at: place)
        case 3:
            event.replaceSubrange(
                place...,
                with: (others.randomElement(using: &numbers) ?? []).suffix(event.count - place)
            )
        case 4: event.removeSubrange(place..<min(event.count, place + 20))
        default:
            // A digit for a digit, a letter for a letter: another value of the same shape.
            if event[place] >= 0x30, event[place] < 0x39 { event[place] += 1 }
            if event[place] >= 0x61, event[place] < 0x66 { event[place] += 1 }
        }
    }

    /// Which values an event has must not depend on the events before it, or a search would miss some.
    @Test func `an event matched has the paths and values of the event learned`() throws {
        for seed in 11...12 as ClosedRange<UInt64> {
            var numbers = SeededNumbers(seed: seed)
            let originals = try ExampleDay.events()
            var events = originals
            for _ in 0..<600 {
                guard var event = originals.randomElement(using: &numbers) else { continue }
                for _ in 0..<Int.random(in: 1...2, using: &numbers) { Self.mutate(&event, originals, &numbers) }
                events.append(event)
            }
            events += (0..<40).map { number in
                Array(#"{"a":[\#((0..<number).map(String.init).joined(separator: ","))],"b":1}"#.utf8)
            }
            let trip = try RoundTrip(events.shuffled(using: &numbers))
            for row in stride(from: trip.events.count - 1, to: 0, by: -2) {
                let together = try trip.leaves(ofRow: row)
                let alone = try RoundTrip([trip.events[row]]).leaves(ofRow: 0)
                #expect(together == alone, "seed \(seed): \(String(decoding: trip.events[row], as: UTF8.self))")
            }
        }
    }

    /// Against Foundation's parser: every string of an event, under its path.
    @Test func `the strings of an event are found under their paths`() throws {
        let events = try ExampleDay.events()
        let trip = try RoundTrip(events)
        for row in events.indices {
            let leaves = try #require(try trip.leaves(ofRow: row))
            let strings = leaves.filter { $0.contains(" \(LeafForms.string.rawValue) ") }.map {
                JSONString.decode(Array($0.utf8).span)
            }
            let object = try JSONSerialization.jsonObject(with: Data(events[row]))
            #expect(strings.sorted() == Self.strings(object, "").sorted())
        }
    }

    private static func strings(_ value: Any, _ path: String) -> [String] {
        let isPayload = ["data.request.data", "data.result.data"].contains(path)
        return switch value {
        case let object as [String: Any] where !isPayload:
            object.flatMap { strings($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
        case let array as [Any] where !isPayload:
            array.enumerated().flatMap { strings($0.element, "\(path)[\($0.offset)]") }
        case let text as String: ["\(path) \(LeafForms.string.rawValue) \(text)"]
        default: []
        }
    }

    @Test func `booleans, nulls and empty containers are the shape's`() throws {
        let trip = try RoundTrip([
            #"{"a":true,"b":"x","c":{"d":null,"e":[]},"n":-1.5,"data":{"request":{"data":{"x":1}}}}"#
        ])
        #expect(
            String(decoding: trip.segment.shapes.emptyEvent(of: 1), as: UTF8.self)
                == #"{"a":true,"b":"","c":{"d":null,"e":[]},"n":0,"data":{"request":{"data":{}}}}"#
        )
        #expect(trip.segment.shapes.emptyEvent(of: ShapeTable.rawShape).isEmpty)
    }

    @Test func `a segment proves all its events, and finds one that is another`() throws {
        let events = try ExampleDay.events()
        let segment = try RoundTrip(events).segment
        var ranges: [Range<Int>] = []
        var bytes: [UInt8] = []
        for event in events {
            ranges.append(bytes.count..<bytes.count + event.count)
            bytes += event
        }
        #expect(try segment.firstDifference(from: bytes.span.bytes, ranges) == nil)
        #expect(try segment.firstDifference(from: bytes.span.bytes, Array(ranges.dropLast())) == events.count)
        bytes[ranges[5].upperBound - 3] ^= 1
        #expect(try segment.firstDifference(from: bytes.span.bytes, ranges) == 5)
    }

    @Test func `nothing that is stored depends on the seed of the hash`() throws {
        let events = try ExampleDay.events()
        let one = try RoundTrip(events, seed: 1).segment
        let other = try RoundTrip(events, seed: 0xFFFF_0000_1234_5678).segment
        #expect(one.shapes == other.shapes)
        #expect(one.rowShapes == other.rowShapes)
        #expect(one.columns == other.columns)
    }

    @Test func `an event in a longer buffer is the same as alone`() throws {
        let events = try ExampleDay.events()
        var buffer: [UInt8] = []
        var shredder = SegmentShredder(seed: 1)
        for event in events { buffer += event + [UInt8(ascii: "\n")] }
        var start = 0
        for event in events {
            try shredder.add(buffer.span.bytes, start..<start + event.count)
            start += event.count + 1
        }
        let segment = shredder.finish()
        let alone = try RoundTrip(events).segment
        #expect(segment.shapes == alone.shapes)
        #expect(segment.columns == alone.columns)
    }

    @Test(arguments: [
        (#"{"a":{"b":1}}"#, ["a.b"]),
        (#"{"a":[{"ip":"x"},"y",["z"]]}"#, ["a[0].ip", "a[1]", "a[2][0]"]),
        (#"{"a.b":1,"":2,"a[0]":3,"\u0061":4,"\"":5,"é":6}"#, [#""a.b""#, #""""#, #""a[0]""#, "a", #""\"""#, "é"]),
        (#"{"a":true,"b":null,"c":{},"d":[]}"#, []),
        (
            #"{"data":{"request":{"data":{"x":1},"x":{"data":{"y":1}}}}}"#,
            ["data.request.data", "data.request.x.data.y"]
        ),
    ])
    func `columns are named by their path`(text: String, paths: [String]) throws {
        let trip = try RoundTrip([text])
        #expect(trip.segment.columns.map(\.path) == [""] + paths)
    }

    @Test func `a column gets the kind of its values`() throws {
        let events = (0..<100).map { number in
            let hexadecimal = String(UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 | 1 << 63, radix: 16)
            return #"{"id":"e957a2c3-8455-475a-a0ef-\#(hexadecimal.prefix(12))","request":"\#(hexadecimal)","#
                + #""long":"\#(number % 2 == 0 ? hexadecimal : "ab" + hexadecimal)","time":"2026-03-01T00:00:\#(10 + number % 50).5Z","#
                + #""port":\#(40_000 + number * 7),"few":\#(1_000_000_000 * (number % 2)),"quoted":"\#(number * 3)","name":"n\#(number % 3)"}"#
        }
        let trip = try RoundTrip(events, limits: RoundTrip.freeTypes)

        #expect(trip.column("id")?.kind == .uuid)
        #expect(trip.column("request")?.kind == .hexadecimal)
        #expect(trip.column("long")?.kind == .hexadecimal)
        #expect(trip.column("time")?.kind == .time(fractionDigits: 1))
        #expect(trip.column("port")?.kind == .integer)
        #expect(trip.column("few")?.kind == .integer)
        #expect(trip.column("few")?.codes != nil)
        #expect(trip.column("quoted")?.kind == .integer)
        #expect(trip.column("name")?.kind == .text)
        #expect(trip.column("name")?.codes == .narrow((0..<100).map { $0 % 3 }))
        guard case .fixed(8, _) = trip.column("request")?.entries else {
            Issue.record("digits of one length are not of one length")
            return
        }
        #expect(try trip.firstDifference() == nil)
    }

    @Test(arguments: [1, 20, 2000])
    func `the type of a path does not depend on how many events there are, nor on what their texts look like`(
        count: Int
    ) throws {
        let events = (0..<count).map { number in
            let hexadecimal = String(UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 | 1 << 63, radix: 16)
            return #"{"id":"e957a2c3-8455-475a-a0ef-\#(hexadecimal.prefix(12))","request":"\#(hexadecimal)","#
                + #""since":"2026-03-01T00:00:\#(10 + number % 50).5Z","time":"2026-03-01T00:00:10.000000001Z","#
                + #""port":\#(40_000 + number * 7),"connection":"1\#(number * 3)"}"#
        }
        let trip = try RoundTrip(events)

        let kinds = ["id", "request", "since", "\"time\"", "port", "connection"].map { trip.column($0)?.kind }
        #expect(kinds == [.text, .text, .text, .text, .integer, .text])
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `a value that follows from another is not stored`() throws {
        let events = ["orders", "payments", "x=y"].map {
            #"{"data":{"resourceName":"crn://a/topic=\#($0)","authorizationInfo":{"resourceName":"\#($0)"}},"#
                + #""subject":"crn://a/topic=\#($0)"}"#
        }
        let trip = try RoundTrip(events)

        #expect(trip.texts("data.resourceName").count == 3)
        #expect(trip.texts("subject").isEmpty)
        #expect(trip.texts("data.authorizationInfo.resourceName") == ["x=y"])
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `one odd value among many makes its event raw and leaves the column as it is`() throws {
        let regular = (0..<40_000).map { #"{"id":"\#(String(0x1000_0000 + $0 * 3, radix: 16))"}"# }
        let trip = try RoundTrip(regular + [#"{"id":"ABCD"}"#] + regular, limits: RoundTrip.freeTypes)

        #expect(trip.rawCount == 1)
        #expect(trip.column("id")?.kind == .hexadecimal)
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `many odd values make the column text`() throws {
        let regular = (0..<40_000).map { #"{"id":"\#(String(0x1000_0000 + $0 * 3, radix: 16))"}"# }
        let odd = (0..<4000).map { #"{"id":"ABCD\#($0)"}"# }
        let trip = try RoundTrip(regular + odd)

        #expect(trip.rawCount < 1000)
        #expect(trip.column("id")?.kind == .text)
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `a dictionary past its limit becomes plain text`() throws {
        var limits = SegmentLimits()
        limits.maximumDictionaryByteCount = 1000
        let trip = try RoundTrip((0..<3000).map { #"{"a":"value \#($0 % 700)"}"# }, limits: limits)

        #expect(trip.column("a")?.codes == nil)
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `more than 65,536 entries have wide codes`() throws {
        let trip = try RoundTrip((0..<200_000).map { #"{"a":"value \#($0 / 2)"}"# })

        guard case .wide = trip.column("a")?.codes else {
            Issue.record("the codes are not wide")
            return
        }
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `values that come again after the column was reviewed have codes after all`() throws {
        let trip = try RoundTrip((0..<200_000).map { #"{"a":"value \#($0 % 40_000)"}"# })

        #expect(trip.column("a")?.entries.count == 40_000)
        #expect(trip.column("a")?.codes?.count == 200_000)
        #expect(try trip.firstDifference() == nil)
    }

    @Test func `a full segment says so and keeps what it has`() throws {
        var limits = SegmentLimits()
        limits.maximumByteCount = 20
        var shredder = SegmentShredder(limits: limits, seed: 1)
        try shredder.add(Array(#"{"a":1}"#.utf8).span.bytes)
        let error = #expect(throws: SegmentError.self) { try Self.addLong(to: &shredder) }
        #expect(error?.code == .segmentFull)
        #expect(shredder.rowCount == 1)
    }

    private static func addLong(to shredder: inout SegmentShredder) throws {
        try shredder.add(Array(#"{"a":"a long value"}"#.utf8).span.bytes)
    }
}
