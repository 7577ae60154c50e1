// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// HMAC-SHA256 under a key of 32 bytes, of messages that begin with a label and a zero byte.
///
/// Written out from its two hashes, because their states can then be kept with the key's block and the label in them: an
/// output for a number costs two blocks, and an event's salts no more than its leaf's hash.
struct LeafPRF: Sendable {
    static let keyByteCount = 32

    private static let blockByteCount = 64

    private let inner: SHA256
    private let outer: SHA256

    /// - Throws: `wrongByteCount` unless the key has 32 bytes.
    init(_ key: [UInt8], label: String) throws(LeafError) {
        guard key.count == Self.keyByteCount else {
            throw LeafError(.wrongByteCount, "a key of \(key.count) bytes, \(Self.keyByteCount) are needed")
        }
        self.init(key, prefix: Array(label.utf8) + [0])
    }

    init(_ key: LogHash, label: String) {
        self.init(key.bytes, prefix: Array(label.utf8) + [0])
    }

    /// A key of at most a block, and what all messages begin with.
    init(_ key: [UInt8], prefix: [UInt8]) {
        // RFC 2104 §2: H(K ⊕ opad, H(K ⊕ ipad, text)), the key filled up with zeros to a block.
        let block = key + [UInt8](repeating: 0, count: max(0, Self.blockByteCount - key.count))
        var inner = SHA256()
        inner.update(block.map { $0 ^ 0x36 })
        inner.update(prefix)
        var outer = SHA256()
        outer.update(block.map { $0 ^ 0x5C })
        self.inner = inner
        self.outer = outer
    }

    /// The output for the label and a number behind it, in 8 bytes, little-endian.
    func output(_ number: UInt64) -> LogHash {
        var inner = self.inner
        inner.update([number.littleEndian] as [1 of UInt64])
        return output(finishing: inner)
    }

    /// The output for the label and a message behind it.
    func output(_ message: [UInt8]) -> LogHash {
        var inner = self.inner
        inner.update(message)
        return output(finishing: inner)
    }

    private func output(finishing inner: SHA256) -> LogHash {
        var outer = self.outer
        let digest = LogHash(inner.finalize()).words
        outer.update(
            [
                digest.0.littleEndian, digest.1.littleEndian, digest.2.littleEndian, digest.3.littleEndian,
            ] as [4 of UInt64]
        )
        return LogHash(outer.finalize())
    }
}
