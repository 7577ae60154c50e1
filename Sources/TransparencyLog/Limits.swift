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
