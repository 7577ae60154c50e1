// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import EventScanner
import Testing

@testable import SegmentFormat

@Suite struct EventSkeletonsTests {
    private static let keys = ["specversion", "id", "source", "type", "time"]

    private static let samples = [
        #"{"specversion":"1.0","id":"a1","source":"crn://x/y","type":"t/request","time":"2026-11-20T10:00:00Z","data":{"n":12,"f":-1.5e3,"list":[1,"two",null],"ok":true}}"#,
        #"{"id":"a1","source":"s","specversion":"1.0","type":"t","data":{"deep":{"er":[{"x":"1"},{"x":"2"}]},"empty":{},"none":[]}}"#,
        #"{ "specversion" : "1.0" , "id" : "b" , "source" : "s" , "type" : "t" , "time" : 5 }"#,
        #"{"specversion":"1.0","type":"t","source":"s","id":"ü","k\u0065y":"\n","zero":0,"list":[[[0.5]]]}"#,
    ]

    private static func skeletons(_ samples: [String] = samples) -> EventSkeletons {
        var skeletons = EventSkeletons(keys: keys, requiredCount: 4)
        for sample in samples {
            let bytes = Array(sample.utf8)
            skeletons.learn(bytes.span.bytes, 0..<bytes.count)
        }
        return skeletons
    }

    private static func matches(_ text: String, _ skeletons: inout EventSkeletons) -> Bool {
        let bytes = Array(text.utf8)
        return skeletons.match(bytes.span.bytes, 0..<bytes.count)
    }

    @Test func `an event with other strings and numbers is recognised, and its values are found`() throws {
        var skeletons = Self.skeletons()
        let text = Self.samples[0].replacing("a1", with: "other-id-that-is-longer").replacing("12", with: "0.25")
        let bytes = Array(text.utf8)

        #expect(Self.matches(text, &skeletons))

        let values = Self.keys.indices.map { key in
            skeletons.value(ofKey: key).map { String(decoding: bytes[$0], as: UTF8.self) }
        }
        #expect(values == ["1.0", "other-id-that-is-longer", "crn://x/y", "t/request", "2026-11-20T10:00:00Z"])
    }

    @Test func `a time that is no string has no place`() {
        var skeletons = Self.skeletons()
        #expect(Self.matches(Self.samples[2], &skeletons))
        #expect(skeletons.value(ofKey: 4) == nil)
    }

    @Test(arguments: [
        // Escapes, other bytes than ASCII and control characters are for the parser.
        (#""id":"a1""#, #""id":"a\n1""#), (#""id":"a1""#, "\"id\":\"ä\""), (#""id":"a1""#, "\"id\":\"a\u{1}\""),
        // Numbers by the standard, or none.
        ("12", "012"), ("12", "1."), ("12", ".5"), ("12", "+1"), ("12", "1e"), ("12", "-"), ("12", "1e+"),
        ("12", "0x1"),
        ("12", "1_0"), ("12", "true"), ("12", #""12""#), ("12", "[1]"), ("12", "{}"), ("12", ""),
        // Other text around the values.
        (#""ok":true"#, #""ok":false"#), (#""n""#, #""m""#), ("{", "{ "), ("}}", "}"), ("}}", "}} "), ("}}", "}}}"),
        ("null", "nul"), (#","data""#, #",,"data""#), (#"[1,"two",null]"#, #"[1,"two",null,3]"#),
    ])
    func `what is not the same text with plain values is left to the parser`(part: String, other: String) {
        var skeletons = Self.skeletons()
        #expect(Self.matches(Self.samples[0], &skeletons))
        #expect(!Self.matches(Self.samples[0].replacing(part, with: other, maxReplacements: 1), &skeletons))
    }

    @Test func `events without an id of their own are not learned`() {
        let texts = [
            #"{"specversion":"1.0","source":"s","type":"t"}"#, #"{"specversion":"1.0","id":1,"source":"s","type":"t"}"#,
            #"{"specversion":"1.0","data":{"id":"x"},"source":"s","type":"t"}"#,
            #"{"specversion":"1.0","\u0069d":"x","source":"s","type":"t"}"#,
        ]
        var skeletons = Self.skeletons(texts)
        for text in texts { #expect(!Self.matches(text, &skeletons)) }
    }

    /// Whatever is recognised, the parser accepts, and finds the same values: tried on events with bytes changed, left out,
    /// doubled and put in from elsewhere.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func `what is recognised is what the parser accepts`(seed: UInt64) throws {
        var skeletons = Self.skeletons()
        var scanner = ObjectScanner(PathTable(Self.keys.enumerated().map { ($1, UInt16($0)) }))
        var random = SeededRandom(seed)
        let pieces = Array(#""{}[],:\0123456789.eE+-truefalsn ü"#.utf8) + [0, 0x1F, 0x7F, 0x80, 0xC3, 0xFF]
        var matchCount = 0

        for number in 0..<20_000 {
            var bytes = Array(Self.samples[number % Self.samples.count].utf8)
            for _ in 0...Int(random.next() % 2) {
                let place = Int(random.next() % UInt64(bytes.count))
                let piece = pieces[Int(random.next() % UInt64(pieces.count))]
                switch random.next() % 4 {
                case 0: bytes[place] = piece
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(piece, at: place)
                default: bytes.insert(bytes[place], at: place)
                }
            }
            guard skeletons.match(bytes.span.bytes, 0..<bytes.count) else { continue }
            matchCount += 1
            let text = String(decoding: bytes, as: UTF8.self)
            let object = try #require(try? scanner.scan(bytes.span.bytes, in: 0..<bytes.count), "\(text)")
            #expect(object == 0..<bytes.count, "\(text)")
            for key in Self.keys.indices {
                let hit = scanner.first(UInt16(key)).flatMap { $0.kind.isString ? $0.range : nil }
                #expect(skeletons.value(ofKey: key) == hit, "\(text)")
            }
        }

        #expect(matchCount > 500)
    }
}
