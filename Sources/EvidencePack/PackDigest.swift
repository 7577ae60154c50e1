// SPDX-License-Identifier: Apache-2.0

internal import Crypto
package import TransparencyLog

/// SHA-256 of a file that comes in pieces.
package struct PackDigest: Sendable {
    private var hasher = SHA256()

    package init() {}

    package mutating func update(_ bytes: [UInt8]) {
        // SAFETY: the pointer does not leave the closure, and the hasher only reads.
        unsafe bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
    }

    /// The hash of what came so far.
    package var value: LogHash {
        // SAFETY: the buffer of a digest is its 32 bytes, and is only read inside the closure.
        let hash = unsafe hasher.finalize().withUnsafeBytes { unsafe LogHash($0.bytes) }
        guard let hash else { preconditionFailure("a digest of SHA-256 has 32 bytes") }
        return hash
    }

    package static func of(_ bytes: [UInt8]) -> LogHash {
        var digest = PackDigest()
        digest.update(bytes)
        return digest.value
    }
}
