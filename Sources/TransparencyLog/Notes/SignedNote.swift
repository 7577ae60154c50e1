// SPDX-License-Identifier: Apache-2.0

/// A text and the signatures below it (c2sp.org/signed-note v1.0.0).
///
/// The text, which ends in a newline; an empty line; at least one line of signature. The signed bytes are the text with
/// its last newline. What was read is written as the same bytes.
package struct SignedNote: Equatable, Sendable {
    package let text: [UInt8]

    /// In their order; none of them is checked.
    package let signatures: [NoteSignature]

    /// - Throws: `malformedNote` for a text that is no note's or has no signature, `tooLarge`.
    package init(text: [UInt8], signatures: [NoteSignature]) throws(LogError) {
        try Self.check(text: text)
        guard !signatures.isEmpty else { throw LogError(.malformedNote, "a note without a signature") }
        guard signatures.count <= LogLimits.maximumSignatureCount else {
            throw LogError(
                .tooLarge,
                "\(signatures.count) signatures, \(LogLimits.maximumSignatureCount) are allowed"
            )
        }
        self.text = text
        self.signatures = signatures
        try Self.check(byteCount: encoded().count)
    }

    /// Reads a note that is exactly these bytes.
    ///
    /// - Throws: `malformedNote`, `tooLarge`.
    package init(parsing bytes: [UInt8]) throws(LogError) {
        try Self.check(byteCount: bytes.count)
        guard NoteText.isText(bytes) else {
            throw LogError(.malformedNote, "no UTF-8, or control characters in it")
        }
        // The text may have empty lines; the last one is behind it.
        let ends = bytes.indices.dropFirst()
        guard let end = ends.last(where: { bytes[$0] == NoteText.newline && bytes[$0 - 1] == NoteText.newline }) else {
            throw LogError(.malformedNote, "no empty line between text and signatures")
        }
        text = Array(bytes[..<end])
        signatures = try NoteSignature.parse(lines: bytes[(end + 1)...])
    }

    package func encoded() -> [UInt8] {
        signatures.reduce(into: text + [NoteText.newline]) { $0 += $1.line }
    }

    /// The same text with further signatures; those that are there already are not repeated.
    ///
    /// - Throws: `tooLarge`.
    package func adding(_ added: [NoteSignature]) throws(LogError) -> SignedNote {
        var all = signatures
        for signature in added where !all.contains(signature) { all.append(signature) }
        return try SignedNote(text: text, signatures: all)
    }

    /// Throws unless the bytes may be the text of a note.
    static func check(text: [UInt8]) throws(LogError) {
        try check(byteCount: text.count)
        guard text.last == NoteText.newline, NoteText.isText(text) else {
            throw LogError(.malformedNote, "a text is UTF-8, ends in a newline, and has no other control characters")
        }
    }

    private static func check(byteCount: Int) throws(LogError) {
        guard byteCount <= LogLimits.maximumNoteByteCount else {
            throw LogError(
                .tooLarge,
                "a note of \(byteCount) bytes, \(LogLimits.maximumNoteByteCount) are allowed"
            )
        }
    }
}

/// A signature of a note by a key that was known, and that fits.
package struct VerifiedSignature: Equatable, Sendable {
    package let signature: NoteSignature

    /// The key's place among those that the note was verified by.
    package let verifierIndex: Int

    package let kind: NoteKeyKind

    /// When it was given, by the cosigner's clock; nil for a plain signature.
    package let time: CosignatureTime?
}

extension SignedNote {
    /// The signatures by known keys, in the note's order; all of them fit, and there is at least one.
    ///
    /// Those by unknown keys are left out. Equality of names is that of their bytes.
    ///
    /// - Throws: `ambiguousKey` when two verifiers have one name and key ID, `wrongSignature` when a signature of a known
    ///   key does not fit, `unknownKey` when there is none.
    package func verified(by verifiers: [NoteVerifier]) throws(LogError) -> [VerifiedSignature] {
        var known: [NoteKeyName: Int] = [:]
        for (index, verifier) in verifiers.enumerated() {
            guard known.updateValue(index, forKey: verifier.keyName) == nil else {
                throw LogError(.ambiguousKey, "two keys are \(verifier.name) \(verifier.keyName.hexadecimalID)")
            }
        }
        var verified: [VerifiedSignature] = []
        for signature in signatures {
            let name = NoteKeyName(name: Array(signature.name.utf8), keyID: signature.keyID)
            guard let index = known[name] else { continue }
            let time = try verifiers[index].check(signature, of: text)
            verified.append(
                VerifiedSignature(
                    signature: signature,
                    verifierIndex: index,
                    kind: verifiers[index].kind,
                    time: time
                )
            )
        }
        guard !verified.isEmpty else {
            throw LogError(.unknownKey, "none of \(signatures.count) signatures is by a known key")
        }
        return verified
    }
}
