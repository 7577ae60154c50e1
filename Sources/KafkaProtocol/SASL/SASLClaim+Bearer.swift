// SPDX-License-Identifier: Apache-2.0

import ByteCoding

extension SASLClaim {
    /// RFC 7628 §3.1: `gs2-header %x01 "auth=Bearer " token %x01 *(key "=" value %x01) %x01`.
    ///
    /// Of the token only some claims of the payload are read; neither its header nor its signature, which is not verified here.
    static func bearer(_ message: RawSpan, nameClaim: String) -> SASLClaim {
        let end = message.byteCount
        guard let header = gs2Header(message) else { return SASLClaim() }
        var claim = SASLClaim()
        var details = SASLClaim()
        details.add("authzid", header.authzid.flatMap { saslName(message.extracting($0)) })
        var start = header.end
        while start < end {
            let stop = message.first(1, in: start..<end) ?? end
            if let token = bearerToken(message, start..<stop) {
                claim = webToken(message.extracting(token), nameClaim: nameClaim)
            } else {
                details.addExtension(message.extracting(start..<stop))
            }
            start = stop + 1
        }
        claim.details += details.details
        return claim
    }

    /// Where the token lies in `auth=Bearer …`; the scheme's case does not matter.
    private static func bearerToken(_ message: RawSpan, _ range: Range<Int>) -> Range<Int>? {
        let start = range.lowerBound
        guard message.has("auth=", at: start), range.count >= 12 else { return nil }
        for (offset, expected) in zip((start + 5)..., "bearer ".utf8) {
            let byte = message.byte(at: offset)
            guard byte == expected || byte | 0x20 == expected && expected != UInt8(ascii: " ") else { return nil }
        }
        return (start + 12)..<range.upperBound
    }

    /// Confluent's extensions: which cluster and which identity pool a client means.
    private mutating func addExtension(_ pair: RawSpan) {
        if pair.has("logicalCluster=", at: 0) {
            add("logicalCluster", PrintableText.name(pair.extracting(15..<pair.byteCount)))
        } else if pair.has("identityPoolId=", at: 0) {
            add("identityPoolId", PrintableText.name(pair.extracting(15..<pair.byteCount)))
        }
    }

    /// RFC 7519: `header "." payload "." signature`, each base64url.
    private static func webToken(_ token: RawSpan, nameClaim: String) -> SASLClaim {
        let end = token.byteCount
        guard let first = token.first(UInt8(ascii: "."), in: 0..<end),
            let second = token.first(UInt8(ascii: "."), in: (first + 1)..<end),
            let payload = Base64URL.decode(token.extracting((first + 1)..<second))
        else { return SASLClaim() }
        var claim = SASLClaim()
        let isWhole = ClaimReader.read(payload) { name, value in
            if name == nameClaim, claim.name == nil { claim.name = value }
            switch name {
            case "iss", "aud", "exp": claim.add(name, value)
            default: break
            }
        }
        return isWhole ? claim : SASLClaim()
    }
}

/// Base64 with `-` and `_`, padding optional (RFC 4648 §5).
enum Base64URL {
    /// Nil for anything else than its digits.
    static func decode(_ text: RawSpan) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.byteCount / 4 * 3 + 3)
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for offset in 0..<text.byteCount {
            let byte = text.byte(at: offset)
            if byte == UInt8(ascii: "="), offset + 2 >= text.byteCount { break }
            guard let digit = value(of: byte) else { return nil }
            bits = bits << 6 | digit
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
        }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
