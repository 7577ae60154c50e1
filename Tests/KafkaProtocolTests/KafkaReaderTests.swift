// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol
import Testing

struct KafkaReaderTests {
    @Test func `integers have their most significant byte first`() throws {
        let bytes: [UInt8] = [0x80, 0xff, 0xfe, 0x12, 0x34, 0x56, 0x78, 1, 2, 3, 4, 5, 6, 7, 8]
        var reader = KafkaReader()

        #expect(try reader.integer(Int8.self, from: bytes.span.bytes) == -128)
        #expect(try reader.integer(Int16.self, from: bytes.span.bytes) == -2)
        #expect(try reader.integer(Int32.self, from: bytes.span.bytes) == 0x1234_5678)
        #expect(try reader.integer(Int64.self, from: bytes.span.bytes) == 0x0102_0304_0506_0708)
        #expect(reader.byteOffset == bytes.count)
    }

    @Test(
        arguments: [
            ([0], 0), ([0x7f], 127), ([0x80, 0x01], 128), ([0xac, 0x02], 300), ([0x80, 0x00], 0),
            ([0xff, 0xff, 0xff, 0xff, 0x0f], UInt32.max),
        ] as [([UInt8], UInt32)]
    )
    func `varints have seven bits a byte, the least significant first`(bytes: [UInt8], value: UInt32) throws {
        var reader = KafkaReader()

        #expect(try reader.unsignedVarint(from: bytes.span.bytes) == value)
        #expect(reader.byteOffset == bytes.count)
    }

    @Test(
        arguments: [
            ([], .truncated), ([0x80], .truncated), ([0xff, 0xff, 0xff, 0xff], .truncated),
            ([0xff, 0xff, 0xff, 0xff, 0x1f], .varintTooLong), ([0x80, 0x80, 0x80, 0x80, 0x80, 0], .varintTooLong),
        ] as [([UInt8], KafkaFormatError.Problem)]
    )
    func `varints that end too early or too late are errors`(bytes: [UInt8], problem: KafkaFormatError.Problem) {
        var reader = KafkaReader()
        #expect { try reader.unsignedVarint(from: bytes.span.bytes) } throws: {
            ($0 as? KafkaFormatError)?.problem == problem
        }
    }

    @Test(
        arguments: [
            (false, [0, 2, 65, 66], 2..<4), (false, [0, 0], 2..<2), (false, [0xff, 0xff], nil),
            (true, [3, 65, 66], 1..<3),
            (true, [1], 1..<1), (true, [0], nil),
        ] as [(Bool, [UInt8], Range<Int>?)]
    )
    func `strings of both kinds`(isCompact: Bool, bytes: [UInt8], range: Range<Int>?) throws {
        var reader = KafkaReader()

        #expect(try reader.stringRange(isCompact: isCompact, from: bytes.span.bytes) == range)
    }

    @Test(
        arguments: [
            (false, [0xff, 0xfe, 0, 0], .negativeLength), (false, [0, 3, 65, 66], .truncated), (false, [0], .truncated),
            (true, [4, 65, 66], .truncated), (true, [0xff, 0xff, 0xff, 0xff, 0x0f], .truncated),
        ] as [(Bool, [UInt8], KafkaFormatError.Problem)]
    )
    func `strings that are none`(isCompact: Bool, bytes: [UInt8], problem: KafkaFormatError.Problem) {
        var reader = KafkaReader()

        #expect(throws: KafkaFormatError.self) {
            try reader.stringRange(isCompact: isCompact, from: bytes.span.bytes)
        }
        reader = KafkaReader()
        do throws(KafkaFormatError) {
            _ = try reader.stringRange(isCompact: isCompact, from: bytes.span.bytes)
        } catch {
            #expect(error.problem == problem)
        }
    }

    @Test func `a count that the bytes left cannot hold is refused before anything is made of it`() {
        let bytes: [UInt8] = [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]
        var reader = KafkaReader()

        #expect(throws: KafkaFormatError(.truncated, at: 0)) {
            try reader.arrayCount(isCompact: false, minimum: 4, from: bytes.span.bytes)
        }
    }

    @Test func `a reader that stands outside reads nothing`() {
        let bytes: [UInt8] = [1, 2, 3]
        for start in [-1, 4, Int.max, Int.min] {
            var reader = KafkaReader(at: start)
            #expect(throws: KafkaFormatError(.truncated, at: start)) {
                try reader.integer(UInt8.self, from: bytes.span.bytes)
            }
            #expect(throws: KafkaFormatError.self) { try reader.unsignedVarint(from: bytes.span.bytes) }
        }
    }
}
