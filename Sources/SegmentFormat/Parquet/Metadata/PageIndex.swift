// SPDX-License-Identifier: Apache-2.0

/// The smallest and the largest value of each page of a column chunk.
///
/// Bounds may be shortened: they are then below or above every value of the page. Parquet has no flag that says so here.
package struct ColumnIndex: Equatable, Sendable {
    package enum BoundaryOrder: Int32, Sendable {
        case unordered = 0
        case ascending = 1
        case descending = 2
    }

    /// Whether a page holds no value at all; its bounds are then empty and mean nothing.
    package var isNullPage: [Bool]
    package var minima: [[UInt8]]
    package var maxima: [[UInt8]]
    package var boundaryOrder: BoundaryOrder
    package var nullCounts: [Int64]?

    func encoded() -> [UInt8] {
        ThriftWriter.encode { writer in
            writer.field(1, list: isNullPage, of: .true) { $0.element($1) }
            writer.field(2, list: minima, of: .binary) { $0.element($1) }
            writer.field(3, list: maxima, of: .binary) { $0.element($1) }
            writer.field(4, boundaryOrder.rawValue)
            if let nullCounts { writer.field(5, list: nullCounts, of: .int64) { $0.element($1) } }
        }
    }
}

extension ColumnIndex {
    init(_ bytes: [UInt8]) throws(SegmentError) {
        var reader = ThriftReader(bytes)
        var isNullPage: [Bool]?
        var minima: [[UInt8]]?
        var maxima: [[UInt8]]?
        var order: Int32?
        var nullCounts: [Int64]?
        let limit = ParquetLimits.maximumPageCount
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1:
                isNullPage = try reader.list(field, of: .true, limit: limit) { reader throws(SegmentError) in
                    try reader.bool()
                }
            case 2:
                minima = try reader.list(field, of: .binary, limit: limit) { reader throws(SegmentError) in
                    try reader.binary()
                }
            case 3:
                maxima = try reader.list(field, of: .binary, limit: limit) { reader throws(SegmentError) in
                    try reader.binary()
                }
            case 4: order = try reader.int32(field)
            case 5:
                nullCounts = try reader.list(field, of: .int64, limit: limit) { reader throws(SegmentError) in
                    try reader.integer()
                }
            default: try reader.skip(field)
            }
        }
        self.isNullPage = try reader.required(isNullPage, "the null pages of a column index")
        self.minima = try reader.required(minima, "the minima of a column index")
        self.maxima = try reader.required(maxima, "the maxima of a column index")
        boundaryOrder = order.flatMap(BoundaryOrder.init(rawValue:)) ?? .unordered
        self.nullCounts = nullCounts
        let count = self.isNullPage.count
        guard self.minima.count == count, self.maxima.count == count, (nullCounts?.count ?? count) == count else {
            throw reader.error("a column index with lists of different lengths")
        }
    }
}

/// Where each page of a column chunk lies.
package struct OffsetIndex: Equatable, Sendable {
    package struct PageLocation: Equatable, Sendable {
        /// Of the page's header, from the start of the file.
        package var byteOffset: Int64
        /// With the header.
        package var byteCount: Int32
        /// From the start of the row group.
        package var firstRow: Int64
    }

    package var pages: [PageLocation]

    func encoded() -> [UInt8] {
        ThriftWriter.encode { writer in
            writer.field(1, list: pages, of: .structure) { writer, page in
                writer.element { writer in
                    writer.field(1, page.byteOffset)
                    writer.field(2, page.byteCount)
                    writer.field(3, page.firstRow)
                }
            }
        }
    }
}

extension OffsetIndex {
    init(_ bytes: [UInt8]) throws(SegmentError) {
        var reader = ThriftReader(bytes)
        var pages: [PageLocation]?
        try reader.structure { (reader, field) throws(SegmentError) in
            guard field.id == 1 else { return try reader.skip(field) }
            let limit = ParquetLimits.maximumPageCount
            pages = try reader.list(field, of: .structure, limit: limit) { reader throws(SegmentError) in
                try PageLocation(from: &reader)
            }
        }
        self.pages = try reader.required(pages, "the pages of an offset index")
    }
}

extension OffsetIndex.PageLocation {
    fileprivate init(from reader: inout ThriftReader) throws(SegmentError) {
        var byteOffset: Int64?
        var byteCount: Int32?
        var firstRow: Int64?
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: byteOffset = try reader.int64(field)
            case 2: byteCount = try reader.int32(field)
            case 3: firstRow = try reader.int64(field)
            default: try reader.skip(field)
            }
        }
        self.byteOffset = try reader.required(byteOffset, "the offset of a page")
        self.byteCount = try reader.required(byteCount, "the size of a page")
        self.firstRow = try reader.required(firstRow, "the first row of a page")
    }
}
