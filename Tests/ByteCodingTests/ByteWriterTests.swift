// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct ByteWriterTests {
    @Test func `integers are little-endian`() {
        var writer = ByteWriter(capacity: 32)
        writer.append(UInt8(0x01))
        writer.append(UInt16(0x0203))
        writer.append(Int32(-2))
        writer.append(UInt64(0x0102_0304_0506_0708))
        #expect(writer.bytes == [1, 3, 2, 0xFE, 0xFF, 0xFF, 0xFF, 8, 7, 6, 5, 4, 3, 2, 1])
        #expect(writer.count == 15)
    }

    @Test func `byte strings are appended as they are`() {
        var writer = ByteWriter()
        writer.append([1, 2])
        writer.append("ab".utf8)
        writer.append([3, 4].span.bytes.extracting(0..<0))
        writer.append(([5, 6] as [UInt8]).span.bytes)
        #expect(writer.bytes == [1, 2, 0x61, 0x62, 5, 6])
    }

    @Test func `what is written is read`() throws {
        var writer = ByteWriter()
        for value in [Int64.min, -1, 0, 1, .max] { writer.append(value) }
        var reader = ByteReader()
        for value in [Int64.min, -1, 0, 1, .max] {
            #expect(try reader.read(Int64.self, from: writer.bytes.span.bytes) == value)
        }
    }
}
