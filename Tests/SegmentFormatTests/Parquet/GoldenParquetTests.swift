// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import Testing

@testable import SegmentFormat

/// The file whose bytes `docs/formats/segment.md` explains.
@Suite struct GoldenParquetTests {
    @Test func `the worked bytes of the format's page are what is written`() throws {
        let file = try Self.sample.written(ParquetWriterOptions(), [.init("key", "value")])
        let rows = try Self.workedBytes()

        #expect(rows.count > 25)
        for (offset, bytes) in rows {
            try #require(offset + bytes.count <= file.count)
            #expect(Array(file[offset..<offset + bytes.count]) == bytes, "byte \(offset)")
        }
        let last = try #require(rows.last)
        #expect(last.offset + last.bytes.count == file.count)
    }

    @Test func `the same values are the same bytes`() throws {
        let options = ParquetWriterOptions(rowsPerPage: 100)
        let sample = SampleFile(seed: 21, rowCounts: [1000])
        #expect(try sample.written(options) == sample.written(options))
    }

    private static let sample: SampleFile = {
        let start: Int64 = 1_795_305_600_000_000_000
        let methods = ByteArrays(["kafka.Produce", "mds.Authorize"].map { Array($0.utf8) })
        return SampleFile(
            columns: [
                ParquetColumn(
                    "time",
                    .int64,
                    .timestamp(.nanoseconds),
                    layout: .deltaBinaryPacked,
                    compressionLevel: nil
                ),
                ParquetColumn(
                    "data.methodName",
                    .byteArray,
                    .string,
                    isOptional: true,
                    compressionLevel: nil,
                    bloomBitsPerValue: 10
                ),
            ],
            groups: [
                [
                    .init(.int64([0, 1, 3, 4].map { start + $0 * 1_000_000 })),
                    .init(.byteArrays(methods), codes: [0, 1, 0], presence: Bitmap([true, true, false, true])),
                ]
            ]
        )
    }()

    /// The rows of the table: where the bytes stand, and which they are.
    private static func workedBytes() throws -> [(offset: Int, bytes: [UInt8])] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
        let page = root.appending(path: "../../../docs/formats/segment.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let table = try #require(text.components(separatedBy: "## Worked bytes").last)
        return table.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
            guard cells.count == 3, let offset = Int(cells[0]), let bytes = Hex.decode(cells[1]) else { return nil }
            return (offset, bytes)
        }
    }
}
