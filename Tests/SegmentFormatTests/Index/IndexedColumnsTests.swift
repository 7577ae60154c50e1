// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct IndexedColumnsTests {
    private static let blockRowCount = 4096

    @Test(arguments: [1, 2, 100, 4_096, 4_097, 30_000])
    func `every entry has the count, the rows and the blocks that a count by hand gives`(rowCount: Int) throws {
        let sample = IndexSample(rowCount: rowCount)
        let columns = try ReadIndex(sample.index()).columns

        for (number, (column, data)) in sample.columns.enumerated() {
            #expect(columns.columns[number].name == column.name)
            #expect(columns.columns[number].hasDictionary == (data.codes != nil))
            let statistics = try columns.statistics(ofColumn: number)
            #expect(statistics.entryCount == (data.codes == nil ? 0 : data.values.count))
            let rows = Self.rows(of: data)
            for entry in 0..<statistics.entryCount {
                Self.expect(
                    statistics[entry],
                    statistics.blocks(of: entry),
                    are: rows[entry] ?? [],
                    "\(column.name) \(entry)"
                )
            }
            let present = (0..<rowCount).filter { data.presence?[$0] ?? true }
            Self.expect(statistics.presence, statistics.presenceBlocks, are: present, column.name)
        }
    }

    /// Rows by entry; a column without codes has none.
    private static func rows(of data: ParquetColumnData) -> [Int: [Int]] {
        var rows: [Int: [Int]] = [:]
        var codes = (data.codes ?? []).makeIterator()
        for row in 0..<data.rowCount where data.presence?[row] ?? true {
            if let code = codes.next() { rows[Int(code), default: []].append(row) }
        }
        return rows
    }

    private static func expect(_ found: ValueStatistics, _ blocks: [Int], are rows: [Int], _ what: String) {
        #expect(found.count == rows.count, "\(what)")
        #expect(blocks == Set(rows.map { $0 / blockRowCount }).sorted(), "\(what)")
        guard let first = rows.first, let last = rows.last else { return }
        #expect(found.firstRow == first && found.lastRow == last, "\(what)")
    }

    @Test func `columns with the same values share their statistics`() throws {
        let sample = IndexSample(rowCount: 5_000)
        let columns = try ReadIndex(sample.index()).columns
        let (first, second) = try (
            #require(columns.index(of: "data.resourceName")), #require(columns.index(of: "resource"))
        )

        #expect(columns.columns[first].bits == columns.columns[second].bits)
    }

    @Test func `a column tells what cannot stand in it`() throws {
        let columns = try ReadIndex(IndexSample(rowCount: 200).index()).columns
        func mayContain(_ name: String, _ text: String) throws -> Bool {
            try columns.columns[#require(columns.index(of: name))].mayContain(text.utf8)
        }

        #expect(try mayContain("data.clientAddress[0].ip", "10.0"))
        #expect(try !mayContain("data.clientAddress[0].ip", "10.0x"))
        #expect(try mayContain("data.methodName", "PRODUCE"))
        #expect(try !mayContain("data.methodName", "7"))
        #expect(try !mayContain("data.port", "10.0"))
        #expect(try mayContain("id", "AB-1"))
        #expect(try !mayContain("id", "topic"))
        // An escape may stand for anything, and what times print is not looked at.
        #expect(try mayContain("data.request.data", "é→"))
        #expect(try mayContain("time", "x"))
    }

    @Test func `codes that name no entry, or other rows, are refused`() throws {
        let column = ParquetColumn("a", .int32, isOptional: true)
        let wrong: [ParquetColumnData] = [
            ParquetColumnData(.int32([1]), codes: [0, 1]),
            ParquetColumnData(.int32([]), codes: [0, 0]),
            ParquetColumnData(.int32([1]), codes: [0]),
            ParquetColumnData(.int32([1]), codes: [0, 0, 0]),
            ParquetColumnData(.int32([1, 2]), presence: Bitmap([true, false])),
        ]
        for data in wrong {
            let error = #expect(throws: SegmentError.self) { try IndexSample.index([(column, data)], rowCount: 2) }
            #expect(error?.code == .inconsistent)
        }
    }
}
