// SPDX-License-Identifier: Apache-2.0

import AuditModel
import ByteCoding
import EventScanner
import Foundation
import JournalFormat
import Testing

@testable import Ingest

@Suite struct SystemEventTests {
    @Test(arguments: [
        "User:alice", "", "\"quoted\\\"", "line\nend\u{0}\u{1B}[31m", "Zoë 🐦", "}{][,", "\u{2028}", "token:\u{7F}",
    ])
    func `every text makes valid JSON that says it again`(text: String) throws {
        let event = SystemEvent(
            .tokenCreated,
            method: "CreateToken",
            principal: text,
            time: "2026-11-22T10:00:00Z",
            id: "an-id",
            resource: "token=\(text)",
            details: [(text.isEmpty ? "name" : text, text), ("scopes", "read")]
        )

        let bytes = event.encoded(logID: "abc")

        let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        let data = try #require(object["data"] as? [String: Any])
        #expect((data["authenticationInfo"] as? [String: Any])?["principal"] as? String == text)
        #expect(data["resourceName"] as? String == "crn:///martlet=abc/token=\(text)")
        let details = (data["request"] as? [String: Any])?["data"] as? [String: String]
        #expect(details == [text.isEmpty ? "name" : text: text, "scopes": "read"])
        let batch = Batch(bytes: bytes, layout: .object)
        let scanner = BatchScanner(
            stream: .system,
            submitter: "martlet",
            source: "martlet",
            keySeed: 1,
            limits: ScanLimits()
        )
        #expect(throws: Never.self) { try scanner.scanStrictly(batch) }
    }

    @Test func `it is read as an event in the Kafka form`() throws {
        let event = SystemEvent(
            .quarantinePurged,
            method: "PurgeQuarantine",
            principal: "User:alice",
            time: "2026-11-22T10:00:00Z",
            id: "an-id",
            resource: "quarantine=all",
            details: [("entries", "3")]
        )

        let read = AuditEvent(try ReadValues(event.encoded(logID: "abc")))

        #expect(read.id == "an-id")
        #expect(read.source == "crn:///martlet=abc")
        #expect(read.type == "dev.martlet.audit/quarantine-purged")
        #expect(read.subject == "crn:///martlet=abc/quarantine=all")
        #expect(read.time == Timestamp("2026-11-22T10:00:00Z"))
        #expect(read.service == "crn:///martlet=abc")
        #expect(read.method == "martlet.PurgeQuarantine")
        #expect(read.principal?.description == "User:alice")
        #expect(read.resource == "crn:///martlet=abc/quarantine=all")
        #expect(read.resourceType == "quarantine")
        #expect(read.outcome == .success)
    }

    @Test func `without a resource it is about the log`() throws {
        let event = SystemEvent(.started, method: "Start", principal: "martlet", time: "2026-11-22T10:00:00Z", id: "1")

        let read = AuditEvent(try ReadValues(event.encoded(logID: "abc")))

        #expect(read.resource == "crn:///martlet=abc")
        #expect(read.subject == "crn:///martlet=abc")
    }

    private struct ReadValues: EventValues {
        private var values: [UInt16: [JSONText]] = [:]

        init(_ bytes: [UInt8]) throws {
            let paths = AuditPath.allCases.flatMap { path in path.spellings.map { ($0, path.rawValue) } }
            var scanner = ObjectScanner(PathTable(paths))
            _ = try scanner.scan(bytes.span.bytes, in: 0..<bytes.count)
            for hit in scanner.hits {
                let text = JSONText(kind: hit.kind, text: String(decoding: bytes[hit.range], as: UTF8.self))
                values[hit.slot, default: []].append(text)
            }
        }

        func first(_ path: AuditPath) -> JSONText? { values[path.rawValue]?.first }
        func all(_ path: AuditPath) -> [JSONText] { values[path.rawValue] ?? [] }
    }
}
