// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// What must go is gone, and what proves the log stays.
    @Suite struct ErasureTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }
        private static let allowed = ["MARTLET_STORE_ERASURE": "true"]
        private static let secret = "qzhunter81fj"

        init() throws {
            scratch = try Scratch()
        }

        private struct Erasure: Decodable {
            let index: Int
            let leafHash: String
            let tombstone: String
            let remainingFiles: [String]
            let mayStillHold: [String]
        }

        /// Events, of which the fourth has the secret.
        private func fill(_ server: RunningServer) async throws -> [[UInt8]] {
            var events = (0..<7).map { Sample.event("e\($0)") }
            events[3] = Array(
                #"{"specversion":"1.0","id":"\#(Self.secret)-id","source":"s","type":"t","data":{"password":"\#(Self.secret)"}}"#
                    .utf8
            )
            #expect(try await server.post(NDJSON.joined(events)).status == 200)
            return events
        }

        private func index(ofSecretIn events: [[UInt8]], _ place: String...) async throws -> String {
            let shown = try await run(
                EndToEnd.binary.path,
                ["show", "\(Self.secret)-id", "--output", "json"] + place
            )
            struct Row: Decodable { let index: Int }
            return String(try shown.decoded(Row.self).index)
        }

        /// The leaf that a receipt is of, behind its magic, version and flags.
        private func leaf(_ receipt: [UInt8]) throws -> Data {
            let lines = String(decoding: receipt, as: UTF8.self).split(separator: "\n")
            let extra = try #require(lines.first { $0.hasPrefix("extra ") }?.dropFirst("extra ".count))
            let opening = try #require(Data(base64Encoded: String(extra)))
            let magic = try #require(opening.range(of: Data("MLEF".utf8)))
            return opening[magic.lowerBound..<magic.lowerBound + 96]
        }

        /// Files below the data directory that have the secret, as it is or unpacked.
        private func findings() throws -> [String] {
            let root = URL(filePath: data)
            var found: [String] = []
            for name in try FileManager.default.subpathsOfDirectory(atPath: data) {
                guard let bytes = try? Data(contentsOf: root.appending(path: name)) else { continue }
                if bytes.range(of: Data(Self.secret.utf8)) != nil { found.append(name) }
            }
            return found
        }

        @Test func `over HTTP and on the command line what an event said goes, and its receipt stays`() async throws {
            var server = try await RunningServer(data: data, environment: Self.allowed)
            let events = try await fill(server)
            let index = try await index(ofSecretIn: events, "--server", server.url)
            // Queries keep something of segments in memory.
            try await martlet("query", "data.password:*", "--server", server.url)
            var before: [UInt8] = []
            try await eventually("the event has a receipt") {
                before = try await server.request("GET", "/v1/events/\(index)/receipt").body
                return String(decoding: before, as: UTF8.self).contains("extra ")
            }
            #expect(try findings() != [])

            let erased = try await martlet(
                "erase",
                index,
                "--reason",
                "a leaked password",
                "--output",
                "json",
                "--server",
                server.url,
                expecting: 0
            ).decoded(Erasure.self)

            #expect(String(erased.index) == index)
            #expect(erased.remainingFiles == [])
            #expect(erased.mayStillHold.count > 3)
            #expect(try findings() == [])
            let after = try await server.request("GET", "/v1/events/\(index)/receipt").body
            #expect(try leaf(after) == leaf(before))
            let receipt = try scratch.file("before.tlog-proof", before)
            let event = try scratch.file("event.json", events[3])
            let keys = try await martlet("log", "keys", "--server", server.url, expecting: 0).text
            let key = String(keys.split(separator: "\n").first ?? "")
            try await martlet("verify", "receipt", receipt, "--event", event, "--vkey", key, expecting: 0)

            let shown = try await martlet("show", index, "--server", server.url, expecting: 0)
            #expect(shown.text.contains("dev.martlet.audit/erased"))
            #expect(shown.text.contains("a leaked password"))
            #expect(shown.text.contains("erased  "))
            let exported = try await martlet("export", "--server", server.url, expecting: 0)
            #expect(!exported.text.contains(Self.secret))
            #expect(exported.lines.count >= events.count)
            let told = try await martlet(
                "query",
                "stream:system martlet.EraseEvent",
                "--output",
                "ndjson",
                "--server",
                server.url,
                expecting: 0
            )
            #expect(told.lines.count == 1)
            #expect(told.text.contains("dev.martlet.audit/event-erased") && told.text.contains(erased.leafHash))
            try await martlet("erase", index, "--reason", "again", "--server", server.url, expecting: 1)

            await server.kill()
            try await martlet("verify", data, "--vkey", key, expecting: 0)
            server = try await RunningServer(data: data)
            #expect(try findings() == [])
            #expect(try leaf(try await server.request("GET", "/v1/events/\(index)/receipt").body) == leaf(before))
            // Sent again, it is a new event.
            #expect(try await server.post(events[3]).decoded(Acknowledgement.self).accepted == 1)
            await server.stop()
        }

        @Test func `a directory without a server is erased from as well`() async throws {
            let server = try await RunningServer(data: data)
            let events = try await fill(server)
            let index = try await index(ofSecretIn: events, "--server", server.url)
            await server.stop()

            let refused = try await martlet("erase", index, "--reason", "r", "--data", data, expecting: 3)
            #expect(refused.error.contains("MARTLET_STORE_ERASURE"))
            let erased = try await martlet(
                "erase",
                index,
                "--reason",
                "a court",
                "--data",
                data,
                environment: Self.allowed,
                expecting: 0
            )

            #expect(erased.text.contains("what may still hold a copy"))
            #expect(try findings() == [])
            try await martlet("store", "check", "--data", data, expecting: 0)
            let exported = try await martlet("export", "--data", data, expecting: 0)
            #expect(!exported.text.contains(Self.secret) && exported.text.contains("dev.martlet.audit/erased"))
        }

        @Test func `it is off unless it is allowed, and refuses what can't be`() async throws {
            let server = try await RunningServer(data: data)
            let events = try await fill(server)
            let index = try await index(ofSecretIn: events, "--server", server.url)
            func erase(_ server: RunningServer, _ index: String, _ body: String) async throws -> HTTPResponse {
                try await server.request(
                    "POST",
                    "/v1/events/\(index)/erase",
                    headers: [("Content-Type", "application/json")],
                    body: Array(body.utf8)
                )
            }
            let off = try await erase(server, index, #"{"reason":"r"}"#)
            #expect(off.status == 403)
            #expect(try off.decoded(ProblemDocument.self).code == "erasure-off")
            await server.stop()

            let allowing = try await RunningServer(data: data, environment: Self.allowed)
            let answers = [
                (index, "{}", 400, "body"),
                (index, #"{"reason":""}"#, 400, "reason"),
                (index, #"{"reason":" "}"#, 400, "reason"),
                (index, #"{"reason":"\#(String(repeating: "r", count: 1001))"}"#, 400, "reason"),
                ("x", #"{"reason":"r"}"#, 400, "index"),
                ("99999", #"{"reason":"r"}"#, 404, "no-such-event"),
                // The log's first event says that it was started.
                ("0", #"{"reason":"r"}"#, 403, "own-event"),
            ]
            for (index, body, status, code) in answers {
                let answer = try await erase(allowing, index, body)
                #expect(answer.status == status, "\(body)")
                #expect(try answer.decoded(ProblemDocument.self).code == code, "\(body)")
            }
            #expect(try await erase(allowing, index, #"{"reason":"r"}"#).status == 200)
            let again = try await erase(allowing, index, #"{"reason":"r"}"#)
            #expect(again.status == 409)
            await allowing.stop()
        }
    }
}
