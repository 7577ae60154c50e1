// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

@Suite struct ThriftTests {
    @Test func `fields have the compact protocol's bytes`() {
        let bytes = ThriftWriter.encode { writer in
            writer.field(1, Int32(-3))
            writer.field(2, true)
            writer.field(20, "ab")
            writer.field(21, structure: { $0.field(1, Int64(300)) })
            writer.field(22, list: [1, 2], of: .int32) { $0.element(Int32($1)) }
        }

        // Type in the low half of a header, the step from the last id in the high half; 0 there: a zigzag id follows.
        #expect(
            bytes == [
                0x15, 0x05, 0x11, 0x08, 0x28, 0x02, 0x61, 0x62, 0x1C, 0x16, 0xD8, 0x04, 0x00, 0x19, 0x25, 0x02, 0x04,
                0x00,
            ]
        )
    }

    @Test func `unknown fields of every type are skipped`() throws {
        var bytes: [UInt8] = [
            0x11, 0x12, 0x13, 0x7F, 0x14, 0x02, 0x15, 0x02, 0x16, 0x02, 0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0x18, 0x02, 0x61,
            0x62,
        ]
        // A list of booleans, a set of structures, a map, a structure.
        bytes += [0x19, 0x21, 0x01, 0x02, 0x1A, 0x1C, 0x00, 0x1B, 0x01, 0x58, 0x02, 0x01, 0x61, 0x1B, 0x00]
        bytes += [0x1C, 0x15, 0x02, 0x00, 0x15, 0x0E, 0x00]
        var reader = ThriftReader(bytes)
        var last: (id: Int16, value: Int32)?
        try reader.structure { (reader, field) throws(SegmentError) in
            if field.id == 14 { last = (14, try reader.int32(field)) } else { try reader.skip(field) }
        }

        #expect(last?.value == 7)
        #expect(reader.byteOffset == bytes.count)
    }

    @Test(arguments: [
        [0x19] + [UInt8](repeating: 0x19, count: 100_000),
        [UInt8](repeating: 0x1C, count: 100_000),
        [UInt8](repeating: 0x1B, count: 100_000),
    ])
    func `nesting without end is refused`(_ bytes: [UInt8]) {
        var reader = ThriftReader(bytes)
        #expect(throws: SegmentError.self) {
            try reader.structure { (reader, field) throws(SegmentError) in try reader.skip(field) }
        }
    }

    @Test func `counts beyond the bytes are refused before they allocate`() {
        // A list of 2⁶² structures.
        var reader = ThriftReader([0x19, 0xFC, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0x00])
        #expect(throws: SegmentError.self) {
            try reader.structure { (reader, field) throws(SegmentError) in try reader.skip(field) }
        }
    }

    @Test func `random metadata is refused or read, never a crash`() throws {
        let sample = SampleFile(seed: 3, rowCounts: [20])
        let file = try sample.written(ParquetWriterOptions())
        let length = Int(file[file.count - 8]) | Int(file[file.count - 7]) << 8
        let footer = Array(file[(file.count - 8 - length)..<(file.count - 8)])
        var random = SeededRandom(99)
        for _ in 0..<5000 {
            var damaged = footer
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = try? FileMetadata.decode(damaged)
            _ = try? PageHeader.decode(damaged, at: Int.random(in: damaged.indices, using: &random))
            _ = try? ColumnIndex(Array(damaged[Int.random(in: damaged.indices, using: &random)...]))
            _ = try? OffsetIndex(Array(damaged[Int.random(in: damaged.indices, using: &random)...]))
        }
    }
}
