// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import DurableFiles
import ManifestFormat
import SegmentFormat
import SystemPackage

/// What the columns of a segment take of its file, as the file's footer tells.
package struct SegmentSizes: Equatable, Sendable {
    package struct Column: Equatable, Sendable {
        package let name: String
        /// Where its pages are.
        package let pages: Range<Int>
        /// Bytes of pages and bloom filter; 0 when the pages are those of an earlier column.
        package let byteCount: Int
    }

    /// In the order of the file's schema.
    package let columns: [Column]

    /// Bytes of the file that are no column's: page indexes, shapes, footer.
    package let otherByteCount: Int

    /// Bytes of the index beside the file; 0 when there is none.
    package let indexByteCount: Int

    /// The column whose pages hold a byte; nil when it is no column's.
    package func column(holding byteOffset: Int) -> String? {
        columns.first { $0.pages.contains(byteOffset) }?.name
    }
}

extension SealedSegment {
    /// Reads the footer for what each column takes.
    ///
    /// - Throws: `damaged` when the file's end is not what was written, `inputOutput`.
    package func sizes(in fileSystem: any FileSystem = RealFileSystem()) throws(StoreError) -> SegmentSizes {
        do throws(SegmentError) {
            let source = try SegmentFileSource(path, in: fileSystem)
            guard source.byteCount == description.byteCount else {
                throw SegmentError(
                    .truncated,
                    "\(source.byteCount) bytes, the manifest says \(description.byteCount)",
                    .init(byteOffset: min(source.byteCount, description.byteCount))
                )
            }
            // All of it is believed from here on, and only the manifest has a checksum of it.
            let footer = description.range(ofPart: description.parts.count - 1)
            guard try source.checksum(of: footer) == description.parts.last?.checksum else {
                throw SegmentError(
                    .checksumMismatch,
                    "bytes \(footer.lowerBound) to \(footer.upperBound) are not what was written",
                    .init(byteOffset: footer.lowerBound)
                )
            }
            return try SegmentSizes(source, indexByteCount: indexByteCount(in: fileSystem))
        } catch {
            throw failed(error)
        }
    }

    private func indexByteCount(in fileSystem: any FileSystem) -> Int {
        // A hint that is missing or unreadable takes nothing worth telling, and is made anew.
        (try? fileSystem.openForReading(indexPath).byteCount()) ?? 0
    }
}

extension SegmentSizes {
    fileprivate init(_ source: SegmentFileSource, indexByteCount: Int) throws(SegmentError) {
        let file = try ParquetReader(source)
        var columns: [Column] = []
        var starts: Set<Int> = []
        for group in file.metadata.rowGroups {
            for (column, chunk) in zip(file.columns, group.columns) {
                let start = Int(clamping: min(chunk.dataPageOffset, chunk.dictionaryPageOffset ?? chunk.dataPageOffset))
                let count = Int(clamping: chunk.compressedByteCount)
                guard (0...source.byteCount).contains(start), (0...source.byteCount - start).contains(count) else {
                    throw SegmentError(
                        .inconsistent,
                        "\(count) bytes at \(start) in a file of \(source.byteCount)",
                        .init(column: column.name)
                    )
                }
                let isFirst = starts.insert(start).inserted
                let bloom = Int(clamping: chunk.bloomFilter?.byteCount ?? 0)
                columns.append(
                    Column(name: column.name, pages: start..<start + count, byteCount: isFirst ? count + bloom : 0)
                )
            }
        }
        self.columns = columns
        otherByteCount = max(0, source.byteCount - columns.reduce(0) { $0 + $1.byteCount })
        self.indexByteCount = indexByteCount
    }
}

extension SegmentDescription {
    /// Where a part is in the file.
    func range(ofPart place: Int) -> Range<Int> {
        guard parts.indices.contains(place) else { return 0..<0 }
        let start = place == 0 ? 0 : parts[place - 1].endOffset
        return start..<max(start, parts[place].endOffset)
    }
}

extension SegmentFileSource {
    /// Bytes that are held at once while a file is gone through.
    static let windowByteCount = 1 << 20

    /// Hands out a range, a window at a time.
    func forEachWindow(
        of range: Range<Int>,
        _ body: ([UInt8]) throws -> Void
    ) throws {
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: Self.windowByteCount) {
            try body(try bytes(offset..<min(range.upperBound, offset + Self.windowByteCount)))
        }
    }

    /// CRC-32C of a range.
    func checksum(of range: Range<Int>) throws(SegmentError) -> UInt32 {
        var checksum: UInt32 = 0
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: Self.windowByteCount) {
            let window = try bytes(offset..<min(range.upperBound, offset + Self.windowByteCount))
            checksum = CRC32C.checksum(window.span.bytes, continuing: checksum)
        }
        return checksum
    }
}
