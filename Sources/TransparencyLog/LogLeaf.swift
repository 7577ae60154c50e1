// SPDX-License-Identifier: Apache-2.0

import ByteCoding
internal import Crypto

/// What the log says of one event, without containing it.
///
/// Version 1; integers little-endian; normative: docs/formats/leaf.md.
///
/// | offset | size | meaning |
/// |---|---|---|
/// | 0 | 4 | magic `MLEF` |
/// | 4 | 1 | version, 1; readers refuse others |
/// | 5 | 1 | stream: 0 audit, 1 system; readers refuse others |
/// | 6 | 1 | flags; bit 0: conflict; readers refuse other bits |
/// | 7 | 1 | zero; readers refuse others |
/// | 8 | 8 | when the event was received, signed, nanoseconds since 1970 |
/// | 16 | 16 | opaque source |
/// | 32 | 32 | SHA-256(provenance salt ‖ digest of submitter, origin, position) |
/// | 64 | 32 | SHA-256(body salt ‖ the event's bytes) |
///
/// One value has one encoding: whatever is decoded encodes to the same bytes. The event's index is not in it; it is the
/// leaf's place in the tree.
package struct LogLeaf: Hashable, Sendable {
    package static let byteCount = 96
    package static let version: UInt8 = 1
    private static let magic: UInt32 = 0x4645_4C4D

    package let stream: LeafStream

    /// An earlier event of the same submitter has the same `source` and `id`, and other bytes.
    package let isConflict: Bool

    /// Nanoseconds since 1970-01-01T00:00:00Z, by the clock of the machine that kept the log.
    package let received: Int64

    package let source: OpaqueSource

    /// Commitment to submitter, origin, and position.
    package let provenance: LogHash

    /// Commitment to the event's bytes.
    package let body: LogHash

    package init(
        stream: LeafStream,
        isConflict: Bool,
        received: Int64,
        source: OpaqueSource,
        provenance: LogHash,
        body: LogHash
    ) {
        self.stream = stream
        self.isConflict = isConflict
        self.received = received
        self.source = source
        self.provenance = provenance
        self.body = body
    }

    /// Reads a leaf that is exactly these bytes.
    ///
    /// - Throws: `wrongByteCount`, `wrongMagic`, `unsupportedVersion`, `inconsistent`.
    package init(decoding bytes: RawSpan) throws(LeafError) {
        guard bytes.byteCount == Self.byteCount else {
            throw LeafError(.wrongByteCount, "\(bytes.byteCount) bytes, a leaf has \(Self.byteCount)")
        }
        guard bytes.halfWord(at: 0) == Self.magic else { throw LeafError(.wrongMagic, "no leaf begins like this") }
        let version = bytes.byte(at: 4)
        guard version == Self.version else {
            throw LeafError(.unsupportedVersion, "leaf of version \(version), known is \(Self.version)")
        }
        guard let stream = LeafStream(rawValue: bytes.byte(at: 5)) else {
            throw LeafError(.inconsistent, "no stream is numbered \(bytes.byte(at: 5))")
        }
        // Unlike a frame's flags, which are a hint and may grow: two readings of one leaf would be two truths.
        guard bytes.byte(at: 6) <= 1, bytes.byte(at: 7) == 0 else {
            throw LeafError(.inconsistent, "flags \(bytes.byte(at: 6)), \(bytes.byte(at: 7)) are not of this version")
        }
        self.stream = stream
        isConflict = bytes.byte(at: 6) == 1
        received = Int64(bitPattern: bytes.word(at: 8))
        source = OpaqueSource(at: 16, of: bytes)
        provenance = LogHash(at: 32, of: bytes)
        body = LogHash(at: 64, of: bytes)
    }

    package func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: Self.byteCount)
        let words = self.words
        for index in words.indices { writer.append(UInt64(littleEndian: words[index])) }
        return writer.bytes
    }

    /// The encoded leaf, in words that have its bytes in memory.
    private var words: [12 of UInt64] {
        let head =
            UInt64(Self.magic) | UInt64(Self.version) << 32 | UInt64(stream.rawValue) << 40 | (isConflict ? 1 << 48 : 0)
        return [
            head.littleEndian, UInt64(bitPattern: received).littleEndian,
            source.first.littleEndian, source.second.littleEndian,
            provenance.words.0.littleEndian, provenance.words.1.littleEndian,
            provenance.words.2.littleEndian, provenance.words.3.littleEndian,
            body.words.0.littleEndian, body.words.1.littleEndian,
            body.words.2.littleEndian, body.words.3.littleEndian,
        ]
    }

    /// The leaf's hash in the tree: SHA-256(0x00 ‖ the encoded leaf).
    package var hash: LogHash {
        var hasher = SHA256()
        hasher.update(LogHash.leafPrefix)
        hasher.update(words)
        return LogHash(hasher.finalize())
    }
}

/// The stream that an event belongs to, with the journal's numbers.
package enum LeafStream: UInt8, Sendable, CaseIterable {
    /// What came in.
    case audit = 0
    /// Martlet's own events.
    case system = 1
}
