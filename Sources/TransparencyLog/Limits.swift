// SPDX-License-Identifier: Apache-2.0

/// Sizes of the log's formats.
package enum LeafLimits {
    /// Bytes of a submitter, an origin, or a position: what a frame of the journal allows.
    ///
    /// Beyond it there is no provenance, because two bytes of length must be enough for each.
    package static let maximumLabelByteCount = 4096

    /// Bytes of a span's secrets: all 256 bundles opened, with their header and check.
    package static let maximumSecretsByteCount = 20 + 256 * (1 + 32 + 256 * LeafSalts.byteCount)
}

/// Sizes of what the log signs, proves and gives out; beyond each of them a parser throws `tooLarge`.
package enum LogLimits {
    /// Bytes of a signed note: a checkpoint has some hundred, a hundred post-quantum signatures have 330 KB.
    package static let maximumNoteByteCount = 1 << 20

    /// Signatures of a note; the format asks for at least 16, and other implementations stop at a hundred.
    package static let maximumSignatureCount = 100

    /// Hashes of a proof: what c2sp.org/tlog-witness allows.
    package static let maximumProofHashCount = 63

    /// Leaves of a tree that is appended to or proves anything: the largest of which no consistency proof is longer.
    package static let maximumTreeSize: UInt64 = 1 << 62

    /// Leaves of a bundle, and hashes of a tile.
    package static let tileWidth = 256

    /// Bytes of an entry: its length stands in two bytes.
    package static let maximumEntryByteCount = 65_535

    /// Bytes of a receipt's `extra`, decoded; an opening has at most 12,428.
    package static let maximumExtraByteCount = 65_535

    /// Bytes of a trust policy.
    package static let maximumPolicyByteCount = 1 << 20

    /// Logs, witnesses and groups of a trust policy, each; the format asks for at least 32.
    package static let maximumPolicyNameCount = 256
}
