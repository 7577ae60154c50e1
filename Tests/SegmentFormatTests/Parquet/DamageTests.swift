// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

/// What protects what.
///
/// * Pages, compressed or not: the CRC-32 in their header. Detected.
/// * Page headers: nothing of their own. A flip is refused, or changes a field that does not bear on the values.
/// * Footer: nothing of Parquet. A flip is refused, or gives the same values; names, statistics, logical types and
///   key-value metadata can change unnoticed here, as can bloom filters and page indexes. The store's manifest has a
///   checksum of every byte range of a segment, which is what finds those.
/// * Magic and footer length: compared, and by the footer that must fill its length.
@Suite struct DamageTests {
    static let sample = SampleFile(
        seed: 11,
        rowCounts: [10],
        shapes: [.int32Delta, .textDelta, .uuid, .fewTexts]
    )

    static func file() throws -> [UInt8] {
        try sample.written(ParquetWriterOptions(rowsPerPage: 6, longPageByteCount: 4096), [.init("key", "value")])
    }

    @Test func `every prefix is refused`() throws {
        let file = try Self.file()
        for end in 0..<file.count {
            #expect(throws: SegmentError.self) { try ParquetReader(ParquetBytes(Array(file[..<end]))) }
        }
    }

    @Test func `every flipped bit is refused or harmless to the values`() throws {
        let file = try Self.file()
        let decompressor = ZstdDecompressor()
        let pages = try Self.pageBodies(file)
        var undetected = 0
        for offset in file.indices {
            for bit in 0..<8 as Range<UInt8> {
                var damaged = file
                damaged[offset] ^= 1 << bit
                do {
                    let reader = try ParquetReader(ParquetBytes(damaged))
                    try Self.expectSameValues(reader, decompressor, "bit \(bit) of byte \(offset)")
                    Self.readIndexes(reader)
                    #expect(!pages[offset], "bit \(bit) of byte \(offset) of a page")
                    undetected += 1
                } catch is SegmentError {
                    continue
                }
            }
        }
        // Headers, statistics, names, bloom filters and indexes are most of so small a file.
        #expect(undetected > 0)
    }

    @Test func `bytes overwritten at random never crash a reader`() throws {
        let file = try Self.file()
        let decompressor = ZstdDecompressor()
        var random = SeededRandom(12)
        for _ in 0..<1500 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<file.count - 4, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            guard let reader = try? ParquetReader(ParquetBytes(damaged)) else { continue }
            for group in reader.metadata.rowGroups.indices {
                for column in reader.columns.indices {
                    _ = try? reader.readColumn(column, rowGroup: group, using: decompressor)
                    _ = try? reader.bloomFilter(column, rowGroup: group)
                    _ = try? reader.columnIndex(column, rowGroup: group)
                    let dictionary = try? reader.readDictionary(column, rowGroup: group, using: decompressor)
                    guard let index = try? reader.offsetIndex(column, rowGroup: group) else { continue }
                    for page in index.pages.indices {
                        _ = try? reader.readPage(
                            page,
                            of: column,
                            rowGroup: group,
                            index: index,
                            dictionary: dictionary,
                            using: decompressor
                        )
                    }
                }
            }
        }
    }

    @Test func `a page without a checksum is refused`() throws {
        let header = PageHeader(
            kind: .data(valueCount: 1, encoding: .plain),
            uncompressedByteCount: 4,
            compressedByteCount: 4,
            checksum: nil
        )
        let column = ParquetColumn("a", .int32)
        let chunk = ColumnChunkMetadata(
            typeCode: 1,
            encodings: [0],
            path: ["a"],
            codec: .uncompressed,
            valueCount: 1,
            uncompressedByteCount: 100,
            compressedByteCount: 100,
            dataPageOffset: 4
        )
        var decoder = ChunkDecoder(column, chunk, rowCount: 1, ZstdDecompressor())
        let error = #expect(throws: SegmentError.self) {
            try decoder.decodePage(header.encoded() + [0, 0, 0, 0], at: 0)
        }
        #expect(error?.code == .checksumMismatch)
    }

    /// Which bytes belong to a page's body.
    private static func pageBodies(_ file: [UInt8]) throws -> [Bool] {
        var isPage = [Bool](repeating: false, count: file.count)
        let reader = try ParquetReader(ParquetBytes(file))
        for group in reader.metadata.rowGroups {
            for chunk in group.columns {
                var offset = Int(chunk.dictionaryPageOffset ?? chunk.dataPageOffset)
                let end = offset + Int(chunk.compressedByteCount)
                while offset < end {
                    let (header, start) = try PageHeader.decode(file, at: offset)
                    offset = start + Int(header.compressedByteCount)
                    for place in start..<offset { isPage[place] = true }
                }
            }
        }
        return isPage
    }

    /// Whatever they say now, reading them is an error or a value.
    private static func readIndexes(_ reader: ParquetReader<ParquetBytes>) {
        for column in reader.columns.indices {
            _ = try? reader.bloomFilter(column, rowGroup: 0)?.mayContain(4711)
            _ = try? reader.columnIndex(column, rowGroup: 0)
            _ = try? reader.offsetIndex(column, rowGroup: 0)
        }
    }

    private static func expectSameValues(
        _ reader: ParquetReader<ParquetBytes>,
        _ decompressor: ZstdDecompressor,
        _ what: String
    ) throws {
        for (group, data) in sample.groups.enumerated() {
            for (column, written) in data.enumerated() {
                let read = try reader.readColumn(column, rowGroup: group, using: decompressor)
                let isSame = read == written
                #expect(isSame, "\(what), column \(sample.columns[column].name)")
            }
        }
    }
}
