// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// Queries with pipes, over HTTP and on the command line, on the example day.
    @Suite struct QueryTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        private func serveExampleDay() async throws -> RunningServer {
            let directory = EndToEnd.root.appending(path: "Examples/day")
            let files = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter {
                $0.hasSuffix(".ndjson")
            }.sorted().map { directory.appending(path: $0).path }
            let server = try await RunningServer(data: data)
            let ingested = try await run(EndToEnd.binary.path, ["ingest", "--server", server.url] + files)
            try #require(ingested.status == 0, "\(ingested.error)")
            return server
        }

        private func ask(
            _ server: RunningServer,
            _ body: String,
            accept: String = "application/json"
        ) async throws -> HTTPResponse {
            try await server.request(
                "POST",
                "/v1/query",
                headers: [("Content-Type", "application/json"), ("Accept", accept)],
                body: Array(body.utf8)
            )
        }

        private func object(_ bytes: some Sequence<UInt8>) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        }

        // MARK: - HTTP

        @Test func `a table is one document, or a line for each row and one for the end`() async throws {
            let server = try await serveExampleDay()
            let body = #"{"query": "outcome:* | count by outcome", "explain": true}"#

            let document = try object(try await ask(server, body).body)
            let lines = try await ask(server, body, accept: "application/x-ndjson")

            let rows = try #require(document["rows"] as? [[String: Any]])
            #expect(rows.count > 1)
            #expect(rows.allSatisfy { $0["outcome"] is String && $0["count"] is Int })
            let columns = try #require(document["columns"] as? [[String: String]])
            #expect(columns == [["name": "outcome", "type": "text"], ["name": "count", "type": "number"]])
            #expect((document["explain"] as? [String: Any])?["frames"] is Int)
            #expect(document["partialReason"] == nil)
            #expect(lines.headers["content-type"] == "application/x-ndjson")
            let parsed = try NDJSON.lines(of: lines.body).map { try object($0) }
            #expect(parsed.dropLast().map { $0["outcome"] as? String } == rows.map { $0["outcome"] as? String })
            #expect((parsed.last?["end"] as? [String: Any])?["rowCount"] as? Int == rows.count)
        }

        @Test func `what stands beside the rows is of all events that the filter finds`() async throws {
            let server = try await serveExampleDay()
            let body = """
                {"query": "outcome:denied | limit 3", "totals": true, "histogram": "1h", "facets": ["outcome", "data.x"]}
                """

            let document = try object(try await ask(server, body).body)

            let total = try #require((document["totals"] as? [String: Any])?["events"] as? Int)
            #expect(total > 3)
            #expect((document["events"] as? [Any])?.count == 3)
            let steps = try #require(document["histogram"] as? [[String: Any]])
            #expect(steps.compactMap { $0["count"] as? Int }.reduce(0, +) == total)
            let facets = try #require(document["facets"] as? [String: [[String: Any]]])
            #expect(facets["outcome"]?.count == 1 && facets["outcome"]?.first?["count"] as? Int == total)
            #expect(facets["data.x"]?.isEmpty == true)
        }

        @Test(arguments: ["newest", "oldest", "log"])
        func `pages have each event once`(order: String) async throws {
            let server = try await serveExampleDay()
            func indices(_ body: String) async throws -> (indices: [Int], cursor: String?) {
                let document = try object(try await ask(server, body).body)
                let rows = try #require((document["events"] ?? document["rows"]) as? [[String: Any]])
                return (rows.compactMap { $0["index"] as? Int }, document["cursor"] as? String)
            }
            let all = try await indices(#"{"order": "\#(order)", "limit": 10000}"#)

            var paged: [Int] = []
            var after = ""
            for _ in 0..<100 {
                let page = try await indices(
                    #"{"query": "| fields method", "order": "\#(order)", "limit": 50\#(after)}"#
                )
                paged += page.indices
                guard let cursor = page.cursor else { break }
                after = #", "after": "\#(cursor)""#
            }

            #expect(all.cursor == nil && all.indices.count > 100)
            #expect(paged == all.indices)
        }

        @Test(arguments: [
            (#"{"query": "princpal:x"}"#, "query"), (#"{"filter": "x"}"#, "body"), ("[]", "body"), ("", "body"),
            (#"{"limit": "5"}"#, "body"), (#"{"limit": 1.5}"#, "body"), (#"{"after": "x"}"#, "after"),
            (#"{"query": "| count", "after": "n-a-b-c"}"#, "after"),
            (#"{"query": "| sort method", "after": "n-a-b-c"}"#, "after"),
            (#"{"order": "log", "after": "n-a-b-c"}"#, "after"),
        ])
        func `a wrong question is refused with its place`(body: String, code: String) async throws {
            let server = try await RunningServer(data: data)

            let response = try await ask(server, body)

            #expect(response.status == 400, "\(body)")
            #expect(response.headers["content-type"] == "application/problem+json")
            #expect(try response.decoded(ProblemDocument.self).code == code)
        }

        @Test func `a body that is too large is refused`() async throws {
            let server = try await RunningServer(data: data)

            let response = try await ask(server, #"{"query": ""# + String(repeating: " ", count: 70_000) + #""}"#)

            #expect(response.status == 413)
        }

        @Test func `a query needs the scope read`() async throws {
            let server = try await RunningServer(data: data)
            let token = try await martlet(
                "token",
                "create",
                "--server",
                server.url,
                "--name",
                "sender",
                "--scopes",
                "ingest",
                expecting: 0
            ).text.trimmingCharacters(in: .whitespacesAndNewlines)

            for (method, path) in [("POST", "/v1/query"), ("GET", "/v1/fields")] {
                let response = try await server.request(
                    method,
                    path,
                    headers: [("Authorization", "Bearer \(token)")],
                    body: method == "POST" ? Array("{}".utf8) : nil
                )

                #expect(response.status == 403)
            }
        }

        @Test func `the fields are named, with values when they are asked for`() async throws {
            let server = try await serveExampleDay()

            let plain = try object(try await server.request("GET", "/v1/fields").body)
            let counted = try object(try await server.request("GET", "/v1/fields?top=3&q=outcome:denied").body)

            let fields = try #require(plain["fields"] as? [[String: Any]])
            #expect(fields.contains { $0["name"] as? String == "index" && $0["type"] as? String == "number" })
            #expect(fields.allSatisfy { $0["top"] == nil && $0["summary"] is String })
            let outcome = try #require(
                (counted["fields"] as? [[String: Any]])?.first { $0["name"] as? String == "outcome" }
            )
            #expect((outcome["top"] as? [[String: Any]])?.map { $0["value"] as? String } == ["denied"])
            #expect(try await server.request("GET", "/v1/fields?top=11").status == 400)
        }

        // MARK: - Command line

        @Test(arguments: [
            "outcome:denied | count", "| count by action, outcome", "outcome:denied | count every 1h",
            "| top 3 principal", "| top 3 principal by distinct method", "| distinct outcome",
            "outcome:denied | facets outcome, action", "outcome:denied | timeline principal", "| join-request",
            "| sessions gap 30m | sort -events | limit 3", "outcome:denied | sort method, index | limit 4",
            "outcome:denied | fields index, time, method, data.request.data.topics | sort time | limit 7",
            "| count by index | sort index | limit 3", "outcome:failure",
        ])
        func `a server and its directory give the same`(query: String) async throws {
            let server = try await serveExampleDay()

            for output in ["table", "json", "ndjson", "csv"] {
                let remote = try await martlet("query", query, "--output", output, "--server", server.url)
                let local = try await martlet("query", query, "--output", output, "--data", data)

                #expect(remote.status == 0 && local.status == 0, "\(query) \(remote.error) \(local.error)")
                #expect(!remote.output.isEmpty && remote.text == local.text, "\(query)")
                #expect(remote.error == local.error)
            }
        }

        @Test(arguments: ["--server", "--data"])
        func `everything is given page by page`(place: String) async throws {
            let server = try await RunningServer(data: data)
            _ = try await server.post(NDJSON.joined(Sample.events(0..<12_000)))
            let at = place == "--server" ? server.url : data

            let events = try await martlet("query", "--all", "--output", "csv", place, at, expecting: 0)
            let fields = try await martlet("query", "| fields id", "--all", "--output", "csv", place, at, expecting: 0)
            let cut = try await martlet("query", "id:* | limit 7000", "--all", "--output", "csv", place, at)

            #expect(events.lines.count == 12_001)
            #expect(fields.lines.count == 12_001 && Set(fields.lines).count == 12_001)
            #expect(cut.lines.count == 7001)
        }

        @Test(arguments: ["--server", "--data"])
        func `an answer goes on behind the cursor of the one before`(place: String) async throws {
            let server = try await serveExampleDay()
            let at = place == "--server" ? server.url : data
            let query = "outcome:denied | fields index"

            let first = try await martlet("query", query, "--limit", "5", place, at, expecting: 0)
            let cursor = try #require(first.error.firstMatch(of: /--after ([^ ,]+)/)).output.1
            let second = try await martlet(
                "query",
                query,
                "--limit",
                "5",
                "--after",
                String(cursor),
                place,
                at,
                expecting: 0
            )
            let both = try await martlet("query", query, "--limit", "10", place, at, expecting: 0)

            #expect(first.lines + second.lines.dropFirst() == both.lines)
        }

        @Test func `what a query did is said on standard error`() async throws {
            let server = try await serveExampleDay()

            for (place, at) in [("--server", server.url), ("--data", data)] {
                for query in ["| count", "outcome:denied"] {
                    let result = try await martlet("query", query, "--explain", place, at, expecting: 0)

                    #expect(result.error.contains("looked into "))
                    #expect(!result.text.contains("looked into"))
                }
            }
        }

        @Test(arguments: ["id:nobody", "id:nobody | count", "id:nobody | top 3 method", "id:nobody | fields id"])
        func `nothing found is a status`(query: String) async throws {
            try await martlet("ingest", "-", "--data", data, input: Sample.event("x"), expecting: 0)

            try await martlet("query", query, "--data", data, expecting: 1)
        }

        @Test(arguments: [
            ["| wuff"], ["--after", "x"], ["| count", "--after", "n-a-b-c"], ["--watch=0"], ["--watch=x"],
            ["--limit", "0", "| count"],
        ])
        func `a wrong command line is one`(arguments: [String]) async throws {
            try await martlet("ingest", "-", "--data", data, input: Sample.event("x"), expecting: 0)

            let result = try await run(EndToEnd.binary.path, ["query"] + arguments + ["--data", data])

            #expect(result.status == 2, "\(arguments) \(result.error)")
        }

        @Test func `a watched query sees what comes`() async throws {
            let server = try await RunningServer(data: data)
            _ = try await server.post(Sample.event("first"))
            let watching = try ChildProcess(
                EndToEnd.binary.path,
                ["query", "--output", "csv", "--watch=1", "| count", "--server", server.url],
                environment: cleanEnvironment(),
                output: scratch.path("watched"),
                error: scratch.path("error")
            )
            func watched() throws -> String { String(decoding: try scratch.bytes(of: "watched"), as: UTF8.self) }

            try await eventually("the first answer") { try watched().contains("count\n1\n") }
            _ = try await server.post(Sample.event("second"))
            try await eventually("the second answer") { try watched().contains("count\n2\n") }

            watching.signal(SIGTERM)
            _ = await watching.wait()
            #expect(!(try watched().contains("\u{1B}")))
        }

        @Test func `fields are completed`() async throws {
            let script = try await martlet("--generate-completion-script", "bash", expecting: 0)
            let completed = try await run(
                EndToEnd.binary.path,
                ["---completion", "query", "--", "positional@0", "2", "4", "martlet", "query", "prin"],
                environment: ["SAP_SHELL": "bash"]
            )

            #expect(script.text.contains("---completion query"))
            #expect(completed.text.split(separator: "\n") == ["principal:", "principal.kind:"])
        }
    }
}
