// SPDX-License-Identifier: Apache-2.0

/// Where a column chunk lies and what it holds: Parquet's ColumnChunk and ColumnMetaData in one.
package struct ColumnChunkMetadata: Equatable, Sendable {
    /// How many pages of a kind have an encoding.
    struct PageEncoding: Equatable, Sendable {
        /// 0 for data pages, 2 for dictionary pages.
        var pageType: Int32
        var encoding: Int32
        var count: Int32
    }

    /// The physical type's code, as in the schema.
    var typeCode: Int32
    /// Raw, because a file may name encodings that no page of it has.
    var encodings: [Int32]
    package var path: [String]
    package var codec: ParquetCodec
    /// Rows, those without a value as well.
    package var valueCount: Int64
    /// Bytes of all pages with their headers, before compression.
    package var uncompressedByteCount: Int64
    /// Bytes of all pages with their headers, as they stand in the file.
    package var compressedByteCount: Int64
    package var dataPageOffset: Int64
    package var dictionaryPageOffset: Int64?
    package var statistics: ColumnStatistics?
    var pageEncodings: [PageEncoding] = []
    package var bloomFilter: Place?
    package var offsetIndex: Place?
    package var columnIndex: Place?

    /// A stretch of the file.
    package struct Place: Equatable, Sendable {
        package var byteOffset: Int64
        package var byteCount: Int32
    }

    func encode(into writer: inout ThriftWriter) {
        // Readers are told not to use `file_offset`; writers are told to write 0.
        writer.field(2, Int64(0))
        writer.field(3) { writer in
            writer.field(1, typeCode)
            writer.field(2, list: encodings, of: .int32) { $0.element($1) }
            writer.field(3, list: path, of: .binary) { $0.element(Array($1.utf8)) }
            writer.field(4, codec.rawValue)
            writer.field(5, valueCount)
            writer.field(6, uncompressedByteCount)
            writer.field(7, compressedByteCount)
            writer.field(9, dataPageOffset)
            if let dictionaryPageOffset { writer.field(11, dictionaryPageOffset) }
            if let statistics { writer.field(12) { statistics.encode(into: &$0) } }
            writer.field(13, list: pageEncodings, of: .structure) { writer, pages in
                writer.element { writer in
                    writer.field(1, pages.pageType)
                    writer.field(2, pages.encoding)
                    writer.field(3, pages.count)
                }
            }
            if let bloomFilter {
                writer.field(14, bloomFilter.byteOffset)
                writer.field(15, bloomFilter.byteCount)
            }
        }
        if let offsetIndex {
            writer.field(4, offsetIndex.byteOffset)
            writer.field(5, offsetIndex.byteCount)
        }
        if let columnIndex {
            writer.field(6, columnIndex.byteOffset)
            writer.field(7, columnIndex.byteCount)
        }
    }
}

extension ColumnChunkMetadata {
    init(from reader: inout ThriftReader) throws(SegmentError) {
        var chunk: ColumnChunkMetadata?
        var offsets: (offset: Int64?, column: Int64?)
        var counts: (offset: Int32?, column: Int32?)
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: throw reader.error("column chunks in other files are not read", .unsupported)
            case 3: chunk = try ColumnChunkMetadata(metadataFrom: &reader, field)
            case 4: offsets.offset = try reader.int64(field)
            case 5: counts.offset = try reader.int32(field)
            case 6: offsets.column = try reader.int64(field)
            case 7: counts.column = try reader.int32(field)
            case 8, 9: throw reader.error("encrypted columns are not read", .unsupported)
            default: try reader.skip(field)
            }
        }
        self = try reader.required(chunk, "the metadata of a column chunk")
        offsetIndex = Place(offsets.offset, counts.offset)
        columnIndex = Place(offsets.column, counts.column)
    }

    private init(metadataFrom reader: inout ThriftReader, _ field: ThriftReader.Field) throws(SegmentError) {
        var integers: [Int16: Int64] = [:]
        var typeCode: Int32?
        var codecCode: Int32?
        var encodings: [Int32]?
        var path: [String]?
        var statistics: ColumnStatistics?
        var bloomByteCount: Int32?
        try reader.structure(field) { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: typeCode = try reader.int32(field)
            case 2:
                encodings = try reader.list(field, of: .int32, limit: 64) { reader throws(SegmentError) in
                    try reader.integer()
                }
            case 3:
                path = try reader.list(field, of: .binary, limit: 64) { reader throws(SegmentError) in
                    String(decoding: try reader.binary(), as: UTF8.self)
                }
            case 4: codecCode = try reader.int32(field)
            case 5, 6, 7, 9, 11, 14: integers[field.id] = try reader.int64(field)
            case 12: statistics = try ColumnStatistics(from: &reader, field)
            case 15: bloomByteCount = try reader.int32(field)
            default: try reader.skip(field)
            }
        }
        self.typeCode = try reader.required(typeCode, "the type of a column chunk")
        self.encodings = try reader.required(encodings, "the encodings of a column chunk")
        self.path = try reader.required(path, "the path of a column chunk")
        let code = try reader.required(codecCode, "the codec of a column chunk")
        guard let codec = ParquetCodec(rawValue: code) else {
            throw reader.error("compression codec \(code) is not read", .unsupported)
        }
        self.codec = codec
        valueCount = try reader.required(integers[5], "the number of values of a column chunk")
        uncompressedByteCount = try reader.required(integers[6], "the uncompressed size of a column chunk")
        compressedByteCount = try reader.required(integers[7], "the compressed size of a column chunk")
        dataPageOffset = try reader.required(integers[9], "the first data page of a column chunk")
        dictionaryPageOffset = integers[11]
        self.statistics = statistics
        bloomFilter = Place(integers[14], bloomByteCount)
        offsetIndex = nil
        columnIndex = nil
    }
}

extension ColumnChunkMetadata.Place {
    fileprivate init?(_ byteOffset: Int64?, _ byteCount: Int32?) {
        guard let byteOffset, let byteCount else { return nil }
        self.init(byteOffset: byteOffset, byteCount: byteCount)
    }
}
