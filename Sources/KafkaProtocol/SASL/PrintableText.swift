// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes text of bytes that a client chose freely.
package enum PrintableText {
    /// A name: at most `SASLLimits.nameByteCount` bytes; nil for an empty one.
    package static func name(_ bytes: RawSpan) -> String? {
        text(bytes, maximumByteCount: SASLLimits.nameByteCount)
    }

    /// A mechanism: at most `SASLLimits.mechanismByteCount` bytes of printable ASCII; nil for an empty one.
    package static func mechanism(_ bytes: RawSpan) -> String? {
        guard bytes.byteCount > 0 else { return nil }
        var characters: [UInt8] = []
        for offset in 0..<min(bytes.byteCount, SASLLimits.mechanismByteCount) {
            let byte = bytes.byte(at: offset)
            characters.append((0x21...0x7e).contains(byte) ? byte : UInt8(ascii: "?"))
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// Text of at most so many bytes of UTF-8; what is not printable, or no UTF-8, becomes U+FFFD.
    package static func text(_ bytes: RawSpan, maximumByteCount: Int) -> String? {
        guard bytes.byteCount > 0 else { return nil }
        let raw = bytes.text(in: 0..<min(bytes.byteCount, maximumByteCount))
        return text(raw, maximumByteCount: maximumByteCount)
    }

    /// As above, of text that is there already.
    package static func text(_ raw: String, maximumByteCount: Int) -> String {
        var text = String.UnicodeScalarView()
        var byteCount = 0
        for scalar in raw.unicodeScalars {
            let shown: Unicode.Scalar = isPrintable(scalar) ? scalar : "\u{fffd}"
            byteCount += UTF8.width(shown)
            guard byteCount <= maximumByteCount else { break }
            text.append(shown)
        }
        return String(text)
    }

    /// Control characters could forge lines of a log, and format characters turn what is read around.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
