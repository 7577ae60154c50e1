// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// The grammar of CRNs and of patterns over them, which differ only in what a name may hold.
enum CRNText {
    /// The authority, and each element's type and name with its escapes still in it; nil for other
    /// text.
    static func parts(of text: String) -> (authority: String, elements: [(type: String, name: String)])? {
        let bytes = text.utf8
        let scheme = "crn://"
        guard bytes.count <= Limits.maximumCRNBytes, text.hasPrefix(scheme) else { return nil }
        let rest = bytes.dropFirst(scheme.utf8.count)
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let authority = String(Substring(rest[..<slash]))
        let path = rest[slash...].dropFirst()
        if path.isEmpty {
            // `crn://` alone names nothing, not even everything.
            return slash == rest.endIndex && authority.isEmpty ? nil : (authority, [])
        }
        var elements: [(type: String, name: String)] = []
        for part in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")), equals > part.startIndex,
                elements.count < Limits.maximumCRNElements
            else { return nil }
            let name = part[part.index(after: equals)...]
            guard !name.isEmpty else { return nil }
            elements.append((String(Substring(part[..<equals])), String(Substring(name))))
        }
        return (authority, elements)
    }

    /// The text with percent escapes resolved; as it is when that does not give UTF-8.
    ///
    /// A lone percent sign stays.
    static func withoutEscapes(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Hex.value(ofDigit: bytes[index + 1]), let low = Hex.value(ofDigit: bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self) ?? text
    }

    /// The text with percent escapes for the bytes that would end a name, and for spaces and
    /// controls.
    static func withEscapes(_ text: String) -> String {
        guard text.utf8.contains(where: isEscaped) else { return text }
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isEscaped(byte) {
                result.append(UInt8(ascii: "%"))
                Hex.append(byte, to: &result)
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "%") || byte <= 0x20 || byte == 0x7F
    }
}
