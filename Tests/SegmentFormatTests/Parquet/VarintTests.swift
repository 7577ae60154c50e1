// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct VarintTests {
    static let numbers: [(UInt64, [UInt8])] = [
        (0, [0x00]),
        (1, [0x01]),
        (127, [0x7F]),
        (128, [0x80, 0x01]),
        (300, [0xAC, 0x02]),
        (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    ]

    @Test(arguments: numbers)
    func `numbers have the bytes of LEB128`(_ number: UInt64, _ bytes: [UInt8]) throws {
        var output: [UInt8] = []
        output.appendVarint(number)
        var offset = 0
        let read = try bytes.span.bytes.varint(at: &offset)

        #expect(output == bytes)
        #expect(read == number)
        #expect(offset == bytes.count)
    }

    @Test(arguments: numbers.map(\.1))
    func `every prefix is truncated`(_ bytes: [UInt8]) {
        for end in 0..<bytes.count {
            var offset = 0
            let prefix = Array(bytes[..<end])
            #expect(throws: SegmentError.self) { try prefix.span.bytes.varint(at: &offset) }
        }
    }

    @Test func `more than 64 bits are refused`() {
        let bytes = [UInt8](repeating: 0xFF, count: 9) + [0x02]
        var offset = 0

        #expect(throws: SegmentError.self) { try bytes.span.bytes.varint(at: &offset) }
    }

    @Test(arguments: [0, -1, 1, -2, 2, .max, .min] as [Int64])
    func `zigzag comes back`(_ number: Int64) {
        #expect(unZigZag(zigZag(number)) == number)
    }
}
