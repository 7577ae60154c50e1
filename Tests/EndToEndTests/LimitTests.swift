// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct LimitTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        @Test func `a body of 16 MiB is taken and one byte more is not`() async throws {
            let server = try await RunningServer(data: data)
            // Sixteen events, each with its line end exactly a mebibyte.
            let events = (0..<16).map { number in
                let bare = Sample.event("large-\(number)").count
                return Sample.event("large-\(number)", note: String(repeating: "x", count: (1 << 20) - 1 - bare))
            }
            let body = NDJSON.joined(events)
            try #require(body.count == 16 << 20)

            let taken = try await server.post(body)
            let end = try await server.endIndex()
            let refused = try await server.post(body + [0x0A])
            let chunked = try await onThread { [port = server.port] in
                let connection = try HTTPConnection(port: port)
                let head = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                try connection.send(Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8))
                let chunk = Array("100000\r\n".utf8) + [UInt8](repeating: 0x20, count: 1 << 20) + Array("\r\n".utf8)
                // The answer may come, and the connection end, before all is sent.
                for _ in 0..<17 where (try? connection.send(chunk)) == nil { break }
                try? connection.send(Array("0\r\n\r\n".utf8))
                return try connection.receive()
            }

            #expect(taken.status == 200, "\(taken.text)")
            for response in [refused, chunked] {
                #expect(response.status == 413)
                #expect(try response.decoded(ProblemDocument.self).code == "body-too-large")
            }
            #expect(try await server.endIndex() == end)
            #expect(difference(try await server.events(), events) == nil)
        }

        @Test(arguments: [
            "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Large: \(String(repeating: "x", count: 17 << 10))\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n"
                + (0..<200).map { "X-\($0): \(String(repeating: "x", count: 100))\r\n" }.joined() + "\r\n",
            "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n" + (0..<150).map { "X-\($0): x\r\n" }.joined() + "\r\n",
            "GET /\(String(repeating: "x", count: 100 << 10)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF0\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nHost : localhost\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
            "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX: a\u{0}b\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "EHLO localhost\r\n",
        ])
        func `a request that is none ends its connection and nothing else`(text: String) async throws {
            let server = try await RunningServer(data: data)

            let answers = try await onThread { [port = server.port] in
                let connection = try HTTPConnection(port: port)
                try? connection.send(Array(text.utf8))
                try? connection.send(HTTPRequest("GET", "/v1/status").bytes)
                var statuses: [Int] = []
                while let response = try? connection.receive() { statuses.append(response.status) }
                return statuses
            }

            #expect(!answers.contains(200), "\(answers)")
            // A request may be refused before its body turns out to be none.
            #expect(answers.count <= 2, "\(answers)")
            #expect(try await server.request("GET", "/health/ready").status == 200)
        }

        @Test(arguments: [
            "limit=0", "limit=10001", "limit=-1", "limit=x", "order=sideways", "from=whenever", "filter=(",
            "filter=nofield:x",
            "filter=" + String(repeating: "(", count: 5000),
            "filter=" + String(repeating: "a%20OR%20", count: 1500) + "a",
        ])
        func `a query that asks too much or nothing sensible is refused with words`(parameters: String) async throws {
            let server = try await RunningServer(data: data)

            let response = try await server.request("GET", "/v1/events?\(parameters)")

            #expect(response.status == 400)
            let problem = try response.decoded(ProblemDocument.self)
            #expect(!problem.detail.isEmpty)
        }

        @Test func `a packed file of nothing but zeros is read in bounded steps`() async throws {
            let packed = try await run(
                "/bin/sh",
                ["-c", "head -c 64000000 /dev/zero | gzip -c"]
            )
            let path = try scratch.file("zeros.gz", packed.output)
            try #require(packed.output.count < 100_000)

            let result = try await run(
                "/bin/sh",
                ["-c", "ulimit -v 4000000; exec \"$0\" ingest \"$1\" --data \"$2\"", EndToEnd.binary.path, path, data]
            )

            #expect(result.status == 1 || result.status == 3 || result.status == 4, "\(result.error)")
            #expect(!result.error.contains("Fatal"))
        }

        @Test func `many connections that say nothing do not keep others out`() async throws {
            let server = try await RunningServer(data: data)
            let port = server.port

            let status = try await onThread {
                let silent = try (0..<300).map { _ in try HTTPConnection(port: port) }
                defer { withExtendedLifetime(silent) {} }
                return try HTTPConnection(port: port).exchange(HTTPRequest("GET", "/health/live")).status
            }

            #expect(status == 200)
        }
    }
}
