// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct HexTests {
    /// RFC 4648 §10, in lower case.
    @Test(arguments: [
        ("", ""), ("f", "66"), ("fo", "666f"), ("foo", "666f6f"), ("foob", "666f6f62"), ("fooba", "666f6f6261"),
        ("foobar", "666f6f626172"),
    ])
    func `published vectors, both ways and in both cases`(_ plain: String, _ digits: String) {
        #expect(Hex.encode(plain.utf8) == digits)
        #expect(Hex.decode(digits) == Array(plain.utf8))
        #expect(Hex.decode(digits.uppercased()) == Array(plain.utf8))
    }

    @Test func `every byte survives`() {
        let bytes = [UInt8](0...255)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test(arguments: [
        "0", "000", "0g", "g0", " 00", "00 ", "0x00", "+1", "-1", "0é", "００", "0\u{0}", "@0", "`0", "/0", ":0", "G0",
    ])
    func `what is no hexadecimal text`(_ text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
