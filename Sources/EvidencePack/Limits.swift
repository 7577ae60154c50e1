// SPDX-License-Identifier: Apache-2.0

/// Sizes of packs; beyond each of them a reader refuses the pack.
package enum PackLimits {
    /// Bytes of an entry: what eleven octal digits of a header hold.
    package static let maximumEntryByteCount = (1 << 33) - 1

    /// Bytes of what is read as a whole: manifest, notes, keys.
    ///
    /// A manifest has two kilobytes and the query's text, which has at most 64 KiB where it is asked.
    package static let maximumSmallByteCount = 1 << 20

    /// Bytes of the other documents, which are hashed and not looked at.
    package static let maximumDocumentByteCount = 1 << 28

    /// Bytes of one event: sixty times what a log accepts unless told otherwise.
    package static let maximumEventByteCount = 1 << 26

    /// Bytes of a line of `proofs.ndjson`: an opening has at most 12,428 bytes, in Base64 16,572.
    package static let maximumProofLineByteCount = 16_800

    /// Bytes of a line of `hashes`: level, index and hash.
    package static let maximumNodeLineByteCount = 70

    /// Findings of one verification: whoever changed a million events need not be told of each.
    package static let maximumFindingCount = 100
}
