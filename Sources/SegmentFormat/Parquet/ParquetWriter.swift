// SPDX-License-Identifier: Apache-2.0

/// How a file is cut into pages, and who it says wrote it.
package struct ParquetWriterOptions: Equatable, Sendable {
    /// Rows of a page, in every column, so that page *n* of one column has the rows of page *n* of another.
    ///
    /// 16,384 is 64 times 256, the events of a hash tree's tile, so that pages end where tiles do.
    package var rowsPerPage: Int

    /// Pages of byte arrays are cut before they get larger than this, in the midst of those rows.
    ///
    /// It bounds what reading one row of such a column costs; smaller pages compress less well.
    package var longPageByteCount: Int

    package var createdBy: String

    package init(rowsPerPage: Int = 16_384, longPageByteCount: Int = 1 << 20, createdBy: String = "martlet") {
        self.rowsPerPage = max(1, rowsPerPage)
        self.longPageByteCount = max(1, longPageByteCount)
        self.createdBy = createdBy
    }
}

/// The page indexes of a column chunk.
private enum PageIndexes: Sendable {
    case own(ColumnIndex?, OffsetIndex)
    /// Those of a column of the same row group that comes before.
    case same(as: Int)
}

/// Puts encoded columns together into a Parquet file.
///
/// The bytes come out as they are made: what `take` returned is written and forgotten. What stays in memory until the
/// end is what the footer says of each chunk, and the page indexes.
///
/// Order in the file: magic; the row groups, each with its columns and behind them its bloom filters; column indexes;
/// offset indexes; footer.
package struct ParquetWriter: Sendable {
    private let columns: [ParquetColumn]
    private let options: ParquetWriterOptions
    private var pending: [UInt8] = ParquetMagic.bytes
    /// Bytes of the file that `take` has returned.
    private var takenByteCount = 0
    private var groups: [RowGroupMetadata] = []
    /// Of each column of each row group, in order.
    private var indexes: [PageIndexes] = []
    /// Columns of the row group that is being written.
    private var chunks: [ColumnChunkMetadata] = []
    private var blooms: [(place: Int, filter: SplitBlockBloomFilter)] = []
    private var groupRowCount = 0
    /// Columns of the row group that share the pages of another.
    private var aliases: [(place: Int, original: Int)] = []
    private var isFinished = false

    /// Begins a file.
    ///
    /// - Throws: `invalidArgument` for columns that cannot be, or that share a name.
    package init(columns: [ParquetColumn], options: ParquetWriterOptions = ParquetWriterOptions()) throws(SegmentError)
    {
        guard (1...ParquetLimits.maximumColumnCount).contains(columns.count) else {
            throw SegmentError(.invalidArgument, "\(columns.count) columns")
        }
        // Bytes, because strings that Unicode calls equivalent are equal, and paths that differ are not the same column.
        var names: Set<[UInt8]> = []
        for column in columns {
            try column.validate()
            guard names.insert(Array(column.name.utf8)).inserted else {
                throw SegmentError(.invalidArgument, "two columns of one name", .init(column: column.name))
            }
        }
        self.columns = columns
        self.options = options
    }

    /// Bytes of the file so far.
    package var byteCount: Int { takenByteCount + pending.count }

    /// Rows of the finished row groups.
    package var rowCount: Int { groups.reduce(0) { $0 + Int($1.rowCount) } }

    /// The bytes that were made since the last call.
    package mutating func take() -> [UInt8] {
        defer { pending = [] }
        takenByteCount += pending.count
        return pending
    }

    /// Appends the next column of the row group; the last column ends it.
    ///
    /// - Throws: `invalidArgument` when it is another column than the one declared, or has other rows than the group's
    ///   first column; `tooLarge` beyond `ParquetLimits`.
    package mutating func append(_ chunk: EncodedColumnChunk) throws(SegmentError) {
        let place = SegmentError.Context(byteOffset: byteCount, column: chunk.column.name, rowGroup: groups.count)
        guard !isFinished, columns[chunks.count] == chunk.column else {
            throw SegmentError(.invalidArgument, "not the column that comes next", place)
        }
        guard chunks.isEmpty || chunk.rowCount == groupRowCount else {
            throw SegmentError(.invalidArgument, "\(chunk.rowCount) rows in a row group of \(groupRowCount)", place)
        }
        guard (1...ParquetLimits.maximumRowCount).contains(chunk.rowCount),
            groups.count < ParquetLimits.maximumRowGroupCount,
            chunk.bytes.count <= ParquetLimits.maximumChunkByteCount,
            chunk.pages.count <= ParquetLimits.maximumPageCount
        else {
            throw SegmentError(
                .tooLarge,
                "\(chunk.rowCount) rows in \(chunk.pages.count) pages of \(chunk.bytes.count) bytes",
                place
            )
        }
        groupRowCount = chunk.rowCount
        let start = byteCount
        pending.append(contentsOf: chunk.bytes)
        chunks.append(metadata(of: chunk, at: start))
        let locations = chunk.pages.map { page in
            var page = page
            page.byteOffset += Int64(start)
            return page
        }
        indexes.append(.own(chunk.columnIndex, OffsetIndex(pages: locations)))
        if let filter = chunk.bloomFilter { blooms.append((chunks.count - 1, filter)) }
        if chunks.count == columns.count { endRowGroup() }
    }

    /// Appends the next column of the row group without pages of its own: it has those of a column before it.
    ///
    /// The footer names the same pages, indexes and bloom filter for both.
    ///
    /// - Throws: `invalidArgument` when that column is not there yet or is declared otherwise.
    package mutating func appendAlias(of original: Int) throws(SegmentError) {
        guard !isFinished, chunks.indices.contains(original),
            columns[original].isDeclared(as: columns[chunks.count])
        else {
            throw SegmentError(
                .invalidArgument,
                "the pages of column \(original) for column \(chunks.count)",
                .init(rowGroup: groups.count)
            )
        }
        var chunk = chunks[original]
        chunk.path = [columns[chunks.count].name]
        chunks.append(chunk)
        indexes.append(.same(as: original))
        aliases.append((chunks.count - 1, original))
        if chunks.count == columns.count { endRowGroup() }
    }

    private func metadata(of chunk: EncodedColumnChunk, at start: Int) -> ColumnChunkMetadata {
        let hasDictionary = chunk.dictionaryByteCount > 0
        var encodings = [chunk.encoding.rawValue]
        var pageEncodings = [
            ColumnChunkMetadata.PageEncoding(
                pageType: 0,
                encoding: chunk.encoding.rawValue,
                count: Int32(chunk.pages.count)
            )
        ]
        if hasDictionary {
            encodings.append(ParquetEncoding.plain.rawValue)
            pageEncodings.insert(.init(pageType: 2, encoding: ParquetEncoding.plain.rawValue, count: 1), at: 0)
        }
        if chunk.column.isOptional { encodings.append(ParquetEncoding.rle.rawValue) }
        return ColumnChunkMetadata(
            typeCode: chunk.column.type.code,
            encodings: encodings,
            path: [chunk.column.name],
            codec: chunk.codec,
            valueCount: Int64(chunk.rowCount),
            uncompressedByteCount: Int64(chunk.uncompressedByteCount),
            compressedByteCount: Int64(chunk.bytes.count),
            dataPageOffset: Int64(start + chunk.dictionaryByteCount),
            dictionaryPageOffset: hasDictionary ? Int64(start) : nil,
            statistics: chunk.statistics,
            pageEncodings: pageEncodings
        )
    }

    private mutating func endRowGroup() {
        for (place, filter) in blooms {
            let start = byteCount
            pending.append(contentsOf: BloomFilterHeader(byteCount: Int32(filter.byteCount)).encoded())
            filter.appendBitset(to: &pending)
            chunks[place].bloomFilter = .init(byteOffset: Int64(start), byteCount: Int32(byteCount - start))
        }
        for (place, original) in aliases { chunks[place].bloomFilter = chunks[original].bloomFilter }
        // Pages count once, however many columns have them.
        let shared = Set(aliases.map(\.place))
        let own = chunks.indices.filter { !shared.contains($0) }.map { chunks[$0] }
        groups.append(
            RowGroupMetadata(
                columns: chunks,
                uncompressedByteCount: own.reduce(0) { $0 + $1.uncompressedByteCount },
                rowCount: Int64(groupRowCount),
                byteOffset: chunks.first.map { $0.dictionaryPageOffset ?? $0.dataPageOffset },
                compressedByteCount: own.reduce(0) { $0 + $1.compressedByteCount },
                ordinal: Int16(groups.count)
            )
        )
        chunks = []
        blooms = []
        aliases = []
    }

    /// Ends the file, whose last bytes are then to be taken.
    ///
    /// Nothing can be appended afterwards.
    ///
    /// - Throws: `invalidArgument` in the midst of a row group or the second time; `tooLarge` when the footer is.
    package mutating func finish(_ keyValues: [ParquetKeyValue] = []) throws(SegmentError) {
        guard !isFinished, chunks.isEmpty else {
            throw SegmentError(.invalidArgument, "a file that ends in the midst of a row group, or twice")
        }
        guard keyValues.count <= ParquetLimits.maximumKeyValueCount else {
            throw SegmentError(.tooLarge, "\(keyValues.count) metadata entries")
        }
        isFinished = true
        appendIndexes()
        let footer = FileMetadata(
            schema: schema(),
            rowCount: Int64(rowCount),
            rowGroups: groups,
            keyValues: keyValues,
            createdBy: options.createdBy
        ).encoded()
        guard footer.count <= ParquetLimits.maximumFooterByteCount else {
            throw SegmentError(.tooLarge, "a footer of \(footer.count) bytes")
        }
        pending.append(contentsOf: footer)
        for byte in 0..<4 { pending.append(UInt8(truncatingIfNeeded: footer.count >> (8 * byte))) }
        pending.append(contentsOf: ParquetMagic.bytes)
    }

    /// Appends all column indexes, then all offset indexes.
    private mutating func appendIndexes() {
        for (number, index) in indexes.enumerated() {
            let (group, place) = number.quotientAndRemainder(dividingBy: columns.count)
            switch index {
            case .own(nil, _): break
            case .own(let column?, _): groups[group].columns[place].columnIndex = append(column.encoded())
            case .same(let original):
                groups[group].columns[place].columnIndex = groups[group].columns[original].columnIndex
            }
        }
        for (number, index) in indexes.enumerated() {
            let (group, place) = number.quotientAndRemainder(dividingBy: columns.count)
            switch index {
            case .own(_, let offset): groups[group].columns[place].offsetIndex = append(offset.encoded())
            case .same(let original):
                groups[group].columns[place].offsetIndex = groups[group].columns[original].offsetIndex
            }
        }
    }

    private mutating func append(_ index: [UInt8]) -> ColumnChunkMetadata.Place {
        let start = byteCount
        pending.append(contentsOf: index)
        return .init(byteOffset: Int64(start), byteCount: Int32(index.count))
    }

    private func schema() -> [SchemaElement] {
        let root = SchemaElement(
            name: "event",
            type: nil,
            isOptional: nil,
            childCount: Int32(columns.count),
            logicalType: nil
        )
        return [root]
            + columns.map { column in
                SchemaElement(
                    name: column.name,
                    type: column.type,
                    isOptional: column.isOptional,
                    childCount: nil,
                    logicalType: column.logicalType
                )
            }
    }
}
