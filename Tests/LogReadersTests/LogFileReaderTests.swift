// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Foundation
import Ingest
import NIOPosix
import SystemPackage
import Testing

@testable import LogReaders

@Suite struct LogFileReaderTests {
    private static func parser() -> AuthorizerLogParser {
        AuthorizerLogParser(
            cluster: CRN(authority: "", elements: [CRN.Element(type: "kafka", name: "test")]),
            zone: .utc
        )
    }

    private static func read(_ path: String) throws -> (events: [UInt8], lineCount: Int, parts: Int) {
        var reader = try LogFileReader(path: path, parser: parser())
        defer { reader.close() }
        var events: [UInt8] = []
        var lineCount = 0
        var parts = 0
        while let part = try reader.next() {
            #expect(part.firstLine == lineCount + 1)
            events += part.events
            lineCount += part.lineCount
            parts += 1
        }
        return (events, lineCount, parts)
    }

    @Test func `a log and its packed copy give the same events, and one that is followed the same as well`()
        async throws
    {
        let log = try FollowedLog()
        let count = 9000
        try log.append((0..<count).map(FollowedLog.line).joined())
        let plain = try Self.read(log.log.string)
        #expect(plain.lineCount == count)
        #expect(plain.parts > 2)
        #expect(plain.events.count { $0 == 0x0A } == count)

        try Data(FollowedLog.gzip(log.contents(log.log))).write(to: URL(filePath: log.sibling("packed").string))
        #expect(try Self.read(log.sibling("packed").string).events == plain.events)

        try await log.lookToTheEnd()
        #expect(try log.texts() == plain.events.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) })
        try await log.restart()
    }

    @Test func `taken in with progress, and what is malformed set aside`() async throws {
        let log = try FollowedLog()
        let bad = "[2026-11-22 13:24:20,000] INFO Principal = nonsense (kafka.authorizer.logger)\n"
        try log.append(FollowedLog.line(0) + bad + FollowedLog.line(1))
        let ingest = try LogFileIngest(log.admission(), submitter: "test", source: "file:x")
        var last = StreamIngest.Progress()
        var rejected: [Rejection] = []
        let reader = try LogFileReader(path: log.log.string, parser: Self.parser())
        try await ingest.run(LogPartSource(reader, pool: .singleton)) {
            last = $0
        } rejected: {
            rejected += $0
        }
        #expect(try log.numbers() == [0, 1])
        #expect(last.acceptedCount == 2)
        #expect(last.lineCount == 3)
        #expect(last.quarantinedCount == 1)
        #expect(last.readByteCount == last.totalByteCount)
        #expect(rejected.map(\.code) == ["malformedLine"])
        try await log.restart()
    }

    @Test(arguments: [
        LogPosition(log: LogIdentity(high: 1, low: .max), byteOffset: 0, firstSecond: nil),
        LogPosition(log: LogIdentity(high: 0, low: 0), byteOffset: .max, firstSecond: -5),
    ])
    func `positions read back, and nothing else does`(position: LogPosition) {
        #expect(LogPosition(position.bytes) == position)
        for count in 0..<position.bytes.count {
            let cut = LogPosition(Array(position.bytes.prefix(count)))
            #expect(cut == nil || cut?.log == position.log)
        }
        #expect(LogPosition(Array("2".utf8) + position.bytes.dropFirst()) == nil)
        #expect(LogPosition([]) == nil)
    }
}
