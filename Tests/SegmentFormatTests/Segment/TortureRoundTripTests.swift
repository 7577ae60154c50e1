// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SegmentFormat

/// The torture set through a segment's file, read at once and by rows.
@Suite struct TortureRoundTripTests {
    private static func expectAll(_ sealed: EncodedEvents, chunk: Int) throws {
        try sealed.expectAllAtOnce(batchRowCount: chunk)
        let reader = try sealed.reader()
        let decompressor = ZstdDecompressor()
        for start in stride(from: 0, to: reader.rowCount, by: chunk) {
            try sealed.expect(start..<min(start + chunk, reader.rowCount), from: reader, using: decompressor)
        }
        #expect(try reader.labels(0..<reader.rowCount, using: decompressor) == sealed.rows)
    }

    @Test(arguments: TortureSet.groups.map(\.name))
    func `every event of a group comes back byte for byte`(group: String) throws {
        let events = TortureSet.events(of: group)

        try Self.expectAll(EncodedEvents(events), chunk: 1000)
        // Backwards as well: shapes and kinds are learned in another order.
        try Self.expectAll(EncodedEvents(events.reversed(), ParquetWriterOptions(rowsPerPage: 128)), chunk: 300)
    }

    @Test(arguments: [1] as [UInt64])
    func `all groups in one segment come back byte for byte`(seed: UInt64) throws {
        try Self.expectAll(
            EncodedEvents(TortureSet.mixed(seed: seed), ParquetWriterOptions(rowsPerPage: 2048)),
            chunk: 1500
        )
    }

    /// Alone, an event's columns have the kind that suits this one value.
    @Test(arguments: ["values", "structures", "no events", "numbers", "times", "identifiers", "keys"])
    func `every event comes back as the only one of its segment`(group: String) throws {
        let events = Set(TortureSet.events(of: group)).sorted()
        for event in events.enumerated().filter({ $0.offset.isMultiple(of: 20) }).map(\.element) {
            try Self.expectAll(EncodedEvents([event]), chunk: 1)
        }
    }

    /// Unicode calls these pairs the same text, as `==` of strings does; to JSON they are different keys.
    @Test(arguments: [("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), ("\u{C5}", "\u{212B}")])
    func `keys that are canonically equivalent are different columns`(one: String, other: String) throws {
        let events = (0..<40).map {
            #"{"\#(one)":"\#($0)","\#(other)":"x\#($0 % 7)","\#($0 % 2 == 0 ? one : other)2":1}"#
        }

        try Self.expectAll(EncodedEvents(events), chunk: 16)
    }
}
