// SPDX-License-Identifier: Apache-2.0

/// A node of the schema: the root, or a column below it.
struct SchemaElement: Equatable, Sendable {
    var name: String
    /// Nil for the root and for groups.
    var type: ParquetType?
    /// Nil for the root.
    var isOptional: Bool?
    var childCount: Int32?
    var logicalType: ParquetLogicalType?

    func encode(into writer: inout ThriftWriter) {
        if let type { writer.field(1, type.code) }
        if case .fixed(let byteCount) = type { writer.field(2, Int32(byteCount)) }
        if let isOptional { writer.field(3, Int32(isOptional ? 1 : 0)) }
        writer.field(4, name)
        if let childCount { writer.field(5, childCount) }
        if let logicalType {
            if let convertedType = logicalType.convertedType { writer.field(6, convertedType) }
            writer.field(10) { logicalType.encode(into: &$0) }
        }
    }

    init(name: String, type: ParquetType?, isOptional: Bool?, childCount: Int32?, logicalType: ParquetLogicalType?) {
        self.name = name
        self.type = type
        self.isOptional = isOptional
        self.childCount = childCount
        self.logicalType = logicalType
    }

    init(from reader: inout ThriftReader) throws(SegmentError) {
        var code: Int32?
        var byteCount: Int32?
        var repetition: Int32?
        var name: String?
        var childCount: Int32?
        var logicalType: ParquetLogicalType?
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: code = try reader.int32(field)
            case 2: byteCount = try reader.int32(field)
            case 3: repetition = try reader.int32(field)
            case 4: name = try reader.string(field)
            case 5: childCount = try reader.int32(field)
            case 10: logicalType = try ParquetLogicalType.decode(from: &reader, field)
            default: try reader.skip(field)
            }
        }
        self.name = try reader.required(name, "the name of a schema element")
        if let code {
            guard let type = ParquetType(code: code, byteCount: byteCount) else {
                throw reader.error("physical type \(code) of \(byteCount ?? 0) bytes is not read", .unsupported)
            }
            self.type = type
        }
        guard repetition != 2 else { throw reader.error("repeated columns are not read", .unsupported) }
        isOptional = repetition.map { $0 == 1 }
        self.childCount = childCount
        self.logicalType = logicalType
    }
}
