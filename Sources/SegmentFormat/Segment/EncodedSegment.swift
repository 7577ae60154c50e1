// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// A segment's file, and what its manifest says of it.
package struct EncodedSegment: Sendable, Equatable {
    package let bytes: [UInt8]

    /// Every byte of the file belongs to one of these, in order.
    package let parts: [SegmentPart]

    /// Bounds of the times by which the events are ordered: their own, or those of receipt where they have none.
    ///
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package let earliestTime: Int64
    package let latestTime: Int64
}

/// A stretch of a segment's file with a checksum: a column's pages, or everything behind the last of them.
package struct SegmentPart: Sendable, Equatable {
    /// The column's name, or `footerName`.
    ///
    /// A column that shares its pages with another has no part of its own.
    package let name: String
    /// The part begins where the one before it ends, the first at 0.
    package let endOffset: Int
    /// CRC-32C of its bytes.
    package let checksum: UInt32

    /// Name of the last part: page indexes and footer.
    package static let footerName = "martlet.footer"

    package init(name: String, endOffset: Int, checksum: UInt32) {
        self.name = name
        self.endOffset = endOffset
        self.checksum = checksum
    }
}
