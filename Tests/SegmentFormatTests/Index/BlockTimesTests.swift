// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct BlockTimesTests {
    private static let column = ParquetColumn("time", .int64, .timestamp(.milliseconds), isOptional: true)

    @Test func `every block has its earliest and latest time`() throws {
        let sample = IndexSample(rowCount: 10_000)
        let times = try #require(try ReadIndex(sample.index()).times)
        guard case .int64(let all)? = sample.columns.first(where: { $0.column.name == "time" })?.data.values else {
            return
        }

        #expect(times.bounds.count == 3)
        for (block, bounds) in times.bounds.enumerated() {
            let rows = all[block * 4096..<min(10_000, (block + 1) * 4096)]
            #expect(bounds?.lowerBound == rows.min() && bounds?.upperBound == rows.max())
        }
    }

    @Test(arguments: [
        [Int64.min, .max], [.max, .max], [.min, .min], [0, 0], [.max, .min + 1], [-1, 5],
    ])
    func `times at the ends of all time are still bounds`(values: [Int64]) throws {
        let data = ParquetColumnData(.int64(values))
        let times = try #require(BlockTimes(Self.column, data, rowCount: values.count))
        let read = try BlockTimes(times.encoded(), rowCount: values.count)
        #expect(read == times)
    }

    @Test func `a block without a time says so`() throws {
        let presence = Bitmap((0..<9_000).map { $0 < 10 || $0 == 8_999 })
        let data = ParquetColumnData(.int64((0..<11).map { $0 }), presence: presence)
        let times = try #require(try ReadIndex(IndexSample.index([(Self.column, data)], rowCount: 9_000)).times)
        #expect(times.bounds == [0...9, nil, 10...10])
    }

    @Test func `times of another unit are left out`() throws {
        let column = ParquetColumn("time", .int64, .timestamp(.nanoseconds))
        #expect(try ReadIndex(IndexSample.index([(column, .init(.int64([1])))], rowCount: 1)).times == nil)
    }
}
