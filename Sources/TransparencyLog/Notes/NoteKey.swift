// SPDX-License-Identifier: Apache-2.0

import ByteCoding
internal import Crypto

/// What a key of a note is for, with the number that c2sp.org/signed-note gives it.
package enum NoteKeyKind: UInt8, Sendable, CaseIterable {
    /// Signs the text.
    case ed25519 = 0x01
    /// Cosigns the text with a time before it: cosignature/v1 of c2sp.org/tlog-cosignature.
    case cosignature = 0x04
}

/// When a checkpoint was cosigned: seconds since 1970-01-01T00:00:00Z, at least 0.
package struct CosignatureTime: Hashable, Comparable, Sendable {
    package let seconds: Int64

    /// The time; nil before 1970.
    package init?(seconds: Int64) {
        guard seconds >= 0 else { return nil }
        self.seconds = seconds
    }

    package static func < (left: CosignatureTime, right: CosignatureTime) -> Bool { left.seconds < right.seconds }
}

/// Name and key ID, which together say which key it is.
struct NoteKeyName: Hashable, Sendable {
    let name: [UInt8]
    let keyID: UInt32

    init(name: [UInt8], keyID: UInt32) {
        self.name = name
        self.keyID = keyID
    }

    /// The key ID is the beginning of SHA-256(name ‖ newline ‖ kind ‖ public key).
    init(name: String, kind: NoteKeyKind, publicKey: [UInt8]) {
        var hasher = SHA256()
        hasher.update(Array(name.utf8) + [NoteText.newline, kind.rawValue] + publicKey)
        // A word of the hash is little-endian, the key ID is not.
        keyID = UInt32(truncatingIfNeeded: LogHash(hasher.finalize()).words.0).byteSwapped
        self.name = Array(name.utf8)
    }

    var hexadecimalID: String {
        Hex.encode((0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * UInt32($0))) })
    }

    /// `<name>+<key ID>+<Base64(kind ‖ key)>`.
    func encoded(kind: NoteKeyKind, key: [UInt8]) -> String {
        let name = String(decoding: self.name, as: UTF8.self)
        let key = String(decoding: CanonicalBase64.encode([kind.rawValue] + key), as: UTF8.self)
        return "\(name)+\(hexadecimalID)+\(key)"
    }

    /// Name, key ID, kind and 32 bytes of key, of which nothing is checked against another.
    ///
    /// The text is not quoted in messages: it may be a secret.
    ///
    /// - Throws: `malformedKey`, `unsupportedKey`.
    static func parse(
        _ text: some Collection<UInt8>
    ) throws(LogError) -> (key: NoteKeyName, name: String, kind: NoteKeyKind, bytes: [UInt8]) {
        // Base64 may have pluses, the name has none.
        let parts = text.split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = NoteText.name(parts[0]), parts[1].count == 8,
            let id = Hex.decode(String(decoding: parts[1], as: UTF8.self)),
            let bytes = CanonicalBase64.decode(parts[2]), let type = bytes.first
        else {
            throw LogError(.malformedKey, "a key is <name>+<8 hexadecimal digits>+<Base64>")
        }
        let key = NoteKeyName(name: Array(name.utf8), keyID: id.reduce(0) { $0 << 8 | UInt32($1) })
        guard key.hexadecimalID.utf8.elementsEqual(parts[1]) else {
            throw LogError(.malformedKey, "the key ID of \(name) is not in lower case")
        }
        guard let kind = NoteKeyKind(rawValue: type) else {
            throw LogError(.unsupportedKey, "the key \(name) is of type \(type)")
        }
        guard bytes.count == 33 else {
            throw LogError(.malformedKey, "the key \(name) has \(bytes.count - 1) bytes, 32 are needed")
        }
        return (key, name, kind, Array(bytes.dropFirst()))
    }
}

/// The bytes that a cosignature is of.
enum CosignedMessage {
    static func bytes(text: [UInt8], time: CosignatureTime) -> [UInt8] {
        Array("cosignature/v1\ntime \(time.seconds)\n".utf8) + text
    }
}
