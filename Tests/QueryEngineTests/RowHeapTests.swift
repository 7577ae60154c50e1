// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat
import Testing

@testable import QueryEngine

@Suite struct RowHeapTests {
    @Test(arguments: [QueryRequest.Order.newest, .oldest], [1, 2, 7, 50, 1000])
    func `the rows are the first of all in order, however they come`(order: QueryRequest.Order, limit: Int) {
        for seed in 1...10 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            var heap = RowHeap(order: order, limit: limit)
            var all: [(Int64, UInt64)] = []
            for index in 0..<200 {
                let match = Self.match(time: Int64(random.below(40)), index: UInt64(index))
                all.append((match.time, match.event.index))
                heap.insert([match])
            }

            all.sort { order == .newest ? $0 > $1 : $0 < $1 }
            #expect(heap.sorted().map(\.event.index) == all.prefix(limit).map(\.1), "seed \(seed)")
            #expect(heap.overflow == nil)
        }
    }

    @Test func `the limit is bounded`() {
        var heap = RowHeap(order: .newest, limit: .max)

        heap.insert((0..<UInt64(QueryEngineLimits.maximumRowCount + 5)).map { Self.match(time: 0, index: $0) })

        #expect(heap.sorted().count == QueryEngineLimits.maximumRowCount)
    }

    @Test func `rows of too many bytes are left out, the last ones, and it is said`() {
        let bytes = [UInt8](repeating: 0x20, count: 8 << 20)
        var heap = RowHeap(order: .newest, limit: 100)

        for index in 0..<20 as Range<UInt64> { heap.insert([Self.match(time: Int64(index), index: index, bytes)]) }

        #expect(heap.sorted().map(\.event.index) == [19, 18, 17, 16, 15, 14, 13, 12])
        #expect(heap.overflow?.contains("64 MiB") == true)
    }

    private static func match(time: Int64, index: UInt64, _ bytes: [UInt8] = []) -> Match {
        let event = StoredEvent(
            index: index,
            received: 0,
            stream: .audit,
            submitter: "",
            source: "",
            flags: [],
            bytes: bytes
        )
        return Match(time: time, event: event)
    }
}
