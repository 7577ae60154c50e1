// SPDX-License-Identifier: Apache-2.0

import ByteCoding
internal import Crypto

/// 32 bytes of SHA-256: a leaf's hash, a node's, a commitment.
///
/// Four words in place of an array, so that a million of them are no million allocations.
package struct LogHash: Hashable, Sendable, CustomStringConvertible {
    package static let byteCount = 32

    /// The bytes in their order, each eight as a little-endian word.
    let words: (UInt64, UInt64, UInt64, UInt64)

    /// The hash in `bytes[offset...]`; traps when 32 bytes are not there.
    init(at offset: Int, of bytes: RawSpan) {
        words = (
            bytes.word(at: offset), bytes.word(at: offset + 8), bytes.word(at: offset + 16), bytes.word(at: offset + 24)
        )
    }

    /// The hash that these bytes are; nil unless they are 32.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == Self.byteCount else { return nil }
        self.init(at: 0, of: bytes)
    }

    init(_ digest: SHA256.Digest) {
        // SAFETY: the buffer of a digest is its 32 bytes, and is only read inside the closure.
        self = unsafe digest.withUnsafeBytes { unsafe LogHash(at: 0, of: $0.bytes) }
    }

    package var bytes: [UInt8] {
        var writer = ByteWriter(capacity: Self.byteCount)
        append(to: &writer)
        return writer.bytes
    }

    func append(to writer: inout ByteWriter) {
        writer.append(words.0)
        writer.append(words.1)
        writer.append(words.2)
        writer.append(words.3)
    }

    package var description: String { Hex.encode(bytes) }

    package static func == (left: LogHash, right: LogHash) -> Bool { left.words == right.words }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    /// RFC 6962 §2.1: the hash of no leaves is SHA-256 of nothing.
    package static let ofEmptyTree = LogHash(SHA256().finalize())

    /// Standard Base64 with padding, as checkpoints and proofs have it: 44 characters.
    package var base64: String { String(decoding: CanonicalBase64.encode(bytes), as: UTF8.self) }

    static let leafPrefix: [UInt8] = [0x00]

    /// RFC 6962 §2.1: a leaf's hash is SHA-256(0x00 ‖ entry), so that no leaf can pass for a node, which begins with 0x01.
    ///
    /// The entry may be any bytes; `LogLeaf.hash` is the same for a leaf of ours.
    package static func ofLeaf(_ entry: RawSpan) -> LogHash {
        var hasher = SHA256()
        hasher.update(Self.leafPrefix)
        hasher.update(entry)
        return LogHash(hasher.finalize())
    }

    /// RFC 6962 §2.1: a node's hash is SHA-256(0x01 ‖ left ‖ right).
    package static func ofNode(_ left: LogHash, _ right: LogHash) -> LogHash {
        // 65 bytes in one piece, the last of the first word in front: each further call of the hasher costs as much as
        // a quarter of a block.
        let words: [9 of UInt64] = [
            (UInt64(0x01) << 56).littleEndian,
            left.words.0.littleEndian, left.words.1.littleEndian, left.words.2.littleEndian, left.words.3.littleEndian,
            right.words.0.littleEndian, right.words.1.littleEndian, right.words.2.littleEndian,
            right.words.3.littleEndian,
        ]
        var hasher = SHA256()
        hasher.update(unsafe words.span.bytes.extracting(droppingFirst: 7))
        return LogHash(hasher.finalize())
    }
}

extension SHA256 {
    mutating func update(_ bytes: RawSpan) {
        // SAFETY: the pointer does not leave the closure, and the hasher only reads.
        unsafe bytes.withUnsafeBytes { unsafe update(bufferPointer: $0) }
    }

    /// Words, which have the bytes in memory in their order: as integers they are little-endian.
    mutating func update<let count: Int>(_ words: [count of UInt64]) {
        unsafe update(words.span.bytes)
    }

    mutating func update(_ bytes: [UInt8]) {
        unsafe update(bytes.span.bytes)
    }
}
