// SPDX-License-Identifier: Apache-2.0

/// What stands before a page.
struct PageHeader: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// Version 1: levels and values are compressed together.
        case data(valueCount: Int32, encoding: ParquetEncoding)
        case dictionary(valueCount: Int32, isSorted: Bool)
    }

    var kind: Kind
    var uncompressedByteCount: Int32
    /// Bytes of the page as they stand behind the header.
    var compressedByteCount: Int32
    /// CRC-32 of those bytes.
    ///
    /// Optional in Parquet; we always write it and refuse pages without it.
    var checksum: UInt32?

    func encoded() -> [UInt8] {
        ThriftWriter.encode { writer in
            switch kind {
            case .data: writer.field(1, Int32(0))
            case .dictionary: writer.field(1, Int32(2))
            }
            writer.field(2, uncompressedByteCount)
            writer.field(3, compressedByteCount)
            if let checksum { writer.field(4, Int32(bitPattern: checksum)) }
            switch kind {
            case .data(let valueCount, let encoding):
                writer.field(5) { writer in
                    writer.field(1, valueCount)
                    writer.field(2, encoding.rawValue)
                    // The encodings of definition and repetition levels, of which there are none in required columns.
                    writer.field(3, ParquetEncoding.rle.rawValue)
                    writer.field(4, ParquetEncoding.rle.rawValue)
                }
            case .dictionary(let valueCount, let isSorted):
                writer.field(7) { writer in
                    writer.field(1, valueCount)
                    writer.field(2, ParquetEncoding.plain.rawValue)
                    writer.field(3, isSorted)
                }
            }
        }
    }

    /// Reads a header at an offset.
    static func decode(
        _ bytes: [UInt8],
        at byteOffset: Int
    ) throws(SegmentError) -> (header: PageHeader, endOffset: Int) {
        var reader = ThriftReader(bytes, at: byteOffset)
        let header = try PageHeader(from: &reader)
        return (header, reader.byteOffset)
    }
}

extension PageHeader {
    private init(from reader: inout ThriftReader) throws(SegmentError) {
        var type: Int32?
        var uncompressedByteCount: Int32?
        var compressedByteCount: Int32?
        var checksum: UInt32?
        var kind: Kind?
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: type = try reader.int32(field)
            case 2: uncompressedByteCount = try reader.int32(field)
            case 3: compressedByteCount = try reader.int32(field)
            case 4: checksum = UInt32(bitPattern: try reader.int32(field))
            case 5: kind = try Self.dataKind(from: &reader, field)
            case 7: kind = try Self.dictionaryKind(from: &reader, field)
            default: try reader.skip(field)
            }
        }
        switch (type, kind) {
        case (0, .data?), (2, .dictionary?): break
        case (0?, _), (2?, _), (nil, _): throw reader.error("a page header without its kind's fields")
        default: throw reader.error("pages of type \(type ?? -1) are not read", .unsupported)
        }
        self.kind = try reader.required(kind, "the kind of a page")
        self.uncompressedByteCount = try reader.required(uncompressedByteCount, "the uncompressed size of a page")
        self.compressedByteCount = try reader.required(compressedByteCount, "the size of a page")
        self.checksum = checksum
        guard self.uncompressedByteCount >= 0, self.compressedByteCount >= 0 else {
            throw reader.error("a page of a negative size")
        }
    }

    private static func dataKind(
        from reader: inout ThriftReader,
        _ field: ThriftReader.Field
    ) throws(SegmentError) -> Kind {
        var count: Int32?
        var encoding: Int32?
        var levels: Int32?
        try reader.structure(field) { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: count = try reader.int32(field)
            case 2: encoding = try reader.int32(field)
            case 3: levels = try reader.int32(field)
            default: try reader.skip(field)
            }
        }
        guard let encoding, let known = ParquetEncoding(rawValue: encoding), levels == ParquetEncoding.rle.rawValue
        else {
            throw reader.error("encoding \(encoding ?? -1) with levels in \(levels ?? -1) is not read", .unsupported)
        }
        return .data(valueCount: try reader.required(count, "the number of values of a page"), encoding: known)
    }

    private static func dictionaryKind(
        from reader: inout ThriftReader,
        _ field: ThriftReader.Field
    ) throws(SegmentError) -> Kind {
        var count: Int32?
        var encoding: Int32?
        var isSorted = false
        try reader.structure(field) { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: count = try reader.int32(field)
            case 2: encoding = try reader.int32(field)
            case 3: isSorted = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        guard encoding == ParquetEncoding.plain.rawValue || encoding == ParquetEncoding.plainDictionary.rawValue else {
            throw reader.error("dictionary encoding \(encoding ?? -1) is not read", .unsupported)
        }
        let valueCount = try reader.required(count, "the number of values of a dictionary")
        return .dictionary(valueCount: valueCount, isSorted: isSorted)
    }
}
