// SPDX-License-Identifier: Apache-2.0

/// Bytes of a file that can be read from any place.
package protocol ParquetByteSource {
    var byteCount: Int { get }

    /// The bytes of a range inside the file.
    ///
    /// - Throws: `unreadable`; a source never returns fewer bytes than it was asked for.
    func bytes(_ range: Range<Int>) throws(SegmentError) -> [UInt8]
}

/// A file in memory.
package struct ParquetBytes: ParquetByteSource, Sendable {
    private let all: [UInt8]

    package init(_ bytes: [UInt8]) {
        all = bytes
    }

    package var byteCount: Int { all.count }

    package func bytes(_ range: Range<Int>) throws(SegmentError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= all.count else {
            throw SegmentError(.unreadable, "bytes \(range) of \(all.count)")
        }
        return Array(all[range])
    }
}
