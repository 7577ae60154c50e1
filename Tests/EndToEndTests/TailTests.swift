// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct TailTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        @Test func `a tail shows new events and goes on after the server was away, without a gap or a repeat`()
            async throws
        {
            let server = try await RunningServer(data: data)
            _ = try await server.post(Sample.event("before"))
            let tail = try startTail("id:wanted-*", "--server", server.url)
            try await connection(to: server)

            _ = try await server.post(NDJSON.joined([Sample.event("other"), Sample.event("wanted-1")]))
            try await eventually("the tail shows an event") { try output() == [Sample.event("wanted-1")] }
            await server.stop()
            let restarted = try await RunningServer(data: data, port: server.port)
            // At once, before the tail is back.
            _ = try await restarted.post(NDJSON.joined(Sample.events(2..<5, prefix: "wanted")))

            try await eventually("the tail goes on") { try output().count >= 4 }
            #expect(difference(try output(), Sample.events(1..<5, prefix: "wanted")) == nil)
            #expect(!tail.hasEnded)
        }

        @Test func `a tail that had seen nothing yet misses nothing while the server is away`() async throws {
            let server = try await RunningServer(data: data)
            let tail = try startTail("id:wanted", "--server", server.url)
            try await connection(to: server)

            await server.stop()
            let restarted = try await RunningServer(data: data, port: server.port)
            _ = try await restarted.post(Sample.event("wanted"))

            try await eventually("the tail shows the event", within: .seconds(900)) { try !output().isEmpty }
            #expect(try output() == [Sample.event("wanted")])
            #expect(!tail.hasEnded)
        }

        @Test func `a directory is followed while a server writes there`() async throws {
            let server = try await RunningServer(data: data)
            let tail = try startTail("id:wanted-*", "--data", data)
            // Nothing tells that a reader of files has begun: events come until it sees one.
            var count = 0
            try await eventually("the tail shows an event") {
                _ = try await server.post(Sample.event("wanted-\(count)"))
                count += 1
                return try !output().isEmpty
            }
            let later = Sample.events(1000..<1003, prefix: "wanted")
            #expect(try await server.post(NDJSON.joined(later)).status == 200)

            try await eventually("the tail shows the last event") { try output().last == later[2] }
            #expect(difference(try output().suffix(3), later) == nil)
            #expect(!tail.hasEnded)
        }

        @Test func `the stream is server-sent events with the index as id, and takes it back`() async throws {
            let server = try await RunningServer(data: data)
            let answer = try await server.post(NDJSON.joined(Sample.events(0..<5))).decoded(Acknowledgement.self)
            let first = try #require(answer.firstIndex)
            let request = HTTPRequest(
                "GET",
                "/v1/tail?filter=id:event-*",
                headers: [("Last-Event-ID", String(first + 2)), ("Accept", "text/event-stream")]
            )

            let (head, events) = try await onThread { [port = server.port] in
                let connection = try HTTPConnection(port: port)
                try connection.send(request.bytes)
                let head = String(decoding: try connection.bytes(through: "\r\n\r\n"), as: UTF8.self)
                var text = ""
                while !text.contains("event-4") {
                    text += String(decoding: try connection.bytes(through: "\n"), as: UTF8.self)
                }
                return (head, text)
            }

            #expect(head.lowercased().contains("content-type: text/event-stream"))
            #expect(head.lowercased().contains("cache-control: no-store"))
            #expect(!events.contains("event-2") && events.contains("event-3"))
            #expect(events.contains("id: \(first + 3)\n"))
        }

        @Test(arguments: ["-1", "x", "18446744073709551615", ""])
        func `an id that is no index is refused`(id: String) async throws {
            let server = try await RunningServer(data: data)

            let response = try await server.request("GET", "/v1/tail", headers: [("Last-Event-ID", id)])

            #expect(response.status == 400)
            #expect(try response.decoded(ProblemDocument.self).code == "last-event-id")
        }

        @Test func `an open tail does not hold up the end of the server`() async throws {
            let server = try await RunningServer(data: data)
            let tail = try startTail("", "--server", server.url)
            try await connection(to: server)
            let start = ContinuousClock.now

            #expect(await server.stop() == .exited(0))

            #expect(ContinuousClock.now - start < .seconds(5))
            tail.signal(SIGINT)
            _ = await tail.wait()
        }

        // MARK: - Parts

        private func startTail(_ arguments: String...) throws -> ChildProcess {
            try ChildProcess(
                EndToEnd.binary.path,
                ["tail", "--output", "ndjson"] + arguments,
                environment: cleanEnvironment(),
                output: scratch.path("output"),
                error: scratch.path("error")
            )
        }

        private func output() throws -> [[UInt8]] {
            NDJSON.lines(of: try scratch.bytes(of: "output"))
        }

        /// Waits until another client than this one was answered.
        private func connection(to server: RunningServer) async throws {
            var asked = 0
            try await eventually("the tail connects") {
                let text = try await server.request("GET", "/metrics").text
                let line = text.firstMatch(of: /api_requests_total\{method="GET",status="200"\} ([0-9]+)/)
                let answered = line.flatMap { Int($0.1) } ?? 0
                defer { asked += 1 }
                return answered > asked
            }
        }
    }
}
