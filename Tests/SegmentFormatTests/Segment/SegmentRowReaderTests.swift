// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Synchronization
import Testing

@testable import SegmentFormat

@Suite struct SegmentRowReaderTests {
    /// Events of a few shapes as a cluster writes them, with columns of every kind.
    private static func lines(_ count: Int) -> [String] {
        (0..<count).map { number in
            let high = String(UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 | 1 << 63, radix: 16)
            let id = "6f1c5485-ab93-43a3-\(high.prefix(4))-\(high.suffix(12))"
            let granted = number.isMultiple(of: 7) ? "false" : "true"
            let result = number.isMultiple(of: 3) ? #","result":{"status":"SUCCESS"}"# : ""
            let client = number.isMultiple(of: 11) ? #","clientId":"client \#(number % 13)""# : ""
            return #"{"id":"\#(id)","time":"2026-11-20T02:\#(10 + number % 50):00.\#(100 + number % 900)Z","data":{"#
                + #""methodName":"kafka.\#(number % 5)","granted":\#(granted),"port":\#(1000 + number % 1000),"#
                + #""connection":"\#(high)","resourceName":"crn:///topic=t\#(number / 40)"\#(result)\#(client)}}"#
        }
    }

    /// Long values without a dictionary, so that pages are cut far more often than those of other columns.
    private static func longLines(_ count: Int) -> [String] {
        lines(count).enumerated().map { number, line in
            guard number.isMultiple(of: 3) else { return line }
            let text = (0..<number % 40).map { "\(number * 31 + $0 * 7919)" }.joined(separator: "-")
            let long = String(repeating: text, count: number % 50)
            return String(line.dropLast()) + #","text":"\#(number) \#(long)"}"#
        }
    }

    private struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rowsPerPage: Int
        var longPageByteCount = 1 << 20
        let events: @Sendable () throws -> [[UInt8]]

        func sealed() throws -> EncodedEvents {
            try EncodedEvents(
                events(),
                ParquetWriterOptions(rowsPerPage: rowsPerPage, longPageByteCount: longPageByteCount)
            )
        }
    }

    private static func utf8(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private static let samples = [
        Sample(testDescription: "one event", rowsPerPage: 100) { utf8(lines(1)) },
        Sample(testDescription: "a few shapes", rowsPerPage: 256) { utf8(lines(3000)) },
        Sample(testDescription: "a whole number of pages", rowsPerPage: 512) { utf8(lines(2048)) },
        Sample(testDescription: "pages of one row", rowsPerPage: 1) { utf8(lines(40)) },
        Sample(testDescription: "pages as they are", rowsPerPage: 16_384) { utf8(lines(17_000)) },
        Sample(testDescription: "the example day", rowsPerPage: 64) { try ExampleDay.events() },
        Sample(testDescription: "raw events only", rowsPerPage: 50) { utf8(TortureSet.wideEvents(count: 120)) },
        Sample(testDescription: "many shapes, then raw", rowsPerPage: 1000) { utf8(TortureSet.shapes(count: 5000)) },
        Sample(testDescription: "byte arrays cut at 1 MiB", rowsPerPage: 16_384) { utf8(longLines(17_000)) },
        Sample(testDescription: "byte arrays cut at 4 KiB", rowsPerPage: 700, longPageByteCount: 4096) {
            utf8(longLines(4000))
        },
        Sample(testDescription: "the torture set", rowsPerPage: 500) { utf8(TortureSet.mixed(seed: 5)) },
    ]

    // MARK: - Events

    @Test(arguments: samples)
    private func `any rows are the events that were sealed`(sample: Sample) throws {
        let sealed = try sample.sealed()
        let reader = try sealed.reader()
        let decompressor = ZstdDecompressor()
        #expect(reader.rowCount == sealed.events.count)
        try sealed.expectAllAtOnce()

        var numbers = SeededNumbers(seed: 3)
        for turn in 0..<30 {
            let start = Int.random(in: 0..<reader.rowCount, using: &numbers)
            let longest = turn.isMultiple(of: 3) ? reader.rowCount - start : min(20, reader.rowCount - start)
            let count = min(Int.random(in: 1...longest, using: &numbers), 2000)
            try sealed.expect(start..<start + count, from: reader, using: decompressor)
        }
        try sealed.expect(0..<reader.rowCount, from: reader, using: decompressor)
    }

    @Test(arguments: samples)
    private func `single rows at every border of a page of any column`(sample: Sample) throws {
        let sealed = try sample.sealed()
        let reader = try sealed.reader()
        let decompressor = ZstdDecompressor()
        var rows: Set<Int> = [0, reader.rowCount - 1]
        for column in reader.file.columns.indices {
            for page in try #require(try reader.file.offsetIndex(column, rowGroup: 0)).pages {
                rows.formUnion([Int(page.firstRow), max(0, Int(page.firstRow) - 1)])
            }
        }
        // By seed, up and down: what was read before must not matter. No more than take a few seconds.
        var numbers = SeededNumbers(seed: 8)
        for row in rows.sorted().shuffled(using: &numbers).prefix(60) {
            try sealed.expect(row..<row + 1, from: reader, using: decompressor)
        }
        for row in rows.sorted().prefix(40) { try sealed.expect(row..<row + 1, from: reader, using: decompressor) }
        #expect(rows.count > 2 || sealed.events.count <= 64)
    }

    @Test func `byte arrays are cut between the pages of other columns`() throws {
        let sealed = try EncodedEvents(Self.longLines(17_000))
        let reader = try sealed.reader()
        let text = try #require(reader.file.index(ofColumn: "text"))
        let id = try #require(reader.file.index(ofColumn: "id"))

        #expect(try #require(try reader.file.offsetIndex(id, rowGroup: 0)).pages.count == 2)
        #expect(try #require(try reader.file.offsetIndex(text, rowGroup: 0)).pages.count > 4)
    }

    @Test func `rows are appended behind what is there`() throws {
        let sealed = try EncodedEvents(Self.lines(1000), ParquetWriterOptions(rowsPerPage: 300))
        let reader = try sealed.reader()
        let decompressor = ZstdDecompressor()
        var events = try reader.events(5..<7, using: decompressor)

        try reader.append(290..<310, to: &events, using: decompressor)
        try reader.append(40..<40, to: &events, using: decompressor)

        #expect(events.all == Array(sealed.events[5..<7] + sealed.events[290..<310]))
    }

    @Test(arguments: [0..<0, 17..<17, 100..<100])
    func `no rows are no events`(rows: Range<Int>) throws {
        let reader = try EncodedEvents(Self.lines(100)).reader()

        #expect(try reader.events(rows, using: ZstdDecompressor()).count == 0)
        #expect(try reader.labels(rows, using: ZstdDecompressor()).rowCount == 0)
    }

    @Test(arguments: [-1..<5, 99..<101, 101..<101, 0..<Int.max, Int.min..<Int.max])
    func `rows that are not there are refused`(rows: Range<Int>) throws {
        let reader = try EncodedEvents(Self.lines(100)).reader()

        let events = #expect(throws: SegmentError.self) { try reader.events(rows, using: ZstdDecompressor()) }
        let labels = #expect(throws: SegmentError.self) { try reader.labels(rows, using: ZstdDecompressor()) }
        #expect(events?.code == .invalidArgument)
        #expect(labels?.code == .invalidArgument)
    }

    // MARK: - Labels

    @Test(arguments: [64, 1000, 16_384])
    func `labels of any rows are those that were sealed`(rowsPerPage: Int) throws {
        let sealed = try EncodedEvents(Self.lines(5000), ParquetWriterOptions(rowsPerPage: rowsPerPage))
        let reader = try sealed.reader()
        let decompressor = ZstdDecompressor()
        #expect(try reader.labels(0..<5000, using: decompressor) == sealed.rows)

        var numbers = SeededNumbers(seed: 4)
        for turn in 0..<200 {
            let start = Int.random(in: 0..<5000, using: &numbers)
            let count = turn.isMultiple(of: 2) ? 1 : Int.random(in: 1...5000 - start, using: &numbers)
            let found = try reader.labels(start..<start + count, using: decompressor)
            #expect(found == Self.rows(sealed.rows, start..<start + count), "rows \(start)..<\(start + count)")
        }
    }

    /// Row by row, unlike what is tested.
    private static func rows(_ all: SegmentRows, _ range: Range<Int>) -> SegmentRows {
        let runOfRow = all.runs.indices.flatMap { repeatElement($0, count: all.runs[$0].rowCount) }
        var runs: [SegmentRows.Run] = []
        for row in range {
            if row > range.lowerBound, runOfRow[row] == runOfRow[row - 1] {
                runs[runs.count - 1].rowCount += 1
            } else {
                runs.append(all.runs[runOfRow[row]])
                runs[runs.count - 1].rowCount = 1
            }
        }
        let flags = all.flags.filter { range.contains($0.row) }.map {
            SegmentRows.Flagged(row: $0.row - range.lowerBound, flags: $0.flags)
        }
        return SegmentRows(firstIndex: all.firstIndex + UInt64(range.lowerBound), runs: runs, flags: flags)
    }

    // MARK: - Threads

    @Test func `tasks on several threads read different rows at once`() async throws {
        let sealed = try EncodedEvents(Self.longLines(3000), ParquetWriterOptions(rowsPerPage: 250))
        let reader = try sealed.reader()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 0..<4 as Range<UInt64> {
                group.addTask { @concurrent in
                    let decompressor = ZstdDecompressor()
                    var numbers = SeededNumbers(seed: seed)
                    for _ in 0..<40 {
                        // The same pages half of the time.
                        let start = Int.random(in: 0..<(seed < 2 ? 2800 : 400), using: &numbers)
                        let count = Int.random(in: 1...200, using: &numbers)
                        try sealed.expect(start..<start + count, from: reader, using: decompressor)
                        let labels = try reader.labels(start..<start + count, using: decompressor)
                        #expect(labels == Self.rows(sealed.rows, start..<start + count))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    // MARK: - Cost

    /// A file that counts what is read of it.
    private final class CountedBytes: ParquetByteSource, Sendable {
        private let all: [UInt8]
        private let count = Mutex(0)

        init(_ bytes: [UInt8]) { all = bytes }

        var byteCount: Int { all.count }
        var readByteCount: Int { count.withLock { $0 } }

        func bytes(_ range: Range<Int>) throws(SegmentError) -> [UInt8] {
            count.withLock { $0 += range.count }
            return Array(all[range])
        }
    }

    @Test func `a row costs the pages that have it, and its neighbours nothing`() throws {
        let sealed = try EncodedEvents(Self.lines(10_000), ParquetWriterOptions(rowsPerPage: 200))
        let source = CountedBytes(sealed.file)
        let reader = try SegmentRowReader(source)
        let decompressor = ZstdDecompressor()
        // Dictionaries and the shapes of rows are read once.
        _ = try reader.events(0..<1, using: decompressor)
        _ = try reader.events(5000..<5020, using: decompressor)

        let warm = source.readByteCount
        _ = try reader.events(7500..<7501, using: decompressor)
        let row = source.readByteCount - warm
        _ = try reader.events(7501..<7502, using: decompressor)
        let neighbour = source.readByteCount - warm - row

        #expect(row > 0)
        #expect(row < sealed.file.count / 30)
        // Of a column that the row before does not have there may be a page to read.
        #expect(neighbour < row / 4)
    }

    @Test func `what is kept does not grow from read to read`() throws {
        let sealed = try EncodedEvents(Self.longLines(3000), ParquetWriterOptions(rowsPerPage: 250))
        let reader = try sealed.reader()
        let decompressor = ZstdDecompressor()
        func readAll() throws {
            for start in stride(from: 0, to: 3000, by: 125) {
                _ = try reader.events(start..<start + 125, using: decompressor)
            }
        }
        try readAll()
        let first = reader.heldByteCount
        try readAll()
        try readAll()

        #expect(reader.heldByteCount <= first + first / 10)
    }

    /// A row of the longest value of every column would have 40 MB.
    @Test func `a few long values in many columns do not make every row expensive`() throws {
        let long = String(repeating: "long ", count: 20_000)
        let events = (0..<200).map { number in
            let values = (0..<200).map { #""k\#($0)":"\#($0 == number ? long : "\($0)")""# }
            return "{\(values.joined(separator: ","))}"
        }
        let sealed = try EncodedEvents(events)
        let found = try sealed.reader().events(7..<9, using: ZstdDecompressor())

        #expect(found.all == Array(sealed.events[7..<9]))
        #expect(found.bytes.count < 1 << 20)
    }

    // MARK: - Damage

    private static func read(_ file: [UInt8], _ rows: Range<Int>) throws -> ([[UInt8]], SegmentRows) {
        let reader = try SegmentRowReader(ParquetBytes(file))
        guard reader.rowCount >= rows.upperBound else { throw SegmentError(.inconsistent, "fewer rows") }
        let decompressor = ZstdDecompressor()
        return (try reader.events(rows, using: decompressor).all, try reader.labels(rows, using: decompressor))
    }

    @Test func `a flipped bit is an error, or changes no event`() throws {
        let sealed = try EncodedEvents(Self.lines(90), ParquetWriterOptions(rowsPerPage: 30))
        let rows = 28..<33
        var refusedCount = 0
        for place in stride(from: 0, to: sealed.file.count, by: 3) {
            var damaged = sealed.file
            damaged[place] ^= 1 << UInt8(place / 3 % 8)
            do {
                let found = try Self.read(damaged, rows).0
                #expect(found == Array(sealed.events[rows]), "byte \(place)")
            } catch is SegmentError {
                refusedCount += 1
            }
        }
        #expect(refusedCount > 0)
    }

    @Test func `bytes overwritten at random, and files cut off, are errors or events`() throws {
        let sealed = try EncodedEvents(
            TortureSet.structures + Self.longLines(300),
            ParquetWriterOptions(rowsPerPage: 50)
        )
        var numbers = SeededNumbers(seed: 6)
        for _ in 0..<300 {
            var damaged = sealed.file
            for _ in 0..<Int.random(in: 1...20, using: &numbers) {
                damaged[Int.random(in: damaged.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            _ = try? Self.read(damaged, 40..<160)
        }
        for end in stride(from: 0, to: sealed.file.count, by: 397) {
            #expect(throws: SegmentError.self) { try Self.read(Array(sealed.file[..<end]), 0..<1) }
        }
    }

    /// Parts whose checksums are right and that contradict each other.
    private static let contradictions: [(String, @Sendable (inout ParquetContents) -> Void)] = [
        ("no shapes for rows", { $0.remove("martlet.shape") }),
        ("a path that is not there", { $0.remove("id") }),
        ("a label that is not there", { $0.remove("martlet.origin") }),
        ("shapes that are not there", { $0.replace("martlet.shape") { .int32($0.map { _ in 999 }) } }),
        ("shapes of other rows", { $0.replace("martlet.shape") { .int32($0.map { _ in 1 }) } }),
        ("values of another type", { $0.replace("data.connection", .int64(Array(repeating: 5, count: 90))) }),
        ("fewer values than rows", { $0.cutPresence("data.port") }),
        ("an index with a gap", { $0.replace("martlet.index", .int64((0..<90).map { $0 * 2 })) }),
    ]

    @Test(arguments: contradictions.map(\.0))
    func `what contradicts itself is an error`(name: String) throws {
        let change = try #require(Self.contradictions.first { $0.0 == name })
        var contents = try ParquetContents(EncodedEvents(Self.lines(90)).file)
        #expect(throws: Never.self) { try Self.read(contents.file(), 20..<60) }

        change.1(&contents)

        #expect(throws: SegmentError.self) { try Self.read(contents.file(), 20..<60) }
    }
}

/// A Parquet file taken apart, to be put together as something else.
private struct ParquetContents {
    private var columns: [(column: ParquetColumn, data: ParquetColumnData)] = []
    private let keyValues: [ParquetKeyValue]
    private let rowCount: Int

    init(_ file: [UInt8]) throws {
        let reader = try ParquetReader(ParquetBytes(file))
        keyValues = reader.metadata.keyValues
        rowCount = Int(reader.metadata.rowCount)
        for (place, column) in reader.columns.enumerated() {
            columns.append((column, try reader.readColumn(place, rowGroup: 0, using: ZstdDecompressor())))
        }
    }

    mutating func remove(_ name: String) {
        columns.removeAll { $0.column.name == name }
    }

    /// Other numbers for the dictionary.
    mutating func replace(_ name: String, _ change: ([Int32]) -> ParquetValues) {
        for place in columns.indices where columns[place].column.name == name {
            if case .int32(let values) = columns[place].data.values { columns[place].data.values = change(values) }
        }
    }

    /// Other values for all rows.
    mutating func replace(_ name: String, _ values: ParquetValues) {
        for place in columns.indices where columns[place].column.name == name {
            columns[place] = (ParquetColumn(name, values.type), ParquetColumnData(values))
        }
    }

    /// No value in the last row.
    mutating func cutPresence(_ name: String) {
        for place in columns.indices where columns[place].column.name == name {
            guard case .int64(let values) = columns[place].data.values, columns[place].data.codes == nil else {
                continue
            }
            columns[place].column.isOptional = true
            columns[place].data = ParquetColumnData(
                .int64(values.dropLast()),
                presence: Bitmap((0..<values.count).map { $0 < values.count - 1 })
            )
        }
    }

    func file() throws -> [UInt8] {
        var writer = try ParquetWriter(columns: columns.map(\.column))
        let encoder = try ColumnChunkEncoder()
        for (column, data) in columns { try writer.append(encoder.encode(column, data, rowCount: rowCount)) }
        try writer.finish(keyValues)
        return writer.take()
    }
}
