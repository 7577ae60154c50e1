// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Testing

@testable import QueryEngine

@Suite struct FoundRowsTests {
    @Test(arguments: [QueryRequest.Order.newest, .oldest, .log], [0, 1, 2, 7, 50, 1000])
    func `the rows are the first of all in order, however they come`(order: QueryRequest.Order, limit: Int) {
        for seed in 1...10 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            var rows = FoundRows(order: order, limit: limit)
            var all: [(Int64, UInt64)] = []
            for index in 0..<200 as Range<UInt64> {
                let time = Int64(random.below(40))
                all.append((time, index))
                rows.insert([FoundRow(time: time, index: index, event: nil)])
            }

            switch order {
            case .newest: all.sort { $0 > $1 }
            case .oldest: all.sort { $0 < $1 }
            case .log: break
            }
            #expect(rows.sorted().map(\.index) == all.prefix(limit).map(\.1), "seed \(seed)")
        }
    }
}
