// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct FieldColumnTests {
    /// So many codes that they take 8, 16 and 32 bits.
    @Test(arguments: [1, 3, 255, 256, 300, 65_535, 65_536, 70_000])
    func `rows are found by their codes, however wide these are`(listCount: Int) {
        var random = SeededNumbers(seed: UInt64(listCount))
        let rowCodes = (0..<1000).map { _ in UInt32(random.below(listCount + 1)) }
        let column = FieldColumn(rowCodes, (0..<listCount).map { ["v\($0)"] })

        for count in [0, 1, 4, 5, 40] {
            var chosen = [UInt8](repeating: 0, count: column.codeCount)
            for _ in 0..<count { chosen[random.below(chosen.count)] = 1 }
            for row in 0..<count { chosen[Int(rowCodes[row])] = 1 }
            let found = column.rows(withCodes: chosen)
            #expect((0..<1000).allSatisfy { found[$0] == (chosen[Int(rowCodes[$0])] != 0) })
        }
        #expect((0..<1000).allSatisfy { column.codes[$0] == Int(rowCodes[$0]) })
        #expect(column.counts.reduce(0, +) == 1000)
    }

    @Test func `a literal leaves out no code with a value that passes`() {
        let lists = [
            ["topic=a", "a"], ["payments-eu"], ["", "x"], ["topic=payments-1"], ["PAYMENTS-"], ["pay", "ments-"],
        ]
        let column = FieldColumn([0, 1, 2, 3, 4, 5, 6], lists)
        func codes(_ literals: [String], _ part: String) -> [Int] {
            let chosen = column.codes(holdingAny: literals.map { Array($0.utf8) }) { value in
                String(decoding: value.indices.map { value[$0] }, as: UTF8.self).contains(part)
            }
            return chosen.indices.filter { chosen[$0] != 0 }
        }

        #expect(codes(["payments-"], "payments-") == [2, 4])
        #expect(codes([], "payments-") == [2, 4])
        #expect(codes(["ments"], "ments-") == [2, 4, 6])
        // Values of one code do not run into each other.
        #expect(codes(["payments"], "payments-") == [2, 4])
        #expect(codes(["=a", "eu"], "") == [1, 2])
        #expect(codes(["nowhere"], "") == [])
        #expect(codes([""], "x") == [3])
        #expect(column.values(of: 3) == ["", "x"])
        #expect(column.firstValue(of: 3) == "")
        #expect(column.firstValue(of: 0) == nil)
        #expect(!column.isSingle)
    }
}
