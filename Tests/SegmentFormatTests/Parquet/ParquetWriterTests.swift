// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct ParquetWriterTests {
    static let refusedColumns: [ParquetColumn] = [
        ParquetColumn("a", .byteArray, .uuid),
        ParquetColumn("a", .fixed(byteCount: 0)),
        ParquetColumn("a", .fixed(byteCount: 16), .string),
        ParquetColumn("a", .byteArray, layout: .deltaBinaryPacked),
        ParquetColumn("a", .int64, layout: .deltaLengthByteArray),
        ParquetColumn("a", .boolean, bloomBitsPerValue: 8),
        ParquetColumn("a", .int32, .timestamp(.nanoseconds)),
        ParquetColumn("", .int32),
    ]

    @Test(arguments: refusedColumns)
    func `columns that cannot be are refused`(_ column: ParquetColumn) {
        #expect(throws: SegmentError.self) { try ParquetWriter(columns: [column]) }
    }

    @Test func `two columns of one name are refused`() {
        let column = ParquetColumn("a", .int32)
        #expect(throws: SegmentError.self) { try ParquetWriter(columns: [column, column]) }
    }

    static let refusedData: [(ParquetColumn, ParquetColumnData, Int)] = [
        (ParquetColumn("a", .int32), .init(.int64([1])), 1),
        (ParquetColumn("a", .int32), .init(.int32([1])), 2),
        (ParquetColumn("a", .int32), .init(.int32([1]), presence: Bitmap([true])), 1),
        (ParquetColumn("a", .int32, isOptional: true), .init(.int32([1]), presence: Bitmap([true, true])), 2),
        (ParquetColumn("a", .int32), .init(.int32([1]), codes: [1]), 1),
        (ParquetColumn("a", .fixed(byteCount: 2)), .init(.fixed([1, 2, 3], byteCount: 2)), 1),
    ]

    @Test(arguments: refusedData)
    func `values that do not fit are refused`(_ column: ParquetColumn, _ data: ParquetColumnData, _ rows: Int) throws {
        let encoder = try ColumnChunkEncoder()
        let error = #expect(throws: SegmentError.self) { try encoder.encode(column, data, rowCount: rows) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `columns out of turn and unfinished row groups are refused`() throws {
        let columns = [ParquetColumn("a", .int32), ParquetColumn("b", .int32)]
        let encoder = try ColumnChunkEncoder()
        let chunks = try columns.map { try encoder.encode($0, .init(.int32([1])), rowCount: 1) }
        var writer = try ParquetWriter(columns: columns)
        #expect(throws: SegmentError.self) { try writer.append(chunks[1]) }
        try writer.append(chunks[0])
        #expect(throws: SegmentError.self) { try writer.finish() }
        let longer = try encoder.encode(columns[1], .init(.int32([1, 2])), rowCount: 2)
        #expect(throws: SegmentError.self) { try writer.append(longer) }
        try writer.append(chunks[1])
        try writer.finish()
        #expect(throws: SegmentError.self) { try writer.finish() }
    }

    @Test func `random values are stored uncompressed, texts compressed`() throws {
        var random = SeededRandom(1)
        let encoder = try ColumnChunkEncoder()
        let ids = (0..<16 * 5000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let id = try encoder.encode(
            ParquetColumn("id", .fixed(byteCount: 16), .uuid),
            .init(.fixed(ids, byteCount: 16)),
            rowCount: 5000
        )
        let texts = ByteArrays((0..<5000).map { Array("the text number \($0)".utf8) })
        let text = try encoder.encode(
            ParquetColumn("t", .byteArray, .string),
            .init(.byteArrays(texts)),
            rowCount: 5000
        )

        #expect(id.codec == .uncompressed)
        #expect(text.codec == .zstd)
        #expect(id.bytes.count < 16 * 5000 + 100)
        #expect(text.bytes.count < texts.bytes.count / 2)
    }

    static let bounds: [(value: String, minimum: String, maximum: String?)] = [
        ("short", "short", "short"),
        (
            String(repeating: "a", count: 300), String(repeating: "a", count: 192),
            String(repeating: "a", count: 191) + "b"
        ),
        // U+007F cannot be raised and stay one byte.
        (
            "a" + String(repeating: "\u{7F}", count: 300),
            "a" + String(repeating: "\u{7F}", count: 191),
            "b"
        ),
        // Cut between characters of two bytes.
        ("ab" + String(repeating: "é", count: 200), "ab" + String(repeating: "é", count: 95), "ac"),
        (String(repeating: "漢", count: 100), String(repeating: "漢", count: 64), nil),
    ]

    @Test(arguments: bounds)
    func `long bounds are shortened and stay text`(_ value: String, _ minimum: String, _ maximum: String?) {
        #expect(StoredBound.minimum(Array(value.utf8), isText: true).bytes == Array(minimum.utf8))
        #expect(StoredBound.maximum(Array(value.utf8), isText: true)?.bytes == maximum.map { Array($0.utf8) })
    }

    @Test func `a bound of 0xFF bytes only has no short maximum`() {
        #expect(StoredBound.maximum([UInt8](repeating: 0xFF, count: 300), isText: false) == nil)
        let mixed = [7] + [UInt8](repeating: 0xFF, count: 300)
        #expect(StoredBound.maximum(mixed, isText: false)?.bytes == [8])
    }
}
