// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@Suite struct ByteReaderTests {
    private static let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0xFF, 0xFE, 0xFD, 0xFC, 0x80]

    @Test func `integers are little-endian, and the sign is the last byte's`() throws {
        var reader = ByteReader()
        let bytes = Self.bytes.span.bytes
        #expect(try reader.read(UInt8.self, from: bytes) == 0x01)
        #expect(try reader.read(UInt16.self, from: bytes) == 0x0302)
        #expect(try reader.read(Int32.self, from: bytes) == Int32(bitPattern: 0xFDFE_FF04))
        #expect(try reader.read(Int8.self, from: bytes) == -4)
        #expect(try reader.read(Int8.self, from: bytes) == -128)
        #expect(reader.byteOffset == 9)
    }

    @Test func `a value that ends beyond the bytes is refused, and nothing is read`() {
        for count in 0..<8 {
            var reader = ByteReader()
            let bytes = Self.bytes.span.bytes.extracting(0..<count)
            var failure: ByteReaderError?
            do throws(ByteReaderError) { _ = try reader.read(UInt64.self, from: bytes) } catch { failure = error }
            #expect(failure?.byteOffset == 0 && failure?.neededByteCount == 8 && failure?.availableByteCount == count)
            #expect(reader.byteOffset == 0)
        }
    }

    @Test(arguments: [-1, .min, 10, .max])
    func `a count that lies is refused`(_ count: Int) {
        var reader = ByteReader()
        var failure: ByteReaderError?
        do throws(ByteReaderError) { _ = try reader.take(count, from: Self.bytes.span.bytes) } catch { failure = error }
        #expect(failure?.byteOffset == 0 && failure?.neededByteCount == count && failure?.availableByteCount == 9)
    }

    @Test(arguments: [10, .max, -1, .min])
    func `a reader that starts outside the bytes reads nothing`(_ offset: Int) {
        var reader = ByteReader(at: offset)
        var isRefused = false
        do throws(ByteReaderError) { _ = try reader.take(0, from: Self.bytes.span.bytes) } catch { isRefused = true }
        #expect(isRefused)
        #expect(reader.byteOffset == offset)
    }

    @Test func `ranges follow each other up to the end`() throws {
        var reader = ByteReader(at: 2)
        let bytes = Self.bytes.span.bytes
        #expect(try reader.take(3, from: bytes) == 2..<5)
        #expect(try reader.take(0, from: bytes) == 5..<5)
        #expect(try reader.take(4, from: bytes) == 5..<9)
        #expect(try reader.take(0, from: bytes) == 9..<9)
    }
}
