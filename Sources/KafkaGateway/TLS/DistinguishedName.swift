// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// The subject of a certificate, as the text that Kafka's brokers make of it.
///
/// Written by RFC 2253 the way Java does, because ACLs were written for that text: last attribute first, nine keywords, every
/// other attribute by its number with its value in hexadecimal, and `=` escaped too.
enum DistinguishedName {
    /// The subject of a certificate in DER; nil for bytes that are none, for an empty subject and for one that is too long.
    ///
    /// Nothing is verified here: whoever calls has done so.
    static func subject(ofCertificate bytes: [UInt8]) -> String? {
        guard let certificate = DERValue(bytes, 0..<bytes.count, tag: 0x30),
            let body = DERValue(bytes, certificate.content, tag: 0x30)
        else { return nil }
        // RFC 5280 §4.1: [0] version, serialNumber, signature, issuer, validity, subject.
        var place = body.content
        if let version = DERValue(bytes, place, tag: 0xA0) { place = version.end..<place.upperBound }
        for tag in [0x02, 0x30, 0x30, 0x30] as [UInt8] {
            guard let field = DERValue(bytes, place, tag: tag) else { return nil }
            place = field.end..<place.upperBound
        }
        guard let subject = DERValue(bytes, place, tag: 0x30),
            subject.content.count <= GatewayLimits.subjectByteCount
        else { return nil }
        return text(bytes, subject.content)
    }

    /// The text of a name: a sequence of sets of attributes.
    private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
        var sets: [String] = []
        var place = range
        while !place.isEmpty {
            guard sets.count < GatewayLimits.subjectAttributes, let set = DERValue(bytes, place, tag: 0x31) else {
                return nil
            }
            var attributes: [String] = []
            var rest = set.content
            while !rest.isEmpty {
                guard let pair = DERValue(bytes, rest, tag: 0x30), let attribute = attribute(bytes, pair.content)
                else { return nil }
                attributes.append(attribute)
                rest = pair.end..<rest.upperBound
            }
            guard !attributes.isEmpty else { return nil }
            sets.append(attributes.joined(separator: "+"))
            place = set.end..<place.upperBound
        }
        return sets.isEmpty ? nil : sets.reversed().joined(separator: ",")
    }

    /// RFC 2253 §2.3, and the keywords of `javax.security.auth.x500.X500Principal`.
    private static let keywords: [String: String] = [
        "2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C",
        "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
    ]

    private static func attribute(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
        guard let type = DERValue(bytes, range, tag: 0x06), let number = objectIdentifier(bytes[type.content]),
            let value = DERValue(bytes, type.end..<range.upperBound)
        else { return nil }
        guard let keyword = keywords[number], let text = string(bytes, value) else {
            return "\(number)=#\(Hex.encode(bytes[type.end..<value.end]))"
        }
        return "\(keyword)=\(escaped(text))"
    }

    /// RFC 2253 §2.4, and `=`.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for (index, character) in text.unicodeScalars.enumerated() {
            switch character {
            case ",", "=", "+", "<", ">", "#", ";", "\"", "\\":
                result += "\\"
            case " " where index == 0 || index == text.unicodeScalars.count - 1:
                result += "\\"
            default:
                break
            }
            if character == "\0" { result += "\\00" } else { result.unicodeScalars.append(character) }
        }
        return result
    }

    private static func string(_ bytes: [UInt8], _ value: DERValue) -> String? {
        let content = bytes[value.content]
        switch value.tag {
        // UTF8String, PrintableString, IA5String; TeletexString is read as Latin-1, as everybody does.
        case 0x0C: return String(validating: content, as: UTF8.self)
        case 0x13, 0x16, 0x12: return content.allSatisfy({ $0 < 0x80 }) ? String(decoding: content, as: UTF8.self) : nil
        case 0x14: return String(String.UnicodeScalarView(content.map(Unicode.Scalar.init)))
        // BMPString.
        case 0x1E:
            guard content.count.isMultiple(of: 2) else { return nil }
            let units = stride(from: content.startIndex, to: content.endIndex, by: 2).map {
                UInt16(content[$0]) << 8 | UInt16(content[$0 + 1])
            }
            return String(validating: units, as: UTF16.self)
        default: return nil
        }
    }

    private static func objectIdentifier(_ bytes: ArraySlice<UInt8>) -> String? {
        var numbers: [UInt64] = []
        var number: UInt64 = 0
        for byte in bytes {
            guard number < 1 << 56 else { return nil }
            number = number << 7 | UInt64(byte & 0x7F)
            guard byte & 0x80 == 0 else { continue }
            if numbers.isEmpty {
                let first = min(number / 40, 2)
                numbers = [first, number - first * 40]
            } else {
                numbers.append(number)
            }
            number = 0
        }
        guard let last = bytes.last, last & 0x80 == 0 else { return nil }
        return numbers.map(String.init).joined(separator: ".")
    }
}

/// One value of a DER encoding (X.690 §8.1): a tag of one byte, a length, the content.
private struct DERValue {
    let tag: UInt8
    let content: Range<Int>

    var end: Int { content.upperBound }

    /// Reads the value at the beginning of a range; nil when it does not fit or has another tag.
    init?(_ bytes: [UInt8], _ range: Range<Int>, tag wanted: UInt8? = nil) {
        guard range.count >= 2 else { return nil }
        tag = bytes[range.lowerBound]
        guard wanted == nil || wanted == tag else { return nil }
        var start = range.lowerBound + 2
        var length = Int(bytes[range.lowerBound + 1])
        if length >= 0x80 {
            let count = length - 0x80
            guard (1...4).contains(count), range.upperBound - start >= count else { return nil }
            length = bytes[start..<start + count].reduce(0) { $0 << 8 | Int($1) }
            start += count
        }
        guard length <= range.upperBound - start else { return nil }
        content = start..<start + length
    }
}
