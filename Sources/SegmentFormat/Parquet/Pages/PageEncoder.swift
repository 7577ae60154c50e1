// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Some rows of a column chunk, and which of the chunk's values are theirs.
struct PageRows {
    var rows: Range<Int>
    var values: Range<Int>
}

/// Makes the bytes of data pages from the values of a column chunk.
struct PageEncoder {
    private let column: ParquetColumn
    private let data: ParquetColumnData
    private let codeWidth: Int

    init(_ column: ParquetColumn, _ data: ParquetColumnData) {
        self.column = column
        self.data = data
        codeWidth = BitPacking.width(of: UInt32(truncatingIfNeeded: max(0, data.values.count - 1)))
    }

    /// Where pages end: at multiples of the row count, and earlier where values are long.
    func cut(_ rowCount: Int, _ options: ParquetWriterOptions) -> [PageRows] {
        var pages: [PageRows] = []
        var firstValue = 0
        for start in stride(from: 0, to: rowCount, by: options.rowsPerPage) {
            let rows = start..<min(rowCount, start + options.rowsPerPage)
            let count = data.presence?.setCount(rows) ?? rows.count
            let page = PageRows(rows: rows, values: firstValue..<firstValue + count)
            firstValue += count
            if case .byteArrays(let arrays) = data.values, data.codes == nil,
                arrays.byteCount(page.values) > options.longPageByteCount
            {
                split(page, arrays, options.longPageByteCount, into: &pages)
            } else {
                pages.append(page)
            }
        }
        return pages
    }

    private func split(_ page: PageRows, _ arrays: ByteArrays, _ limit: Int, into pages: inout [PageRows]) {
        var rest = page
        var byteCount = 0
        var value = page.values.lowerBound
        for row in page.rows where data.presence?[row] ?? true {
            let length = arrays[value].count
            if byteCount + length > limit, row > rest.rows.lowerBound {
                pages.append(
                    PageRows(rows: rest.rows.lowerBound..<row, values: rest.values.lowerBound..<value)
                )
                rest = PageRows(rows: row..<page.rows.upperBound, values: value..<page.values.upperBound)
                byteCount = 0
            }
            byteCount += length
            value += 1
        }
        pages.append(rest)
    }

    /// Levels and values of a page, not compressed.
    func encode(_ page: PageRows) -> [UInt8] {
        var bytes: [UInt8] = []
        if column.isOptional {
            if let presence = data.presence {
                DefinitionLevels.encode(presence, page.rows, into: &bytes)
            } else {
                let all = Bitmap(repeating: true, count: page.rows.count)
                DefinitionLevels.encode(all, 0..<page.rows.count, into: &bytes)
            }
        }
        if let codes = data.codes {
            bytes.append(UInt8(codeWidth))
            if !page.values.isEmpty {
                RunLengthHybrid.encode(codes.span.extracting(page.values), width: codeWidth, into: &bytes)
            }
        } else {
            Self.append(data.values, page.values, column.layout.encoding, to: &bytes)
        }
        return bytes
    }

    /// Appends values without a dictionary.
    static func append(
        _ values: ParquetValues,
        _ range: Range<Int>,
        _ encoding: ParquetEncoding,
        to page: inout [UInt8]
    ) {
        switch (values, encoding) {
        case (.booleans(let bits), _): page.append(contentsOf: bits.bytes(range))
        case (.int32(let numbers), .deltaBinaryPacked):
            DeltaBinaryPacked.encode(numbers.span.extracting(range), into: &page)
        case (.int64(let numbers), .deltaBinaryPacked):
            DeltaBinaryPacked.encode(numbers.span.extracting(range), into: &page)
        case (.int32(let numbers), _): PlainEncoding.append(numbers.span.extracting(range), into: &page)
        case (.int64(let numbers), _): PlainEncoding.append(numbers.span.extracting(range), into: &page)
        case (.byteArrays(let arrays), .deltaLengthByteArray):
            PlainEncoding.appendDeltaLength(arrays, range, into: &page)
        case (.byteArrays(let arrays), _): PlainEncoding.append(arrays, range, into: &page)
        case (.fixed(let bytes, let count), _):
            page.append(contentsOf: bytes[range.lowerBound * count..<range.upperBound * count])
        }
    }
}
