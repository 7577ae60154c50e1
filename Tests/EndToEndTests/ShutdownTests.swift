// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization
import Testing

extension EndToEnd {
    @Suite struct ShutdownTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        @Test(arguments: [SIGTERM, SIGINT])
        func `every batch that was answered before the end is there after it`(signal: Int32) async throws {
            let server = try await RunningServer(data: data)
            let answered = Mutex([String]())
            let senders = (0..<3).map { number in
                Task.detached { [port = server.port] in
                    try await onThread {
                        guard let connection = try? HTTPConnection(port: port) else { return [String]() }
                        var names: [String] = []
                        while names.count < 100_000 {
                            let batch = (names.count..<names.count + 10).map { "\(number)-\($0)" }
                            let request = HTTPRequest(
                                "POST",
                                "/v1/events",
                                headers: [("Content-Type", "application/x-ndjson")],
                                body: NDJSON.joined(batch.map { Sample.event($0) })
                            )
                            guard let response = try? connection.exchange(request), response.status == 200 else {
                                break
                            }
                            names += batch
                        }
                        return names
                    }
                }
            }
            try await eventually("events come") { try await server.endIndex() > 300 }

            server.signal(signal)
            let ending = await server.wait()
            for sender in senders {
                let names = try await sender.value
                answered.withLock { $0 += names }
            }

            #expect(ending == .exited(0), "\(server.log)")
            #expect(server.log.contains("log closed"))
            let stored = Set(try await martlet("query", "--all", "--output", "ndjson", "--data", data).lines)
            let names = answered.withLock { $0 }
            #expect(names.count > 100)
            #expect(names.allSatisfy { stored.contains(Sample.event($0)) })
            // Nothing has to be cut: what was begun was finished.
            let restarted = try await RunningServer(data: data)
            #expect(restarted.log.contains("log.cut_bytes=0"))
            #expect(try await restarted.post(Sample.event("after")).status == 200)
        }

        private struct Kind: Decodable { let type: String }

        @Test func `start and stop are in the log, and in no answer that does not ask for them`() async throws {
            for _ in 0..<2 {
                let server = try await RunningServer(data: data)
                try await eventually("the start is recorded") { try await server.endIndex() > 0 }
                await server.stop()
            }
            try await martlet("ingest", "-", "--data", data, input: Sample.event("one"), expecting: 0)

            let system = try await martlet("query", "stream:system", "--all", "--output", "ndjson", "--data", data)
            let plain = try await martlet("query", "--all", "--output", "ndjson", "--data", data)
            let words = try await martlet("query", "martlet", "--all", "--output", "ndjson", "--data", data)

            let kinds = try system.lines.map { try JSONDecoder().decode(Kind.self, from: Data($0)).type }
            #expect(kinds == ["started", "stopped", "started", "stopped"].map { "dev.martlet.audit/\($0)" })
            #expect(difference(plain.lines, [Sample.event("one")]) == nil)
            #expect(words.lines.isEmpty)
        }

        @Test func `a start after a kill says what was cut, if anything, and what the configuration was`() async throws
        {
            let server = try await RunningServer(data: data)
            _ = try await server.post(Sample.event("one"))
            await server.kill()

            let restarted = try await RunningServer(data: data, environment: ["MARTLET_LOG_LEVEL": "debug"])
            try await eventually("the start is recorded") { try await restarted.endIndex() > 2 }

            let told = try await martlet("query", "stream:system", "--all", "--output", "ndjson", "--data", data)
            #expect(told.text.contains("debug ($MARTLET_LOG_LEVEL)"))
            #expect(told.text.contains("\(data) (--data)"))
        }

        @Test func `a second owner of a directory is refused and told who has it`() async throws {
            let server = try await RunningServer(data: data)
            _ = try await server.post(Sample.event("one"))

            let second = try await martlet(
                "serve",
                "--data",
                data,
                "--port",
                "0",
                "--allow-anonymous-loopback",
                expecting: 3
            )
            let ingest = try await martlet("ingest", "-", "--data", data, input: Sample.event("two"), expecting: 3)
            let token = try await martlet("token", "list", "--data", data, expecting: 3)

            for result in [second, ingest, token] {
                #expect(result.error.contains(String(server.processID)), "\(result.error)")
            }
            #expect(difference(try await server.events(), [Sample.event("one")]) == nil)
            await server.kill()
            try await martlet("ingest", "-", "--data", data, input: Sample.event("two"), expecting: 0)
        }

        @Test func `a port that is taken is a reason not to start, and leaves the log as it was`() async throws {
            let server = try await RunningServer(data: data)

            let second = try await martlet(
                "serve",
                "--data",
                scratch.path("other"),
                "--port",
                String(server.port),
                "--allow-anonymous-loopback",
                expecting: 3
            )

            #expect(second.error.contains(String(server.port)), "\(second.error)")
            let again = try await RunningServer(data: scratch.path("other"))
            #expect(again.log.contains("log.cut_bytes=0"))
        }
    }
}
