// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import SegmentFormat

/// Answers how small sealed events are, and how long it takes to seal them and to read them back.
///
/// `SegmentBenchmark FILE OUTPUT [COUNT]` makes one segment of a file of one event a line, or of its first COUNT, on one
/// core, writes it to OUTPUT, reads it back and compares every byte. CPU time; the file is in memory.
@main
enum SegmentBenchmark {
    /// Events of a frame, as a sender's batches are.
    private static let frameEventCount = 500

    static func main() throws {
        let arguments = CommandLine.arguments
        guard (3...4).contains(arguments.count) else { fatalError("SegmentBenchmark FILE OUTPUT [COUNT]") }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[1])))
        let count = arguments.count == 4 ? Int(arguments[3]) ?? .max : .max
        let lines = bytes.split(separator: UInt8(ascii: "\n")).prefix(count).map { $0.startIndex..<$0.endIndex }
        let byteCount = lines.reduce(0) { $0 + $1.count + 1 }

        var start = clock()
        var shredder = SegmentShredder()
        for line in lines { try unsafe shredder.add(bytes.span.bytes, line) }
        let rawCount = shredder.rawCount
        let segment = shredder.finish()
        report("take apart", since: start, lines.count, byteCount)

        start = clock()
        let columns = try ParquetColumns(segment, rows(lines.count))
        report("lay out columns, the real ones among them", since: start, lines.count, byteCount)

        start = clock()
        let encoded = try SegmentEncoder().encode(columns)
        let file = encoded.bytes
        report("encode", since: start, lines.count, byteCount)
        try Data(file).write(to: URL(fileURLWithPath: arguments[2]))

        start = clock()
        var readByteCount = 0
        let reader = try SegmentReader(ParquetBytes(file))
        try reader.readEvents(using: ZstdDecompressor()) { _, events throws(SegmentError) in
            readByteCount += events.byteCount
        }
        report("read all back", since: start, lines.count, readByteCount)
        try reader.readEvents(using: ZstdDecompressor()) { first, events throws(SegmentError) in
            for place in 0..<events.count {
                guard bytes[lines[first + place]] == events.bytes[events.range(of: place)] else {
                    fatalError("event \(first + place) came back otherwise")
                }
            }
        }
        printSizes(encoded, columns)
        let perEvent = Double(file.count) / Double(lines.count)
        print("\(lines.count) events, \(rawCount) of them raw, byte for byte; \(perEvent) bytes an event")
    }

    /// What the log knows of the events when they come in frames, each with the offset behind it as its position.
    private static func rows(_ count: Int) -> SegmentRows {
        let runs = stride(from: 0, to: count, by: frameEventCount).map { first in
            let end = min(first + frameEventCount, count)
            return SegmentRows.Run(
                rowCount: end - first,
                received: Int64(first) * 1_000_000,
                stream: "audit",
                submitter: "bench",
                origin: "file",
                position: (0..<8).map { UInt8(truncatingIfNeeded: end >> (8 * $0)) }
            )
        }
        return SegmentRows(firstIndex: 0, runs: runs)
    }

    /// Bytes an event of each column, the largest first, and which columns share another's.
    private static func printSizes(_ encoded: EncodedSegment, _ columns: ParquetColumns) {
        var start = 0
        var sizes: [(name: String, byteCount: Int)] = []
        for part in encoded.parts {
            sizes.append((part.name, part.endOffset - start))
            start = part.endOffset
        }
        for (name, byteCount) in sizes.sorted(by: { $0.byteCount > $1.byteCount }) {
            let perEvent = Double(byteCount) / Double(columns.rowCount)
            let digits = String(format: "%8.4f", perEvent)
            print("\(digits)  \(name)")
        }
        for column in columns.columns {
            guard let original = column.original else { continue }
            print("shared    \(column.declared.name) is \(columns.columns[original].declared.name)")
        }
    }

    private static func report(_ what: String, since start: clock_t, _ events: Int, _ byteCount: Int) {
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        let perEvent = String(format: "%.3f", seconds * 1e6 / Double(events))
        let rates = "\(Int(Double(events) / seconds)) events/s, \(Int(Double(byteCount) / seconds / 1e6)) MB/s"
        print("\(what): \(perEvent) µs an event, \(rates)")
    }
}
