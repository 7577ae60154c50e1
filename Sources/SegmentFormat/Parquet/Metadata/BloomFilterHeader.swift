// SPDX-License-Identifier: Apache-2.0

/// What stands before the bitset of a bloom filter.
struct BloomFilterHeader: Equatable, Sendable {
    var byteCount: Int32

    func encoded() -> [UInt8] {
        ThriftWriter.encode { writer in
            writer.field(1, byteCount)
            // The only algorithm, hash and compression that Parquet defines: split block, XXH64, none.
            for id in 2...4 as ClosedRange<Int16> {
                writer.field(id) { writer in writer.field(1) { (_: inout ThriftWriter) in } }
            }
        }
    }

    static func decode(_ bytes: [UInt8]) throws(SegmentError) -> (header: BloomFilterHeader, endOffset: Int) {
        var reader = ThriftReader(bytes)
        var byteCount: Int32?
        var choices: [Int16: Int16] = [:]
        try reader.structure { (reader, field) throws(SegmentError) in
            switch field.id {
            case 1: byteCount = try reader.int32(field)
            case 2, 3, 4:
                try reader.structure(field) { (reader, inner) throws(SegmentError) in
                    choices[field.id] = inner.id
                    try reader.skip(inner)
                }
            default: try reader.skip(field)
            }
        }
        guard choices == [2: 1, 3: 1, 4: 1] else {
            throw reader.error("a bloom filter of another kind", .unsupported)
        }
        let header = BloomFilterHeader(byteCount: try reader.required(byteCount, "the size of a bloom filter"))
        return (header, reader.byteOffset)
    }
}
