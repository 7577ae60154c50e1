// SPDX-License-Identifier: Apache-2.0

/// Sizes of the journal's format.
///
/// Readers refuse what is larger: a length is never trusted before its bound.
package enum JournalLimits {
    /// Frames start at multiples of this.
    ///
    /// It is the page size and at least the block size of disks, so that a frame can be written past the page cache and
    /// no write touches a block that holds acknowledged bytes.
    package static let blockByteCount = 4096

    /// Bytes of one frame without its padding.
    ///
    /// Larger than any batch that is accepted; small enough to be read at once.
    package static let maximumFrameByteCount = 64 << 20

    /// Events of one frame.
    ///
    /// The longest batch of single-line events that fits an HTTP body has fewer.
    package static let maximumEventCount = 1 << 20

    /// Bytes of a submitter, a source, or a source's position.
    package static let maximumLabelByteCount = 4096

    /// A count rounded up to whole blocks.
    package static func padded(_ byteCount: Int) -> Int {
        (byteCount + blockByteCount - 1) / blockByteCount * blockByteCount
    }
}
