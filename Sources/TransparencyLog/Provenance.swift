// SPDX-License-Identifier: Apache-2.0

import ByteCoding
internal import Crypto

/// Who handed a batch in, where it came from, and where in its source it ended: the same for all events of a frame.
///
/// Kept as a digest, which is computed once for a frame, so that a leaf costs the same however long the labels are.
/// Whoever opens a leaf's commitment shows the three labels and the provenance salt.
///
/// The digest is SHA-256("martlet provenance v1" ‖ 0x00 ‖ three labels, each behind its length in two bytes,
/// little-endian). It is not salted, so it is a secret itself: it never leaves this module.
package struct Provenance: Hashable, Sendable {
    private static let label = Array("martlet provenance v1\0".utf8)

    let digest: LogHash

    /// - Throws: `tooLarge` when a label has more than `LeafLimits.maximumLabelByteCount` bytes.
    package init(submitter: String, origin: String, position: [UInt8]) throws(LeafError) {
        var writer = ByteWriter(capacity: 256)
        writer.append(Self.label)
        try writer.appendLabel(submitter.utf8)
        try writer.appendLabel(origin.utf8)
        try writer.appendLabel(position)
        var hasher = SHA256()
        hasher.update(writer.bytes)
        digest = LogHash(hasher.finalize())
    }
}

extension Provenance: CustomStringConvertible, CustomReflectable {
    package var description: String { "Provenance(redacted)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension ByteWriter {
    /// The bytes behind their length in two bytes.
    ///
    /// - Throws: `tooLarge`.
    mutating func appendLabel(_ label: some Collection<UInt8>) throws(LeafError) {
        guard label.count <= LeafLimits.maximumLabelByteCount else {
            throw LeafError(
                .tooLarge,
                "a label of \(label.count) bytes, \(LeafLimits.maximumLabelByteCount) are allowed"
            )
        }
        append(UInt16(truncatingIfNeeded: label.count))
        append(label)
    }
}
