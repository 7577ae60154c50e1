// SPDX-License-Identifier: Apache-2.0

/// What the footer of a file says.
package struct FileMetadata: Equatable, Sendable {
    package var version: Int32 = 2
    var schema: [SchemaElement]
    package var rowCount: Int64
    package var rowGroups: [RowGroupMetadata]
    package var keyValues: [ParquetKeyValue]
    package var createdBy: String?

    func encoded() -> [UInt8] {
        ThriftWriter.encode { writer in
            writer.field(1, version)
            writer.field(2, list: schema, of: .structure) { writer, element in
                writer.element { element.encode(into: &$0) }
            }
            writer.field(3, rowCount)
            writer.field(4, list: rowGroups, of: .structure) { writer, group in
                writer.element { group.encode(into: &$0) }
            }
            if !keyValues.isEmpty {
                writer.field(5, list: keyValues, of: .structure) { writer, pair in
                    writer.element { writer in
                        writer.field(1, pair.key)
                        if let value = pair.value { writer.field(2, value) }
                    }
                }
            }
            if let createdBy { writer.field(6, createdBy) }
            // Without this, readers may not use minima and maxima: it says that they are ordered as the types define.
            let columns = schema.filter { $0.type != nil }
            writer.field(7, list: columns, of: .structure) { writer, _ in
                writer.element { writer in writer.field(1) { (_: inout ThriftWriter) in } }
            }
        }
    }

    /// Reads the metadata, which must be all of the bytes.
    static func decode(_ bytes: [UInt8]) throws(SegmentError) -> FileMetadata {
        var reader = ThriftReader(bytes)
        let metadata = try FileMetadata(from: &reader)
        guard reader.byteOffset == bytes.count else {
            throw reader.error("the footer's metadata ends before its length says")
        }
        return metadata
    }
}

extension FileMetadata {
    private init(from reader: inout ThriftReader) throws(SegmentError) {
        var version: Int32?
        var schema: [SchemaElement]?
        var rowCount: Int64?
        var rowGroups: [RowGroupMetadata]?
        var keyValues: [ParquetKeyValue] = []
        var createdBy: String?
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: version = try reader.int32(field)
            case 2:
                let limit = ParquetLimits.maximumColumnCount + 1
                schema = try reader.list(field, of: .structure, limit: limit) { reader throws(SegmentError) in
                    try SchemaElement(from: &reader)
                }
            case 3: rowCount = try reader.int64(field)
            case 4:
                let limit = ParquetLimits.maximumRowGroupCount
                rowGroups = try reader.list(field, of: .structure, limit: limit) { reader throws(SegmentError) in
                    try RowGroupMetadata(from: &reader)
                }
            case 5:
                let limit = ParquetLimits.maximumKeyValueCount
                keyValues = try reader.list(field, of: .structure, limit: limit) { reader throws(SegmentError) in
                    try ParquetKeyValue(from: &reader)
                }
            case 6: createdBy = try reader.string(field)
            case 8: throw reader.error("encrypted files are not read", .unsupported)
            default: try reader.skip(field)
            }
        }
        self.version = try reader.required(version, "the version")
        self.schema = try reader.required(schema, "the schema")
        self.rowCount = try reader.required(rowCount, "the number of rows")
        self.rowGroups = try reader.required(rowGroups, "the list of row groups")
        self.keyValues = keyValues
        self.createdBy = createdBy
    }
}

/// A row group: where its columns lie.
package struct RowGroupMetadata: Equatable, Sendable {
    package var columns: [ColumnChunkMetadata]
    /// Bytes of all pages before compression.
    package var uncompressedByteCount: Int64
    package var rowCount: Int64
    package var byteOffset: Int64?
    package var compressedByteCount: Int64?
    package var ordinal: Int16?

    func encode(into writer: inout ThriftWriter) {
        writer.field(1, list: columns, of: .structure) { writer, column in
            writer.element { column.encode(into: &$0) }
        }
        writer.field(2, uncompressedByteCount)
        writer.field(3, rowCount)
        if let byteOffset { writer.field(5, byteOffset) }
        if let compressedByteCount { writer.field(6, compressedByteCount) }
        if let ordinal { writer.field(7, ordinal) }
    }
}

extension RowGroupMetadata {
    init(from reader: inout ThriftReader) throws(SegmentError) {
        var columns: [ColumnChunkMetadata]?
        var uncompressedByteCount: Int64?
        var rowCount: Int64?
        var byteOffset: Int64?
        var compressedByteCount: Int64?
        var ordinal: Int16?
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1:
                let limit = ParquetLimits.maximumColumnCount
                columns = try reader.list(field, of: .structure, limit: limit) { reader throws(SegmentError) in
                    try ColumnChunkMetadata(from: &reader)
                }
            case 2: uncompressedByteCount = try reader.int64(field)
            case 3: rowCount = try reader.int64(field)
            case 5: byteOffset = try reader.int64(field)
            case 6: compressedByteCount = try reader.int64(field)
            case 7: ordinal = try reader.int16(field)
            default: try reader.skip(field)
            }
        }
        self.columns = try reader.required(columns, "the columns of a row group")
        self.uncompressedByteCount = try reader.required(uncompressedByteCount, "the size of a row group")
        self.rowCount = try reader.required(rowCount, "the number of rows of a row group")
        self.byteOffset = byteOffset
        self.compressedByteCount = compressedByteCount
        self.ordinal = ordinal
    }
}

/// An entry of the footer's metadata of our own.
package struct ParquetKeyValue: Equatable, Sendable {
    package var key: String
    package var value: String?

    package init(_ key: String, _ value: String?) {
        self.key = key
        self.value = value
    }

    init(from reader: inout ThriftReader) throws(SegmentError) {
        var key: String?
        var value: String?
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: key = try reader.string(field)
            case 2: value = try reader.string(field)
            default: try reader.skip(field)
            }
        }
        self.key = try reader.required(key, "a metadata key")
        self.value = value
    }
}
