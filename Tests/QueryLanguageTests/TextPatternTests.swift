// SPDX-License-Identifier: Apache-2.0

import QueryLanguage
import Testing

@Suite struct TextPatternTests {
    /// `*` and `?` are wildcards, everything else is itself.
    static func pattern(_ text: String, ignoresCase: Bool = false) -> TextPattern {
        let elements = text.utf8.map { byte -> TextPattern.Element in
            switch byte {
            case UInt8(ascii: "*"): .anyText
            case UInt8(ascii: "?"): .anyCharacter
            default: .byte(byte)
            }
        }
        return TextPattern(elements, ignoresCase: ignoresCase)
    }

    @Test(arguments: [
        ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true), ("a", "a", true),
        ("a", "ab", false),
        ("a*", "a", true), ("a*", "abc", true), ("a*", "ba", false), ("*a", "ba", true), ("*a", "ab", false),
        ("*a*", "bab", true), ("*a*", "bbb", false), ("a*b*c", "aXbYc", true), ("a*b*c", "aXcYb", false),
        ("?", "a", true), ("?", "", false), ("?", "ab", false), ("?", "ä", true), ("?", "\u{1F426}", true),
        ("??", "ä", false), ("??", "äb", true), ("a?c", "aäc", true), ("*?", "", false), ("*?", "abc", true),
        ("?*", "ä", true), ("*ä", "xä", true), ("ä?", "äö", true), ("ä*", "ö", false), ("*aab*", "aaab", true),
        ("*abab", "ababab", true), ("a**b", "ab", true),
    ])
    func `wildcards`(_ text: String, _ value: String, _ expected: Bool) {
        #expect(Self.pattern(text).matches(value) == expected)
    }

    @Test(arguments: [
        ("*LEAK*", "a leaked key", true), ("*leak*", "LEAKED", true), ("a?c", "ABC", true), ("*Ä*", "ä", false),
        ("[", "{", false), ("@", "`", false),
    ])
    func `ASCII letters in either case when asked`(_ text: String, _ value: String, _ expected: Bool) {
        #expect(Self.pattern(text, ignoresCase: true).matches(value) == expected)
        #expect(!Self.pattern(text, ignoresCase: false).matches(value))
    }

    @Test func `bytes and texts give the same answer`() {
        let bytes = Array("kafka.CreateTopics".utf8)

        let isMatch = Self.pattern("*Topics").matches(bytes.span)

        #expect(isMatch)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `the automaton agrees with the definition`(_ seed: UInt64) {
        var generator = SplitMix(state: seed)
        for round in 0..<3_000 {
            // Some patterns fill more than one word of bits.
            let scale = round % 10 == 0 ? 40 : 1
            let pattern = Self.text(of: ["a", "b", "ä", "*", "?"], upTo: 6 * scale, &generator)
            let text =
                Bool.random(using: &generator)
                ? Self.text(of: ["a", "b", "ä"], upTo: 8 * scale, &generator)
                : String(pattern.flatMap { $0 == "*" ? "ab" : $0 == "?" ? "ä" : String($0) })
            #expect(
                Self.pattern(pattern).matches(text)
                    == Self.isMatch(Array(pattern.unicodeScalars), Array(text.unicodeScalars)),
                "seed \(seed): \(pattern) on \(text)"
            )
        }
    }

    @Test(.timeLimit(.minutes(20))) func `a hostile pattern takes one step for each byte`() {
        let pattern = Self.pattern(String(repeating: "a*", count: 500) + "b")
        let text = String(repeating: "a", count: 100_000)

        #expect(!pattern.matches(text))
    }

    private static func text(of pieces: [String], upTo count: Int, _ generator: inout SplitMix) -> String {
        (0..<Int.random(in: 0...count, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
            .joined()
    }

    /// The definition, by a table over all prefixes.
    private static func isMatch(_ pattern: [Unicode.Scalar], _ text: [Unicode.Scalar]) -> Bool {
        var fits = [true] + Array(repeating: false, count: text.count)
        for element in pattern {
            var next = Array(repeating: false, count: text.count + 1)
            for index in 0...text.count {
                if element == "*" {
                    next[index] = fits[index] || index > 0 && next[index - 1]
                } else if index > 0 {
                    next[index] = fits[index - 1] && (element == "?" || element == text[index - 1])
                }
            }
            fits = next
        }
        return fits[text.count]
    }
}
