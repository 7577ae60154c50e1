// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// A private key with its name, and what it is for.
///
/// Ed25519 needs no random numbers: a text has one signature by a key. Never prints its seed.
package struct NoteSigner: Sendable {
    /// What checks its signatures.
    package let verifier: NoteVerifier

    private let seed: [UInt8]
    private let key: Curve25519.Signing.PrivateKey

    /// - Throws: `malformedKey` for a name that no key may have, or other than 32 bytes of seed.
    package init(name: String, seed: [UInt8], kind: NoteKeyKind = .ed25519) throws(LogError) {
        guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw LogError(.malformedKey, "a seed of \(seed.count) bytes, 32 are needed")
        }
        self.seed = seed
        self.key = key
        verifier = try NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation), kind: kind)
    }

    /// Reads a key of the form `PRIVATE+KEY+<name>+<key ID>+<Base64(kind ‖ seed)>`.
    ///
    /// - Throws: `malformedKey`, also when the key ID is not that of name and key; `unsupportedKey`.
    package init(skey: String) throws(LogError) {
        let prefix = Self.prefix.utf8
        guard skey.utf8.starts(with: prefix) else {
            throw LogError(.malformedKey, "a private key begins with \(Self.prefix)")
        }
        let parsed = try NoteKeyName.parse(skey.utf8.dropFirst(prefix.count))
        try self.init(name: parsed.name, seed: parsed.bytes, kind: parsed.kind)
        guard keyID == parsed.key.keyID else {
            throw LogError(.malformedKey, "the key ID of \(parsed.name) is not that of its key")
        }
    }

    private static let prefix = "PRIVATE+KEY+"

    package var name: String { verifier.name }
    package var keyID: UInt32 { verifier.keyID }
    package var kind: NoteKeyKind { verifier.kind }

    /// The public key, as `NoteVerifier(vkey:)` reads it.
    package var vkey: String { verifier.vkey }

    /// The secret: what `init(skey:)` reads.
    package var skey: String { Self.prefix + verifier.keyName.encoded(kind: kind, key: seed) }

    /// Signs a text.
    ///
    /// - Throws: `unsupportedKey` when the key is for cosignatures, `malformedNote` when the text is no note's, `tooLarge`.
    package func sign(_ text: [UInt8]) throws(LogError) -> NoteSignature {
        guard kind == .ed25519 else { throw LogError(.unsupportedKey, "the key \(name) is for cosignatures") }
        try SignedNote.check(text: text)
        return NoteSignature(checked: name, keyID: keyID, bytes: try signature(of: text))
    }

    /// Cosigns the text of a checkpoint, which is not looked at beyond that, at a time in seconds since 1970.
    ///
    /// - Throws: `unsupportedKey` when the key is for plain signatures, `outOfRange` for a time before 1970,
    ///   `malformedNote`, `malformedCheckpoint`, `wrongRoot`, `tooLarge`.
    package func cosign(_ text: [UInt8], time seconds: Int64) throws(LogError) -> NoteSignature {
        guard kind == .cosignature else { throw LogError(.unsupportedKey, "the key \(name) is not for cosignatures") }
        guard let time = CosignatureTime(seconds: seconds) else {
            throw LogError(.outOfRange, "a cosignature of \(seconds) seconds since 1970")
        }
        try SignedNote.check(text: text)
        _ = try Checkpoint(parsing: text)
        let prefix = (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * Int64($0))) }
        let bytes = prefix + (try signature(of: CosignedMessage.bytes(text: text, time: time)))
        return NoteSignature(checked: name, keyID: keyID, bytes: bytes)
    }

    private func signature(of message: [UInt8]) throws(LogError) -> [UInt8] {
        guard let signature = try? key.signature(for: message) else {
            throw LogError(.wrongSignature, "the key \(name) did not sign")
        }
        return Array(signature)
    }
}

extension NoteSigner: CustomStringConvertible, CustomReflectable {
    package var description: String { "NoteSigner(\(vkey), seed redacted)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
