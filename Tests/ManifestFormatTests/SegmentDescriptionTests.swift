// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat
import Testing

@Suite struct SegmentDescriptionTests {
    private func described(_ name: String) -> SegmentDescription {
        SegmentDescription(
            name: name,
            firstIndex: 0,
            eventCount: 256,
            eventByteCount: 1,
            receivedRange: 0...0,
            timeRange: 0...0,
            streams: [.audit],
            parts: [.init(endOffset: 1, checksum: 0)]
        )
    }

    private static let stem = "00000000000000000000-00000000000000000255"

    @Test(arguments: [(0, ""), (1, ".e1"), (12, ".e12")])
    func `a name says how often the segment was written anew`(generation: Int, mark: String) throws {
        let name = SegmentDescription.name(of: 0..<256, received: 1_795_305_600_000_000_000, generation: generation)

        #expect(name == "segments/2026-11-22/\(Self.stem)\(mark).parquet")
        #expect(described(name).generation == generation)
        #expect(described(name).indexName == "segments/2026-11-22/\(Self.stem)\(mark).index")
        let file = try #require(name.split(separator: "/").last.map(String.init))
        #expect(SegmentDescription.isOurs(file))
        #expect(SegmentDescription.firstIndex(ofFileName: file) == 0)
        #expect(SegmentDescription.lastIndex(ofFileName: file) == 255)
    }

    @Test(arguments: [
        (".parquet", true), (".index", true), (".parquet.new", true), (".e1.parquet", true), (".e1.index", true),
        (".e1.parquet.new", true), (".e999999999.index", true),
        (".e0.parquet", false), (".e01.parquet", false), (".e.parquet", false), (".e1000000000.parquet", false),
        (".f1.parquet", false), (".e1.e2.parquet", false), ("..parquet", false), (".e1", false), (".e-1.index", false),
    ])
    func `only names that a store gives are its own`(ending: String, isOurs: Bool) {
        #expect(SegmentDescription.isOurs(Self.stem + ending) == isOurs)
    }
}
