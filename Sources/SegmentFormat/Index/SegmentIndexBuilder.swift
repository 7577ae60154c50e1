// SPDX-License-Identifier: Apache-2.0

import ByteCoding

/// Makes the index of a segment from its columns, one after the other in the order of the file.
///
/// The columns are the same whether they come from the encoder or are read back, and so is the index, byte for byte.
package struct SegmentIndexBuilder {
    private let rowCount: Int
    private let firstIndex: UInt64
    /// A number that says which bytes the segment has; may be set until the end, when they are known.
    package var identity: UInt64
    private var ids: IndexedIDsBuilder
    private var columns: IndexedColumnsBuilder
    private var words = IndexedWordsBuilder()
    private var times: BlockTimes?

    /// - Parameters:
    ///   - rowCount: events of the segment.
    ///   - firstIndex: index of the first of them.
    ///   - identity: a number that says which bytes the segment has, a checksum for instance; not looked into.
    ///   - seed: secret, so that nobody can choose ids that look the same; stands in the index.
    /// - Throws: `invalidArgument` without rows or with too many.
    package init(rowCount: Int, firstIndex: UInt64, identity: UInt64, seed: UInt64) throws(SegmentError) {
        guard (1...IndexLimits.maximumRowCount).contains(rowCount) else {
            throw SegmentError(.invalidArgument, "an index of \(rowCount) rows")
        }
        self.rowCount = rowCount
        self.firstIndex = firstIndex
        self.identity = identity
        ids = IndexedIDsBuilder(rowCount: rowCount, seed: seed)
        columns = IndexedColumnsBuilder(rowCount: rowCount)
    }

    /// Takes the next column.
    ///
    /// - Throws: `inconsistent` when it does not have the rows, or a code names no entry.
    package mutating func add(_ column: ParquetColumn, _ data: ParquetColumnData) throws(SegmentError) {
        let expected = data.presence?.setCount(0..<data.rowCount) ?? data.rowCount
        guard data.rowCount == rowCount, data.valueCount == expected else {
            throw SegmentError(
                .inconsistent,
                "\(data.valueCount) values in \(data.rowCount) rows of \(rowCount)",
                .init(column: column.name)
            )
        }
        let number = try columns.add(column, data)
        switch column.name {
        case "id": ids.add(column, data)
        case SegmentColumns.raw: addRawEvents(data)
        case "time": times = BlockTimes(column, data, rowCount: rowCount)
        default: break
        }
        // Raw events are whole events: their words would be those of all other columns together.
        if case .byteArrays(let entries) = data.values, data.codes != nil, column.name != SegmentColumns.raw,
            column.isText
        {
            words.add(column: number, entries, rowCount: rowCount)
        }
    }

    private mutating func addRawEvents(_ data: ParquetColumnData) {
        guard case .byteArrays(let events) = data.values else { return }
        var reader = RawEventIDs()
        let hashes = ValueHashes(seed: ids.seed)
        var place = 0
        for row in 0..<rowCount where data.presence?[row] ?? true {
            let entry = data.codes.map { Int($0[place]) } ?? place
            place += 1
            guard let id = reader.id(of: events.bytes, events[entry]) else { continue }
            ids.add(hashes.hash(id), row: row)
        }
    }

    /// The whole file.
    ///
    /// - Throws: `tooLarge`, `compressionFailed`.
    package mutating func finish() throws(SegmentError) -> [UInt8] {
        let compressor = try ZstdCompressor()
        var sections: [(kind: IndexSectionKind, bytes: [UInt8])] = [(.ids, ids.finish()), (.values, columns.finish())]
        let words = words.finish()
        sections += [(.words, words.words), (.places, words.places)]
        if let times { sections.append((.times, times.encoded())) }
        var header = IndexHeader(
            firstIndex: firstIndex,
            identity: identity,
            rowCount: rowCount,
            blockRowBits: IndexLimits.blockRowBits,
            sections: []
        )
        var offset = IndexHeader.fixedByteCount + IndexHeader.sectionByteCount * sections.count
        var body: [UInt8] = []
        for (kind, bytes) in sections {
            let stored = try Self.stored(bytes, kind, compressor)
            header.sections.append(
                IndexSection(
                    kind: kind.rawValue,
                    compression: stored.isCompressed ? IndexSection.zstd : 0,
                    byteOffset: offset,
                    storedByteCount: stored.bytes.count,
                    byteCount: bytes.count,
                    checksum: unsafe CRC32C.checksum(stored.bytes.span.bytes)
                )
            )
            offset += stored.bytes.count
            body += stored.bytes
        }
        return header.encoded() + body
    }

    /// A section as it is written: compressed if that saves a sixteenth of it.
    private static func stored(
        _ bytes: [UInt8],
        _ kind: IndexSectionKind,
        _ compressor: ZstdCompressor
    ) throws(SegmentError) -> (bytes: [UInt8], isCompressed: Bool) {
        guard bytes.count <= IndexLimits.maximumSectionByteCount else {
            throw SegmentError(.tooLarge, "section \(kind) has \(bytes.count) bytes")
        }
        guard kind == .words else { return (bytes, false) }
        var compressed: [UInt8] = []
        _ = try unsafe compressor.compress(bytes.span.bytes, level: IndexLimits.compressionLevel, into: &compressed)
        return compressed.count < bytes.count - bytes.count / 16 ? (compressed, true) : (bytes, false)
    }
}

extension ParquetColumn {
    /// Whether its byte arrays are text.
    var isText: Bool { logicalType == .string || logicalType == .json }
}
