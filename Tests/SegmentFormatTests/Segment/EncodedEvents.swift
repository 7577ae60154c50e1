// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing

@testable import SegmentFormat

/// Events in a segment's file, with labels that change every few rows.
struct EncodedEvents {
    let events: [[UInt8]]
    let rows: SegmentRows
    let file: [UInt8]

    init(
        _ events: [[UInt8]],
        _ options: ParquetWriterOptions = ParquetWriterOptions(),
        limits: SegmentLimits = SegmentLimits()
    ) throws {
        var shredder = SegmentShredder(limits: limits, seed: 1)
        for event in events { try unsafe shredder.add(event.span.bytes) }
        self.events = events
        rows = Self.labels(events.count)
        file = try SegmentEncoder(options).encode(shredder.finish(), rows).bytes
    }

    init(_ events: [String], _ options: ParquetWriterOptions = ParquetWriterOptions()) throws {
        try self.init(events.map { Array($0.utf8) }, options)
    }

    private static func labels(_ count: Int) -> SegmentRows {
        var runs: [SegmentRows.Run] = []
        var flags: [SegmentRows.Flagged] = []
        var start = 0
        while start < count {
            // Runs of 1 to 37 rows, and now and then one over several pages.
            let number = runs.count
            let rowCount = min(number % 9 == 8 ? 700 : 1 + number * 7 % 37, count - start)
            runs.append(
                SegmentRows.Run(
                    rowCount: rowCount,
                    received: 1_700_000_000_000_000_000 + Int64(number),
                    stream: number.isMultiple(of: 5) ? "system" : "audit",
                    submitter: "token:\(number % 4)",
                    origin: number.isMultiple(of: 3) ? "http" : "kafka é",
                    position: number.isMultiple(of: 2) ? [] : [0xFF, UInt8(number % 3)]
                )
            )
            if number % 4 == 1 { flags.append(.init(row: start + rowCount / 2, flags: UInt32(1 + number % 2))) }
            start += rowCount
        }
        return SegmentRows(firstIndex: 7_000_000_000, runs: runs, flags: flags)
    }

    // MARK: - Reading

    func reader() throws -> SegmentRowReader<ParquetBytes> {
        try SegmentRowReader(ParquetBytes(file))
    }

    /// Expects `SegmentReader` to give the events that were sealed.
    func expectAllAtOnce(batchRowCount: Int = 1000, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var row = 0
        try SegmentReader(ParquetBytes(file)).readEvents(batchRowCount: batchRowCount, using: ZstdDecompressor()) {
            first,
            batch throws(SegmentError) in
            #expect(first == row, sourceLocation: sourceLocation)
            for place in 0..<batch.count {
                #expect(batch.isEvent(place, events[row]), "row \(row)", sourceLocation: sourceLocation)
                row += 1
            }
        }
        #expect(row == events.count, sourceLocation: sourceLocation)
    }

    /// Expects some rows to be the events that were sealed.
    ///
    /// The reader and what the call says come from the test: a failure names the rows.
    func expect(
        _ range: Range<Int>,
        from reader: SegmentRowReader<ParquetBytes>,
        using decompressor: ZstdDecompressor,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = try reader.events(range, using: decompressor)
        #expect(found.count == range.count, sourceLocation: sourceLocation)
        let different = zip(range, 0...).first { row, place in !found.isEvent(place, events[row]) }
        #expect(different == nil, "rows \(range)", sourceLocation: sourceLocation)
    }
}

extension AssembledRows {
    /// Whether an event's bytes are these; many times faster than comparing arrays without optimisation.
    func isEvent(_ place: Int, _ event: [UInt8]) -> Bool {
        unsafe bytes.span.bytes.extracting(range(of: place)).equals(event.span.bytes)
    }

    /// Each event's bytes.
    var all: [[UInt8]] { (0..<count).map { Array(bytes[range(of: $0)]) } }
}
