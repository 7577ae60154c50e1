// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@testable import SegmentFormat

@Suite struct BitWriterTests {
    @Test(arguments: 0...20)
    func `numbers come back in every order`(order: Int) throws {
        var random = SeededRandom(UInt64(order))
        let numbers = (0..<500).map { _ in
            UInt32.random(in: 0..<1 << UInt32.random(in: 0...27, using: &random), using: &random)
        }
        var writer = BitWriter()
        for number in numbers { writer.append(number % (1 << 27), order: order) }
        let bytes = writer.bytes()

        var reader = BitReader()
        for number in numbers { #expect(try unsafe reader.next(bytes.span.bytes, order: order) == number % (1 << 27)) }
        #expect(reader.bitOffset == writer.bitCount)
    }

    @Test func `codes are those of the format`() {
        var writer = BitWriter()
        for number in 0..<4 as Range<UInt32> { writer.append(number, order: 0) }

        // 1, 010, 011 and 00100, each from its lowest bit: 1 · 0 1 0 · 0 1 1 · 0 0 1 0 0.
        #expect(writer.bytes() == [0b0110_0101, 0b0000_0010])
        #expect(writer.bitCount == 12)
    }

    @Test func `bits of any length stand between numbers`() throws {
        var writer = BitWriter()
        for count in 0...32 {
            writer.append(UInt32(count), order: 2)
            writer.append(1 << UInt64(count) - 1, count: count)
        }
        let bytes = writer.bytes()

        var reader = BitReader()
        for count in 0...32 {
            #expect(try unsafe reader.next(bytes.span.bytes, order: 2) == UInt32(count))
            #expect(try unsafe reader.next(bytes.span.bytes, count: count) == UInt32(1 << UInt64(count) - 1))
        }
    }

    @Test func `random bits end in an error and never beyond the end`() {
        var random = SeededRandom(3)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var reader = BitReader()
            let order = Int.random(in: 0...28, using: &random)
            while (try? unsafe reader.next(bytes.span.bytes, order: order)) != nil {
                guard reader.bitOffset <= bytes.count * 8 else {
                    Issue.record("read beyond the end")
                    return
                }
            }
        }
    }
}
