// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TransparencyLog

@Suite struct NoteTextTests {
    @Test func `Base64 is Foundation's, and comes back`() {
        var random = SeededNumbers(seed: 17)
        for count in 0...200 {
            let bytes = random.bytes(count)
            let text = Array(Data(bytes).base64EncodedString().utf8)
            #expect(CanonicalBase64.encode(bytes) == text)
            #expect(CanonicalBase64.decode(text) == bytes)
        }
    }

    @Test func `each value has one Base64 text`() {
        // All texts of four characters out of some that are near the borders of the alphabet.
        let characters = Array("AB/9+zQgw=-_ \n".utf8)
        var readCount = 0
        for first in characters {
            for second in characters {
                for third in characters {
                    for fourth in characters {
                        let text = [first, second, third, fourth]
                        guard let bytes = CanonicalBase64.decode(text) else { continue }
                        readCount += 1
                        #expect(CanonicalBase64.encode(bytes) == text)
                    }
                }
            }
        }
        #expect(readCount > 9 * 9 * 9 * 9)
    }

    @Test(arguments: [
        "AA=A", "A===", "====", "=AAA", "AA==AAAA", "AB==", "AAB=", "AA", "AAA", "AAA=AAAA", "AA-_", "AAA\n",
    ])
    func `other Base64 is refused`(text: String) {
        #expect(CanonicalBase64.decode(text.utf8) == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("10", 10), ("18446744073709551615", .max),
            ("", nil), ("00", nil), ("01", nil), ("+5", nil), ("-0", nil), (" 5", nil), ("5 ", nil), ("5\r", nil),
            ("٥", nil), ("５", nil), ("5e3", nil), ("0x5", nil), ("5_0", nil), ("18446744073709551616", nil),
            ("99999999999999999999", nil), ("184467440737095516150", nil), ("1.0", nil), ("\0", nil),
        ] as [(String, UInt64?)]
    )
    func `numbers have one text`(text: String, number: UInt64?) {
        #expect(UInt64(decimal: text.utf8) == number)
    }

    @Test func `a number of a million digits is none`() {
        #expect(UInt64(decimal: [UInt8](repeating: UInt8(ascii: "9"), count: 1_000_000)) == nil)
    }

    @Test func `hashes have 44 characters`() throws {
        let hash = LogSamples.leaf(0)
        #expect(hash.base64.utf8.count == 44)
        #expect(LogHash(base64: hash.base64.utf8) == hash)
        #expect(LogHash(base64: CanonicalBase64.encode([UInt8](0..<31))) == nil)
        #expect(LogHash(base64: CanonicalBase64.encode([UInt8](0..<33))) == nil)
        #expect(LogHash(base64: "".utf8) == nil)
    }

    @Test func `texts that look alike are not the same`() {
        #expect("\u{E9}" == "e\u{301}")
        #expect(!"\u{E9}".hasSameBytes(as: "e\u{301}"))
        #expect("\u{E9}".hasSameBytes(as: "\u{E9}"))
        #expect(!"a".hasSameBytes(as: "ab"))
    }
}
