// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Who a client says it is, taken from the first message of its mechanism.
///
/// The message itself holds passwords and tokens, and no byte of it is kept but the name and the facts named here.
package struct SASLClaim: Equatable, Sendable {
    /// Without `User:`, printable and limited; nil where the mechanism does not show it or the message is not what it should be.
    ///
    /// As the client sent it. Only the broker's verdict makes it more than a claim.
    package var name: String?
    package var details: [SASLExchange.Detail] = []

    package init(name: String? = nil, details: [SASLExchange.Detail] = []) {
        self.name = name
        self.details = details
    }

    /// Reads the first message that a client sends in a mechanism.
    ///
    /// GSSAPI and unknown mechanisms show no name.
    ///
    /// `nameClaim`: The claim of an OAUTHBEARER token that brokers take the principal from.
    package static func read(_ message: RawSpan, mechanism: String, nameClaim: String = "sub") -> SASLClaim {
        guard message.byteCount <= SASLLimits.messageByteCount else { return SASLClaim() }
        return switch mechanism {
        case "PLAIN": plain(message)
        case "SCRAM-SHA-256", "SCRAM-SHA-512": scram(message)
        case "OAUTHBEARER": bearer(message, nameClaim: nameClaim)
        default: SASLClaim()
        }
    }

    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        details.append(SASLExchange.Detail(name: name, value: value))
    }

    /// RFC 4616 §2: `[authzid] NUL authcid NUL password`.
    private static func plain(_ message: RawSpan) -> SASLClaim {
        guard let first = message.first(0, in: 0..<message.byteCount),
            let second = message.first(0, in: (first + 1)..<message.byteCount),
            message.first(0, in: (second + 1)..<message.byteCount) == nil
        else { return SASLClaim() }
        var claim = SASLClaim(name: PrintableText.name(message.extracting((first + 1)..<second)))
        claim.add("authzid", PrintableText.name(message.extracting(0..<first)))
        return claim
    }
}

extension RawSpan {
    /// Where a byte stands first in a range.
    func first(_ wanted: UInt8, in range: Range<Int>) -> Int? {
        for offset in range where byte(at: offset) == wanted { return offset }
        return nil
    }

    /// Whether the bytes at an offset are those of a text.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, offset <= byteCount, text.utf8CodeUnitCount <= byteCount - offset else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            // SAFETY: the index is inside the text.
            guard unsafe byte(at: offset + index) == text.utf8Start[index] else { return false }
        }
        return true
    }
}
