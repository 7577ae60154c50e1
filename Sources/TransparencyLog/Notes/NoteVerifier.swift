// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// A public key with its name, and what it is for.
///
/// One of two kinds, which never stand for each other: each has its own key ID and its own length of signature.
package struct NoteVerifier: Sendable, Hashable {
    package let name: String
    package let keyID: UInt32
    package let kind: NoteKeyKind

    /// 32 bytes (RFC 8032).
    package let publicKey: [UInt8]

    /// Reads a key of the form `<name>+<key ID>+<Base64(kind ‖ public key)>`.
    ///
    /// - Throws: `malformedKey`, also when the key ID is not that of name and key; `unsupportedKey`.
    package init(vkey: String) throws(LogError) {
        let parsed = try NoteKeyName.parse(vkey.utf8)
        try self.init(name: parsed.name, publicKey: parsed.bytes, kind: parsed.kind)
        guard keyID == parsed.key.keyID else {
            throw LogError(.malformedKey, "the key ID of \(parsed.name) is not that of its key")
        }
    }

    /// - Throws: `malformedKey` for a name that no key may have, or other than 32 bytes.
    package init(name: String, publicKey: [UInt8], kind: NoteKeyKind) throws(LogError) {
        guard NoteText.name(Array(name.utf8)) != nil else {
            throw LogError(.malformedKey, "no name of a key: \(NoteText.quoted(name.utf8))")
        }
        guard publicKey.count == 32 else {
            throw LogError(.malformedKey, "a public key of \(publicKey.count) bytes, 32 are needed")
        }
        self.name = name
        self.kind = kind
        self.publicKey = publicKey
        keyID = NoteKeyName(name: name, kind: kind, publicKey: publicKey).keyID
    }

    var keyName: NoteKeyName { NoteKeyName(name: Array(name.utf8), keyID: keyID) }

    /// What `init(vkey:)` reads.
    package var vkey: String { keyName.encoded(kind: kind, key: publicKey) }

    /// Whether a signature says that it is by this key.
    package func isNamed(by signature: NoteSignature) -> Bool {
        keyID == signature.keyID && name.hasSameBytes(as: signature.name)
    }

    /// Checks a signature of a text; the time is that of a cosignature, and nil for a plain signature.
    ///
    /// - Throws: `unknownKey` when it is in another key's name, `wrongSignature`.
    package func check(_ signature: NoteSignature, of text: [UInt8]) throws(LogError) -> CosignatureTime? {
        guard isNamed(by: signature) else {
            throw LogError(.unknownKey, "a signature by \(signature.name), not by \(name) \(keyName.hexadecimalID)")
        }
        switch kind {
        case .ed25519:
            guard signature.bytes.count == 64, isSigned(text, by: signature.bytes) else { throw wrongSignature }
            return nil
        case .cosignature:
            // 8 bytes of time, big-endian, at most 2^63 − 1, then the signature of time and text.
            guard signature.bytes.count == 72,
                let seconds = Int64(exactly: signature.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }),
                let time = CosignatureTime(seconds: seconds),
                isSigned(CosignedMessage.bytes(text: text, time: time), by: Array(signature.bytes.dropFirst(8)))
            else { throw wrongSignature }
            return time
        }
    }

    private var wrongSignature: LogError {
        LogError(.wrongSignature, "a signature in the name of \(name) \(keyName.hexadecimalID) is not by that key")
    }

    private func isSigned(_ message: [UInt8], by signature: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }

    package static func == (left: NoteVerifier, right: NoteVerifier) -> Bool {
        left.kind == right.kind && left.publicKey == right.publicKey && left.name.hasSameBytes(as: right.name)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(keyID)
        hasher.combine(publicKey)
    }
}
