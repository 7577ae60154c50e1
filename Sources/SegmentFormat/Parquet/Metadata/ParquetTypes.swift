// SPDX-License-Identifier: Apache-2.0

/// How the values of a column are stored.
///
/// The subset of Parquet's physical types that segments use; FLOAT, DOUBLE and INT96 are not in it, because a number of
/// JSON that is no integer is kept as its text.
package enum ParquetType: Equatable, Sendable {
    case boolean
    case int32
    case int64
    case byteArray
    case fixed(byteCount: Int)

    var code: Int32 {
        switch self {
        case .boolean: 0
        case .int32: 1
        case .int64: 2
        case .byteArray: 6
        case .fixed: 7
        }
    }

    init?(code: Int32, byteCount: Int32?) {
        switch code {
        case 0: self = .boolean
        case 1: self = .int32
        case 2: self = .int64
        case 6: self = .byteArray
        case 7:
            guard let byteCount, (1...ParquetLimits.maximumFixedByteCount).contains(Int(byteCount)) else { return nil }
            self = .fixed(byteCount: Int(byteCount))
        default: return nil
        }
    }
}

/// What the values of a column mean.
package enum ParquetLogicalType: Equatable, Sendable {
    case string
    case json
    case uuid
    /// An instant of UTC, counted from 1970-01-01T00:00:00Z.
    case timestamp(TimeUnit)
    case integer(bitWidth: Int8, isSigned: Bool)

    package enum TimeUnit: Int16, Sendable {
        case milliseconds = 1
        case microseconds = 2
        case nanoseconds = 3
    }

    /// Whether this meaning can be stored like that.
    func fits(_ type: ParquetType) -> Bool {
        switch self {
        case .string, .json: type == .byteArray
        case .uuid: type == .fixed(byteCount: 16)
        case .timestamp: type == .int64
        case .integer(let bitWidth, _):
            bitWidth == 64 ? type == .int64 : [8, 16, 32].contains(bitWidth) && type == .int32
        }
    }

    /// The annotation of older readers, where there is one.
    var convertedType: Int32? {
        switch self {
        case .string: 0
        case .json: 19
        case .uuid, .timestamp(.nanoseconds): nil
        case .timestamp(.milliseconds): 9
        case .timestamp(.microseconds): 10
        case .integer(let bitWidth, let isSigned):
            switch bitWidth {
            case 8: isSigned ? 15 : 11
            case 16: isSigned ? 16 : 12
            case 32: isSigned ? 17 : 13
            case 64: isSigned ? 18 : 14
            default: nil
            }
        }
    }

    func encode(into writer: inout ThriftWriter) {
        switch self {
        case .string: writer.field(1) { (_: inout ThriftWriter) in }
        case .json: writer.field(12) { (_: inout ThriftWriter) in }
        case .uuid: writer.field(14) { (_: inout ThriftWriter) in }
        case .timestamp(let unit):
            writer.field(8) { writer in
                writer.field(1, true)
                writer.field(2) { writer in writer.field(unit.rawValue) { (_: inout ThriftWriter) in } }
            }
        case .integer(let bitWidth, let isSigned):
            writer.field(10) { writer in
                writer.field(1, byte: bitWidth)
                writer.field(2, isSigned)
            }
        }
    }

    /// Nil for a logical type that is not in our subset: the values are then read as what they are stored as.
    static func decode(from reader: inout ThriftReader, _ field: ThriftReader.Field) throws(SegmentError) -> Self? {
        var type: ParquetLogicalType?
        try reader.structure(field) { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: type = .string
            case 12: type = .json
            case 14: type = .uuid
            case 8:
                type = try decodeTimestamp(from: &reader, field)
                return
            case 10:
                type = try decodeInteger(from: &reader, field)
                return
            default: break
            }
            try reader.skip(field)
        }
        return type
    }

    private static func decodeTimestamp(
        from reader: inout ThriftReader,
        _ field: ThriftReader.Field
    ) throws(SegmentError) -> Self? {
        var isUTC = false
        var unit: TimeUnit?
        try reader.structure(field) { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: isUTC = try reader.bool(field)
            case 2:
                try reader.structure(field) { (reader, field) throws(SegmentError) in
                    unit = TimeUnit(rawValue: field.id)
                    try reader.skip(field)
                }
            default: try reader.skip(field)
            }
        }
        return isUTC ? unit.map { .timestamp($0) } : nil
    }

    private static func decodeInteger(
        from reader: inout ThriftReader,
        _ field: ThriftReader.Field
    ) throws(SegmentError) -> Self? {
        var bitWidth: Int8 = 0
        var isSigned = true
        try reader.structure(field) { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: bitWidth = try reader.int8(field)
            case 2: isSigned = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        return [8, 16, 32, 64].contains(bitWidth) ? .integer(bitWidth: bitWidth, isSigned: isSigned) : nil
    }
}

/// How values become bytes.
package enum ParquetEncoding: Int32, Sendable {
    case plain = 0
    /// What older writers call a dictionary; read, never written.
    case plainDictionary = 2
    /// Runs and bit-packing: definition levels.
    case rle = 3
    case deltaBinaryPacked = 5
    case deltaLengthByteArray = 6
    case rleDictionary = 8
}

/// How the pages of a column chunk are compressed.
package enum ParquetCodec: Int32, Sendable {
    case uncompressed = 0
    case zstd = 6
}
