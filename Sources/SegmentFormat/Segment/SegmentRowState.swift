// SPDX-License-Identifier: Apache-2.0

/// What a `SegmentRowReader` keeps between reads.
struct SegmentRowState: Sendable {
    private let shapes: ShapeTable
    private var presence: PresenceIndex?
    private var shapePages: PagedColumn?

    /// By the columns' numbers in the table of shapes; nil when nothing was read of one yet.
    private var columns: [SegmentPathColumn?]
    private var dictionaries = ColumnEntryPool()

    /// The values of pages that were read, by the pages' numbers; not there while a read adds to them.
    private var values: [Int: SegmentRowValues] = [:]

    private var labelColumns: SegmentLabelColumns?
    /// The labels of pages that were read, by the pages' numbers.
    private var labels: [Int: SegmentRows] = [:]

    init(_ shapes: ShapeTable) {
        self.shapes = shapes
        columns = Array(repeating: nil, count: shapes.columns.count)
    }

    /// Bytes of memory.
    var byteCount: Int {
        let opened = columns.reduce(0) { $0 + ($1?.byteCount ?? 0) }
        return (presence?.byteCount ?? 0) + dictionaries.byteCount + values.values.reduce(opened) { $0 + $1.byteCount }
    }

    // MARK: - Events

    /// What a read of some rows needs, for use without the lock.
    struct Loan: Sendable {
        let presence: PresenceIndex
        /// Of the rows.
        let shapes: [Int]
        /// Those that the rows have values in.
        let columns: [(number: Int, column: SegmentPathColumn)]
        let dictionaries: ColumnEntryPool
        /// The values read last, to be added to when something is missing.
        var values: SegmentRowValues
        /// Whether values are missing; these are then nobody else's, and are handed back with what was added.
        let isIncomplete: Bool
        let page: Int
    }

    /// Reads the dictionaries that some rows need, and hands out all that is known of them.
    mutating func lend<Source>(
        _ rows: Range<Int>,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> Loan {
        let presence = try presence(of: file, using: decompressor)
        let used = presence.shapes(ofRows: rows)
        let needed = presence.columns(ofShapes: used)
        var opened: [(number: Int, column: SegmentPathColumn)] = []
        opened.reserveCapacity(needed.count)
        for number in needed {
            opened.append((number, try column(number, of: file, using: decompressor)))
        }
        let page = try pagesOfShapes(file).pages(of: rows).lowerBound
        let isIncomplete = !(values[page]?.cover(rows, of: needed) ?? false)
        // Arrays with a second owner would be copied when values are added.
        let lent =
            (isIncomplete ? values.removeValue(forKey: page) : values[page])
            ?? SegmentRowValues(columnCount: columns.count)
        return Loan(
            presence: presence,
            shapes: used,
            columns: opened,
            dictionaries: dictionaries,
            values: lent,
            isIncomplete: isIncomplete,
            page: page
        )
    }

    /// Keeps the values of a page that a loan was completed with.
    mutating func take(_ loan: Loan) { values[loan.page] = loan.values }

    private mutating func presence<Source>(
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> PresenceIndex {
        if let presence { return presence }
        let made = try PresenceIndex(shapes, rowShapes: rowShapes(of: file, using: decompressor))
        presence = made
        return made
    }

    private mutating func rowShapes<Source>(
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> [UInt16] {
        var pages = try pagesOfShapes(file)
        let rowCount = Int(file.metadata.rowGroups[0].rowCount)
        guard case .int32(let entries) = try pages.readDictionary(of: file, using: decompressor) else {
            throw SegmentError(.inconsistent, "the shapes of rows have no dictionary")
        }
        var rowShapes: [UInt16] = []
        rowShapes.reserveCapacity(rowCount)
        for part in try pages.read(pages.pages(of: 0..<rowCount), of: file, using: decompressor) {
            for code in part.codes ?? [] {
                guard entries.indices.contains(Int(code)), let shape = UInt16(exactly: entries[Int(code)]) else {
                    throw SegmentError(.inconsistent, "a row has a shape that is not there")
                }
                rowShapes.append(shape)
            }
        }
        guard rowShapes.count == rowCount else {
            throw SegmentError(.inconsistent, "shapes of \(rowShapes.count) rows, the segment has \(rowCount)")
        }
        return rowShapes
    }

    private mutating func column<Source>(
        _ number: Int,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> SegmentPathColumn {
        if let opened = columns[number] { return opened }
        let opened = try SegmentPathColumn(
            shapes.columns[number],
            of: file,
            dictionaries: &dictionaries,
            using: decompressor
        )
        columns[number] = opened
        return opened
    }

    /// Where rows are cut into pages in every column.
    mutating func pagesOfShapes<Source>(_ file: ParquetReader<Source>) throws(SegmentError) -> PagedColumn {
        if let shapePages { return shapePages }
        guard let number = file.index(ofColumn: SegmentColumns.shape) else {
            throw SegmentError(.inconsistent, "the segment has no shapes for its rows")
        }
        let opened = try PagedColumn(number, of: file)
        shapePages = opened
        return opened
    }

    // MARK: - Labels

    /// The labels of some rows of one page.
    mutating func labels<Source>(
        _ rows: Range<Int>,
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> SegmentRows {
        let pages = try pagesOfShapes(file)
        let number = pages.pages(of: rows).lowerBound
        let page = pages.rows(ofPages: number..<number + 1)
        if let known = labels[number] { return known.rows(rows.relative(to: page.lowerBound)) }
        let read = try labelColumns(of: file, using: decompressor).read(page, of: file, using: decompressor)
        labels[number] = read
        return read.rows(rows.relative(to: page.lowerBound))
    }

    private mutating func labelColumns<Source>(
        of file: ParquetReader<Source>,
        using decompressor: ZstdDecompressor
    ) throws(SegmentError) -> SegmentLabelColumns {
        if let labelColumns { return labelColumns }
        let opened = try SegmentLabelColumns(of: file, using: decompressor)
        labelColumns = opened
        return opened
    }
}

extension Range<Int> {
    /// The same rows, counted from another.
    fileprivate func relative(to start: Int) -> Range<Int> {
        lowerBound - start..<upperBound - start
    }
}
