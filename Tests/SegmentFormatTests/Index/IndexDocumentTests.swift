// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import Testing

@testable import SegmentFormat

/// The example of docs/formats/index.md.
@Suite struct IndexDocumentTests {
    /// Three events, as the page says.
    private static func example() throws -> [UInt8] {
        var builder = try SegmentIndexBuilder(rowCount: 3, firstIndex: 256, identity: 0x1122_3344, seed: 1)
        try builder.add(
            ParquetColumn("time", .int64, .timestamp(.milliseconds)),
            ParquetColumnData(.int64([1000, 1002, 1001]))
        )
        try builder.add(
            ParquetColumn("id", .byteArray, .string),
            ParquetColumnData(.byteArrays(ByteArrays(["a", "b", "c"].map(\.utf8))))
        )
        try builder.add(
            ParquetColumn("resource", .byteArray, .string),
            ParquetColumnData(.byteArrays(ByteArrays(["topic=a", "topic=b"].map(\.utf8))), codes: [0, 1, 0])
        )
        return try builder.finish()
    }

    private struct Line {
        let offset: Int
        let bytes: [UInt8]
    }

    /// The lines of the page's last table: offset, bytes in hexadecimal, meaning.
    private static func lines() throws -> [Line] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let page = folder.appending(path: "../../../docs/formats/index.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let example = try #require(text.components(separatedBy: "## Worked bytes").last)
        return example.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, let offset = Int(cells[0]) else { return nil }
            guard let bytes = Hex.decode(cells[1].filter { $0 != "`" && $0 != " " }) else { return nil }
            return Line(offset: offset, bytes: bytes)
        }
    }

    @Test func `the page's bytes are those of the example`() throws {
        let lines = try Self.lines()
        var bytes: [UInt8] = []
        for line in lines {
            #expect(line.offset == bytes.count)
            bytes += line.bytes
        }
        let example = try Self.example()
        #expect(bytes == example, "\(Hex.encode(example))")
    }

    @Test func `the example says of its events what the page says`() throws {
        let index = try ReadIndex(Self.example())
        let statistics = try index.columns.statistics(ofColumn: 2)

        #expect(statistics[0] == ValueStatistics(count: 2, firstRow: 0, lastRow: 2))
        #expect(statistics[1] == ValueStatistics(count: 1, firstRow: 1, lastRow: 1))
        #expect(try index.ids.rows(withID: "b") == [1])
        #expect(try index.words.candidates([WordPattern("b".utf8, .whole)]) == [.init(columns: [2], entries: [1])])
        #expect(index.times?.bounds == [1000...1002])
    }
}
