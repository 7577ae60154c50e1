// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct ParquetRoundTripTests {
    @Test(arguments: [1, 2, 7, 8, 9, 127, 128, 129, 130, 1000, 4321])
    func `every type, layout and nullability comes back`(_ rowCount: Int) throws {
        for seed in UInt64(rowCount)..<UInt64(rowCount) + 3 {
            let sample = SampleFile(seed: seed, rowCounts: [rowCount, max(1, rowCount / 3)])
            let options = ParquetWriterOptions(rowsPerPage: 500, longPageByteCount: 8192)
            let pairs = [ParquetKeyValue("martlet.test", "\(seed)"), ParquetKeyValue("nothing", nil)]

            let reader = try ParquetReader(ParquetBytes(sample.written(options, pairs)))

            #expect(reader.metadata.keyValues == pairs)
            #expect(reader.columns.map(\.name) == sample.columns.map(\.name))
            #expect(reader.columns.map(\.logicalType) == sample.columns.map(\.logicalType))
            let decompressor = ZstdDecompressor()
            for (group, data) in sample.groups.enumerated() {
                for (column, written) in data.enumerated() {
                    let read = try reader.readColumn(column, rowGroup: group, using: decompressor)
                    #expect(read == written, "seed \(seed), column \(sample.columns[column].name)")
                }
            }
        }
    }

    @Test func `pages read one by one are the column`() throws {
        let sample = SampleFile(seed: 5, rowCounts: [3000])
        let options = ParquetWriterOptions(rowsPerPage: 512, longPageByteCount: 20_000)
        let reader = try ParquetReader(ParquetBytes(sample.written(options)))
        let decompressor = ZstdDecompressor()
        for (column, written) in sample.groups[0].enumerated() {
            let index = try #require(try reader.offsetIndex(column, rowGroup: 0))
            let dictionary = try reader.readDictionary(column, rowGroup: 0, using: decompressor)
            #expect((dictionary != nil) == (written.codes != nil))
            var joined: [Row] = []
            for page in index.pages.indices {
                let part = try reader.readPage(
                    page,
                    of: column,
                    rowGroup: 0,
                    index: index,
                    dictionary: dictionary,
                    using: decompressor
                )
                joined += rows(part)
            }
            #expect(joined == rows(written), "column \(sample.columns[column].name)")
        }
    }

    @Test func `columns share page borders unless values are long`() throws {
        let sample = SampleFile(seed: 6, rowCounts: [2000])
        let reader = try ParquetReader(ParquetBytes(sample.written(ParquetWriterOptions(rowsPerPage: 512))))
        for column in sample.columns.indices {
            let index = try #require(try reader.offsetIndex(column, rowGroup: 0))
            #expect(index.pages.map(\.firstRow) == [0, 512, 1024, 1536])
        }
    }

    @Test func `minima and maxima bound their pages and chunks`() throws {
        let sample = SampleFile(seed: 7, rowCounts: [3000])
        let options = ParquetWriterOptions(rowsPerPage: 512, longPageByteCount: 20_000)
        let reader = try ParquetReader(ParquetBytes(sample.written(options)))
        for (number, data) in sample.groups[0].enumerated() {
            let column = sample.columns[number]
            let statistics = try #require(reader.metadata.rowGroups[0].columns[number].statistics)
            let all = rows(data)
            #expect(statistics.nullCount == Int64(all.count { $0 == nil }))
            check(statistics.minimum, statistics.maximum, all, column, isExact: statistics.isMaximumExact == true)
            guard let index = try reader.columnIndex(number, rowGroup: 0) else { continue }
            let offsets = try #require(try reader.offsetIndex(number, rowGroup: 0)).pages.map { Int($0.firstRow) }
            for (page, start) in offsets.enumerated() {
                let part = Array(all[start..<(page + 1 < offsets.count ? offsets[page + 1] : all.count)])
                #expect(index.isNullPage[page] == part.allSatisfy { $0 == nil })
                #expect(index.nullCounts?[page] == Int64(part.count { $0 == nil }))
                guard !index.isNullPage[page] else { continue }
                check(index.minima[page], index.maxima[page], part, column, isExact: false)
            }
        }
    }

    @Test func `bloom filters hold every value and few others`() throws {
        let sample = SampleFile(seed: 8, rowCounts: [5000])
        let reader = try ParquetReader(ParquetBytes(sample.written(ParquetWriterOptions())))
        for (number, column) in sample.columns.enumerated() {
            let filter = try reader.bloomFilter(number, rowGroup: 0)
            #expect((filter != nil) == (column.bloomBitsPerValue != nil))
            guard let filter else { continue }
            for case .some(let row) in rows(sample.groups[0][number]) {
                let isIn = filter.mayContain(SplitBlockBloomFilter.hash(row.span.bytes))
                #expect(isIn)
            }
            let wrong = (0..<10_000).count { number in
                filter.mayContain(SplitBlockBloomFilter.hash(Array("absent \(number)".utf8).span.bytes))
            }
            // Sizes are rounded to a power of two, down to 0.7 of what was asked for.
            #expect(wrong < 700)
        }
    }

    // MARK: - Rows

    typealias Row = [UInt8]?

    /// Each row's bytes, nil without a value.
    private func rows(_ data: ParquetColumnData) -> [Row] {
        var next = 0
        return (0..<data.rowCount).map { row in
            guard data.presence?[row] ?? true else { return nil }
            defer { next += 1 }
            return data.values.plainBytes(data.codes.map { Int($0[next]) } ?? next)
        }
    }

    private func check(
        _ minimum: [UInt8]?,
        _ maximum: [UInt8]?,
        _ rows: [Row],
        _ column: ParquetColumn,
        isExact: Bool
    ) {
        let values = rows.compactMap { $0 }
        guard !values.isEmpty else { return }
        guard let minimum else {
            Issue.record("no minimum for \(column.name)")
            return
        }
        let areInOrder = values.allSatisfy { !precedes($0, minimum, column) }
        #expect(areInOrder, "minimum of \(column.name)")
        guard let maximum else { return }
        let areBelow = values.allSatisfy { !precedes(maximum, $0, column) }
        #expect(areBelow, "maximum of \(column.name)")
        if isExact { #expect(values.contains(maximum)) }
        #expect(max(minimum.count, maximum.count) <= ParquetLimits.maximumStatisticByteCount)
        if column.logicalType == .string { #expect(String(validating: maximum, as: UTF8.self) != nil) }
    }

    /// The order of Parquet, said another way than the writer does.
    private func precedes(_ left: [UInt8], _ right: [UInt8], _ column: ParquetColumn) -> Bool {
        switch column.type {
        case .int32 where column.isUnsigned, .boolean: left.reversed().lexicographicallyPrecedes(right.reversed())
        case .int32, .int64: signed(left) < signed(right)
        case .byteArray, .fixed: left.lexicographicallyPrecedes(right)
        }
    }

    private func signed(_ bytes: [UInt8]) -> Int64 {
        let bits = bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return bytes.count == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : bits
    }
}
