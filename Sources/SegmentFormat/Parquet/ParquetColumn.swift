// SPDX-License-Identifier: Apache-2.0

/// What a column of a file is, declared before its first row group.
package struct ParquetColumn: Equatable, Sendable {
    /// How values that are not dictionary codes are stored.
    ///
    /// Dictionary codes are always stored as such, whatever stands here, so that a column may have a dictionary in one
    /// row group and none in the next.
    package enum Layout: Sendable {
        case plain
        /// Differences; for INT32 and INT64.
        case deltaBinaryPacked
        /// Lengths as differences, then all bytes; for BYTE_ARRAY.
        case deltaLengthByteArray

        var encoding: ParquetEncoding {
            switch self {
            case .plain: .plain
            case .deltaBinaryPacked: .deltaBinaryPacked
            case .deltaLengthByteArray: .deltaLengthByteArray
            }
        }
    }

    /// The path in the event, such as `data.methodName`: one name at the top level, dots and all.
    package var name: String
    package var type: ParquetType
    package var logicalType: ParquetLogicalType?
    package var isOptional: Bool
    package var layout: Layout

    /// Level of zstd for data pages; nil leaves the column uncompressed.
    ///
    /// A chunk that compression would not make smaller is stored without it, whatever stands here.
    package var compressionLevel: Int32?

    /// Level for the dictionary page, which is worth more: it is read by every query of the column, and text.
    package var dictionaryCompressionLevel: Int32?

    /// Bits of the bloom filter for each different value; nil makes none.
    package var bloomBitsPerValue: Int?

    package init(
        _ name: String,
        _ type: ParquetType,
        _ logicalType: ParquetLogicalType? = nil,
        isOptional: Bool = false,
        layout: Layout = .plain,
        compressionLevel: Int32? = 1,
        dictionaryCompressionLevel: Int32? = nil,
        bloomBitsPerValue: Int? = nil
    ) {
        self.name = name
        self.type = type
        self.logicalType = logicalType
        self.isOptional = isOptional
        self.layout = layout
        self.compressionLevel = compressionLevel
        self.dictionaryCompressionLevel = dictionaryCompressionLevel ?? compressionLevel
        self.bloomBitsPerValue = bloomBitsPerValue
    }

    /// Whether the pages of a column declared so are those of another, too.
    func isDeclared(as other: ParquetColumn) -> Bool {
        type == other.type && logicalType == other.logicalType && isOptional == other.isOptional
    }

    /// Refuses what cannot be written.
    func validate() throws(SegmentError) {
        let fits =
            switch layout {
            case .plain: true
            case .deltaBinaryPacked: type == .int32 || type == .int64
            case .deltaLengthByteArray: type == .byteArray
            }
        if case .fixed(let count) = type, !(1...ParquetLimits.maximumFixedByteCount).contains(count) {
            throw SegmentError(.invalidArgument, "values of \(count) bytes", .init(column: name))
        }
        guard fits, logicalType?.fits(type) ?? true, !(type == .boolean && bloomBitsPerValue != nil), !name.isEmpty
        else {
            throw SegmentError(
                .invalidArgument,
                "\(type) cannot be \(logicalType.map { "\($0)" } ?? "bare") in layout \(layout)",
                .init(column: name)
            )
        }
    }

    /// Whether numbers are ordered without a sign.
    var isUnsigned: Bool {
        if case .integer(_, let isSigned) = logicalType { !isSigned } else { false }
    }
}

/// Values of a column, one behind the other; rows without a value are left out.
package enum ParquetValues: Equatable, Sendable {
    case booleans(Bitmap)
    case int32([Int32])
    case int64([Int64])
    case byteArrays(ByteArrays)
    /// Values of the column's fixed length, one behind the other.
    case fixed([UInt8], byteCount: Int)

    /// No values of a type.
    package init(_ type: ParquetType) {
        self =
            switch type {
            case .boolean: .booleans(Bitmap())
            case .int32: .int32([])
            case .int64: .int64([])
            case .byteArray: .byteArrays(ByteArrays())
            case .fixed(let byteCount): .fixed([], byteCount: byteCount)
            }
    }

    package var type: ParquetType {
        switch self {
        case .booleans: .boolean
        case .int32: .int32
        case .int64: .int64
        case .byteArrays: .byteArray
        case .fixed(_, let byteCount): .fixed(byteCount: byteCount)
        }
    }

    package var count: Int {
        switch self {
        case .booleans(let bits): bits.count
        case .int32(let numbers): numbers.count
        case .int64(let numbers): numbers.count
        case .byteArrays(let values): values.count
        case .fixed(let bytes, let byteCount): byteCount > 0 ? bytes.count / byteCount : 0
        }
    }

    var isWhole: Bool {
        if case .fixed(let bytes, let byteCount) = self { byteCount > 0 && bytes.count % byteCount == 0 } else { true }
    }
}

/// The values of a column in one row group.
package struct ParquetColumnData: Equatable, Sendable {
    /// The values; with codes, the dictionary that they count in.
    package var values: ParquetValues

    /// For each row with a value, its place in the dictionary; nil without a dictionary.
    package var codes: [UInt32]?

    /// Which rows have a value; nil when all have.
    package var presence: Bitmap?

    package init(_ values: ParquetValues, codes: [UInt32]? = nil, presence: Bitmap? = nil) {
        self.values = values
        self.codes = codes
        self.presence = presence
    }

    /// Rows with a value.
    package var valueCount: Int { codes?.count ?? values.count }

    package var rowCount: Int { presence?.count ?? valueCount }
}
