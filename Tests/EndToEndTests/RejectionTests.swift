// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct RejectionTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        // MARK: - Over HTTP

        /// What is handed in, and what is said of it.
        ///
        /// The byte is the offset of the fault, nil where it is not looked at.
        struct Row: Sendable, CustomTestStringConvertible {
            let name: String
            let body: [UInt8]
            let status: Int
            let code: String
            let byteOffset: Int?

            init(_ name: String, _ body: some Sequence<UInt8>, _ status: Int, _ code: String, at byteOffset: Int? = nil)
            {
                self.name = name
                self.body = Array(body)
                self.status = status
                self.code = code
                self.byteOffset = byteOffset
            }

            init(_ name: String, _ body: String, _ status: Int, _ code: String, at byteOffset: Int? = nil) {
                self.init(name, Array(body.utf8), status, code, at: byteOffset)
            }

            var testDescription: String { name }
        }

        /// An event with something put behind its attributes; the first byte of it is at `tail`.
        private static func event(_ tail: [UInt8]) -> [UInt8] {
            Array(#"{"specversion":"1.0","id":"x","source":"s","type":"t","data":"#.utf8) + tail
        }

        private static func event(_ tail: String) -> [UInt8] { event(Array(tail.utf8)) }

        private static let tail = event("").count

        private static let rows = [
            Row("nothing", "", 400, "noEvents"),
            Row("white space", " \n\t ", 400, "noEvents"),
            Row("a key twice", event(#"1,"id":"y"}"#), 400, "duplicateKey", at: tail + 3),
            Row("a key twice inside", event(#"{"a":1,"a":2}}"#), 400, "duplicateKey", at: tail + 8),
            Row("a key twice, once escaped", event(#"{"a":1,"\u0061":2}}"#), 400, "duplicateKey", at: tail + 8),
            Row("a comma before a brace", event("{\"a\":1,}}"), 400, "trailingComma"),
            Row("a comma before a bracket", event("[1,]}"), 400, "trailingComma"),
            Row("a byte order mark", [0xEF, 0xBB, 0xBF] + event("1}"), 400, "notUTF8Encoded", at: 0),
            Row("UTF-16 with its mark", [0xFF, 0xFE] + event("1}").flatMap { [$0, 0] }, 400, "notUTF8Encoded", at: 0),
            Row("UTF-16 without one", event("1}").flatMap { [$0, 0] }, 400, "notUTF8Encoded"),
            Row("UTF-16, big end first", event("1}").flatMap { [0, $0] }, 400, "notUTF8Encoded"),
            Row(
                "a byte that is in no UTF-8",
                event(Array("\"".utf8) + [0xFF] + Array("\"}".utf8)),
                400,
                "invalidUTF8",
                at: tail + 1
            ),
            Row("an overlong slash", event(Array("\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8)), 400, "invalidUTF8"),
            Row(
                "a surrogate in UTF-8",
                event(Array("\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"}".utf8)),
                400,
                "invalidUTF8"
            ),
            Row(
                "above the last scalar",
                event(Array("\"".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("\"}".utf8)),
                400,
                "invalidUTF8"
            ),
            Row("half of a surrogate pair", event(#""\ud800"}"#), 400, "loneSurrogate"),
            Row("the other half", event(#""\udc00x"}"#), 400, "loneSurrogate"),
            Row("a raw tab in a string", event("\"a\tb\"}"), 400, "controlCharacter", at: tail + 2),
            Row("a raw NUL in a string", event("\"a\u{0}b\"}"), 400, "controlCharacter", at: tail + 2),
            Row("an escape that is none", event(#""\x41"}"#), 400, "invalidEscape"),
            Row("NaN", event("NaN}"), 400, "invalidLiteral", at: tail),
            Row("Infinity", event("[Infinity]}"), 400, "invalidLiteral"),
            Row("a leading zero", event("01}"), 400, "invalidNumber"),
            Row("a plus", event("+1}"), 400, "invalidNumber"),
            Row("a bare fraction", event(".5}"), 400, "invalidNumber"),
            Row("a number that stops", event("1.}"), 400, "invalidNumber"),
            Row("a comment", event("/* */1}"), 400, "unexpectedByte", at: tail),
            Row("single quotes", event("'a'}"), 400, "unexpectedByte", at: tail),
            Row("something behind it", event("1}x"), 400, "trailingBytes", at: tail + 2),
            Row("two on a line", event("1}") + event("1}"), 400, "trailingBytes"),
            Row("cut short", event("\"a"), 400, "truncated"),
            Row("no object", "[1]", 400, "notAnObject", at: 0),
            Row("a string", "\"event\"", 400, "notAnObject", at: 0),
            Row(
                "65 levels",
                event(String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}"),
                400,
                "tooDeep"
            ),
            Row("a million levels", String(repeating: "{\"a\":", count: 150_000), 400, "tooDeep"),
            Row(
                "an event over a mebibyte",
                event("\"" + String(repeating: "x", count: 1 << 20) + "\"}"),
                413,
                "tooLong"
            ),
            Row("a long key", event("{\"" + String(repeating: "k", count: 5000) + "\":1}}"), 400, "keyTooLong"),
            Row("without an id", #"{"specversion":"1.0","source":"s","type":"t"}"#, 400, "missingAttribute"),
            Row("without a source", #"{"specversion":"1.0","id":"x","type":"t"}"#, 400, "missingAttribute"),
            Row("without a type", #"{"specversion":"1.0","id":"x","source":"s"}"#, 400, "missingAttribute"),
            Row("without a version", #"{"id":"x","source":"s","type":"t"}"#, 400, "missingAttribute"),
            Row("a number as id", #"{"specversion":"1.0","id":7,"source":"s","type":"t"}"#, 400, "invalidAttribute"),
            Row("an empty id", #"{"specversion":"1.0","id":"","source":"s","type":"t"}"#, 400, "invalidAttribute"),
        ]

        @Test func `each bad event is refused with its reason and place, and nothing else changes`() async throws {
            let server = try await RunningServer(data: data)
            let good = Sample.event("good")
            _ = try await server.post(good)
            try await eventually("the start is recorded") { try await server.endIndex() == 2 }

            for row in Self.rows {
                let response = try await server.post(row.body)

                #expect(response.status == row.status, "\(row.name)")
                #expect(response.headers["content-type"] == "application/problem+json", "\(row.name)")
                let problem = try response.decoded(ProblemDocument.self)
                #expect(problem.code == row.code, "\(row.name): \(problem.detail)")
                #expect(problem.status == row.status, "\(row.name)")
                #expect(!problem.title.isEmpty && !problem.detail.isEmpty, "\(row.name)")
                #expect(problem.type == "urn:martlet:problem:\(row.code)", "\(row.name)")
                #expect(problem.line == 1, "\(row.name)")
                if let byteOffset = row.byteOffset { #expect(problem.byteOffset == byteOffset, "\(row.name)") }
                #expect(problem.byteOffset != nil, "\(row.name)")
            }

            #expect(try await server.endIndex() == 2)
            #expect(difference(try await server.events(), [good]) == nil)
            #expect(await server.stop() == .exited(0))
        }

        @Test(arguments: [
            (type: "application/cloudevents+json", name: "structured"),
            (type: "application/cloudevents-batch+json", name: "batched"),
            (type: "application/json", name: "by the first byte"),
        ])
        func `every way in refuses what is no event`(type: String, name: String) async throws {
            let server = try await RunningServer(data: data)
            try await eventually("the start is recorded") { try await server.endIndex() == 1 }
            let isBatch = type.contains("batch")
            for row in Self.rows where row.status == 400 && row.name != "two on a line" {
                // Brackets around nothing are an empty batch, which is allowed.
                guard !isBatch || row.code != "noEvents" else { continue }
                let body = isBatch ? Array("[".utf8) + row.body + Array("]".utf8) : row.body

                let response = try await server.post(body, as: type)

                #expect((400..<500).contains(response.status), "\(name), \(row.name): \(response.text)")
                #expect(response.headers["content-type"] == "application/problem+json", "\(name), \(row.name)")
            }
            #expect(try await server.endIndex() == 1)
        }

        @Test(arguments: [
            "line=9223372036854775807", "line=0", "line=-1", "offset=9223372036854775807", "offset=-1", "line=x",
        ])
        func `a place in a stream that no stream has is refused, and the server lives on`(
            parameter: String
        ) async throws {
            let server = try await RunningServer(data: data)

            let response = try await server.request(
                "POST",
                "/v1/events?invalid=quarantine&\(parameter)",
                headers: [("Content-Type", "application/x-ndjson")],
                body: Array("bad\nbad\n".utf8)
            )

            #expect(response.status == 400)
            #expect(try await server.endIndex() <= 1)
        }

        @Test func `one bad event in a batch refuses all of it and is named`() async throws {
            let server = try await RunningServer(data: data)
            try await eventually("the start is recorded") { try await server.endIndex() == 1 }
            let first = Sample.event("one")
            let bad = Array(#"{"specversion":"1.0","id":"two","source":"s","type":"t","a":01}"#.utf8)
            let number = try #require(bad.firstRange(of: "01".utf8)).lowerBound

            let lines = try await server.post(NDJSON.joined([first, bad, Sample.event("three")]))
                .decoded(ProblemDocument.self)
            let array = try await server.post(
                Array("[".utf8) + [first, bad, Sample.event("three")].joined(separator: ",".utf8) + Array("]".utf8),
                as: "application/cloudevents-batch+json"
            ).decoded(ProblemDocument.self)

            for problem in [lines, array] {
                #expect(problem.line == 2)
                #expect(problem.code == "invalidNumber")
                #expect((first.count + 1 + number...first.count + 3 + number).contains(problem.byteOffset ?? 0))
            }
            #expect(try await server.endIndex() == 1)
        }

        @Test(arguments: [
            (headers: [], code: "content-type"),
            (headers: [("Content-Type", "text/plain")], code: "content-type"),
            (headers: [("Content-Type", "application/xml")], code: "content-type"),
            (headers: [("Content-Type", "application/cloudevents+avro")], code: "content-type"),
            (
                headers: [("Content-Type", "application/x-ndjson"), ("Content-Encoding", "gzip")],
                code: "content-encoding"
            ),
        ])
        func `a form that is not known is refused as such`(headers: [(String, String)], code: String) async throws {
            let server = try await RunningServer(data: data)

            let response = try await server.request("POST", "/v1/events", headers: headers, body: Sample.event("x"))

            #expect(response.status == 415)
            #expect(try response.decoded(ProblemDocument.self).code == code)
        }

        @Test func `what is valid and looks odd is stored`() async throws {
            let server = try await RunningServer(data: data)
            let odd = [
                Self.event(String(repeating: "[", count: 63) + String(repeating: "]", count: 63) + "}"),
                Self.event(#"{"é":1,"e\#u{301}":2}}"#),
                Self.event("1e400}"),
                Self.event("123456789012345678901234567890}"),
                Self.event(#""\u0000"}"#),
            ]
            for event in odd {
                #expect(try await server.post(event).status == 200)
            }
            #expect(difference(try await server.events(), odd) == nil)
        }

        // MARK: - From files

        private struct Entry: Decodable {
            let id: Int
            let source: String
            let line: Int
            let byteOffset: Int
            let code: String
            let message: String
            let byteCount: Int
            let bytes: Data
        }

        private static let badLines: [(line: [UInt8], code: String)] = [
            (Array("not JSON".utf8), "notAnObject"),
            (event(#"{"a":1,"a":2}}"#), "duplicateKey"),
            (event(Array("\"".utf8) + [0xFF, 0xFE] + Array("\"}".utf8)), "invalidUTF8"),
            (Array("[1,2]".utf8), "notAnObject"),
            (event("\"cut"), "truncated"),
            (Array(#"{"specversion":"1.0","source":"s","type":"t"}"#.utf8), "missingAttribute"),
        ]

        @Test(arguments: ["--data", "--server"])
        func `bad lines are set aside with their reason and the rest is stored`(destination: String) async throws {
            let good = Sample.events(0..<7)
            var lines: [[UInt8]] = []
            for (place, bad) in Self.badLines.enumerated() { lines += [good[place], bad.line] }
            lines.append(good[6])
            let path = try scratch.file("mixed.ndjson", NDJSON.joined(lines))
            let server = destination == "--server" ? try await RunningServer(data: data) : nil
            let place = server?.url ?? data

            let result = try await martlet("ingest", path, destination, place, expecting: 1)

            #expect(result.error.contains("7 events stored"))
            #expect(result.error.contains("6 set aside"))
            let stored = try await martlet("query", "--all", "--output", "ndjson", destination, place)
            #expect(difference(stored.lines, good) == nil)

            let entries = try await martlet("quarantine", "list", "--output", "json", destination, place, expecting: 0)
                .decoded([Entry].self)
            try #require(entries.count == Self.badLines.count)
            for (number, (entry, bad)) in zip(entries, Self.badLines).enumerated() {
                let line = 2 * number + 2
                #expect(entry.line == line)
                #expect(entry.code == bad.code, "\(entry.message)")
                #expect([UInt8](entry.bytes) == bad.line)
                #expect(entry.byteCount == bad.line.count)
                let start = lines[..<(line - 1)].reduce(0) { $0 + $1.count + 1 }
                #expect((start...start + bad.line.count).contains(entry.byteOffset))
                #expect(result.error.contains("line \(line), byte \(entry.byteOffset): "))
                #expect(result.error.contains("[\(bad.code)]"))
                let shown = try await martlet("quarantine", "show", String(entry.id), destination, place, expecting: 0)
                #expect(shown.output == bad.line)
                #expect(shown.error.contains(bad.code))
            }
        }

        @Test(arguments: ["--data", "--server"])
        func `what is set aside can be tried again and thrown away, and the log says so`(
            destination: String
        ) async throws {
            let bad = NDJSON.joined(Self.badLines.prefix(3).map(\.line))
            let path = try scratch.file("bad.ndjson", bad)
            let server = destination == "--server" ? try await RunningServer(data: data) : nil
            let place = server?.url ?? data
            try await martlet("ingest", path, destination, place, expecting: 1)

            let retried = try await martlet("quarantine", "retry", "--all", destination, place, expecting: 1)
            let one = try await martlet("quarantine", "purge", "2", destination, place, expecting: 0)
            let left = try await martlet("quarantine", "list", "--output", "json", destination, place)
                .decoded([Entry].self)
            try await martlet("quarantine", "show", "2", destination, place, expecting: 1)
            let rest = try await martlet("quarantine", "purge", "--all", destination, place, expecting: 0)

            #expect(retried.error.contains("0 stored, 3 still no event"))
            #expect(one.error.contains("1 thrown away"))
            #expect(left.map(\.id) == [1, 3])
            #expect(rest.error.contains("2 thrown away"))
            let told = try await martlet(
                "query",
                "stream:system martlet.PurgeQuarantine",
                "--output",
                "ndjson",
                destination,
                place
            )
            #expect(told.lines.count == 2)
            #expect(try await martlet("query", destination, place).status == 1)
        }

        @Test func `an event that was too long is stored by a retry when the limit was raised`() async throws {
            let long = Sample.event("long", note: String(repeating: "x", count: 1_200_000))
            let path = try scratch.file("long.ndjson", NDJSON.joined([Sample.event("short"), long]))
            let server = try await RunningServer(data: data)
            try await martlet("ingest", path, "--server", server.url, expecting: 1)
            await server.stop()

            let raised = try await RunningServer(
                data: data,
                environment: ["MARTLET_INGEST_MAXIMUM_EVENT_BYTES": "4194304"]
            )
            let retried = try await martlet("quarantine", "retry", "--all", "--server", raised.url, expecting: 0)

            #expect(retried.error.contains("1 stored, 0 still no event"))
            #expect(difference(try await raised.events(), [Sample.event("short"), long]) == nil)
            #expect(try await martlet("quarantine", "list", "--server", raised.url).error.contains("is empty"))
        }
    }
}
