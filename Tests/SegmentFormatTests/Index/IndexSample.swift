// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

/// Columns such as a segment has, with random values, and what they say row by row.
struct IndexSample {
    let rowCount: Int
    private(set) var columns: [(column: ParquetColumn, data: ParquetColumnData)] = []
    /// By the column's name: the text of each row's value, as it stands in the dictionary.
    private(set) var texts: [String: [String?]] = [:]
    /// The decoded id of each row; nil where it has none.
    private(set) var ids: [String?] = []

    init(rowCount: Int, seed: UInt64 = 1) {
        self.rowCount = rowCount
        var random = SeededRandom(seed)
        addText("martlet.stream") { _ in "audit" }
        addTimes(&random)
        addIDs(&random)
        addText("data.methodName") { _ in
            ["kafka.Produce", "mds.Authorize", "CreateTopics"].randomElement(using: &random)
        }
        // A rare few of many, and some in a few rows only.
        let names = (0..<rowCount / 3 + 1).map { "crn:///kafka=lkc-\($0 % 7)/topic=Payments-\(String($0, radix: 36))" }
        let resources = (0..<rowCount).map { names[min($0 / 2, Int.random(in: 0..<names.count, using: &random))] }
        addText("data.resourceName") { resources[$0] }
        addText("resource") { resources[$0] }
        addText("data.clientAddress[0].ip", isSorted: true, unusedCount: 3) {
            $0.isMultiple(of: 5) ? nil : "10.0.\($0 % 3).\(Int.random(in: 0..<200, using: &random))"
        }
        addText("data.request.data", .json) {
            $0.isMultiple(of: 3) ? #"{"name":"caf\u00e9 \"b\#($0 % 11)\"","n":\#($0 % 17),"url":"a\/b"}"# : nil
        }
        addNumbers(&random)
        columns.append(
            (
                ParquetColumn("data.none", .byteArray, .string, isOptional: true),
                ParquetColumnData(
                    .byteArrays(ByteArrays()),
                    codes: [],
                    presence: Bitmap(repeating: false, count: rowCount)
                )
            )
        )
    }

    func index(identity: UInt64 = 77) throws -> [UInt8] {
        try Self.index(columns, rowCount: rowCount, identity: identity)
    }

    static func index(
        _ columns: [(column: ParquetColumn, data: ParquetColumnData)],
        rowCount: Int,
        identity: UInt64 = 77
    ) throws -> [UInt8] {
        var builder = try SegmentIndexBuilder(rowCount: rowCount, firstIndex: 1000, identity: identity, seed: 5)
        for (column, data) in columns { try builder.add(column, data) }
        return try builder.finish()
    }

    // MARK: - Columns

    private mutating func addText(
        _ name: String,
        _ type: ParquetLogicalType = .string,
        isSorted: Bool = false,
        unusedCount: Int = 0,
        _ text: (Int) -> String?
    ) {
        let rows = (0..<rowCount).map(text)
        texts[name] = rows
        var entries: [String] = []
        var places: [String: UInt32] = [:]
        let distinct = isSorted ? Set(rows.compactMap(\.self)).sorted() : rows.compactMap(\.self)
        for text in distinct where places[text] == nil {
            places[text] = UInt32(entries.count)
            entries.append(text)
        }
        entries += (0..<unusedCount).map { "unused-\($0)" }
        let isOptional = rows.contains(nil)
        columns.append(
            (
                ParquetColumn(name, .byteArray, type, isOptional: isOptional),
                ParquetColumnData(
                    .byteArrays(ByteArrays(entries.map(\.utf8))),
                    codes: rows.compactMap { $0.flatMap { places[$0] } },
                    presence: isOptional ? Bitmap(rows.map { $0 != nil }) : nil
                )
            )
        )
    }

    private mutating func addTimes(_ random: inout SeededRandom) {
        let times = (0..<rowCount).map {
            1_772_323_200_000 + Int64($0) * 900 + Int64.random(in: -5000...5000, using: &random)
        }
        columns.append(
            (
                ParquetColumn("time", .int64, .timestamp(.milliseconds), layout: .deltaBinaryPacked),
                ParquetColumnData(.int64(times))
            )
        )
    }

    /// UUIDs, and in some rows events that are stored as they came.
    private mutating func addIDs(_ random: inout SeededRandom) {
        var (values, raw): ([UInt8], [[UInt8]]) = ([], [])
        for row in 0..<rowCount {
            guard row % 13 != 7 else {
                raw.append(Array(#"{"data":{"id":"no"},"id":"raw\u002d\#(row)"}"#.utf8))
                ids.append("raw-\(row)")
                continue
            }
            let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
            values += bytes
            ids.append(Self.uuid(bytes))
        }
        let presence = Bitmap((0..<rowCount).map { $0 % 13 != 7 })
        let rest = Bitmap((0..<rowCount).map { $0 % 13 == 7 })
        columns.append(
            (
                ParquetColumn("martlet.raw", .byteArray, .json, isOptional: true, layout: .deltaLengthByteArray),
                ParquetColumnData(.byteArrays(ByteArrays(raw)), presence: rest)
            )
        )
        columns.append(
            (
                ParquetColumn("id", .fixed(byteCount: 16), .uuid, isOptional: true, compressionLevel: nil),
                ParquetColumnData(.fixed(values, byteCount: 16), presence: raw.isEmpty ? nil : presence)
            )
        )
    }

    static func uuid(_ bytes: [UInt8]) -> String {
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        let groups = [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
        return groups.map { $0.joined() }.joined(separator: "-")
    }

    private mutating func addNumbers(_ random: inout SeededRandom) {
        let ports = (0..<rowCount).map { _ in UInt32.random(in: 0..<40, using: &random) }
        texts["data.port"] = ports.map { "\($0)" }
        columns.append(
            (
                ParquetColumn("data.port", .int64, .integer(bitWidth: 64, isSigned: true)),
                ParquetColumnData(.int64((0..<40).map { $0 }), codes: ports)
            )
        )
        columns.append(
            (
                ParquetColumn(
                    "data.serial",
                    .int64,
                    .integer(bitWidth: 64, isSigned: true),
                    layout: .deltaBinaryPacked
                ),
                ParquetColumnData(.int64((0..<Int64(rowCount)).map { $0 * 3 }))
            )
        )
    }
}

/// An index in memory, all of it read.
struct ReadIndex {
    let index: SegmentIndex<ParquetBytes>
    let ids: IndexedIDs
    let columns: IndexedColumns
    let words: IndexedWords
    let times: BlockTimes?

    init(_ bytes: [UInt8]) throws(SegmentError) {
        let decompressor = ZstdDecompressor()
        index = try SegmentIndex(ParquetBytes(bytes))
        ids = try index.ids(using: decompressor)
        columns = try index.columns(using: decompressor)
        words = try index.words(of: columns, using: decompressor)
        times = try index.times(using: decompressor)
    }

    /// Asks everything that can be asked.
    func useAll() throws(SegmentError) {
        for number in 0..<50 { _ = try ids.rows(withID: "id-\(number)") }
        for number in columns.columns.indices {
            let statistics = try columns.statistics(ofColumn: number)
            _ = statistics.presenceBlocks
            for entry in 0..<statistics.entryCount { _ = statistics.blocks(of: entry) }
            _ = columns.columns[number].mayContain("abc".utf8)
        }
        for place in [WordPattern.Place.whole, .atStart, .atEnd, .anywhere] {
            _ = try words.candidates([WordPattern("pay".utf8, place)])
            _ = try words.candidates([WordPattern("".utf8, place)])
        }
    }
}
