// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import SegmentFormat

/// Answers how small sealed events are, and how long it takes to seal them and to read them back.
///
/// `SegmentBenchmark FILE OUTPUT` makes one segment of a file of one event a line, on one core, writes it to OUTPUT, reads
/// it back and compares every byte. CPU time; the file is in memory.
@main
enum SegmentBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { fatalError("SegmentBenchmark FILE OUTPUT") }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[1])))
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { $0.startIndex..<$0.endIndex }

        var start = clock()
        var shredder = SegmentShredder()
        for line in lines { try unsafe shredder.add(bytes.span.bytes, line) }
        let rawCount = shredder.rawCount
        let segment = shredder.finish()
        report("take apart", since: start, lines.count, bytes.count)

        start = clock()
        let run = SegmentRows.Run(
            rowCount: lines.count,
            received: 0,
            stream: "audit",
            submitter: "bench",
            origin: "file"
        )
        let file = try SegmentEncoder().encode(segment, SegmentRows(firstIndex: 0, runs: [run]))
        report("encode", since: start, lines.count, bytes.count)
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
        let perEvent = Double(file.count) / Double(lines.count)
        print("\(lines.count) events, \(rawCount) of them raw, byte for byte; \(perEvent) bytes an event")
    }

    private static func report(_ what: String, since start: clock_t, _ events: Int, _ byteCount: Int) {
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        print("\(what): \(Int(Double(events) / seconds)) events/s, \(Int(Double(byteCount) / seconds / 1e6)) MB/s")
    }
}
