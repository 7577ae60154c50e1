// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import DurableFiles
import ManifestFormat
import SegmentFormat

/// Bytes of a segment's file that are not what was written.
package struct SegmentDamage: Equatable, Sendable {
    /// The damage is somewhere in here.
    package let bytes: Range<Int>
    /// The column whose bytes they are; nil when they are no column's, or nobody can tell.
    package let column: String?
    /// What was found, without the file's name.
    package let message: String

    package init(bytes: Range<Int>, column: String?, message: String) {
        self.bytes = bytes
        self.column = column
        self.message = message
    }
}

extension SealedSegment {
    /// Reads all bytes of the file and compares every part with the manifest.
    ///
    /// Goes on behind what is damaged, and sets nothing aside.
    ///
    /// - Returns: each part that is not what was written, in the order of the file; empty when the file is whole.
    /// - Throws: `inputOutput` when the file can't be read.
    package func findDamage(in fileSystem: any FileSystem = RealFileSystem()) throws(StoreError) -> [SegmentDamage] {
        do throws(SegmentError) {
            let source = try SegmentFileSource(path, in: fileSystem)
            guard source.byteCount == description.byteCount else {
                let counts = [source.byteCount, description.byteCount].sorted()
                let message = "the file has \(source.byteCount) bytes, the manifest says \(description.byteCount)"
                return [SegmentDamage(bytes: counts[0]..<counts[1], column: nil, message: message)]
            }
            var damaged: [Int] = []
            for (place, part) in description.parts.enumerated()
            where try source.checksum(of: description.range(ofPart: place)) != part.checksum {
                damaged.append(place)
            }
            // Without a whole footer nobody knows which column is where.
            let sizes = damaged.contains(description.parts.count - 1) ? nil : try? sizes(in: fileSystem)
            return damaged.map { place in
                let range = description.range(ofPart: place)
                return SegmentDamage(
                    bytes: range,
                    // The first part begins with the mark of the format; a column's pages are at the end of its part.
                    column: range.isEmpty ? nil : sizes?.column(holding: range.upperBound - 1),
                    message: "the checksum is not the manifest's"
                )
            }
        } catch {
            // A file that is gone is damage, as everywhere.
            guard error.code == .truncated else { throw failed(error) }
            return [SegmentDamage(bytes: 0..<description.byteCount, column: nil, message: error.message)]
        }
    }

    /// Hands out all bytes of the file in order, and compares every part with the manifest on the way.
    ///
    /// - Returns: CRC-32C of the whole file.
    /// - Throws: `damaged` once a part was handed out that is not what was written; `inputOutput`; what `body` throws.
    @discardableResult
    package func copy(
        from fileSystem: any FileSystem = RealFileSystem(),
        to body: ([UInt8]) throws -> Void
    ) throws -> UInt32 {
        do {
            let source = try SegmentFileSource(path, in: fileSystem)
            guard source.byteCount == description.byteCount else {
                throw SegmentError(
                    .truncated,
                    "\(source.byteCount) bytes, the manifest says \(description.byteCount)",
                    .init(byteOffset: min(source.byteCount, description.byteCount))
                )
            }
            var whole: UInt32 = 0
            for (place, part) in description.parts.enumerated() {
                var checksum: UInt32 = 0
                let range = description.range(ofPart: place)
                try source.forEachWindow(of: range) { window in
                    checksum = CRC32C.checksum(window.span.bytes, continuing: checksum)
                    whole = CRC32C.checksum(window.span.bytes, continuing: whole)
                    try body(window)
                }
                guard checksum == part.checksum else {
                    throw SegmentError(
                        .checksumMismatch,
                        "bytes \(range.lowerBound) to \(range.upperBound) are not what was written",
                        .init(byteOffset: range.lowerBound)
                    )
                }
            }
            return whole
        } catch let error as SegmentError {
            throw failed(error)
        }
    }
}
