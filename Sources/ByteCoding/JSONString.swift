// SPDX-License-Identifier: Apache-2.0

/// Text of JSON strings: from the escaped form to the value and back (RFC 8259 §7).
package enum JSONString {
    /// The value of a string whose text, without its quotes, was found valid by a scanner.
    ///
    /// An escape that is not valid after all is kept as it stands, so that nothing is lost or made up.
    package static func decode(_ text: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        decode(text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the value's UTF-8 bytes.
    ///
    /// A lone surrogate, which UTF-8 cannot hold, is kept as the escape it was.
    package static func decode(_ text: Span<UInt8>, into bytes: inout [UInt8]) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < text.count else {
                bytes.append(byte)
                index += 1
                continue
            }
            let letter = text[index + 1]
            if letter == UInt8(ascii: "u") {
                index += decodeUnicodeEscape(text, at: index, into: &bytes)
            } else {
                if let plain = plainByte(forEscape: letter) {
                    bytes.append(plain)
                } else {
                    bytes.append(byte)
                    bytes.append(letter)
                }
                index += 2
            }
        }
    }

    /// The text of a JSON string with its quotes.
    ///
    /// Escapes only what RFC 8259 §7 demands.
    package static func encode(_ value: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.utf8.count + 2)
        encode(value, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a JSON string with its quotes.
    package static func encode(_ value: some StringProtocol, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A:
                bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case 0x0D:
                bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            case 0x09:
                bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case 0x00..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                Hex.append(byte, to: &bytes)
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    // MARK: - Escapes

    /// The byte that a two-character escape stands for; nil for `u` and for letters that escape nothing.
    package static func plainByte(forEscape letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// Four hexadecimal digits at `index`, nil when they are not all there.
    package static func codeUnit(_ text: Span<UInt8>, at index: Int) -> UInt16? {
        guard index >= 0, index <= text.count - 4 else { return nil }
        var unit: UInt16 = 0
        for offset in 0..<4 {
            guard let digit = Hex.value(ofDigit: text[index + offset]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// Appends what `\uXXXX` at `index`, or a pair of them, stands for, and returns how many bytes of text that took.
    private static func decodeUnicodeEscape(_ text: Span<UInt8>, at index: Int, into bytes: inout [UInt8]) -> Int {
        guard let high = codeUnit(text, at: index + 2) else {
            bytes.append(text[index])
            return 1
        }
        if let scalar = Unicode.Scalar(high) {
            bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            return 6
        }
        if high < 0xDC00, index + 7 < text.count, text[index + 6] == UInt8(ascii: "\\"),
            text[index + 7] == UInt8(ascii: "u"), let low = codeUnit(text, at: index + 8), low & 0xFC00 == 0xDC00,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(high) & 0x3FF) << 10 + UInt32(low) & 0x3FF)
        {
            bytes.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
            return 12
        }
        for offset in 0..<6 { bytes.append(text[index + offset]) }
        return 6
    }
}
