// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Reads strings and numbers among the top members of a JSON object: what a token's claims need, and no more.
///
/// It is lenient where a strict parser is not: nothing depends on it but how a claim is shown.
struct ClaimReader {
    private var offset = 0
    private var bytes: [UInt8]

    typealias Found = (_ name: String, _ value: String) -> Void

    private init(_ bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    /// Hands over members in their order; of an array of strings each element by itself.
    ///
    /// `bytes`: Zeroed afterwards, when nobody else holds them.
    /// Returns: Whether the bytes were such an object up to its end.
    static func read(_ bytes: consuming [UInt8], _ found: Found) -> Bool {
        var reader = ClaimReader(bytes)
        defer { for index in reader.bytes.indices { reader.bytes[index] = 0 } }
        return reader.object(found)
    }

    private mutating func object(_ found: Found) -> Bool {
        guard next() == UInt8(ascii: "{") else { return false }
        offset += 1
        if next() == UInt8(ascii: "}") { return true }
        while true {
            guard let name = string(), next() == UInt8(ascii: ":") else { return false }
            offset += 1
            guard member(name, found) else { return false }
            let separator = next()
            offset += 1
            if separator == UInt8(ascii: "}") { return true }
            guard separator == UInt8(ascii: ",") else { return false }
        }
    }

    private mutating func member(_ name: String, _ found: Found) -> Bool {
        switch next() {
        case UInt8(ascii: "\"")?:
            guard let value = string() else { return false }
            found(name, value)
            return true
        case UInt8(ascii: "[")?: return array(name, found)
        case UInt8(ascii: "{")?: return skip()
        case nil: return false
        default:
            let start = offset
            scalar()
            guard offset > start, offset - start <= 32 else { return offset > start }
            found(name, String(decoding: bytes[start..<offset], as: UTF8.self))
            return true
        }
    }

    /// An array in which only strings are of interest.
    private mutating func array(_ name: String, _ found: Found) -> Bool {
        let start = offset
        guard skip() else { return false }
        let end = offset
        offset = start + 1
        var count = 0
        while next() == UInt8(ascii: "\""), count < SASLLimits.audienceCount {
            guard let value = string() else { break }
            found(name, value)
            count += 1
            guard next() == UInt8(ascii: ",") else { break }
            offset += 1
        }
        offset = end
        return true
    }

    /// The next byte that is no white space; it stays unread.
    private mutating func next() -> UInt8? {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
            offset += 1
        }
        return nil
    }

    /// A string's value, cut to what a name may have.
    private mutating func string() -> String? {
        guard next() == UInt8(ascii: "\"") else { return nil }
        guard let end = stringEnd() else { return nil }
        var text: [UInt8] = []
        for place in (offset + 1)..<(end - 1) where text.count < SASLLimits.nameByteCount * 6 {
            text.append(bytes[place])
        }
        offset = end
        return PrintableText.text(JSONString.decode(text.span), maximumByteCount: SASLLimits.nameByteCount)
    }

    /// Behind the closing quote of the string that begins here.
    private func stringEnd() -> Int? {
        var place = offset + 1
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 2
            case UInt8(ascii: "\""): return place + 1
            default: place += 1
            }
        }
        return nil
    }

    /// Walks over a number or a word.
    private mutating func scalar() {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0a, 0x0d, 0x09: return
            default: offset += 1
            }
        }
    }

    /// Walks over an object or an array.
    private mutating func skip() -> Bool {
        var depth = 0
        while let byte = next() {
            switch byte {
            case UInt8(ascii: "\""):
                guard let end = stringEnd() else { return false }
                offset = end
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= SASLLimits.claimDepth else { return false }
                offset += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                offset += 1
                if depth == 0 { return true }
            default: offset += 1
            }
        }
        return false
    }
}
