// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
import JournalFormat
import ManifestFormat
import SegmentFormat
package import SystemPackage

/// A segment's file outside of a log, such as a copy that was made of it.
///
/// No manifest says what its bytes have to be. The pages have checksums of their own; for the rest, whoever knows the checksum
/// of the whole compares it with `checksum`.
package struct SegmentCopy: Sendable {
    package let path: FilePath
    package let eventCount: Int
    package let byteCount: Int
    /// CRC-32C of the whole file as it is.
    package let checksum: UInt32

    private let segment: SealedSegment

    /// Reads all of the file once.
    ///
    /// - Throws: `damaged` when it is no segment, `inputOutput`.
    package init(_ path: FilePath, in fileSystem: any FileSystem = RealFileSystem()) throws(StoreError) {
        self.path = path
        do throws(SegmentError) {
            let source = try SegmentFileSource(path, in: fileSystem)
            byteCount = source.byteCount
            checksum = try source.checksum(of: 0..<source.byteCount)
            eventCount = try SegmentReader(source).rowCount
        } catch {
            guard error.code != .unreadable else {
                throw StoreError(.inputOutput, "cannot read \(path): \(error.message)", path: path)
            }
            throw StoreError(.damaged, "\(path) is damaged or no segment of Martlet: \(error)", path: path)
        }
        let description = SegmentDescription(
            name: path.lastComponent?.string ?? "",
            // What the labels of the rows say counts.
            firstIndex: 0,
            eventCount: eventCount,
            eventByteCount: 0,
            receivedRange: .min ... .max,
            timeRange: .min ... .max,
            streams: [.audit, .system],
            parts: [SegmentDescription.Part(endOffset: byteCount, checksum: checksum)]
        )
        segment = SealedSegment(
            description,
            in: path.removingLastComponent(),
            fileSystem,
            SegmentCache(maximumCount: 1, maximumByteCount: 0)
        )
    }

    /// Its events in stretches that are read at once.
    package var rowRanges: [Range<Int>] {
        stride(from: 0, to: eventCount, by: LogPart.rowsPerPart).map { first in
            first..<min(eventCount, first + LogPart.rowsPerPart)
        }
    }

    /// Reads and checks some rows; several threads may do so at once.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    package func events(_ rows: Range<Int>) throws(StoreError) -> EventRun { try segment.events(rows) }
}
