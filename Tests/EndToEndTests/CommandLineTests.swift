// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct CommandLineTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        // MARK: - Help and statuses

        @Test(arguments: [
            [], ["serve"], ["ingest"], ["query"], ["show"], ["tail"], ["status"], ["catalog"], ["catalog", "list"],
            ["catalog", "explain"], ["quarantine"], ["quarantine", "list"], ["quarantine", "show"],
            ["quarantine", "retry"],
            ["quarantine", "purge"], ["ledger"], ["token"], ["token", "create"], ["token", "list"],
            ["token", "revoke"], ["config"],
            ["config", "check"], ["export"], ["store"], ["store", "stats"], ["store", "check"], ["store", "seal"],
            ["store", "compact"], ["store", "export"], ["store", "import"],
        ])
        func `every command explains itself`(command: [String]) async throws {
            let asked = try await run(EndToEnd.binary.path, command + ["--help"])

            #expect(asked.status == 0)
            #expect(asked.error.isEmpty)
            #expect(asked.text.contains("USAGE: martlet"))
            #expect(asked.text.contains("OVERVIEW: ") || command.isEmpty)
            // Every option says what it is for.
            for line in asked.text.split(separator: "\n") where line.wholeMatch(of: /\ {2}--[a-z-]+( <[^>]+>)?/) != nil
            {
                let following = asked.text[line.endIndex...].dropFirst().prefix { $0 != "\n" }
                #expect(following.hasPrefix("   "), "\(command): \(line)")
            }
        }

        @Test func `the version is told`() async throws {
            let result = try await martlet("--version", expecting: 0)

            #expect(result.text.wholeMatch(of: /martlet \d+\.\d+\.\d+\n/) != nil)
        }

        @Test(arguments: ["bash", "zsh", "fish"])
        func `a completion script is written`(shell: String) async throws {
            let result = try await martlet("--generate-completion-script", shell, expecting: 0)

            #expect(result.text.contains("quarantine"))
            guard shell == "bash" else { return }
            #expect(try await run("/bin/bash", ["-n"], input: result.output).status == 0)
        }

        private static let failures: [(arguments: [String], status: Int32)] = [
            (["query", "--no-such-option"], 2),
            (["nothing"], 2),
            (["query", "--limit", "0"], 2),
            (["query", "--limit", "10001"], 2),
            (["query", "--server", "localhost:8080"], 2),
            (["query", "--server", "http://127.0.0.1:1", "--data", "x"], 2),
            (["ingest"], 2),
            (["ingest", "a", "b", "--from-line", "2"], 2),
            (["tail", "--output", "csv"], 2),
            (["serve"], 2),
            (["export", "--output", "csv"], 2),
            (["export", "--data", "DATA"], 3),
            (["store", "stats"], 2),
            (["store", "stats", "--data", "DATA", "--output", "csv"], 2),
            (["store", "export", "--data", "DATA"], 2),
            (["store", "export", "--data", "DATA", "--parquet", "x"], 3),
            (["store", "import", "--data", "DATA"], 2),
            (["store", "import", "/nonexistent/file", "--data", "DATA"], 3),
            (["token", "create", "--name", "x", "--scopes", "read", "--expires", "soon"], 2),
            (["quarantine", "purge"], 2),
            (["query", "--server", "http://127.0.0.1:1"], 3),
            (["status", "--server", "http://127.0.0.1:1"], 3),
            (["query", "--data", "/nonexistent/martlet"], 3),
            (["ingest", "/nonexistent/file", "--data", "DATA"], 3),
            (["ledger", "--output", "ndjson"], 2),
            (["ledger", "--from", "yesterday", "--server", "http://127.0.0.1:1"], 2),
            (["ledger", "--server", "http://127.0.0.1:1"], 3),
            (["ledger", "--data", "DATA"], 3),
            (["quarantine", "list", "--data", "DATA"], 3),
            (["quarantine", "purge", "--all", "--data", "DATA"], 3),
            (["token", "list", "--data", "DATA"], 3),
            (["token", "revoke", "AAAAAAAA", "--data", "DATA"], 3),
            (["serve", "--data", "/proc/martlet"], 3),
            (["config", "check", "--config", "/nonexistent/file"], 3),
            (["catalog", "list", "no method has this in its name"], 1),
        ]

        @Test(arguments: failures)
        func `the status says what kind of failure it was, and the message is for people`(
            arguments: [String],
            status: Int32
        ) async throws {
            let result = try await run(EndToEnd.binary.path, arguments.map { $0 == "DATA" ? data : $0 })

            #expect(result.status == status, "\(arguments): \(result.error)")
            #expect(!result.error.isEmpty, "\(arguments)")
            #expect(result.output.isEmpty, "\(arguments)")
            #expect(!result.error.contains("Fatal error"), "\(arguments)")
        }

        @Test(arguments: ["--server", "--data"])
        func `a field that does not exist is shown with a caret and the nearest one`(place: String) async throws {
            let server = try await RunningServer(data: data)

            let result = try await martlet(
                "query",
                "outcome:denied princpal:User:alice",
                place,
                place == "--server" ? server.url : data,
                expecting: 2
            )

            let lines = result.error.split(separator: "\n").map(String.init)
            let text = try #require(lines.firstIndex { $0.contains("outcome:denied princpal:User:alice") })
            try #require(text + 1 < lines.count)
            let caret = try #require(lines[text + 1].firstIndex(of: "^"))
            let field = try #require(lines[text].firstRange(of: "princpal"))
            let column = lines[text].distance(from: lines[text].startIndex, to: field.lowerBound)
            #expect(lines[text + 1].distance(from: lines[text + 1].startIndex, to: caret) == column)
            #expect(result.error.contains("principal"))
        }

        // MARK: - Finding

        @Test(arguments: ["--server", "--data"])
        func `what is asked for is given in each form`(place: String) async throws {
            let server = try await RunningServer(data: data)
            let path = EndToEnd.root.appending(path: "Examples/day/kafka.ndjson").path
            try await martlet("ingest", path, "--server", server.url, expecting: 0)
            let at = [place, place == "--server" ? server.url : data]
            func query(_ arguments: String...) async throws -> CommandResult {
                try await run(EndToEnd.binary.path, ["query"] + arguments + at)
            }

            let document = try await query("outcome:denied", "--limit", "3", "--output", "json")
            let rows = try #require(try JSONSerialization.jsonObject(with: Data(document.output)) as? [[String: Any]])
            #expect(rows.count == 3)
            #expect(rows.allSatisfy { ($0["fields"] as? [String: Any])?["outcome"] as? String == "denied" })

            let table = CSV.rows(try await query("--limit", "7", "--output", "csv").text)
            #expect(table.count == 8)
            #expect(table[0] == ["index", "time", "outcome", "principal", "method", "resource", "client.ip"])
            #expect(table.allSatisfy { $0.count == 7 })

            #expect(try await query("--limit", "5", "--output", "ndjson").lines.count == 5)
            let newest = CSV.rows(try await query("--limit", "10000", "--output", "csv").text).dropFirst().map { $0[0] }
            let oldest = CSV.rows(try await query("--oldest", "--limit", "10000", "--output", "csv").text).dropFirst()
            #expect(newest.count == oldest.count)
            #expect(Set(newest) == Set(oldest.map { $0[0] }))
            #expect(
                oldest.map { $0[1] }.filter { !$0.hasPrefix("+") }
                    == oldest.map { $0[1] }.filter { !$0.hasPrefix("+") }.sorted()
            )

            let none = try await query("id:nobody")
            #expect(none.status == 1)
            #expect(none.output.isEmpty && none.error == "no event matches\n")
            for output in ["json", "csv", "ndjson"] {
                let nothing = try await query("id:nobody", "--output", output)
                #expect(nothing.status == 1)
                #expect(nothing.error.isEmpty)
                if output == "json" { #expect(nothing.text.filter { !$0.isWhitespace } == "[]") }
            }
        }

        @Test func `output that is piped has no colours and fits its width`() async throws {
            let path = EndToEnd.root.appending(path: "Examples/day/kafka.ndjson").path
            try await martlet("ingest", path, "--data", data, expecting: 0)

            for arguments in [["query"], ["show", "3"], ["status"], ["catalog", "list", "--family", "kafka"]] {
                let at = arguments[0] == "catalog" ? [] : ["--data", data]
                let result = try await run(
                    EndToEnd.binary.path,
                    arguments + at,
                    environment: ["TERM": "xterm-256color", "COLUMNS": "100"]
                )

                #expect(result.status == 0)
                #expect(!result.output.isEmpty)
                #expect(!result.output.contains(0x1B) && !result.error.contains("\u{1B}"), "\(arguments)")
                guard arguments[0] == "query" else { continue }
                #expect(result.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
            }
        }

        @Test func `control characters of an event do not reach the terminal's side`() async throws {
            let event = Array(
                #"{"specversion":"1.0","id":"x","source":"s","type":"t","subject":"\u001b[2Jevil\u202e","data":{"authenticationInfo":{"principal":"User:\u001b[31mred\r\n=1+1"},"methodName":"=cmd"}}"#
                    .utf8
            )
            try await martlet("ingest", "-", "--data", data, input: event, expecting: 0)

            for arguments in [["query"], ["query", "--output", "csv"], ["show", "0"]] {
                let result = try await run(EndToEnd.binary.path, arguments + ["--data", data])

                #expect(!result.output.contains(0x1B), "\(arguments)")
                #expect(!result.text.unicodeScalars.contains("\u{202E}"), "\(arguments)")
            }
            let rows = CSV.rows(try await martlet("query", "--output", "csv", "--data", data).text)
            #expect(rows.count == 2)
            #expect(rows.last?.contains { $0.hasPrefix("=") } == false)
        }

        @Test func `an event is shown by index and by id, and absence is told`() async throws {
            try await martlet("ingest", "-", "--data", data, input: NDJSON.joined(Sample.events(0..<3)), expecting: 0)

            let index = try await martlet("show", "1", "--output", "ndjson", "--data", data, expecting: 0)
            let id = try await martlet("show", "event-2", "--output", "ndjson", "--data", data, expecting: 0)
            let absent = try await martlet("show", "3", "--data", data, expecting: 1)

            #expect(index.lines == [Sample.event("event-1")])
            #expect(id.lines == [Sample.event("event-2")])
            #expect(absent.error.contains("no event"))
        }

        @Test func `a status is told for a server and for a directory`() async throws {
            struct Status: Decodable { let endIndex: Int }
            let server = try await RunningServer(data: data)
            _ = try await server.post(NDJSON.joined(Sample.events(0..<3)))
            try await eventually("the start is recorded") { try await server.endIndex() == 4 }

            let table = try await martlet("status", "--server", server.url, expecting: 0)
            let remote = try await martlet("status", "--output", "json", "--server", server.url, expecting: 0)
            let local = try await martlet("status", "--output", "json", "--data", data, expecting: 0)

            #expect(table.text.contains("accepting       yes"))
            #expect(try remote.decoded(Status.self).endIndex == 4)
            #expect(try local.decoded(Status.self).endIndex == 4)
        }

        // MARK: - Configuration

        @Test func `each setting is told with where it comes from`() async throws {
            let file = try scratch.file(
                "martlet.yaml",
                Array("http:\n  host: 10.0.0.1\n  port: 9001\nlog:\n  level: debug\n  format: json\n".utf8)
            )

            let result = try await martlet(
                "config",
                "check",
                "--config",
                file,
                "--host",
                "127.0.0.2",
                environment: ["MARTLET_LOG_LEVEL": "error", "MARTLET_HTTP_HOST": "10.0.0.3", "COLUMNS": "400"],
                expecting: 0
            )

            let rows = result.text.split(separator: "\n").map { $0.split(separator: /\ {2,}/).map(String.init) }
            func row(_ key: String) -> [String]? { rows.first { $0.first == key }.map { Array($0[1...2]) } }
            #expect(row("http.host") == ["127.0.0.2", "--host"])
            #expect(row("log.level") == ["error", "$MARTLET_LOG_LEVEL"])
            #expect(row("http.port") == ["9001", file])
            #expect(row("log.format") == ["json", file])
            #expect(row("store.repeatWindow") == ["1048576", "default"])
        }

        @Test(arguments: [
            ("http:\n  prot: 80\n", "http.prot"),
            ("http:\n  port: 70000\n", "http.port"),
            ("http:\n  port: many\n", "http.port"),
            ("store:\n  repeatWindow: 1000\n", "store.repeatWindow"),
            ("log:\n  level: loud\n", "log.level"),
            ("access:\n  allowAnonymousLoopback: maybe\n", "access.allowAnonymousLoopback"),
        ])
        func `a setting that is wrong is named, and no server starts with it`(text: String, key: String) async throws {
            let file = try scratch.file("martlet.yaml", Array(text.utf8))

            let checked = try await martlet("config", "check", "--config", file, expecting: 1)
            let served = try await martlet("serve", "--data", data, "--config", file, expecting: 2)

            #expect(checked.error.contains(key) && checked.error.contains(file))
            #expect(served.error.contains(key))
            #expect(!FileManager.default.fileExists(atPath: data))
        }

        @Test(arguments: ["a: [", "- 1\n- 2\n", "just text\n", "http: 1\nhttp: 2\n"])
        func `a file that is no configuration is refused`(text: String) async throws {
            let file = try scratch.file("martlet.yaml", Array(text.utf8))

            let result = try await martlet("config", "check", "--config", file)

            #expect(result.status == 1 || result.status == 2, "\(result.text)")
            #expect(result.error.contains(file))
        }

        // MARK: - Catalogue

        @Test func `the catalogue is listed, filtered and given out`() async throws {
            struct Method: Decodable { let method, family, category, certainty, summary: String }
            let all = try await martlet("catalog", "list", "--output", "json", expecting: 0).decoded([Method].self)
            let flink = try await martlet("catalog", "list", "--family", "flink", "--output", "json", expecting: 0)
                .decoded([Method].self)
            let csv = CSV.rows(try await martlet("catalog", "list", "--output", "csv", expecting: 0).text)
            let embedded = try await martlet("catalog", "list", "--embedded", expecting: 0)
            let copy = try scratch.file("catalog.json", embedded.output)
            let copied = try await martlet("catalog", "list", "--catalog", copy, "--output", "json", expecting: 0)

            #expect(all.count > 100)
            #expect(all.allSatisfy { !$0.summary.isEmpty && !$0.certainty.isEmpty })
            #expect(!flink.isEmpty && flink.count < all.count && flink.allSatisfy { $0.family == "flink" })
            #expect(csv.count == all.count + 1 && csv.allSatisfy { $0.count == 5 })
            #expect(try copied.decoded([Method].self).count == all.count)
            #expect(try await martlet("catalog", "list", "--legend", expecting: 0).text.contains("access-transparency"))
        }

        @Test func `each event of a file is explained`() async throws {
            let day = try #require(try Sample.exampleDay().first { $0.path.hasSuffix("flink.ndjson") })
            let file = try scratch.file("unknown.ndjson", Sample.event("x") + Array("\nno event\n".utf8))

            let known = try await martlet("catalog", "explain", day.path)
            let unknown = try await martlet("catalog", "explain", file, expecting: 1)

            #expect(known.lines.count == day.events.count)
            #expect(unknown.lines.count == 2)
            #expect(unknown.text.contains("no event"))
        }
    }
}

/// RFC 4180, as far as a test needs it.
enum CSV {
    static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell = ""
        var isQuoted = false
        for character in text.unicodeScalars {
            switch (character, isQuoted) {
            case ("\"", _):
                // The second quote of a pair opens again what the first closed.
                if !isQuoted, cell.last == "\"" || !cell.isEmpty { cell.append("\"") }
                isQuoted.toggle()
            case (",", false):
                row.append(cell)
                cell = ""
            case ("\n", false):
                rows.append(row + [cell])
                (row, cell) = ([], "")
            default:
                cell.unicodeScalars.append(character)
            }
        }
        return rows
    }
}
