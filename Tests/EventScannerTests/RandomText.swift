// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// SplitMix64: the same numbers for the same seed, everywhere and for ever.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) < one }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }
}

/// Whether one of the numbers overflows a double, or is an integer of more than 64 bits.
///
/// Other readers refuse such an event. We keep it: a number is its text.
func hasNumberOutOfRange(_ found: [Found], of text: [UInt8]) -> Bool {
    found.contains { hit in
        guard hit.kind == .number else { return false }
        let number = String(decoding: text[hit.range], as: UTF8.self)
        guard let value = Double(number), value.isFinite else { return true }
        guard number.allSatisfy({ $0.isNumber || $0 == "-" }) else { return false }
        return Int64(number) == nil && UInt64(number) == nil
    }
}

/// JSON text made up at random: mostly valid, with every rule of the grammar in use.
struct RandomText {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let keys = [
        "a", "b", "l", "id", "data", "é", "", "😀", #"\u0061"#, #"i\u0064"#, #"\ud83d\ude00"#, #"\n"#, "principal",
        "authenticationInfo", "a key of more than sixteen bytes", "sixteen bytes ok", "e\u{301}", #"e\/f"#,
    ]

    private static let pieces = [
        "x", "User:alice", "crn://confluent.cloud/organization=9f3c1d52-7b1e-4c65", "é", "€", "😀", "\u{7F}", "\u{80}",
        "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", #"\""#, #"\\"#, #"\/"#, #"\b\f\n\r\t"#, #"\u0000"#,
        #"\u00e9"#, #"\uFFFF"#, #"\ud83d\ude00"#, #"\uDBFF\uDFFF"#, "{\\\"a\\\":1}", "[1,]", "// no",
        "0123456789ABCDEF",
    ]

    private static let numbers = [
        "0", "-0", "1", "-1", "1.0", "0.5", "1e5", "1E+5", "1e-5", "-12.25e+3", "12345678901234567890",
        "9223372036854775807", "-9223372036854775808", "18446744073709551615", "0.1234567890123456789", "1e300", "0e0",
    ]

    /// What a mutation puts in: all that has a meaning to some parser.
    static let tokens =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "/", "0", "1", "-", "+", ".", "e", "E", "true", "false", "null",
            "NaN",
            "Infinity", " ", "\t", "\n", "\r", "\u{B}", "\u{C}", "\u{0}", "\u{1F}", "\u{7F}", "\u{A0}", "\u{FEFF}",
            "\\u",
            "\\u0061", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "//", "/**/", "#", "'", "\"a\":1,", "01", "1.", ".5",
            "1e", "0x10",
            "é", "[[[[[[[[", "]]]]]]]]", "\"\"",
        ].map { Array($0.utf8) } + [
            [0x80], [0xBF], [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xEF, 0xBB, 0xBF],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8], [0xFE, 0xFF], [0xFF],
        ]

    mutating func object() -> [UInt8] {
        Array((space() + members(depth: 0) + space()).utf8)
    }

    /// A copy of `bytes` with up to four changes.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            let range = index..<min(bytes.count, index + Int.random(in: 1...8, using: &generator))
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.removeSubrange(range)
            case 3: bytes.insert(contentsOf: generator.pick(Self.tokens), at: index)
            case 4: bytes.replaceSubrange(range, with: generator.pick(Self.tokens))
            case 5:
                bytes.insert(contentsOf: Array(bytes[range]), at: Int.random(in: 0...bytes.count, using: &generator))
            default: if generator.chance(1, in: 4) { bytes.removeSubrange(index...) }
            }
        }
        return bytes
    }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 6 ? 6 : 9), using: &generator) {
        case 0...2: return "\"\(string())\""
        case 3: return generator.pick(Self.numbers)
        case 4: return generator.pick(["true", "false", "null"])
        case 5: return String(Int64.random(in: .min ... .max, using: &generator))
        case 6: return list(depth: depth + 1)
        default: return members(depth: depth + 1)
        }
    }

    private mutating func members(depth: Int) -> String {
        var members: [String] = []
        var left = Self.keys
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let index = Int.random(in: 0..<left.count, using: &generator)
            // Now and then the same key again, or the same in another spelling.
            let key = generator.chance(1, in: 40) ? left[index] : left.remove(at: index)
            members.append(space() + "\"\(key)\"" + space() + ":" + space() + value(depth: depth) + space())
        }
        return "{\(members.isEmpty ? space() : members.joined(separator: ","))}"
    }

    private mutating func list(depth: Int) -> String {
        let items = (0..<Int.random(in: 0...4, using: &generator)).map { _ in space() + value(depth: depth) + space() }
        return "[\(items.isEmpty ? space() : items.joined(separator: ","))]"
    }

    private mutating func string() -> String {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in generator.pick(Self.pieces) }.joined()
    }

    private mutating func space() -> String {
        generator.chance(3, in: 4) ? "" : generator.pick([" ", "\n", "\t", "\r\n", "    "])
    }
}
