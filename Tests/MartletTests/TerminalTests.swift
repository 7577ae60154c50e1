// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import martlet

@Suite struct TerminalTests {
    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("Zoë 🐦 日本", "Zoë 🐦 日本"), ("\u{1B}[31mred", "\\u{1b}[31mred"),
        ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"), ("\u{0}", "\\u{0}"), ("\u{7F}", "\\u{7f}"), ("\u{9B}2J", "\\u{9b}2J"),
        ("a\u{202E}b", "a\\u{202e}b"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("\u{FEFF}x", "\\u{feff}x"),
        ("\u{2028}", "\\u{2028}"), ("a\r\nb", "a\\u{d}\\u{a}b"), ("e\u{301}", "e\u{301}"),
    ])
    func `text from outside can't steer the terminal`(text: String, shown: String) {
        #expect(Terminal.harmless(text) == shown)
    }

    @Test func `what is harmless stays so`() {
        for value in 0..<0x3000 as Range<UInt32> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = Terminal.harmless(String(scalar))
            #expect(Terminal.harmless(once) == once)
            #expect(!once.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
    }
}
