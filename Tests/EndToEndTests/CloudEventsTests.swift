// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct CloudEventsTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        // MARK: - Modes

        @Test(arguments: [
            "application/cloudevents+json", "application/cloudevents+json; charset=UTF-8", "application/json",
        ])
        func `a structured event is stored as it is`(type: String) async throws {
            let server = try await RunningServer(data: data)
            let event = Sample.spread(Sample.event("one"))

            let answer = try await server.post(Array(" \n".utf8) + event + Array("\n".utf8), as: type)
                .decoded(Acknowledgement.self)

            #expect(answer.accepted == 1)
            #expect(answer.durability == "durable")
            let index = try #require(answer.firstIndex)
            #expect(answer.lastIndex == index)
            #expect(try await self.event(at: index, of: server) == event)
        }

        @Test(arguments: ["application/cloudevents-batch+json", "application/json"])
        func `a batch is stored in its order`(type: String) async throws {
            let server = try await RunningServer(data: data)
            let events = Sample.events(0..<5)
            let body = Array("[ ".utf8) + events.joined(separator: " ,\n".utf8) + Array(" ]".utf8)

            let answer = try await server.post(body, as: type).decoded(Acknowledgement.self)

            #expect(answer.accepted == 5)
            #expect(answer.firstIndex.map { $0 + 4 } == answer.lastIndex)
            #expect(difference(try await server.events(), events) == nil)
        }

        @Test(arguments: ["application/x-ndjson", "application/jsonl", "application/ndjson"])
        func `lines are stored in their order`(type: String) async throws {
            let server = try await RunningServer(data: data)
            let events = Sample.events(0..<5)

            let answer = try await server.post(NDJSON.joined(events, lineEnd: "\r\n"), as: type)
                .decoded(Acknowledgement.self)

            #expect(answer.accepted == 5)
            #expect(difference(try await server.events(), events) == nil)
        }

        private struct Binary: Decodable {
            struct Data: Decodable { let n: Int }
            let specversion, id, source, type, subject, datacontenttype: String
            let data: Data
        }

        @Test(arguments: [
            (sent: "plain", meant: "plain"),
            (sent: "Euro%20%E2%82%AC%20%F0%9F%98%80", meant: "Euro € 😀"),
            (sent: "%22quoted%22%20100%25", meant: "\"quoted\" 100%"),
            (sent: "crn://example.test/a=b", meant: "crn://example.test/a=b"),
            (sent: "broken%2", meant: "broken%2"),
            (sent: "%zz", meant: "%zz"),
            (sent: #""a \"quoted\" value%21""#, meant: #"a "quoted" value!"#),
        ])
        func `attributes in headers are decoded once`(sent: String, meant: String) async throws {
            let server = try await RunningServer(data: data)

            let response = try await server.post(
                Array(#" {"n": 12345} "#.utf8),
                as: "application/json; charset=utf-8",
                headers: Self.attributes + [("CE-Subject", sent)]
            )

            #expect(response.status == 200, "\(response.text)")
            let events = try await server.events()
            let event = try JSONDecoder().decode(Binary.self, from: Data(#require(events.first)))
            #expect(event.subject == meant)
            #expect(event.specversion == "1.0")
            #expect(event.id == "binary-1")
            #expect(event.source == "crn://example.test/")
            #expect(event.type == "test")
            #expect(event.datacontenttype == "application/json")
            #expect(event.data.n == 12345)
        }

        private static let attributes = [
            ("ce-specversion", "1.0"), ("ce-id", "binary-1"), ("ce-source", "crn://example.test/"), ("ce-type", "test"),
        ]

        @Test(arguments: [
            #"{"n":1},"subject":"somebody else""#, #"1,"extra":2"#, #"{"n":1}}"#, #"{"n":1}{"n":2}"#, #"{"n":1"#,
            "plain text",
        ])
        func `a binary event's body is one value and adds no attributes`(body: String) async throws {
            let server = try await RunningServer(data: data)
            try await eventually("the start is recorded") { try await server.endIndex() == 1 }

            let response = try await server.post(Array(body.utf8), as: "application/json", headers: Self.attributes)

            #expect(response.status == 400, "\(response.text)")
            #expect(try await server.endIndex() == 1)
        }

        @Test(arguments: [Array("%FF".utf8), Array("%C0%A0".utf8), Array("%ED%A0%80".utf8), [0xFF], Array("é".utf8)])
        func `a header that cannot be read without replacing bytes is refused`(value: [UInt8]) async throws {
            let server = try await RunningServer(data: data)
            let head =
                "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            let attributes = Self.attributes.map { "\($0): \($1)\r\n" }.joined() + "ce-subject: "
            let request = Array((head + attributes).utf8) + value + Array("\r\n\r\n{}".utf8)

            let status = try await onThread { [port = server.port] in
                let connection = try HTTPConnection(port: port)
                try connection.send(request)
                return try connection.receive().status
            }

            #expect(status == 400)
        }

        @Test func `a binary event without a required attribute is refused`() async throws {
            let server = try await RunningServer(data: data)
            for missing in ["ce-id", "ce-source", "ce-type"] {
                let headers = Self.attributes.filter { $0.0 != missing }

                let response = try await server.post(Array("{}".utf8), as: "application/json", headers: headers)

                #expect(response.status == 400)
                #expect(try response.decoded(ProblemDocument.self).code == "missingAttribute")
            }
        }

        // MARK: - Again

        @Test func `a repeated event is answered with the index it has`() async throws {
            let server = try await RunningServer(data: data)
            let events = Sample.events(0..<3)
            let first = try await server.post(NDJSON.joined(events)).decoded(Acknowledgement.self)
            let start = try #require(first.firstIndex)

            let mixed = [events[2], Sample.event("new"), events[0]]
            let again = try await server.post(NDJSON.joined(mixed)).decoded(Acknowledgement.self)

            #expect(again.accepted == 1)
            #expect(again.firstIndex == start + 3)
            #expect(again.repeated == [.init(position: 0, index: start + 2), .init(position: 2, index: start)])
            #expect(again.conflicts == [])
            let same = try await server.post(NDJSON.joined(events)).decoded(Acknowledgement.self)
            #expect(same.accepted == 0)
            #expect(same.firstIndex == nil)
            #expect(same.repeated.map(\.index) == [start, start + 1, start + 2])
            #expect(difference(try await server.events(), events + [Sample.event("new")]) == nil)
        }

        @Test func `a repeated event is recognised inside one batch and after a restart`() async throws {
            let server = try await RunningServer(data: data)
            let event = Sample.event("one")
            let first = try await server.post(NDJSON.joined([event, event])).decoded(Acknowledgement.self)
            await server.stop()

            let restarted = try await RunningServer(data: data)
            let again = try await restarted.post(event).decoded(Acknowledgement.self)

            #expect(first.accepted == 1)
            #expect(first.repeated.map(\.index) == [try #require(first.firstIndex)])
            #expect(again.accepted == 0)
            #expect(again.repeated.map(\.index) == [try #require(first.firstIndex)])
            #expect(try await restarted.events() == [event])
        }

        private struct Row: Decodable {
            let index: Int
            let conflict: Bool
        }

        private struct Rows: Decodable { let events: [Row] }

        @Test func `the same id with other bytes is stored and marked`() async throws {
            let server = try await RunningServer(data: data)
            let events = [Sample.event("one", note: "first"), Sample.event("one", note: "second")]
            _ = try await server.post(events[0])

            let answer = try await server.post(NDJSON.joined([Sample.event("two"), events[1]]))
                .decoded(Acknowledgement.self)

            #expect(answer.accepted == 2)
            #expect(answer.conflicts == [1])
            #expect(try await server.events() == [events[0], Sample.event("two"), events[1]])
            let rows = try await server.request("GET", "/v1/events?order=log").decoded(Rows.self).events
            #expect(rows.map(\.conflict) == [false, false, true])
            let shown = try await martlet("show", "one", "--server", server.url, expecting: 0)
            #expect(shown.text.contains("conflict"))
            #expect(shown.text.contains("first") && shown.text.contains("second"))
        }

        @Test func `another source with the same id is another event`() async throws {
            let server = try await RunningServer(data: data)
            let events = ["crn://a/", "crn://b/"].map { Sample.event("one", source: $0) }

            let answer = try await server.post(NDJSON.joined(events)).decoded(Acknowledgement.self)

            #expect(answer.accepted == 2)
            #expect(answer.conflicts == [])
        }

        // MARK: - Another implementation

        @Test(.enabled(if: CloudEventsSDK.isInstalled, "cloudevents is not installed for \(CloudEventsSDK.python)"))
        func `the events of the CloudEvents SDK for Python are taken in all modes`() async throws {
            let server = try await RunningServer(data: data)
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cloudevents_sender.py")

            let sent = try await run("/usr/bin/env", [CloudEventsSDK.python, script.path, server.url])

            #expect(sent.status == 0, "\(sent.error)")
            // The script prints each event as the SDK reads it back from what our log holds, and what it had sent.
            let lines = sent.lines.map { String(decoding: $0, as: UTF8.self).split(separator: "\t") }
            #expect(lines.count == 3)
            for line in lines {
                try #require(line.count == 3)
                #expect(line[1] == line[2], "\(line[0])")
            }
        }

        // MARK: - Parts

        private func event(at index: Int, of server: RunningServer) async throws -> [UInt8] {
            try await server.request("GET", "/v1/events/\(index)?output=ndjson").body
        }
    }
}

private enum CloudEventsSDK {
    /// The interpreter with the packages of `Tests/requirements.txt`, when `make` runs the tests.
    static let python = EndToEnd.environment["MARTLET_PYTHON"] ?? "python3"

    static let isInstalled: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", "import cloudevents.core"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
