// SPDX-License-Identifier: Apache-2.0

/// Base64 (RFC 4648 §4) of which a value has one text: padded, the standard alphabet, and no bits to spare.
///
/// Decoders commonly ignore the bits of the last character that no byte needs; a text could then be changed and still be
/// the same signature.
package enum CanonicalBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(truncatingIfNeeded: value) }
        return values
    }()

    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var word: UInt32 = 0
            for offset in 0..<3 { word = word << 8 | (offset < count ? UInt32(bytes[start + offset]) : 0) }
            for place in 0..<4 {
                let value = Int(truncatingIfNeeded: word >> (18 - 6 * UInt32(place)) & 0x3F)
                text.append(place <= count ? alphabet[value] : padding)
            }
        }
        return text
    }

    /// The bytes; nil when the text is not exactly what `encode` writes for them.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let text = Array(text)
        guard text.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            var word: UInt32 = 0
            var count = 3
            for offset in 0..<4 {
                let character = text[start + offset]
                if character == padding, offset >= 2, start + 4 == text.count {
                    count = min(count, offset - 1)
                    word <<= 6
                } else {
                    let value = values[Int(character)]
                    guard value != 0xFF, count == 3 else { return nil }
                    word = word << 6 | UInt32(value)
                }
            }
            guard word & ((1 << (8 * UInt32(3 - count))) - 1) == 0 else { return nil }
            for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: word >> (16 - 8 * UInt32(place)))) }
        }
        return bytes
    }
}

extension UInt64 {
    /// ASCII digits without a sign or leading zeros; nil for anything else, and beyond 2^64 − 1.
    package init?(decimal text: some Collection<UInt8>) {
        guard let first = text.first, first != UInt8(ascii: "0") || text.count == 1 else { return nil }
        var number: UInt64 = 0
        for character in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            let (scaled, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = scaled.addingReportingOverflow(UInt64(character - UInt8(ascii: "0")))
            guard !isTooLarge, !overflows else { return nil }
            number = sum
        }
        self = number
    }
}

extension LogHash {
    /// The hash in a line of a checkpoint or a proof; nil unless it is exactly that.
    package init?(base64 text: some Collection<UInt8>) {
        guard text.count == 44, let bytes = CanonicalBase64.decode(text) else { return nil }
        unsafe self.init(bytes.span.bytes)
    }
}

/// What the formats made of lines have in common.
///
/// All of it looks at bytes: to a `String`, CR LF is one character, and letters are equal that are written in different
/// bytes.
enum NoteText {
    static let newline = UInt8(ascii: "\n")

    /// The bytes as text, which has the same bytes again; nil unless they are UTF-8 without control characters, newlines
    /// included.
    static func line(_ bytes: some Collection<UInt8>) -> String? {
        guard bytes.allSatisfy({ $0 >= 0x20 }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Whether the bytes may stand in a note: UTF-8, and no control characters but newlines.
    static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 || $0 == newline } && String(validating: bytes, as: UTF8.self) != nil
    }

    /// The text as the name of a key; nil when it is empty, has a space of any alphabet, a plus, or a control character.
    static func name(_ bytes: some Collection<UInt8>) -> String? {
        guard !bytes.isEmpty, let name = line(bytes) else { return nil }
        let isName = name.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "+" }
        return isName ? name : nil
    }

    /// The lines of a text in which each ends in a newline, without them; nil when the last does not.
    static func lines(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        guard !text.isEmpty else { return [] }
        guard text.last == newline else { return nil }
        return text.dropLast().split(separator: newline, omittingEmptySubsequences: false)
    }

    /// What stands behind a prefix; nil when the line does not begin with it.
    static func rest(of line: ArraySlice<UInt8>, behind prefix: StaticString) -> ArraySlice<UInt8>? {
        let prefix = Array("\(prefix)".utf8)
        return line.starts(with: prefix) ? line.dropFirst(prefix.count) : nil
    }

    /// What a message quotes of a line that may be anything: its first 40 characters, ASCII only.
    static func quoted(_ line: some Collection<UInt8>) -> String {
        let text = line.prefix(40).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return "\"\(String(decoding: text, as: UTF8.self))\(line.count > 40 ? "…" : "")\""
    }
}

extension String {
    /// Whether both have the same bytes: for `==`, texts are equal that look alike.
    package func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
