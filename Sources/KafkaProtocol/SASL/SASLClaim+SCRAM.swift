// SPDX-License-Identifier: Apache-2.0

import ByteCoding

extension SASLClaim {
    /// RFC 5802 §7: `gs2-cbind-flag "," [authzid] "," ["m=" …] n=name,r=nonce[,extensions]`.
    ///
    /// With `tokenauth=true` the name is the id of a delegation token, whose owner only the broker knows (KIP-48).
    static func scram(_ message: RawSpan) -> SASLClaim {
        let end = message.byteCount
        guard let header = gs2Header(message) else { return SASLClaim() }
        var claim = SASLClaim()
        claim.add("authzid", header.authzid.flatMap { saslName(message.extracting($0)) })
        var start = header.end
        while start < end {
            let stop = message.first(UInt8(ascii: ","), in: start..<end) ?? end
            if claim.name == nil, message.has("n=", at: start), start + 2 <= stop {
                claim.name = saslName(message.extracting((start + 2)..<stop))
            } else if message.has("tokenauth=true", at: start), stop - start == 14 {
                claim.add("tokenauth", "true")
            }
            start = stop + 1
        }
        return claim
    }

    /// The part before a mechanism's own message (RFC 5801 §4): which channel binding, and for whom one acts.
    ///
    /// Returns: Where the other name lies, and where the mechanism's message begins.
    static func gs2Header(_ message: RawSpan) -> (authzid: Range<Int>?, end: Int)? {
        let end = message.byteCount
        guard message.has("n", at: 0) || message.has("y", at: 0) || message.has("p=", at: 0),
            let flagEnd = message.first(UInt8(ascii: ","), in: 0..<end),
            let nameEnd = message.first(UInt8(ascii: ","), in: (flagEnd + 1)..<end)
        else { return nil }
        guard flagEnd + 1 < nameEnd else { return (nil, nameEnd + 1) }
        guard message.has("a=", at: flagEnd + 1), flagEnd + 3 <= nameEnd else { return nil }
        return ((flagEnd + 3)..<nameEnd, nameEnd + 1)
    }

    /// A name in which `,` is written `=2C` and `=` is written `=3D`.
    static func saslName(_ bytes: RawSpan) -> String? {
        var plain: [UInt8] = []
        var offset = 0
        // Escapes make three bytes of one; what is cut off later need not be read.
        while offset < bytes.byteCount, plain.count <= SASLLimits.nameByteCount {
            if bytes.has("=2C", at: offset) {
                plain.append(UInt8(ascii: ","))
                offset += 3
            } else if bytes.has("=3D", at: offset) {
                plain.append(UInt8(ascii: "="))
                offset += 3
            } else {
                plain.append(bytes.byte(at: offset))
                offset += 1
            }
        }
        // SAFETY: every byte of an array of bytes is initialised.
        return unsafe PrintableText.name(plain.span.bytes)
    }
}

/// What a broker's SCRAM message says of the exchange.
package enum SCRAMProgress: Equatable, Sendable {
    /// Server-first: salt and iteration count, which are not looked at.
    case goesOn
    /// Server-final with `v=`.
    case succeeded
    /// Server-final with `e=`.
    case failed

    package init(_ message: RawSpan) {
        self = message.has("v=", at: 0) ? .succeeded : message.has("e=", at: 0) ? .failed : .goesOn
    }
}
