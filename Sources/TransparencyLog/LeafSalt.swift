// SPDX-License-Identifier: Apache-2.0

import ByteCoding
internal import Crypto

/// 16 bytes that stand before what a commitment is of, so that it can't be found by trying.
///
/// Given out together with what was committed to, and with nothing less: the salt is what a guess lacks.
package struct LeafSalt: Hashable, Sendable {
    package static let byteCount = 16

    private let first: UInt64
    private let second: UInt64

    /// The salt in `bytes[offset...]`; traps when 16 bytes are not there.
    init(at offset: Int, of bytes: RawSpan) {
        first = bytes.word(at: offset)
        second = bytes.word(at: offset + 8)
    }

    init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        self.second = second
    }

    /// The salt that these bytes are; nil unless they are 16.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == Self.byteCount else { return nil }
        self.init(at: 0, of: bytes)
    }

    package var bytes: [UInt8] {
        var writer = ByteWriter(capacity: Self.byteCount)
        append(to: &writer)
        return writer.bytes
    }

    func append(to writer: inout ByteWriter) {
        writer.append(first)
        writer.append(second)
    }

    /// SHA-256(salt ‖ the event's bytes).
    package func commitment(to body: RawSpan) -> LogHash {
        var hasher = SHA256()
        hasher.update([first.littleEndian, second.littleEndian] as [2 of UInt64])
        hasher.update(body)
        return LogHash(hasher.finalize())
    }

    /// SHA-256(salt ‖ digest of the provenance).
    package func commitment(to provenance: Provenance) -> LogHash {
        let digest = provenance.digest.words
        let words: [6 of UInt64] = [
            first.littleEndian, second.littleEndian,
            digest.0.littleEndian, digest.1.littleEndian, digest.2.littleEndian, digest.3.littleEndian,
        ]
        var hasher = SHA256()
        hasher.update(words)
        return LogHash(hasher.finalize())
    }
}

extension LeafSalt: CustomStringConvertible, CustomReflectable {
    package var description: String { "LeafSalt(redacted)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The two salts of one leaf: halves of one output of the PRF, of which one says nothing of the other.
package struct LeafSalts: Hashable, Sendable {
    package static let byteCount = 2 * LeafSalt.byteCount

    package let body: LeafSalt
    package let provenance: LeafSalt

    /// The salts in `bytes[offset...]`; traps when 32 bytes are not there.
    init(at offset: Int, of bytes: RawSpan) {
        body = LeafSalt(at: offset, of: bytes)
        provenance = LeafSalt(at: offset + LeafSalt.byteCount, of: bytes)
    }

    init(_ output: LogHash) {
        body = LeafSalt(output.words.0, output.words.1)
        provenance = LeafSalt(output.words.2, output.words.3)
    }

    func append(to writer: inout ByteWriter) {
        body.append(to: &writer)
        provenance.append(to: &writer)
    }
}
