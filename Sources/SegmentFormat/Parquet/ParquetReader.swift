// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Reads files that `ParquetWriter` wrote, and others that keep to the same subset.
///
/// The subset: no nesting, version 1 data pages, plain, dictionary and delta encodings, zstd or nothing, a checksum on
/// every page. Anything else is `unsupported`. The reader holds the footer only; whatever else it reads, it returns.
package struct ParquetReader<Source: ParquetByteSource> {
    package let source: Source
    package let metadata: FileMetadata

    /// The columns as far as the footer tells: layout, compression and bloom filters are said of each chunk.
    package let columns: [ParquetColumn]

    /// Where the footer begins; every page lies before it.
    private let footerOffset: Int

    /// Reads and checks the footer.
    ///
    /// - Throws: `notParquet`, `truncated`, `inconsistent`, `unsupported`, `tooLarge`, and what the source throws.
    package init(_ source: Source) throws(SegmentError) {
        let tail = 8
        guard source.byteCount >= 12 else {
            throw SegmentError(.truncated, "a file of \(source.byteCount) bytes", .init(byteOffset: 0))
        }
        let end = try Self.read(source, source.byteCount - tail..<source.byteCount)
        let start = try Self.read(source, 0..<4)
        guard Array(end[4...]) == ParquetMagic.bytes, start == ParquetMagic.bytes else {
            throw SegmentError(.notParquet, "the file does not begin and end with PAR1", .init(byteOffset: 0))
        }
        let length = unsafe Int(end.span.bytes.halfWord(at: 0))
        guard length <= ParquetLimits.maximumFooterByteCount else {
            throw SegmentError(.tooLarge, "a footer of \(length) bytes", .init(byteOffset: source.byteCount - tail))
        }
        footerOffset = source.byteCount - tail - length
        guard footerOffset >= 4 else {
            throw SegmentError(
                .truncated,
                "a footer of \(length) bytes in a file of \(source.byteCount)",
                .init(byteOffset: source.byteCount - tail)
            )
        }
        let bytes = try Self.read(source, footerOffset..<footerOffset + length)
        do throws(SegmentError) {
            metadata = try FileMetadata.decode(bytes)
        } catch {
            throw error.within(startingAt: footerOffset)
        }
        columns = try metadata.columns()
        self.source = source
        try validate()
    }

    private static func read(_ source: Source, _ range: Range<Int>) throws(SegmentError) -> [UInt8] {
        let bytes = try source.bytes(range)
        guard bytes.count == range.count else {
            throw SegmentError(
                .unreadable,
                "\(bytes.count) bytes of \(range.count)",
                .init(byteOffset: range.lowerBound)
            )
        }
        return bytes
    }

    private func validate() throws(SegmentError) {
        var rows: Int64 = 0
        for (number, group) in metadata.rowGroups.enumerated() {
            guard group.columns.count == columns.count,
                (0...Int64(ParquetLimits.maximumRowCount)).contains(group.rowCount)
            else {
                throw SegmentError(
                    .inconsistent,
                    "\(group.columns.count) columns and \(group.rowCount) rows, of \(columns.count) columns",
                    .init(rowGroup: number)
                )
            }
            rows += group.rowCount
            for (column, chunk) in zip(columns, group.columns) {
                guard chunk.valueCount == group.rowCount, chunk.path == [column.name],
                    chunk.typeCode == column.type.code
                else {
                    throw SegmentError(
                        .inconsistent,
                        "\(chunk.valueCount) values of \(chunk.path) for \(group.rowCount) rows",
                        .init(column: column.name, rowGroup: number)
                    )
                }
            }
        }
        guard rows == metadata.rowCount else {
            throw SegmentError(.inconsistent, "\(metadata.rowCount) rows, the row groups have \(rows)")
        }
    }

    /// The place of a column in `columns`.
    package func index(ofColumn name: String) -> Int? {
        columns.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }

    // MARK: - Values

    /// All values of a column in one row group.
    ///
    /// - Throws: `checksumMismatch` and whatever else can be wrong with pages.
    package func readColumn(
        _ column: Int,
        rowGroup: Int,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ParquetColumnData {
        let (chunk, rowCount) = try chunk(column, rowGroup)
        do throws(SegmentError) {
            let range = try range(of: chunk)
            let bytes = try Self.read(source, range)
            var decoder = ChunkDecoder(columns[column], chunk, rowCount: rowCount, decompressor)
            var offset = 0
            while offset < bytes.count {
                do throws(SegmentError) {
                    offset = try decoder.decodePage(bytes, at: offset)
                } catch {
                    throw error.within(startingAt: range.lowerBound)
                }
            }
            return try decoder.finish()
        } catch {
            throw error.within(column: columns[column].name, rowGroup: rowGroup)
        }
    }

    /// The dictionary of a column in one row group; nil when it has none.
    package func readDictionary(
        _ column: Int,
        rowGroup: Int,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ParquetValues? {
        let (chunk, rowCount) = try chunk(column, rowGroup)
        do throws(SegmentError) {
            guard chunk.dictionaryPageOffset != nil else { return nil }
            let all = try range(of: chunk)
            guard chunk.dataPageOffset > Int64(all.lowerBound), chunk.dataPageOffset <= Int64(all.upperBound) else {
                throw SegmentError(.inconsistent, "data pages at \(chunk.dataPageOffset), the chunk is \(all)")
            }
            let bytes = try Self.read(source, all.lowerBound..<Int(chunk.dataPageOffset))
            var decoder = ChunkDecoder(columns[column], chunk, rowCount: rowCount, decompressor)
            guard try decoder.decodePage(bytes, at: 0) == bytes.count, let dictionary = decoder.dictionary else {
                throw SegmentError(.inconsistent, "no dictionary page where one should be")
            }
            return dictionary
        } catch {
            throw error.within(column: columns[column].name, rowGroup: rowGroup)
        }
    }

    /// The values of one page, as the offset index names it.
    ///
    /// With dictionary codes, `values` of the result is the dictionary handed over.
    package func readPage(
        _ page: Int,
        of column: Int,
        rowGroup: Int,
        index: OffsetIndex,
        dictionary: ParquetValues?,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ParquetColumnData {
        let (chunk, rowCount) = try chunk(column, rowGroup)
        do throws(SegmentError) {
            let all = try range(of: chunk)
            guard index.pages.indices.contains(page) else {
                throw SegmentError(.invalidArgument, "page \(page) of \(index.pages.count)")
            }
            let place = index.pages[page]
            let next = page + 1 < index.pages.count ? index.pages[page + 1].firstRow : Int64(rowCount)
            guard place.byteOffset >= Int64(all.lowerBound), place.byteCount > 0,
                place.byteOffset <= Int64(all.upperBound) - Int64(place.byteCount),
                place.firstRow >= 0, place.firstRow < next, next <= Int64(rowCount)
            else {
                throw SegmentError(.inconsistent, "page \(page) is said to lie at \(place), the chunk is \(all)")
            }
            let start = Int(place.byteOffset)
            let bytes = try Self.read(source, start..<start + Int(place.byteCount))
            let rows = Int(next - place.firstRow)
            var decoder = ChunkDecoder(columns[column], chunk, rowCount: rows, decompressor)
            decoder.dictionary = dictionary
            do throws(SegmentError) {
                guard try decoder.decodePage(bytes, at: 0) == bytes.count else {
                    throw SegmentError(.inconsistent, "page \(page) is shorter than the offset index says")
                }
            } catch {
                throw error.within(startingAt: start)
            }
            return try decoder.finish()
        } catch {
            throw error.within(column: columns[column].name, rowGroup: rowGroup)
        }
    }

    // MARK: - Indexes

    /// Where the pages lie; nil when the file does not say.
    package func offsetIndex(_ column: Int, rowGroup: Int) throws(SegmentError) -> OffsetIndex? {
        guard let bytes = try bytes(chunk(column, rowGroup).metadata.offsetIndex, column, rowGroup) else { return nil }
        return try OffsetIndex(bytes)
    }

    /// Minima and maxima of the pages; nil when the file has none.
    package func columnIndex(_ column: Int, rowGroup: Int) throws(SegmentError) -> ColumnIndex? {
        guard let bytes = try bytes(chunk(column, rowGroup).metadata.columnIndex, column, rowGroup) else { return nil }
        return try ColumnIndex(bytes)
    }

    /// The bloom filter; nil when the file has none.
    package func bloomFilter(_ column: Int, rowGroup: Int) throws(SegmentError) -> SplitBlockBloomFilter? {
        guard let bytes = try bytes(chunk(column, rowGroup).metadata.bloomFilter, column, rowGroup) else { return nil }
        let (header, start) = try BloomFilterHeader.decode(bytes)
        guard Int(header.byteCount) == bytes.count - start else {
            throw SegmentError(
                .inconsistent,
                "a bloom filter of \(header.byteCount) bytes in \(bytes.count - start)",
                .init(column: columns[column].name, rowGroup: rowGroup)
            )
        }
        return try unsafe SplitBlockBloomFilter(bitset: bytes.span.bytes.extracting(start..<bytes.count))
    }

    // MARK: - Places

    private func chunk(
        _ column: Int,
        _ rowGroup: Int
    ) throws(SegmentError) -> (metadata: ColumnChunkMetadata, rowCount: Int) {
        guard columns.indices.contains(column), metadata.rowGroups.indices.contains(rowGroup) else {
            throw SegmentError(
                .invalidArgument,
                "column \(column) of \(columns.count), row group \(rowGroup) of \(metadata.rowGroups.count)"
            )
        }
        let group = metadata.rowGroups[rowGroup]
        return (group.columns[column], Int(group.rowCount))
    }

    /// Where the pages of a chunk lie in the file.
    private func range(of chunk: ColumnChunkMetadata) throws(SegmentError) -> Range<Int> {
        let start = min(chunk.dataPageOffset, chunk.dictionaryPageOffset ?? chunk.dataPageOffset)
        guard start >= 4, chunk.compressedByteCount > 0, start <= Int64(footerOffset),
            chunk.compressedByteCount <= Int64(footerOffset) - start
        else {
            throw SegmentError(
                .inconsistent,
                "\(chunk.compressedByteCount) bytes at \(start), the footer is at \(footerOffset)"
            )
        }
        guard chunk.compressedByteCount <= Int64(ParquetLimits.maximumChunkByteCount) else {
            throw SegmentError(.tooLarge, "a column chunk of \(chunk.compressedByteCount) bytes")
        }
        return Int(start)..<Int(start + chunk.compressedByteCount)
    }

    private func bytes(
        _ place: ColumnChunkMetadata.Place?,
        _ column: Int,
        _ rowGroup: Int
    ) throws(SegmentError) -> [UInt8]? {
        guard let place else { return nil }
        guard place.byteOffset >= 4, place.byteCount > 0,
            place.byteOffset <= Int64(footerOffset) - Int64(place.byteCount)
        else {
            throw SegmentError(
                .inconsistent,
                "an index of \(place.byteCount) bytes at \(place.byteOffset)",
                .init(column: columns[column].name, rowGroup: rowGroup)
            )
        }
        return try Self.read(source, Int(place.byteOffset)..<Int(place.byteOffset) + Int(place.byteCount))
    }
}

extension ParquetReader: Sendable where Source: Sendable {}

/// What a Parquet file begins and ends with.
enum ParquetMagic {
    static let bytes = Array("PAR1".utf8)
}

extension FileMetadata {
    /// The columns of a schema without nesting.
    fileprivate func columns() throws(SegmentError) -> [ParquetColumn] {
        guard let root = schema.first, root.type == nil, Int(root.childCount ?? 0) == schema.count - 1, schema.count > 1
        else {
            throw SegmentError(.unsupported, "a schema that is not columns below one root")
        }
        var columns: [ParquetColumn] = []
        for element in schema.dropFirst() {
            guard let type = element.type, let isOptional = element.isOptional, (element.childCount ?? 0) == 0 else {
                throw SegmentError(.unsupported, "nested columns are not read", .init(column: element.name))
            }
            let logicalType = element.logicalType.flatMap { $0.fits(type) ? $0 : nil }
            columns.append(ParquetColumn(element.name, type, logicalType, isOptional: isOptional))
        }
        return columns
    }
}
