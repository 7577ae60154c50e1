// SPDX-License-Identifier: Apache-2.0

/// A column of a segment's file and where its pages are: rows are found without reading all of it.
struct PagedColumn: Sendable {
    /// The column's place in the file.
    let number: Int
    let name: String
    private let index: OffsetIndex
    private let rowCount: Int

    /// The dictionary's entries as far as decoding codes needs them: as many, and without what they say.
    ///
    /// What they say is laid out elsewhere and would be in memory twice.
    private var dictionaryStandIn: ParquetValues?

    /// - Throws: `inconsistent` when the pages are not all of the column; what the source throws.
    init<Source>(_ number: Int, of file: ParquetReader<Source>) throws(SegmentError) {
        self.number = number
        name = file.columns[number].name
        rowCount = Int(file.metadata.rowGroups[0].rowCount)
        guard let index = try file.offsetIndex(number, rowGroup: 0) else {
            throw SegmentError(.unsupported, "no offset index says where the pages are", .init(column: name))
        }
        self.index = index
        do throws(SegmentError) {
            try check(file.metadata.rowGroups[0].columns[number])
        } catch {
            throw error.within(column: name)
        }
    }

    /// Nothing but the file's manifest protects an offset index, so it has to agree with the chunk: its data pages stand
    /// one behind the other, and each has rows that no other has.
    private func check(_ chunk: ColumnChunkMetadata) throws(SegmentError) {
        let start = min(chunk.dataPageOffset, chunk.dictionaryPageOffset ?? chunk.dataPageOffset)
        // So that no sum below overflows; a file is never so long.
        guard start >= 0, chunk.dataPageOffset < 1 << 48 else {
            throw SegmentError(.inconsistent, "data pages at \(chunk.dataPageOffset)")
        }
        var offset = chunk.dataPageOffset
        for (page, place) in index.pages.enumerated() {
            let isFirst = page == 0
            let before = isFirst ? -1 : index.pages[page - 1].firstRow
            guard isFirst ? place.firstRow == 0 : place.firstRow > before, place.firstRow < rowCount else {
                throw SegmentError(.inconsistent, "page \(page) begins with row \(place.firstRow) of \(rowCount)")
            }
            guard place.byteOffset == offset, place.byteCount > 0 else {
                throw SegmentError(
                    .inconsistent,
                    "page \(page) is at \(place.byteOffset), the one before ends at \(offset)"
                )
            }
            offset += Int64(place.byteCount)
        }
        guard !index.pages.isEmpty, offset - start == chunk.compressedByteCount else {
            throw SegmentError(.inconsistent, "\(index.pages.count) pages up to \(offset) are not all of the chunk")
        }
    }

    /// Reads the dictionary; nil when the column has none, and then its pages have none of its codes.
    mutating func readDictionary<Source>(
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> ParquetValues? {
        guard let dictionary = try file.readDictionary(number, rowGroup: 0, using: decompressor) else { return nil }
        dictionaryStandIn = .booleans(Bitmap(repeating: false, count: dictionary.count))
        return dictionary
    }

    // MARK: - Pages

    /// The pages that have these rows, which must be the column's.
    func pages(of rows: Range<Int>) -> Range<Int> {
        guard !rows.isEmpty else { return 0..<0 }
        return page(of: rows.lowerBound)..<page(of: rows.upperBound - 1) + 1
    }

    /// The rows of these pages.
    func rows(ofPages pages: Range<Int>) -> Range<Int> {
        guard !pages.isEmpty else { return 0..<0 }
        let end = pages.upperBound < index.pages.count ? Int(index.pages[pages.upperBound].firstRow) : rowCount
        return Int(index.pages[pages.lowerBound].firstRow)..<end
    }

    /// The last page that begins at or before a row.
    private func page(of row: Int) -> Int {
        var low = 0
        var high = index.pages.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if index.pages[middle].firstRow <= row { low = middle } else { high = middle }
        }
        return low
    }

    /// The values of these pages; with codes, `values` means nothing.
    ///
    /// - Throws: whatever is wrong with a page.
    func read<Source>(
        _ pages: Range<Int>,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> [ParquetColumnData] {
        var parts: [ParquetColumnData] = []
        parts.reserveCapacity(pages.count)
        for page in pages {
            parts.append(
                try file.readPage(
                    page,
                    of: number,
                    rowGroup: 0,
                    index: index,
                    dictionary: dictionaryStandIn,
                    using: decompressor
                )
            )
        }
        return parts
    }

    /// Bytes of memory.
    var byteCount: Int {
        index.pages.count * MemoryLayout<OffsetIndex.PageLocation>.stride + (dictionaryStandIn?.count ?? 0) / 8
    }
}
