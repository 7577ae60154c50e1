// SPDX-License-Identifier: Apache-2.0

private import ByteCoding

/// Decodes the pages of a column chunk, or one of them, into values.
///
/// Checks, in this order: the header's sizes against the chunk's, the checksum, the frame's size, the number of rows, and
/// every length and code inside.
struct ChunkDecoder {
    private let column: ParquetColumn
    private let chunk: ColumnChunkMetadata
    private let rowCount: Int
    private let decompressor: ZstdDecompressor

    /// The dictionary, once its page was decoded or it was handed over.
    var dictionary: ParquetValues?

    private var values: ParquetValues
    private var codes: [UInt32]?
    private var presence = Bitmap()
    private var decodedRowCount = 0

    init(_ column: ParquetColumn, _ chunk: ColumnChunkMetadata, rowCount: Int, _ decompressor: ZstdDecompressor) {
        self.column = column
        self.chunk = chunk
        self.rowCount = rowCount
        self.decompressor = decompressor
        values = ParquetValues(column.type)
    }

    /// Decodes a page; returns where the next one begins.
    mutating func decodePage(_ bytes: [UInt8], at offset: Int) throws(SegmentError) -> Int {
        let (header, start) = try PageHeader.decode(bytes, at: offset)
        let end = start + Int(header.compressedByteCount)
        guard start - offset <= ParquetLimits.maximumPageHeaderByteCount, end <= bytes.count else {
            throw SegmentError(.truncated, "a page of \(header.compressedByteCount) bytes", .init(byteOffset: offset))
        }
        do {
            let raw = unsafe bytes.span.bytes.extracting(start..<end)
            try check(header, raw)
            if chunk.codec == .zstd {
                let page = try decompressor.decompress(raw, byteCount: Int(header.uncompressedByteCount))
                try decode(header, unsafe page.span.bytes)
            } else {
                try decode(header, raw)
            }
        } catch {
            // Places inside a page that was compressed are no places in the file.
            throw SegmentError(error.code, error.message, .init(byteOffset: offset))
        }
        return end
    }

    private func check(_ header: PageHeader, _ raw: RawSpan) throws(SegmentError) {
        guard Int(header.uncompressedByteCount) <= ParquetLimits.maximumPageByteCount else {
            throw SegmentError(.tooLarge, "a page of \(header.uncompressedByteCount) bytes")
        }
        guard Int64(header.uncompressedByteCount) <= chunk.uncompressedByteCount,
            chunk.codec != .uncompressed || header.uncompressedByteCount == header.compressedByteCount
        else {
            throw SegmentError(
                .inconsistent,
                "a page of \(header.uncompressedByteCount) bytes in a chunk of \(chunk.uncompressedByteCount)"
            )
        }
        guard let checksum = header.checksum else {
            throw SegmentError(.checksumMismatch, "a page without a checksum")
        }
        guard PageChecksum.checksum(raw) == checksum else {
            throw SegmentError(.checksumMismatch, "a page is damaged")
        }
    }

    private mutating func decode(_ header: PageHeader, _ page: RawSpan) throws(SegmentError) {
        switch header.kind {
        case .dictionary(let count, _):
            guard dictionary == nil, decodedRowCount == 0, count >= 0 else {
                throw SegmentError(.inconsistent, "a dictionary page of \(count) values in the wrong place")
            }
            var entries = ParquetValues(column.type)
            let used = try entries.append(page, count: Int(count), .plain)
            guard used == page.byteCount else {
                throw SegmentError(.inconsistent, "\(page.byteCount - used) bytes behind a dictionary")
            }
            dictionary = entries
        case .data(let count, let encoding):
            guard count >= 0, Int(count) <= rowCount - decodedRowCount else {
                throw SegmentError(.inconsistent, "a page of \(count) rows, \(rowCount - decodedRowCount) are left")
            }
            try decodeData(page, rows: Int(count), encoding)
            decodedRowCount += Int(count)
        }
    }

    private mutating func decodeData(_ page: RawSpan, rows: Int, _ encoding: ParquetEncoding) throws(SegmentError) {
        var offset = 0
        var count = rows
        if column.isOptional {
            let before = presence.count
            offset = try DefinitionLevels.decode(page, count: rows, into: &presence)
            count = presence.setCount(before..<presence.count)
        }
        let rest = page.extracting(offset..<page.byteCount)
        switch encoding {
        case .rleDictionary, .plainDictionary: offset += try decodeCodes(rest, count: count)
        case .rle: throw SegmentError(.unsupported, "run-length encoded values are not read")
        case .plain, .deltaBinaryPacked, .deltaLengthByteArray:
            guard codes == nil else {
                throw SegmentError(.unsupported, "a chunk with dictionary codes in some pages only is not read")
            }
            offset += try values.append(rest, count: count, encoding)
        }
        guard offset == page.byteCount else {
            throw SegmentError(.inconsistent, "\(page.byteCount - offset) bytes behind the values of a page")
        }
    }

    private mutating func decodeCodes(_ bytes: RawSpan, count: Int) throws(SegmentError) -> Int {
        guard let dictionary else { throw SegmentError(.inconsistent, "dictionary codes without a dictionary") }
        guard values.count == 0 else {
            throw SegmentError(.unsupported, "a chunk with dictionary codes in some pages only is not read")
        }
        guard bytes.byteCount >= 1 else { throw SegmentError(.truncated, "dictionary codes without their width") }
        var decoded = codes ?? []
        codes = nil
        defer { codes = decoded }
        let start = decoded.count
        decoded.append(addingCapacity: count) { $0.append(repeating: 0, count: count) }
        var span = decoded.mutableSpan
        let added = start..<start + count
        let width = Int(bytes.byte(at: 0))
        let packed = bytes.extracting(1..<bytes.byteCount)
        let used = try RunLengthHybrid.decode(packed, width: width, into: &span, added)
        var largest: UInt32 = 0
        for index in added { largest = max(largest, span[index]) }
        guard count == 0 || Int(largest) < dictionary.count else {
            throw SegmentError(.inconsistent, "code \(largest) in a dictionary of \(dictionary.count)")
        }
        return 1 + used
    }

    /// All values, once every row was decoded.
    func finish() throws(SegmentError) -> ParquetColumnData {
        guard decodedRowCount == rowCount else {
            throw SegmentError(.inconsistent, "pages of \(decodedRowCount) rows, expected \(rowCount)")
        }
        let present = column.isOptional && presence.setCount(0..<presence.count) < rowCount ? presence : nil
        if let codes, let dictionary { return ParquetColumnData(dictionary, codes: codes, presence: present) }
        return ParquetColumnData(values, presence: present)
    }
}

extension ParquetValues {
    /// Appends values that are not dictionary codes; returns how many bytes they took.
    fileprivate mutating func append(
        _ bytes: RawSpan,
        count: Int,
        _ encoding: ParquetEncoding
    ) throws(SegmentError) -> Int {
        let empty = ParquetValues(type)
        // Taken out and put back, so that the arrays have one owner and are not copied.
        switch (self, encoding) {
        case (.booleans(var bits), .plain):
            self = empty
            defer { self = .booleans(bits) }
            return try PlainEncoding.decode(bytes, count: count, into: &bits)
        case (.int32(var numbers), .plain):
            self = empty
            defer { self = .int32(numbers) }
            return try PlainEncoding.decode(bytes, count: count, into: &numbers)
        case (.int64(var numbers), .plain):
            self = empty
            defer { self = .int64(numbers) }
            return try PlainEncoding.decode(bytes, count: count, into: &numbers)
        case (.int32(var numbers), .deltaBinaryPacked):
            self = empty
            defer { self = .int32(numbers) }
            return try DeltaBinaryPacked.decode(bytes, count: count, into: &numbers)
        case (.int64(var numbers), .deltaBinaryPacked):
            self = empty
            defer { self = .int64(numbers) }
            return try DeltaBinaryPacked.decode(bytes, count: count, into: &numbers)
        case (.byteArrays(var arrays), .plain):
            self = empty
            defer { self = .byteArrays(arrays) }
            return try PlainEncoding.decode(bytes, count: count, into: &arrays)
        case (.byteArrays(var arrays), .deltaLengthByteArray):
            self = empty
            defer { self = .byteArrays(arrays) }
            return try PlainEncoding.decodeDeltaLength(bytes, count: count, into: &arrays)
        case (.fixed(var raw, let width), .plain):
            self = empty
            defer { self = .fixed(raw, byteCount: width) }
            return try PlainEncoding.decode(bytes, count: count, width: width, into: &raw)
        default: throw SegmentError(.unsupported, "\(type) in encoding \(encoding) is not read")
        }
    }
}
