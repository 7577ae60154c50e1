// SPDX-License-Identifier: Apache-2.0

internal import ByteCoding

/// A token taken apart: `mrt_<id>_<secret>_<check>`, 63 characters of ASCII.
///
/// | characters | part |
/// |---|---|
/// | 4 | `mrt_`, by which scanners of source code recognise a leaked one |
/// | 8 + `_` | identifier, base62; no secret, it names the token in lists and events |
/// | 43 + `_` | secret, base62 of 256 random bits |
/// | 6 | check, base62 of the CRC-32C of all before the last `_` |
///
/// The check rejects typing errors and cut copies without asking the store. It protects nothing: anybody can make one.
struct APIToken: Sendable {
    static let prefix = "mrt_"
    static let identifierDigits = 8
    static let secretDigits = 43
    static let checkDigits = 6
    static let characterCount = 63

    let id: String
    let secret: Secret

    /// The token of an identifier and the 32 bytes of its secret.
    init(id: String, secretBytes: [UInt8]) {
        self.id = id
        secret = Secret(Base62.encode(secretBytes, digitCount: APIToken.secretDigits))
    }

    /// - Throws: `malformedToken`, with what is wrong and without the text.
    init(parsing presented: Secret) throws(AccessError) {
        let text = Array(presented.reveal().utf8)
        guard text.starts(with: APIToken.prefix.utf8) else {
            throw AccessError(.malformedToken, "token does not begin with \"\(APIToken.prefix)\"")
        }
        guard text.count == APIToken.characterCount else {
            throw AccessError(
                .malformedToken,
                "token has \(text.count) characters instead of \(APIToken.characterCount)"
            )
        }
        let parts = text.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false).dropFirst()
        guard
            parts.map(\.count) == [APIToken.identifierDigits, APIToken.secretDigits, APIToken.checkDigits],
            parts.allSatisfy({ $0.allSatisfy(Base62.isDigit) })
        else {
            throw AccessError(.malformedToken, "token is not of the form mrt_<id>_<secret>_<check>")
        }
        let body = Array(text.dropLast(APIToken.checkDigits + 1))
        guard text.suffix(APIToken.checkDigits).elementsEqual(APIToken.check(of: body).utf8) else {
            throw AccessError(.malformedToken, "token does not match its check: it was mistyped or cut")
        }
        let fields = parts.map { String(decoding: $0, as: UTF8.self) }
        id = fields[0]
        secret = Secret(fields[1])
    }

    /// The whole text, to be shown once.
    var text: Secret {
        let body = "\(APIToken.prefix)\(id)_\(secret.reveal())"
        return Secret("\(body)_\(APIToken.check(of: Array(body.utf8)))")
    }

    private static func check(of body: [UInt8]) -> String {
        Base62.encode(CRC32C.checksum(body.span.bytes), digitCount: checkDigits)
    }
}
