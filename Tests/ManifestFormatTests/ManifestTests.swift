// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import Testing

@testable import ManifestFormat

@Suite struct ManifestTests {
    private static let logID = LogID(high: 0, low: 0xED5E_0000_0000_0000)

    private static func segment(
        _ indices: Range<UInt64>,
        name: String? = nil,
        times: ClosedRange<Int64> = -5...7,
        streams: Set<LogStream> = [.audit]
    ) -> SegmentDescription {
        SegmentDescription(
            name: name ?? SegmentDescription.name(of: indices, received: 1_795_305_600_000_000_000),
            firstIndex: indices.lowerBound,
            eventCount: indices.count,
            eventByteCount: 1000,
            receivedRange: 1_795_305_600_000_000_000...1_795_305_600_000_000_001,
            timeRange: times,
            streams: streams,
            parts: [.init(endOffset: 4194, checksum: 0x0A1B_2C3D), .init(endOffset: 9000, checksum: .max)]
        )
    }

    private static func position(_ submitter: String, _ source: String, _ bytes: [UInt8]) -> Manifest.SourcePosition {
        Manifest.SourcePosition(submitter: submitter, source: source, index: 256, position: bytes)
    }

    private static func sample() -> Manifest {
        var manifest = Manifest(logID: logID)
        manifest.floorIndex = 256
        manifest.record(position("User:alice", "topic", Array("offset=4".utf8)))
        manifest.record(position("", "", [0]))
        manifest.segments = [
            segment(256..<512), segment(512..<515, times: .min ... .max, streams: [.audit, .system]),
        ]
        return manifest
    }

    /// The text of some lines with a last line that fits.
    private static func closed(_ lines: [String]) -> [UInt8] {
        let body = Array(lines.map { $0 + "\n" }.joined().utf8)
        let checksum = CRC32C.checksum(body.span.bytes)
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32($0))) }
        return body + Array("end \(Hex.encode(bytes))\n".utf8)
    }

    private static func lines(_ manifest: Manifest) -> [String] {
        String(decoding: ManifestText.encode(manifest), as: UTF8.self).split(separator: "\n").dropLast().map(
            String.init
        )
    }

    // MARK: - Text

    @Test func `the text is what the format says`() {
        let lines = Self.lines(Self.sample())
        #expect(
            lines == [
                "martlet-manifest 1",
                "log 0000000000000000000000000000\(Hex.encode([0x5E, 0xED]))",
                "floor 256",
                "position - - 256 00",
                "position 557365723a616c696365 746f706963 256 6f66667365743d34",
                """
                segment segments/2026-11-22/00000000000000000256-00000000000000000511.parquet 256 256 1000 \
                1795305600000000000 1795305600000000001 -5 7 audit 4194:0a1b2c3d,9000:ffffffff
                """,
                """
                segment segments/2026-11-22/00000000000000000512-00000000000000000514.parquet 512 3 1000 \
                1795305600000000000 1795305600000000001 -9223372036854775808 9223372036854775807 audit+system \
                4194:0a1b2c3d,9000:ffffffff
                """,
            ]
        )
        #expect(ManifestText.encode(Self.sample()) == Self.closed(lines))
    }

    @Test func `every manifest comes back as it was`() throws {
        var odd = Manifest(logID: LogID(high: .max, low: 1))
        odd.floorIndex = .max
        odd.record(Self.position("a b\nc", "ä\u{0}-", Array(0...255)))
        odd.record(Self.position("-", "-", []))
        for manifest in [Manifest(logID: Self.logID), Self.sample(), odd] {
            #expect(try ManifestText.decode(ManifestText.encode(manifest)) == manifest)
        }
    }

    @Test func `every cut is refused`() {
        let whole = ManifestText.encode(Self.sample())
        for count in whole.indices {
            #expect(throws: ManifestText.Failure.self, "\(count) bytes") {
                try ManifestText.decode(Array(whole.prefix(count)))
            }
            #expect(throws: ManifestText.Failure.self, "from \(count)") {
                try ManifestText.decode(Array(whole.dropFirst(count + 1)))
            }
        }
    }

    @Test(arguments: ["martlet-manifest 2", "martlet-manifest 10", "martlet-manifest", "martlet-manifest 1 "])
    func `another version is told from damage`(line: String) {
        #expect {
            try ManifestText.decode(Self.closed([line] + Self.lines(Self.sample()).dropFirst()))
        } throws: { error in
            if case ManifestText.Failure.unsupportedVersion = error { true } else { false }
        }
    }

    /// What no store wrote, with a checksum that fits.
    @Test(arguments: [
        "segments/../00000000000000000256-00000000000000000511.parquet",
        "segments/../../00000000000000000256-00000000000000000511.parquet",
        "segments/./00000000000000000256-00000000000000000511.parquet",
        "../2026-11-22/00000000000000000256-00000000000000000511.parquet",
        "/segments/2026-11-22/00000000000000000256-00000000000000000511.parquet",
        "segments/00000000000000000256-00000000000000000511.parquet",
        "segments//00000000000000000256-00000000000000000511.parquet",
        "segments/a\u{0}b/00000000000000000256-00000000000000000511.parquet",
        "segments/2026-11-22/../../identity",
        "segments/2026-11-22/identity",
        "segments/2026-11-22/256-511.parquet",
        "segments/2026-11-22/..",
        "journal/2026-11-22/00000000000000000256-00000000000000000511.parquet",
        "",
    ])
    func `names that a store does not give are refused`(name: String) {
        var manifest = Self.sample()
        manifest.segments = [Self.segment(256..<512, name: name)]
        #expect(throws: ManifestText.Failure.self) { try ManifestText.decode(ManifestText.encode(manifest)) }
    }

    @Test(
        arguments: [
            // A gap, an overlap, the wrong order, and one that begins before or behind the floor.
            [256..<512, 513..<515], [256..<512, 511..<515], [512..<515, 256..<512], [0..<256], [257..<258],
        ] as [[Range<UInt64>]]
    )
    func `segments that do not follow each other are refused`(indices: [Range<UInt64>]) {
        var manifest = Self.sample()
        manifest.segments = indices.map { Self.segment($0) }
        #expect(throws: ManifestText.Failure.self) { try ManifestText.decode(ManifestText.encode(manifest)) }
    }

    @Test(arguments: [
        "floor", "floor -1", "floor 18446744073709551616", "log 00", "position - - 1", "position zz - 1 00",
        "position - - x 00",
        "more 1", "", "segment a b",
    ])
    func `a line that no store writes is refused`(line: String) {
        #expect(throws: ManifestText.Failure.self) {
            try ManifestText.decode(Self.closed(Self.lines(Self.sample()) + [line + " "]))
        }
        #expect(throws: ManifestText.Failure.self) {
            try ManifestText.decode(Self.closed(Self.lines(Self.sample()) + [line].filter { !$0.isEmpty } + ["x"]))
        }
    }

    @Test func `words of a segment are checked`() throws {
        let lines = Self.lines(Self.sample())
        let words = try #require(lines.last).split(separator: " ").map(String.init)
        for (place, bad) in [
            (2, "x"), (3, "0"), (3, "-1"), (3, "9223372036854775808"), (2, "18446744073709551615"), (4, "x"),
            (5, "2000000000000000000"),
            (7, "9223372036854775808"), (9, "other"), (9, "+"), (9, "audit+other"), (10, "-"), (10, "4194"),
            (10, "0:0a1b2c3d"),
            (10, "9:0a1b2c3d,9:0a1b2c3d"), (10, "9:0a1b2c3"), (10, "9:0a1b2c3g"), (10, "9:0a1b2c3d,8:0a1b2c3d"),
        ] {
            var changed = words
            changed[place] = bad
            let text = Self.closed(lines.dropLast() + [changed.joined(separator: " ")])
            #expect(throws: ManifestText.Failure.self, "word \(place): \(bad)") { try ManifestText.decode(text) }
        }
    }

    // MARK: - Positions

    @Test func `of each submitter and source the newest position is kept, in order`() {
        var manifest = Manifest(logID: Self.logID)
        func record(_ submitter: String, _ source: String, _ index: UInt64) {
            manifest.record(.init(submitter: submitter, source: source, index: index, position: [UInt8(index)]))
        }
        record("b", "s", 2)
        record("a", "t", 3)
        record("a", "s", 4)
        record("b", "s", 1)
        record("a", "t", 5)
        record("a", "s", 4)

        #expect(manifest.positions.map { [$0.submitter, $0.source] } == [["a", "s"], ["a", "t"], ["b", "s"]])
        #expect(manifest.positions.map(\.index) == [4, 5, 2])
    }
}
