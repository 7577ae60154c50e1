// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import Testing

@testable import SegmentFormat

@Suite struct SegmentTests {
    private static func lines(_ count: Int) -> [[UInt8]] {
        (0..<count).map { number in
            let granted = number.isMultiple(of: 7) ? "false" : "true"
            let id = "6f1c5485-ab93-43a3-81ce-\(String(format: "%012x", number * 7919))"
            let result = number.isMultiple(of: 3) ? #","result":{"status":"SUCCESS"}"# : ""
            return Array(
                """
                {"specversion":"1.0","id":"\(id)","type":"io.confluent.kafka.server/authorization",\
                "source":"crn:///kafka=lkc-\(number % 5)","time":"2026-11-20T02:\(10 + number % 50):00.\(100 + number % 900)Z",\
                "data":{"methodName":"kafka.\(number.isMultiple(of: 2) ? "Produce" : "CreateTopics")","granted":\(granted),\
                "port":\(1000 + number % 1000)\(result)}}
                """.utf8
            )
        }
    }

    private static func sealed(_ events: [[UInt8]], flags: [SegmentRows.Flagged] = []) throws -> [UInt8] {
        var shredder = SegmentShredder(seed: 1)
        for event in events { try unsafe shredder.add(event.span.bytes) }
        let half = events.count / 2
        let rows = SegmentRows(
            firstIndex: 1_000,
            runs: [
                .init(rowCount: half, received: 5, stream: "audit", submitter: "token:a", origin: "http"),
                .init(
                    rowCount: events.count - half,
                    received: 7,
                    stream: "system",
                    submitter: "martlet",
                    origin: "file:x"
                ),
            ].filter { $0.rowCount > 0 },
            flags: flags
        )
        return try SegmentEncoder().encode(shredder.finish(), rows).bytes
    }

    private static func events(in file: [UInt8], batchRowCount: Int = 100) throws -> [[UInt8]] {
        var events: [[UInt8]] = []
        try SegmentReader(ParquetBytes(file)).readEvents(batchRowCount: batchRowCount, using: ZstdDecompressor()) {
            first,
            batch throws(SegmentError) in
            #expect(first == events.count)
            for place in 0..<batch.count { events.append(Array(batch.bytes[batch.range(of: place)])) }
        }
        return events
    }

    // MARK: - Round trip

    @Test(arguments: [1, 2, 99, 100, 101, 2_000])
    func `events come back byte for byte, in order`(count: Int) throws {
        let events = Self.lines(count)

        #expect(try Self.events(in: Self.sealed(events)) == events)
    }

    @Test func `events of no common shape come back too`() throws {
        let odd = [
            "{}", "{ }", #"{"a":1}"#, #"{"a":-0}"#, #"{"a":1.0}"#, #"{"a":1e5}"#, #"{"a":"kafka\u003dx"}"#,
            #"{"":{"":""}}"#,
            #"{"a":12345678901234567890}"#, #"{"a":[1,[2,[3]],{"b":null}]}"#, "{\"a\" :\t1\n}", #"{"é":"ü"}"#,
            #"{"id":"6F1C5485-AB93-43A3-81CE-000000000000"}"#, #"{"time":"+999999999-12-31T23:59:59.999999999-18:00"}"#,
        ].map { Array($0.utf8) }
        let events = odd + Self.lines(50) + odd

        #expect(try Self.events(in: Self.sealed(events)) == events)
    }

    @Test func `the example day comes back byte for byte`() throws {
        let day = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Examples/day", directoryHint: .isDirectory)
        let files = try FileManager.default.contentsOfDirectory(at: day, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "ndjson" }
        let events = try files.sorted { $0.path < $1.path }.flatMap { file in
            try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map(Array.init)
        }
        try #require(events.count > 300)

        #expect(try Self.events(in: Self.sealed(events)) == events)
    }

    // MARK: - What the log knows

    @Test func `index, time of receipt, labels and flags stand beside the events`() throws {
        let file = try SegmentReader(ParquetBytes(Self.sealed(Self.lines(10), flags: [.init(row: 3, flags: 1)])))
        let decompressor = ZstdDecompressor()

        #expect(file.rowCount == 10)
        #expect(try file.column(named: "martlet.index", using: decompressor)?.values == .int64(Array(1_000..<1_010)))
        #expect(
            try file.column(named: "martlet.received", using: decompressor)?.values
                == .int64([5, 5, 5, 5, 5, 7, 7, 7, 7, 7])
        )
        #expect(
            try file.column(named: "martlet.flags", using: decompressor)?.values
                == .int32([0, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        )
        let streams = try #require(try file.column(named: "martlet.stream", using: decompressor))
        #expect(streams.codes == [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
        #expect(streams.values == .byteArrays(ByteArrays([Array("audit".utf8), Array("system".utf8)])))
    }

    @Test func `a path's values can be read alone`() throws {
        let file = try SegmentReader(ParquetBytes(Self.sealed(Self.lines(60))))

        let status = try #require(try file.column(named: "data.result.status", using: ZstdDecompressor()))

        #expect(status.valueCount == 20)
        #expect(status.presence?.setCount(0..<60) == 20)
    }

    // MARK: - What is no segment

    @Test func `rows and events have to be as many`() throws {
        var shredder = SegmentShredder(seed: 1)
        let event = Self.lines(1)[0]
        try unsafe shredder.add(event.span.bytes)
        let segment = shredder.finish()

        let error = #expect(throws: SegmentError.self) {
            try SegmentEncoder().encode(segment, SegmentRows(firstIndex: 0, runs: []))
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func `a Parquet file of somebody else is no segment`() throws {
        let column = ParquetColumn("a", .int64)
        var writer = try ParquetWriter(columns: [column])
        try writer.append(ColumnChunkEncoder().encode(column, ParquetColumnData(.int64([1])), rowCount: 1))
        try writer.finish()
        let file = writer.take()

        let error = #expect(throws: SegmentError.self) { try SegmentReader(ParquetBytes(file)) }
        #expect(error?.code == .inconsistent)
    }

    @Test func `every flipped byte of a segment is an error, or changes nothing`() throws {
        let events = Self.lines(40)
        let file = try Self.sealed(events)
        for place in stride(from: 0, to: file.count, by: 3) {
            var damaged = file
            damaged[place] ^= 0x10
            guard let found = try? Self.events(in: damaged) else { continue }
            #expect(found == events, "byte \(place) changed the events and was not noticed")
        }
    }
}
