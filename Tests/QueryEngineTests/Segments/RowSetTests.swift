// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Testing

@testable import QueryEngine

@Suite struct RowSetTests {
    @Test(arguments: [1, 63, 64, 65, 1000])
    func `sets of rows are sets`(rowCount: Int) {
        var random = SeededGenerator(seed: UInt64(rowCount))
        let some = (0..<6).map { _ in Set((0..<rowCount).filter { _ in random.below(3) == 0 }) }
        let all = some + [[], Set(0..<rowCount)]
        for left in all {
            for right in all {
                let (own, other) = (RowSet(rows: left, rowCount: rowCount), RowSet(rows: right, rowCount: rowCount))
                let intersection = own.intersection(other, rowCount: rowCount)
                #expect(intersection.rows(of: rowCount) == left.intersection(right).sorted())
                #expect(own.union(other, rowCount: rowCount).rows(of: rowCount) == left.union(right).sorted())
                let difference = own.subtracting(other, rowCount: rowCount)
                #expect(difference.rows(of: rowCount) == left.subtracting(right).sorted())
                #expect(difference.isEmpty == left.isSubset(of: right))
                #expect(own.count(of: rowCount) == left.count)
                #expect((0..<rowCount).allSatisfy { own.contains($0) == left.contains($0) })
            }
        }
    }
}
