// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventReading
import EventScanner
import Foundation

@testable import SegmentFormat

/// A segment of events, and what the model says of each of them.
struct SealedEvents {
    /// A row of the real columns.
    struct Row: Equatable, CustomStringConvertible {
        var time: Int64
        var outcome: String?
        var principal: String?
        var method: String?
        var resource: String?

        var description: String { "\(time) \([outcome, principal, method, resource].map { $0 ?? "-" })" }
    }

    let events: [[UInt8]]
    let encoded: EncodedSegment
    let columns: ParquetColumns
    let reader: SegmentReader<ParquetBytes>

    init(_ events: [[UInt8]], rowsPerPage: Int = 16_384, limits: SegmentLimits = SegmentLimits()) throws {
        var shredder = SegmentShredder(limits: limits, seed: 1)
        for event in events { try shredder.add(event.span.bytes) }
        self.events = events
        columns = try ParquetColumns(shredder.finish(), Self.rows(events.count))
        encoded = try SegmentEncoder(ParquetWriterOptions(rowsPerPage: rowsPerPage)).encode(columns)
        reader = try SegmentReader(ParquetBytes(encoded.bytes))
    }

    init(_ events: [String]) throws {
        try self.init(events.map { Array($0.utf8) })
    }

    /// Runs of seven rows, received a minute and some nanoseconds apart.
    static func rows(_ count: Int) -> SegmentRows {
        let runs = stride(from: 0, to: count, by: 7).map { first in
            SegmentRows.Run(
                rowCount: min(7, count - first),
                received: received(ofRow: first),
                stream: "audit",
                submitter: "token:a",
                origin: "http",
                position: [UInt8(truncatingIfNeeded: first), 0xFF]
            )
        }
        return SegmentRows(firstIndex: 5, runs: runs)
    }

    static func received(ofRow row: Int) -> Int64 {
        1_790_000_000_123_456_789 + Int64(row / 7) * 60_000_000_007
    }

    // MARK: - What the model says

    /// For each event what `AuditEvent` says of it; its time in nanoseconds.
    func expectedRows() -> [Row] {
        var scanner = ObjectScanner(.model, limits: .unbounded)
        return events.enumerated().map { row, bytes in
            let isEvent = (try? scanner.scan(bytes.span.bytes, in: 0..<bytes.count)) != nil
            let event = AuditEvent(ScannedValues(bytes: bytes, hits: isEvent ? scanner.hits : []))
            return Row(
                time: event.time?.nanosecondsSinceEpoch ?? Self.received(ofRow: row),
                outcome: event.value(of: .outcome),
                principal: event.value(of: .principal),
                method: event.value(of: .method),
                resource: event.value(of: .resource)
            )
        }
    }

    // MARK: - What the file says

    func realRows() throws -> [Row] {
        let time = try column("time")
        guard case .int64(let times)? = time?.values, time?.presence == nil, time?.codes == nil else { return [] }
        let texts = try ["outcome", "principal", "method", "resource"].map { try self.texts($0) }
        return events.indices.map { row in
            Row(
                time: times[row],
                outcome: texts[0][row],
                principal: texts[1][row],
                method: texts[2][row],
                resource: texts[3][row]
            )
        }
    }

    func column(_ name: String) throws -> ParquetColumnData? {
        try reader.column(named: name, using: ZstdDecompressor())
    }

    /// A text for each row, nil where it has none.
    func texts(_ name: String) throws -> [String?] {
        guard let data = try column(name), case .byteArrays(let values) = data.values else { return [] }
        var next = 0
        return events.indices.map { row in
            guard data.presence?[row] ?? true else { return nil }
            defer { next += 1 }
            return String(decoding: values.value(data.codes.map { Int($0[next]) } ?? next), as: UTF8.self)
        }
    }

    func eventsRead() throws -> [[UInt8]] {
        var events: [[UInt8]] = []
        try reader.readEvents(using: ZstdDecompressor()) { _, batch throws(SegmentError) in
            for place in 0..<batch.count { events.append(Array(batch.bytes[batch.range(of: place)])) }
        }
        return events
    }

    /// The first row of which the file says something else than the model, and what the two say.
    func firstDifference() throws -> String? {
        let real = try realRows()
        var expected = expectedRows()
        for row in expected.indices { expected[row].time = RealTime.milliseconds(expected[row].time) }
        guard real.count == expected.count else { return "\(real.count) rows" }
        return zip(real, expected).enumerated().first { $0.element.0 != $0.element.1 }.map { row, pair in
            "row \(row): \(pair.0), the model says \(pair.1): \(String(decoding: events[row], as: UTF8.self))"
        }
    }

    func isShared(_ name: String, with path: String) throws -> Bool {
        let columns = reader.file.metadata.rowGroups[0].columns
        guard let own = reader.file.index(ofColumn: name), let other = reader.file.index(ofColumn: path) else {
            return false
        }
        var renamed = columns[other]
        renamed.path = columns[own].path
        return renamed == columns[own]
    }
}
