// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

/// Bytes of the Parquet project's "Parquet encoding definitions", and lengths around every border.
@Suite struct EncodingTests {
    @Test func `the specification's bit-packed 0 to 7 in 3 bits`() throws {
        var bytes: [UInt8] = []
        BitPacking.pack(([0, 1, 2, 3, 4, 5, 6, 7] as [UInt32]).span, width: 3, into: &bytes)

        #expect(bytes == [0b1000_1000, 0b1100_0110, 0b1111_1010])
        #expect(unpack(bytes, width: 3, count: 8) == [0, 1, 2, 3, 4, 5, 6, 7])
    }

    @Test(arguments: 0...32)
    func `numbers of any width come back from any count`(_ width: Int) {
        var random = SeededRandom(UInt64(width))
        for count in 0...70 {
            let values = (0..<count).map { _ in
                width == 0 ? 0 : UInt32(truncatingIfNeeded: random.next()) >> (32 - UInt32(width))
            }
            var bytes: [UInt8] = []
            BitPacking.pack(values.span, width: width, into: &bytes)

            #expect(bytes.count == BitPacking.byteCount(of: count, width: width))
            #expect(unpack(bytes, width: width, count: count) == values)
        }
    }

    @Test func `runs and groups have the specification's headers`() throws {
        var bytes: [UInt8] = []
        RunLengthHybrid.encode([UInt32](repeating: 4, count: 100).span, width: 3, into: &bytes)
        #expect(bytes == [0xC8, 0x01, 0x04])

        bytes = []
        RunLengthHybrid.encode(([0, 1, 2, 3, 4, 5, 6, 7] as [UInt32]).span, width: 3, into: &bytes)
        #expect(bytes == [0x03, 0x88, 0xC6, 0xFA])
    }

    @Test(arguments: [1, 2, 3, 7, 8, 12, 17, 31, 32])
    func `runs among groups come back`(_ width: Int) throws {
        for seed in 0..<60 as Range<UInt64> {
            var random = SeededRandom(seed &* 33 &+ UInt64(width))
            var values: [UInt32] = []
            while values.count < Int(seed) * 9 {
                let value = UInt32(truncatingIfNeeded: random.next()) >> (32 - UInt32(width))
                values += [UInt32](
                    repeating: value,
                    count: Int.random(in: 1...(seed % 2 == 0 ? 60 : 3), using: &random)
                )
            }
            var bytes: [UInt8] = []
            RunLengthHybrid.encode(values.span, width: width, into: &bytes)
            var output = [UInt32](repeating: 99, count: values.count)
            let used = try decode(bytes, width: width, into: &output)

            #expect(output == values, "seed \(seed)")
            #expect(used == bytes.count)
        }
    }

    /// "Parquet encoding definitions", DELTA_BINARY_PACKED, examples 1 and 2: differences, smallest, and widths; blocks
    /// there are shorter, so that here the parts are compared that do not depend on it.
    @Test func `the specification's differences`() throws {
        var bytes: [UInt8] = []
        DeltaBinaryPacked.encode(([1, 2, 3, 4, 5] as [Int64]).span, into: &bytes)
        // Blocks of 128 in 4 parts, 5 numbers, first 1; smallest difference 1, no bits.
        #expect(bytes == [0x80, 0x01, 0x04, 0x05, 0x02, 0x02, 0, 0, 0, 0])

        bytes = []
        DeltaBinaryPacked.encode(([7, 5, 3, 1, 2, 3, 4, 5] as [Int64]).span, into: &bytes)
        // Differences −2 −2 −2 1 1 1 1 less −2: 0 0 0 3 3 3 3 in two bits.
        let packed: [UInt8] = [0b1100_0000, 0b0011_1111, 0, 0, 0, 0, 0, 0]
        #expect(bytes == [0x80, 0x01, 0x04, 0x08, 0x0E, 0x03, 2, 0, 0, 0] + packed)
    }

    @Test(arguments: [0, 1, 2, 32, 33, 34, 128, 129, 130, 161, 257, 1000])
    func `differences of any size come back`(_ count: Int) throws {
        for width in 0...64 as ClosedRange<UInt64> {
            var random = SeededRandom(UInt64(count) &* 65 &+ width)
            let values = (0..<count).map { _ in width == 0 ? 5 : Int64(bitPattern: random.next() >> (64 - width)) }
            var bytes: [UInt8] = []
            DeltaBinaryPacked.encode(values.span, into: &bytes)
            var read: [Int64] = []
            let used = try DeltaBinaryPacked.decode(bytes.span.bytes, count: count, into: &read)
            #expect(read == values && used == bytes.count)

            let narrow = values.map { Int32(truncatingIfNeeded: $0) }
            bytes = []
            DeltaBinaryPacked.encode(narrow.span, into: &bytes)
            var readNarrow: [Int32] = []
            _ = try DeltaBinaryPacked.decode(bytes.span.bytes, count: count, into: &readNarrow)
            #expect(readNarrow == narrow)
        }
    }

    @Test func `the specification's lengths and bytes`() throws {
        let values = ByteArrays(["Hello", "World", "Foobar", "ABCDEF"].map { Array($0.utf8) })
        var bytes: [UInt8] = []
        PlainEncoding.appendDeltaLength(values, 0..<4, into: &bytes)
        var lengths: [UInt8] = []
        DeltaBinaryPacked.encode(([5, 5, 6, 6] as [Int32]).span, into: &lengths)
        #expect(bytes == lengths + Array("HelloWorldFoobarABCDEF".utf8))

        var read = ByteArrays()
        #expect(try PlainEncoding.decodeDeltaLength(bytes.span.bytes, count: 4, into: &read) == bytes.count)
        #expect(read == values)
    }

    @Test func `plain byte arrays stand behind their length`() throws {
        var bytes: [UInt8] = []
        PlainEncoding.append(ByteArrays([[], [0x61, 0x62]]), 0..<2, into: &bytes)

        #expect(bytes == [0, 0, 0, 0, 2, 0, 0, 0, 0x61, 0x62])
    }

    @Test func `definition levels stand behind their length`() throws {
        var bytes: [UInt8] = []
        DefinitionLevels.encode(Bitmap([true, false, true, true]), 0..<4, into: &bytes)
        #expect(bytes == [2, 0, 0, 0, 0x03, 0b1101])

        bytes = []
        DefinitionLevels.encode(Bitmap(repeating: true, count: 100), 0..<100, into: &bytes)
        #expect(bytes.count < 40)
        var read = Bitmap()
        #expect(try DefinitionLevels.decode(bytes.span.bytes, count: 100, into: &read) == bytes.count)
        #expect(read == Bitmap(repeating: true, count: 100))
    }

    @Test func `random bytes are refused or decoded, never a crash`() {
        var random = SeededRandom(4711)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random) : UInt8.random(in: 0...4, using: &random)
            }
            let count = Int.random(in: 0...300, using: &random)
            var codes = [UInt32](repeating: 0, count: count)
            _ = try? decode(bytes, width: Int.random(in: 0...40, using: &random), into: &codes)
            var (long, short) = ([Int64](), [Int32]())
            _ = try? DeltaBinaryPacked.decode(bytes.span.bytes, count: count, into: &long)
            _ = try? DeltaBinaryPacked.decode(bytes.span.bytes, count: count, into: &short)
            var (arrays, bits) = (ByteArrays(), Bitmap())
            _ = try? PlainEncoding.decode(bytes.span.bytes, count: count, into: &arrays)
            _ = try? PlainEncoding.decodeDeltaLength(bytes.span.bytes, count: count, into: &arrays)
            _ = try? DefinitionLevels.decode(bytes.span.bytes, count: count, into: &bits)
            #expect(long.count <= count && short.count <= count)
        }
    }

    private func unpack(_ bytes: [UInt8], width: Int, count: Int) -> [UInt32] {
        var output = [UInt32](repeating: 7, count: count)
        var span = output.mutableSpan
        BitPacking.unpack(bytes.span.bytes, width: width, into: &span, 0..<count)
        return output
    }

    private func decode(_ bytes: [UInt8], width: Int, into output: inout [UInt32]) throws -> Int {
        let count = output.count
        var span = output.mutableSpan
        return try RunLengthHybrid.decode(bytes.span.bytes, width: width, into: &span, 0..<count)
    }
}
