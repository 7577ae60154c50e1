// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct IndexedIDsTests {
    @Test(arguments: [1, 2, 40, 30_000])
    func `every row is found by its id`(rowCount: Int) throws {
        let sample = IndexSample(rowCount: rowCount)
        let ids = try ReadIndex(sample.index()).ids

        var candidateCount = 0
        for (row, id) in sample.ids.enumerated() {
            let rows = try ids.rows(withID: #require(id))
            #expect(rows.contains(row))
            #expect(rows == rows.sorted())
            candidateCount += rows.count
        }
        #expect(ids.rowsWithoutID.isEmpty)
        // One other in four lookups: 16 of a bucket, one in 64 of them.
        #expect(candidateCount <= rowCount + rowCount / 2)
    }

    private static func ids(_ column: ParquetColumn, _ data: ParquetColumnData) throws -> IndexedIDs {
        try ReadIndex(IndexSample.index([(column, data)], rowCount: data.rowCount)).ids
    }

    @Test func `an id has one hash in whatever kind its column is`() throws {
        let bytes = (0..<16).map { UInt8($0 * 15) }
        let text = IndexSample.uuid(bytes)
        let digits = text.filter { $0 != "-" }
        let columns: [(String, ParquetColumn, ParquetColumnData)] = [
            (text, ParquetColumn("id", .fixed(byteCount: 16), .uuid), .init(.fixed(bytes, byteCount: 16))),
            (digits, ParquetColumn("id", .fixed(byteCount: 16)), .init(.fixed(bytes, byteCount: 16))),
            (digits, ParquetColumn("id", .byteArray), .init(.byteArrays(ByteArrays([bytes])))),
            (text, ParquetColumn("id", .byteArray, .string), .init(.byteArrays(ByteArrays([text.utf8])))),
            (text, ParquetColumn("id", .byteArray, .string), .init(.byteArrays(ByteArrays([text.utf8])), codes: [0])),
            (
                #"a"b\é"#, ParquetColumn("id", .byteArray, .string),
                .init(.byteArrays(ByteArrays([#"a\"b\\\u00e9"#.utf8])))
            ),
            ("-42", ParquetColumn("id", .int64, .integer(bitWidth: 64, isSigned: true)), .init(.int64([-42]))),
        ]
        for (id, column, data) in columns {
            let ids = try Self.ids(column, data)
            #expect(try ids.rows(withID: id) == [0])
            #expect(ids.rowsWithoutID.isEmpty)
        }
    }

    @Test func `rows whose id is not known are candidates for every id`() throws {
        let times = ParquetColumn("id", .int64, .timestamp(.milliseconds), isOptional: true)
        let data = ParquetColumnData(.int64([1, 2]), presence: Bitmap([true, false, true]))
        let ids = try Self.ids(times, data)
        #expect(try ids.rows(withID: "anything") == [0, 1, 2])

        let none = try ReadIndex(IndexSample.index([], rowCount: 3)).ids
        #expect(try none.rows(withID: "anything") == [0, 1, 2])
    }

    @Test func `raw events are found by their id, and those without one always`() throws {
        let events = [#"{"id":"a"}"#, #"{"a":1}"#, #"{"id":{"b":1}}"#, "no event", #"{"id":7}"#, #"{"\u0069d":"b"}"#]
        let raw = ParquetColumn("martlet.raw", .byteArray, .json)
        let data = ParquetColumnData(.byteArrays(ByteArrays(events.map(\.utf8))))
        let ids = try ReadIndex(IndexSample.index([(raw, data)], rowCount: events.count)).ids

        #expect(ids.rowsWithoutID == [1, 2, 3])
        #expect(try ids.rows(withID: "a") == [0, 1, 2, 3])
        #expect(try ids.rows(withID: "7") == [1, 2, 3, 4])
        #expect(try ids.rows(withID: "b") == [1, 2, 3, 5])
    }

    @Test func `one id in all rows finds all rows`() throws {
        let data = ParquetColumnData(.byteArrays(ByteArrays(["x".utf8])), codes: Array(repeating: 0, count: 10_000))
        let ids = try Self.ids(ParquetColumn("id", .byteArray, .string), data)
        #expect(try ids.rows(withID: "x") == Array(0..<10_000))
    }
}
