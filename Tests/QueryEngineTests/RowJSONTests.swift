// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import Foundation
import JournalFormat
import Testing

@testable import QueryEngine

@Suite struct RowJSONTests {
    private static let odd = [
        "{}", "{ }", "{\n  \"id\" : \"1\" ,\r\n\t\"data\" : [ 1 , { \"a\" : null } ]\n}",
        #"{"id":"\u0000\ud83d\udc26\/"}"#,
        "{\"id\":\"Zoë 🐦\u{2028}\"}", #"{"event":{"index":7},"index":"x","events":[{"index":1}],"partialReason":"no"}"#,
        #"{"n":9007199254740993,"m":1e300,"z":-0.0}"#, "{\"\":\"\",\"a.b\":{\"[]\":[]}}", #"{"ev\u0065nt":1}"#,
    ].map { Array($0.utf8) }

    @Test func `a row is read back as it was, byte for byte`() throws {
        for bytes in try ExampleDay.events() + Self.odd {
            for row in Self.rows(of: bytes) {
                let text = Self.encoded(row)

                let read = try #require(RowJSON.decode(text), "\(String(decoding: text, as: UTF8.self))")

                #expect(Self.isSame(read, row))
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text)) }
            }
        }
    }

    @Test(arguments: [nil, "the deadline of 30 s passed", "\"quoted\"\n"])
    func `a document is read back with all its rows`(partialReason: String?) throws {
        let rows = try (ExampleDay.events() + Self.odd).enumerated().flatMap { place, bytes in
            Self.rows(of: bytes, index: UInt64(place))
        }
        var text = Array(#"{"events":["#.utf8)
        for (place, row) in rows.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            text += Self.encoded(row)
        }
        let reason = try partialReason.map { try JSONEncoder().encode($0) } ?? Data("null".utf8)
        text += Array("],\"partial\":\(partialReason != nil),\"partialReason\":".utf8) + Array(reason) + Array("}".utf8)

        let read = try #require(RowJSON.decodeDocument(text))

        #expect(read.rows.count == rows.count)
        #expect(zip(read.rows, rows).allSatisfy { Self.isSame($0, $1) })
        #expect(read.partialReason == partialReason || partialReason == nil)
    }

    @Test func `an answer without rows is one`() throws {
        let read = try #require(RowJSON.decodeDocument(Array(#"{"events":[]}"#.utf8)))

        #expect(read.rows.isEmpty)
        #expect(read.partialReason == nil)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"events\":null}", "{\"events\":{}}", "{\"events\":[{\"index\":1}]}", "{\"events\":[]",
        #"{"type":"about:blank","status":500}"#, "<html></html>",
    ])
    func `something else is no answer`(text: String) {
        #expect(RowJSON.decodeDocument(Array(text.utf8)) == nil)
        #expect(RowJSON.decode(Array(text.utf8)) == nil)
    }

    @Test func `every prefix of a row is none`() throws {
        let row = try #require(Self.rows(of: Self.odd[2]).first)
        let text = Self.encoded(row)

        for length in 0..<text.count { #expect(RowJSON.decode(Array(text[..<length])) == nil, "\(length)") }
    }

    // MARK: - Rows

    private static func rows(of bytes: [UInt8], index: UInt64 = 0) -> [StoredEvent] {
        let names = [("User:alice", "file:day"), ("", ""), ("\"\\\n\u{1F}", "é🐦\u{7F}")]
        return [LogStream.audit, .system].enumerated().flatMap { place, stream in
            names.map { submitter, source in
                StoredEvent(
                    index: index == 0 ? .max - UInt64(place) : index,
                    received: 1_795_305_600_123_456_789 * Int64(place),
                    stream: stream,
                    submitter: submitter,
                    source: source,
                    flags: place == 0 ? .conflict : [],
                    bytes: bytes
                )
            }
        }
    }

    private static func encoded(_ row: StoredEvent) -> [UInt8] {
        guard let catalog = try? TestLog.engine.get().catalog else { return [] }
        var describer = EventDescriber(catalog)
        var text: [UInt8] = []
        RowJSON.encode(describer.describe(row), into: &text)
        return text
    }

    private static func isSame(_ left: StoredEvent, _ right: StoredEvent) -> Bool {
        left.index == right.index && left.received == right.received && left.stream == right.stream
            && left.submitter == right.submitter && left.source == right.source && left.flags == right.flags
            && left.bytes == right.bytes
    }
}
