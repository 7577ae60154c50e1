// SPDX-License-Identifier: Apache-2.0

/// One line of signature below a note: `— <name> <Base64(key ID ‖ signature)>`.
package struct NoteSignature: Hashable, Sendable {
    /// Name of the key, as the line has it, to be compared with `hasSameBytes(as:)`.
    package let name: String

    /// Which key of that name; an identifier, and no more than that.
    package let keyID: UInt32

    /// What stands behind the key ID: 64 bytes of Ed25519, 72 of a cosignature, any others of keys not known here.
    package let bytes: [UInt8]

    /// - Throws: `malformedNote` for a name that no key may have, or a signature of no bytes.
    package init(name: String, keyID: UInt32, bytes: [UInt8]) throws(LogError) {
        guard NoteText.name(Array(name.utf8)) != nil, !bytes.isEmpty else {
            throw LogError(.malformedNote, "a signature needs a name without spaces and plus, and bytes")
        }
        self.init(checked: name, keyID: keyID, bytes: bytes)
    }

    init(checked name: String, keyID: UInt32, bytes: [UInt8]) {
        self.name = name
        self.keyID = keyID
        self.bytes = bytes
    }

    /// Reads a line, without its newline.
    ///
    /// - Throws: `malformedNote`.
    package init(parsing line: some Collection<UInt8>) throws(LogError) {
        let line = Array(line)
        // U+2014 in UTF-8, and a space.
        guard line.starts(with: [0xE2, 0x80, 0x94, 0x20]),
            let space = line.lastIndex(of: UInt8(ascii: " ")), space > 3,
            let name = NoteText.name(line[4..<space]),
            let decoded = CanonicalBase64.decode(line[(space + 1)...]), decoded.count > 4
        else {
            throw LogError(.malformedNote, "no signature: \(NoteText.quoted(line))")
        }
        let keyID = decoded.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        self.init(checked: name, keyID: keyID, bytes: Array(decoded.dropFirst(4)))
    }

    /// Reads lines of signatures, each with its newline, as a witness answers with them.
    ///
    /// - Throws: `malformedNote`, `tooLarge`.
    package static func parse(lines text: [UInt8]) throws(LogError) -> [NoteSignature] {
        guard text.count <= LogLimits.maximumNoteByteCount else {
            throw LogError(.tooLarge, "signatures of \(text.count) bytes")
        }
        return try parse(lines: text[...])
    }

    static func parse(lines text: ArraySlice<UInt8>) throws(LogError) -> [NoteSignature] {
        // Counted before they are cut: a megabyte of newlines would be a million slices.
        let count = text.count { $0 == NoteText.newline }
        guard count <= LogLimits.maximumSignatureCount else {
            throw LogError(.tooLarge, "\(count) signatures, \(LogLimits.maximumSignatureCount) are allowed")
        }
        guard count > 0, let lines = NoteText.lines(text) else {
            throw LogError(.malformedNote, "no signatures, or the last has no newline")
        }
        var signatures: [NoteSignature] = []
        for line in lines { signatures.append(try NoteSignature(parsing: line)) }
        return signatures
    }

    /// The line, with its newline.
    package var line: [UInt8] {
        let id = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * UInt32($0))) }
        return Array("— \(name) ".utf8) + CanonicalBase64.encode(id + bytes) + [NoteText.newline]
    }

    package static func == (left: NoteSignature, right: NoteSignature) -> Bool {
        left.keyID == right.keyID && left.bytes == right.bytes && left.name.hasSameBytes(as: right.name)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(keyID)
        hasher.combine(bytes)
    }
}
