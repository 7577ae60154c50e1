// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@testable import SegmentFormat

@Suite struct SegmentIndexTests {
    @Test(arguments: [1, 100, 9_000])
    func `an index made again from the file is the same, byte for byte`(rowCount: Int) throws {
        let sample = IndexSample(rowCount: rowCount)
        let file = SampleFile(columns: sample.columns.map(\.column), groups: [sample.columns.map(\.data)])
        let reader = try ParquetReader(ParquetBytes(file.written(ParquetWriterOptions())))
        let decompressor = ZstdDecompressor()
        let columns = try reader.columns.indices.map {
            (column: reader.columns[$0], data: try reader.readColumn($0, rowGroup: 0, using: decompressor))
        }

        #expect(try IndexSample.index(columns, rowCount: rowCount) == sample.index())
        #expect(try sample.index() == sample.index())
    }

    @Test func `the header says what the index belongs to`() throws {
        let index = try ReadIndex(IndexSample(rowCount: 50).index(identity: 99)).index
        #expect(index.firstIndex == 1000)
        #expect(index.identity == 99)
        #expect(index.rowCount == 50)
        #expect(index.blockRowCount == 4096)
    }

    @Test func `no rows, and too many, are refused`() {
        for rowCount in [-1, 0, 1 << 24 + 1] {
            #expect(throws: SegmentError.self) {
                try SegmentIndexBuilder(rowCount: rowCount, firstIndex: 0, identity: 0, seed: 0)
            }
        }
    }

    // MARK: - Damage

    @Test func `every flipped bit is found`() throws {
        let bytes = try IndexSample(rowCount: 40).index()
        try ReadIndex(bytes).useAll()
        for place in bytes.indices {
            for bit in 0..<8 as Range<UInt8> {
                var damaged = bytes
                damaged[place] ^= 1 << bit
                #expect(throws: SegmentError.self, "bit \(bit) of byte \(place)") { try ReadIndex(damaged) }
            }
        }
    }

    @Test func `every prefix, and more at the end, is refused`() throws {
        let bytes = try IndexSample(rowCount: 40).index()
        for count in bytes.indices { #expect(throws: SegmentError.self) { try ReadIndex(Array(bytes[..<count])) } }
        #expect(throws: SegmentError.self) { try ReadIndex(bytes + [0]) }
    }

    @Test func `damage whose checks are right is an error or an answer, never a crash`() throws {
        let bytes = try IndexSample(rowCount: 60).index()
        var random = SeededRandom(17)
        for _ in 0..<6_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 16..<bytes.count, using: &random)
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            Self.mendChecks(&damaged)
            try? ReadIndex(damaged).useAll()
        }
    }

    /// Puts the checks that fit into a damaged file, where its directory can be read.
    private static func mendChecks(_ bytes: inout [UInt8]) {
        let count = min(Int(bytes[37]), (bytes.count - 40) / 20)
        for section in 0..<count {
            let entry = 40 + 20 * section
            let (offset, length) = (number(bytes, entry + 4), number(bytes, entry + 8))
            guard offset <= bytes.count, length <= bytes.count - offset else { continue }
            put(checksum(bytes[offset..<offset + length]), at: entry + 16, in: &bytes)
        }
        put(checksum(bytes[..<12] + bytes[16..<40 + 20 * count]), at: 12, in: &bytes)
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let copy = Array(bytes)
        return unsafe CRC32C.checksum(copy.span.bytes)
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    private static func put(_ value: UInt32, at offset: Int, in bytes: inout [UInt8]) {
        for place in 0..<4 { bytes[offset + place] = UInt8(truncatingIfNeeded: value >> UInt32(8 * place)) }
    }

    @Test func `random sections never crash`() throws {
        var random = SeededRandom(23)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in
                // Small numbers more often, so that more than the first check is passed.
                UInt8.random(in: 0...(Bool.random(using: &random) ? 255 : 4), using: &random)
            }
            let rowCount = Int.random(in: 1...20_000, using: &random)
            if let ids = try? IndexedIDs(bytes, rowCount: rowCount) { _ = try? ids.rows(withID: "a") }
            if let columns = try? IndexedColumns(bytes, rowCount: rowCount) {
                for number in columns.columns.indices { _ = try? columns.statistics(ofColumn: number) }
            }
            _ = try? EntryStatistics(bytes, RecordCoding(spanOrder: 3), entryCount: bytes.count, rowCount: rowCount)
            let half = bytes.count / 2
            if let words = try? IndexedWords(
                Array(bytes[..<half]),
                places: Array(bytes[half...]),
                entryCounts: [1, 2, 2]
            ) {
                for place in [WordPattern.Place.whole, .atEnd] { _ = try? words.candidates([WordPattern([1], place)]) }
                _ = try? words.candidates([WordPattern([], .whole)])
            }
            _ = try? BlockTimes(bytes, rowCount: rowCount)
            _ = try? SegmentIndex(ParquetBytes(bytes))
            _ = try? SegmentIndex(ParquetBytes(Array("MRTLINDX".utf8) + [1, 0, 0, 0] + bytes))
        }
    }
}
