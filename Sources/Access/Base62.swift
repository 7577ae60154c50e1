// SPDX-License-Identifier: Apache-2.0

/// Digits `0-9A-Za-z`: text that a double click selects whole and that needs no escaping in a header or a shell.
enum Base62 {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// A number, given by its bytes, in exactly `digitCount` digits, most significant first.
    ///
    /// What does not fit the digits is left out at the top.
    static func encode(_ bigEndian: [UInt8], digitCount: Int) -> String {
        var rest = bigEndian
        var text = [UInt8](repeating: digits[0], count: digitCount)
        for position in text.indices.reversed() {
            // Long division by 62: the remainder carried into each byte is below 62, so a step stays below 2^14.
            var remainder = 0
            for index in rest.indices {
                let dividend = remainder << 8 | Int(rest[index])
                rest[index] = UInt8(dividend / 62)
                remainder = dividend % 62
            }
            text[position] = digits[remainder]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A 32-bit number in exactly `digitCount` digits.
    static func encode(_ number: UInt32, digitCount: Int) -> String {
        encode([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }, digitCount: digitCount)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
