// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import JournalFormat
import Testing

/// The bytes on disk stay what they are: a file of each version of the format, and the worked bytes of its document.
@Suite struct GoldenJournalTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    private static let fixture = directory.appending(path: "Fixtures/journal/v1/two-events.journal")
    private static let document = directory.appending(path: "../../docs/formats/journal.md")

    private static let made = Samples.fileHeader.encoded() + Samples.blocks()

    @Test func `this version writes the bytes of the golden file`() throws {
        if ProcessInfo.processInfo.environment["UPDATE_FIXTURES"] == "1" {
            try Data(Self.made).write(to: Self.fixture)
        }

        #expect(try [UInt8](Data(contentsOf: Self.fixture)) == Self.made)
    }

    @Test func `this version reads the golden file`() throws {
        let bytes = try [UInt8](Data(contentsOf: Self.fixture))
        let header = try JournalFileHeader(from: bytes.span.bytes)
        let reader = try FrameReader(Array(bytes[4096...]), logID: header.logID, fileOffset: 4096)

        #expect(header == Samples.fileHeader)
        #expect(Samples.events(of: reader) == Samples.events)
        #expect(reader.header.submitter == "User:alice")
    }

    /// Lines `| offset | bytes in hex | …` under "Worked bytes", and what they are bytes of.
    @Test func `the worked bytes of the document are those of the golden file`() throws {
        let text = try String(contentsOf: Self.document, encoding: .utf8)
        let sections = text.components(separatedBy: "\n## ")
        let worked = try #require(sections.first { $0.hasPrefix("Worked bytes") })
        var covered = IndexSet()
        for line in worked.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 2, let offset = Int(cells[0]) else { continue }
            let bytes = try #require(Hex.decode(cells[1].filter { $0 != "`" && $0 != " " }), "\(line)")
            #expect(Array(Self.made[offset..<offset + bytes.count]) == bytes, "offset \(offset)")
            covered.insert(integersIn: offset..<offset + bytes.count)
        }

        let uncovered = IndexSet(Self.made.indices).subtracting(covered)
        #expect(covered.count > 200)
        #expect(uncovered.allSatisfy { Self.made[$0] == 0 }, "what the document leaves out is zeros")
    }
}
