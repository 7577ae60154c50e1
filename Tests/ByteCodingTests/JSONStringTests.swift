// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct JSONStringTests {
    @Test(arguments: [
        ("", ""),
        ("plain é€😀", "plain é€😀"),
        (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#"\u0000"#, "\u{0}"),
        (#"\u0041\u007f\u0080\u07FF\u0800\uffff"#, "A\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}"),
        (#"\ud83d\ude00"#, "😀"),
        (#"\uD800\uDC00\uDBFF\uDFFF"#, "\u{10000}\u{10FFFF}"),
        (#"\\u0041"#, #"\u0041"#),
        (#"\\\\"#, #"\\"#),
        (#"a\nb\u00e9c"#, "a\nbéc"),
        (#"e\u0301"#, "e\u{301}"),
    ])
    func `escapes are resolved`(_ text: String, _ value: String) {
        let decoded = JSONString.decode(Array(text.utf8).span)
        #expect(Array(decoded.utf8) == Array(value.utf8))
    }

    /// No scanner lets these pass; nothing of them may be lost all the same.
    @Test(arguments: [
        #"\ud83d"#, #"\ude00"#, #"\ude00\ud83d"#, #"\ud83dx"#, #"\ud83d\n"#.replacing(#"\n"#, with: #"\q"#),
        #"\ud83d\u"#,
        #"\ud83d\ud83d"#, #"\q"#, #"\u12"#, #"\uGGGG"#, #"\u"#, #"\"#, #"a\"#, #"\ud83d\u00"#,
    ])
    func `what is no escape is kept as it stands`(_ text: String) {
        #expect(JSONString.decode(Array(text.utf8).span) == text)
    }

    @Test(arguments: [
        ("", #""""#),
        ("plain é€😀\u{7F}\u{2028}", "\"plain é€😀\u{7F}\u{2028}\""),
        ("a/b", #""a/b""#),
        ("\"\\", #""\"\\""#),
        ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{8}\u{B}\u{C}\u{1F}", #""\u0000\u0008\u000b\u000c\u001f""#),
        ("\r\n", #""\r\n""#),
    ])
    func `only what has to be escaped is`(_ value: String, _ text: String) {
        #expect(JSONString.encode(value) == text)
    }

    @Test func `every scalar survives`() {
        for first in stride(from: 0, through: 0x10FFFF, by: 97) {
            let value = String(String.UnicodeScalarView((first..<first + 97).compactMap(Unicode.Scalar.init)))
            let text = Array(JSONString.encode(value).utf8.dropFirst().dropLast())
            let decoded = JSONString.decode(text.span)
            #expect(Array(decoded.utf8) == Array(value.utf8))
        }
    }

    @Test func `every pair of surrogates is one scalar`() {
        for value in stride(from: UInt32(0x10000), through: 0x10FFFF, by: 251) {
            let high = String(0xD800 + (value - 0x10000) >> 10, radix: 16)
            let low = String(0xDC00 + (value - 0x10000) & 0x3FF, radix: 16, uppercase: true)
            let decoded = JSONString.decode(Array("\\u\(high)\\u\(low)".utf8).span)
            #expect(decoded.unicodeScalars.map(\.value) == [value])
        }
    }
}
