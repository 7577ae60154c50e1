// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Foundation
import Testing

@testable import SegmentFormat

@Suite struct RealColumnsTests {
    private func check(_ events: [[UInt8]], limits: SegmentLimits = SegmentLimits()) throws {
        let sealed = try SealedEvents(events, limits: limits)
        let difference = try sealed.firstDifference()
        #expect(difference == nil, "\(difference ?? "")")
        #expect(try sealed.eventsRead() == events)
        let times = sealed.expectedRows().map(\.time)
        #expect(sealed.encoded.earliestTime == times.min())
        #expect(sealed.encoded.latestTime == times.max())
    }

    // MARK: - Same as the model

    @Test func `every event of the torture set says in the columns what it says to the model`() throws {
        try check(TortureEvents.written.map { Array($0.utf8) })
        try check((TortureEvents.written + TortureEvents.written.reversed()).map { Array($0.utf8) })
    }

    @Test func `so does each alone`() throws {
        for event in TortureEvents.written { try check([Array(event.utf8)]) }
    }

    @Test func `and each among events of a common form`() throws {
        for event in TortureEvents.written {
            let plain = (0..<5).map { #"{"time":"2026-11-20T02:00:0\#($0).123Z","data":{"methodName":"m"}}"# }
            try check((plain + [event] + plain).map { Array($0.utf8) })
        }
    }

    @Test(arguments: 1...8)
    func `random events say in the columns what they say to the model`(seed: Int) throws {
        try check(TortureEvents.random(1_500, seed: UInt64(seed)).map { Array($0.utf8) })
    }

    @Test func `raw events too, however many`() throws {
        var limits = SegmentLimits()
        limits.maximumShapeCount = 20
        limits.maximumRefusalCount = 5

        try check((TortureEvents.random(800, seed: 77) + TortureEvents.written).map { Array($0.utf8) }, limits: limits)
    }

    @Test func `the example day says in the columns what it says to the model`() throws {
        let events = try ExampleDay.events()
        try #require(events.count > 300)
        try check(events)
    }

    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../.bench/events-200k.ndjson")

    /// All of it in a release build; a debug build takes its beginning.
    @Test(.enabled("no corpus was generated") { FileManager.default.isReadableFile(atPath: corpus.path) })
    func `the benchmarks' events say in the columns what they say to the model`() throws {
        let lines = try Data(contentsOf: Self.corpus).split(separator: UInt8(ascii: "\n"))
        #if DEBUG
        try check(lines.prefix(5_000).map(Array.init))
        #else
        try check(lines.map(Array.init))
        #endif
    }

    @Test func `many different values in columns without a dictionary come out right`() throws {
        let events = (0..<70_000).map { number in
            let id = number % 3 == 0 ? "" : "sa-\(number / 2)"
            let resource = number % 5 == 0 ? "" : "r\(number)"
            return #"{"time":"2026-11-20T02:00:00.\#(100_000 + number)Z","subject":"s\#(number / 3)","data":{"#
                + #""resourceName":"\#(resource)","authenticationInfo":{"principal":"User:u-\#(number)","#
                + #""principalResourceId":"\#(id)"}}}"#
        }
        try check(events.map { Array($0.utf8) })
    }

    // MARK: - Names

    @Test func `paths that would be named as real columns are quoted`() throws {
        let sealed = try SealedEvents(TortureEvents.written)
        let names = sealed.reader.file.columns.map(\.name)

        for name in RealColumn.allCases.map(\.rawValue) { #expect(names.count { $0 == name } == 1) }
        #expect(try sealed.texts("\"principal\"")[0] == "p")
        #expect(try sealed.texts("\"outcome\"")[0] == "o")
        #expect(try sealed.texts("\"method\"")[0] == "m")
        #expect(try sealed.texts("\"resource\"")[0] == "r")
        #expect(names.contains("\"time\""))
        #expect(names.contains(#""martlet.index""#))
        #expect(names.contains(#""\"time\"""#))
        #expect(names.contains("data.principal"))
        #expect(names.contains(#""martlet".index"#))
    }

    @Test(arguments: [
        (#""2026-11-20T02:00:00.123Z""#, #""2026-11-20T02:00:01.124Z""#, true),
        (#""2026-11-20T02:00:00Z""#, #""2026-11-20T02:00:01Z""#, true),
        (#""1969-11-20T02:00:00.1Z""#, #""2026-11-20T02:00:01.2Z""#, true),
        (#""2026-11-20T02:00:00.1234Z""#, #""2026-11-20T02:00:01.1245Z""#, false),
        (#""2026-11-20T02:00:00.123Z""#, #""2026-11-20T02:00:01.1245Z""#, false),
        (#""2026-11-20T02:00:00.123Z""#, "null", false),
        (#""2026-11-20T02:00:00.123Z""#, #""9999-11-20T02:00:01.124Z""#, false),
    ])
    func `the events' own time is the column when it is milliseconds in every row`(
        first: String,
        second: String,
        isReal: Bool
    ) throws {
        let sealed = try SealedEvents([#"{"time":\#(first)}"#, #"{"time":\#(second)}"#])

        #expect(try sealed.firstDifference() == nil)
        #expect((try sealed.column("\"time\"") == nil) == isReal)
        let column = try #require(sealed.reader.file.columns.first { $0.name == "time" })
        #expect(column.logicalType == .timestamp(.milliseconds))
        #expect(!column.isOptional)
    }

    @Test func `the types of the real columns do not depend on the events`() throws {
        for events in [["{}"], TortureEvents.written, [#"{"time":"2026-11-20T02:00:00Z","data":{"methodName":7}}"#]] {
            let columns = try SealedEvents(events).reader.file.columns.filter {
                RealColumn(rawValue: $0.name) != nil
            }
            #expect(columns.map(\.name) == ["time", "outcome", "principal", "method", "resource"])
            #expect(columns.map(\.isOptional) == [false, false, true, true, true])
            #expect(columns.dropFirst().allSatisfy { $0.type == .byteArray && $0.logicalType == .string })
        }
    }

    // MARK: - Shared pages

    private static func plain(_ count: Int, principal: String = "User:u-", method: String = "kafka.M") -> [[UInt8]] {
        (0..<count).map { number in
            Array(
                """
                {"type":"a/request","time":"2026-11-20T02:00:0\(number % 10).123Z","data":{"methodName":\
                "\(method)\(number % 9)","resourceName":"crn://a/kafka=\(number % 90)","authenticationInfo":\
                {"principal":"\(principal)\(number % 7)"}}}
                """.utf8
            )
        }
    }

    @Test func `a column that is the same as a path's has its pages`() throws {
        let sealed = try SealedEvents(Self.plain(500), rowsPerPage: 100)

        #expect(try sealed.isShared("method", with: "data.methodName"))
        #expect(try sealed.isShared("resource", with: "data.resourceName"))
        #expect(try sealed.isShared("principal", with: "data.authenticationInfo.principal"))
        #expect(try sealed.column("method") == sealed.column("data.methodName"))
        #expect(try sealed.firstDifference() == nil)
    }

    @Test func `a column that differs in one row has its own pages`() throws {
        for other in [
            #"{"data":{"method_name":"kafka.M1"}}"#, #"{"data":{"methodName":"","x":1}}"#,
            #"{"data":{"methodName":"\u006bafka.M1"}}"#,
        ] {
            let sealed = try SealedEvents(Self.plain(100) + [Array(other.utf8)])
            #expect(try !sealed.isShared("method", with: "data.methodName"))
            #expect(try sealed.isShared("resource", with: "data.resourceName"))
            #expect(try sealed.firstDifference() == nil)
        }
    }

    @Test func `two columns may share one path's pages with it`() throws {
        let events = (0..<50).map { #"{"subject":"s","data":{"methodName":"a\#($0 % 3)","resourceName":"b"}}"# }
        let sealed = try SealedEvents(events)

        #expect(try sealed.isShared("method", with: "data.methodName"))
        #expect(try sealed.isShared("resource", with: "data.resourceName"))
        #expect(try sealed.eventsRead() == sealed.events)
    }

    // MARK: - Parts

    @Test func `parts with their checksums cover every byte`() throws {
        let encoded = try SealedEvents(Self.plain(300)).encoded
        var start = 0
        for part in encoded.parts {
            #expect(part.endOffset > start)
            #expect(part.checksum == CRC32C.checksum(encoded.bytes[start..<part.endOffset].span.bytes), "\(part.name)")
            start = part.endOffset
        }
        #expect(start == encoded.bytes.count)
        #expect(encoded.parts.last?.name == SegmentPart.footerName)
        #expect(Set(encoded.parts.map(\.name)).count == encoded.parts.count)
        #expect(!encoded.parts.contains { $0.name == "data.methodName" })
    }

    @Test func `the position of each frame stands beside its events`() throws {
        let sealed = try SealedEvents(Self.plain(10))
        let positions = try #require(try sealed.column("martlet.position"))

        #expect(positions.values == .byteArrays(ByteArrays([[0, 0xFF], [7, 0xFF]])))
        #expect(positions.codes == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
    }

    @Test func `columns before they are encoded are those that are read back`() throws {
        for events in [Self.plain(400), TortureEvents.written.map { Array($0.utf8) }] {
            let sealed = try SealedEvents(events, rowsPerPage: 64)
            for column in sealed.columns.columns {
                #expect(
                    try sealed.column(column.declared.name) == sealed.columns.data(of: column),
                    "\(column.declared.name)"
                )
            }
        }
    }
}
