// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// A column of a row group as bytes of a file, with places counted from its own start.
///
/// Made by `ColumnChunkEncoder` on any thread and put into a file by `ParquetWriter`.
package struct EncodedColumnChunk: Sendable {
    let column: ParquetColumn
    package let rowCount: Int
    /// All pages with their headers.
    package fileprivate(set) var bytes: [UInt8] = []
    package fileprivate(set) var codec = ParquetCodec.uncompressed
    fileprivate(set) var uncompressedByteCount = 0
    /// Bytes of the dictionary page with its header; 0 without a dictionary.
    package fileprivate(set) var dictionaryByteCount = 0
    fileprivate(set) var pages: [OffsetIndex.PageLocation] = []
    fileprivate(set) var encoding: ParquetEncoding
    package fileprivate(set) var statistics: ColumnStatistics?
    fileprivate(set) var columnIndex: ColumnIndex?
    package fileprivate(set) var bloomFilter: SplitBlockBloomFilter?
}

/// Encodes columns of row groups, one at a time.
///
/// Keeps a compressor and buffers. Not for two threads at once; each may have its own, and columns may then be encoded
/// side by side.
package final class ColumnChunkEncoder {
    private let options: ParquetWriterOptions
    private let compressor: ZstdCompressor

    package init(_ options: ParquetWriterOptions = ParquetWriterOptions()) throws(SegmentError) {
        self.options = options
        compressor = try ZstdCompressor()
    }

    /// Encodes a column.
    ///
    /// - Throws: `invalidArgument` when the values do not fit the column, each other or the number of rows; `tooLarge`
    ///   when a value or a dictionary does not fit a page.
    package func encode(
        _ column: ParquetColumn,
        _ data: ParquetColumnData,
        rowCount: Int
    ) throws(SegmentError) -> EncodedColumnChunk {
        do {
            try column.validate()
            try Self.validate(column, data, rowCount: rowCount)
            return try pages(of: column, data, rowCount: rowCount)
        } catch {
            throw error.within(column: column.name)
        }
    }

    private static func validate(_ column: ParquetColumn, _ data: ParquetColumnData, rowCount: Int) throws(SegmentError)
    {
        guard data.values.type == column.type, data.values.isWhole else {
            throw SegmentError(.invalidArgument, "values of type \(data.values.type) for \(column.type)")
        }
        guard data.presence == nil || column.isOptional else {
            throw SegmentError(.invalidArgument, "absent values in a required column")
        }
        let present = data.presence.map { $0.setCount(0..<$0.count) } ?? rowCount
        guard data.rowCount == rowCount, data.valueCount == present else {
            throw SegmentError(
                .invalidArgument,
                "\(data.valueCount) values in \(data.rowCount) rows, for \(present) values in \(rowCount) rows"
            )
        }
        if let codes = data.codes {
            guard column.type != .boolean else { throw SegmentError(.invalidArgument, "a dictionary of booleans") }
            let largest = codes.max() ?? 0
            guard codes.isEmpty || Int(largest) < data.values.count else {
                throw SegmentError(.invalidArgument, "code \(largest) in a dictionary of \(data.values.count)")
            }
        }
    }

    // MARK: - Pages

    private func pages(
        of column: ParquetColumn,
        _ data: ParquetColumnData,
        rowCount: Int
    ) throws(SegmentError) -> EncodedColumnChunk {
        let encoding = data.codes == nil ? column.layout.encoding : .rleDictionary
        var chunk = EncodedColumnChunk(column: column, rowCount: rowCount, encoding: encoding)
        var output = PageOutput(column, compressor)
        if data.codes != nil {
            var page: [UInt8] = []
            append(data.values, 0..<data.values.count, .plain, to: &page)
            try output.setDictionary(page, valueCount: data.values.count)
        }
        var bounds = BoundsOfPages(column, data)
        let pageEncoder = PageEncoder(column, data)
        // Cut first, then encoded: pages decide together whether compression pays.
        for rows in pageEncoder.cut(rowCount, options) {
            try output.append(pageEncoder.encode(rows), rows: rows)
            bounds.append(rows.values, rowCount: rows.rows.count)
        }
        try output.finish(into: &chunk)
        chunk.statistics = bounds.statistics()
        chunk.columnIndex = bounds.columnIndex()
        chunk.bloomFilter = Self.bloomFilter(column, data.values)
        return chunk
    }

    private func append(
        _ values: ParquetValues,
        _ range: Range<Int>,
        _ encoding: ParquetEncoding,
        to page: inout [UInt8]
    ) {
        PageEncoder.append(values, range, encoding, to: &page)
    }

    private static func bloomFilter(_ column: ParquetColumn, _ values: ParquetValues) -> SplitBlockBloomFilter? {
        guard let bits = column.bloomBitsPerValue else { return nil }
        var filter = SplitBlockBloomFilter(valueCount: values.count, bitsPerValue: bits)
        switch values {
        case .booleans: break
        case .int32(let numbers): for number in numbers { filter.insert(SplitBlockBloomFilter.hash(number)) }
        case .int64(let numbers): for number in numbers { filter.insert(SplitBlockBloomFilter.hash(number)) }
        case .byteArrays(let arrays):
            let raw = unsafe arrays.bytes.span.bytes
            for index in 0..<arrays.count { filter.insert(SplitBlockBloomFilter.hash(raw.extracting(arrays[index]))) }
        case .fixed(let bytes, let count):
            let raw = unsafe bytes.span.bytes
            for index in 0..<bytes.count / count {
                filter.insert(SplitBlockBloomFilter.hash(raw.extracting(index * count..<(index + 1) * count)))
            }
        }
        return filter
    }
}

extension EncodedColumnChunk {
    fileprivate init(column: ParquetColumn, rowCount: Int, encoding: ParquetEncoding) {
        self.column = column
        self.rowCount = rowCount
        self.encoding = encoding
    }

    /// Takes the finished pages.
    fileprivate mutating func take(_ output: PageOutput, codec: ParquetCodec, bytes: [UInt8]) {
        self.bytes = bytes
        self.codec = codec
        dictionaryByteCount = output.dictionaryByteCount
        uncompressedByteCount = output.uncompressedByteCount
        pages = output.locations
    }
}

extension PageOutput {
    fileprivate mutating func finish(into chunk: inout EncodedColumnChunk) throws(SegmentError) {
        let (codec, bytes) = try finish(encoding: chunk.encoding)
        chunk.take(self, codec: codec, bytes: bytes)
    }
}
