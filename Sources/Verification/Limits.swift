// SPDX-License-Identifier: Apache-2.0

/// Sizes beyond which nothing is read: whoever made the evidence may want to exhaust whoever checks it.
package enum VerificationLimits {
    /// Findings that are kept; beyond it they are counted.
    package static let maximumFindingCount = 1000

    /// Bytes of the manifest, as the store's limit.
    static let maximumManifestByteCount = 256 << 20

    /// Bytes of `identity`, `journal-end`, the signer's record, a secret.
    static let maximumSmallFileByteCount = 4096

    /// Bytes of the list of keys: some thousand keys.
    static let maximumKeyListByteCount = 1 << 20

    /// Bytes of a segment's file, which is read as a whole: a hundred times what the store makes.
    static let maximumSegmentByteCount = 4 << 30

    /// Bytes of a tombstone beside its leaf: the longest event.
    static let maximumTombstoneByteCount = 64 << 20

    /// Bytes of a full entry bundle.
    static let maximumBundleByteCount = 256 * (2 + 65_535)

    /// Older checkpoints whose sizes and roots are kept to be compared, 40 bytes each.
    static let maximumCheckpointCount = 4 << 20

    /// Names of tiles that are looked at: those of 10^11 events.
    static let maximumTileNameCount = 4 << 20

    /// Rows that one task reads at once: those of a page.
    static let rowsPerPiece = 16_384

    /// Events of frames that one task reads at once, and their bytes, unless one frame has more.
    static let eventsPerPiece = 16_384
    static let bytesPerPiece = 16 << 20

    /// Cosignatures may be so many seconds ahead of the clock of whoever verifies.
    static let clockLeeway: Int64 = 300
}
