// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct RoundTripTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        // MARK: - Byte for byte

        @Test func `every record of the example day comes back from the server and from the directory`() async throws {
            let day = try Sample.exampleDay()
            // White space around an event is not part of it.
            let expected = day.flatMap(\.events).map(Sample.object)
            try #require(expected.count > 100)
            let server = try await RunningServer(data: data)

            for file in day { try await martlet("ingest", file.path, "--server", server.url, expecting: 0) }

            let remote = try await query("--server", server.url)
            let local = try await query("--data", data)
            #expect(difference(remote.lines, expected) == nil)
            #expect(local.output == remote.output)
            await server.stop()
            #expect(try await query("--data", data).output == remote.output)
        }

        @Test(.enabled(if: Sample.hasRecords, "the records of other products are not beside this checkout"))
        func `every record that other products wrote comes back with the line ends inside it`() async throws {
            let files = try FileManager.default.contentsOfDirectory(
                at: Sample.recordDirectory,
                includingPropertiesForKeys: nil
            ).sorted { $0.path < $1.path }
            let expected = try NDJSON.joined(files.map { try Sample.object(in: $0) })
            let server = try await RunningServer(data: data)

            for file in files { try await martlet("ingest", file.path, "--server", server.url, expecting: 0) }

            #expect(try await query("--server", server.url).output == expected)
            #expect(try await query("--data", data).output == expected)
            for (place, file) in files.enumerated() {
                let shown = try await server.request(
                    "GET",
                    "/v1/events/\(place + 1)",
                    headers: [("Accept", "application/cloudevents+json")]
                )
                #expect(try shown.body == Sample.object(in: file), "\(file.lastPathComponent)")
            }
        }

        @Test func `what JSON allows and few expect comes back as it was written`() async throws {
            let notes = [
                #"\u00e9"#, "é", #"\ud83d\ude00"#, "😀", #"a\/b"#, #"\u0000"#, "\u{7F}", "\u{2028}", #"\uFFFF"#,
            ]
            let texts =
                notes.enumerated().map { Sample.event("note-\($0)", note: $1) } + [
                    Array(#"{ "specversion" : "1.0","id":"spaces" ,"source":"s","type":"t" , "data" : { } }"#.utf8),
                    Array(
                        #"{"specversion":"1.0","id":"numbers","source":"s","type":"t","n":[1e400,-0,1.0,9007199254740993]}"#
                            .utf8
                    ),
                    Array(
                        "{\"specversion\":\"1.0\",\"id\":\"keys\",\"source\":\"s\",\"type\":\"t\",\"é\":1,\"e\u{301}\":2}"
                            .utf8
                    ),
                ]
            let server = try await RunningServer(data: data)

            let answer = try await server.post(NDJSON.joined(texts)).decoded(Acknowledgement.self)

            #expect(answer.accepted == texts.count)
            #expect(difference(try await server.events(), texts) == nil)
            #expect(difference(try await query("--data", data).lines, texts) == nil)
        }

        // MARK: - Ways in

        enum Packing: String, CaseIterable {
            case lines, linesWithoutEnd, carriageReturns, blankLines, array, spacedArray, concatenated, gzip,
                zstd
        }

        @Test(arguments: Packing.allCases, ["--data", "--server"])
        func `the same events are stored however they stand beside each other`(
            packing: Packing,
            destination: String
        ) async throws {
            let events = Sample.events(0..<40)
            let path = try await pack(events, as: packing)
            let server = destination == "--server" ? try await RunningServer(data: data) : nil

            let format = packing == .concatenated ? ["--format", "objects"] : []
            let place = [destination, server?.url ?? data]
            let result = try await run(EndToEnd.binary.path, ["ingest", path] + format + place)

            #expect(result.status == 0, "\(result.error)")
            #expect(difference(try await query("--data", data).lines, events) == nil)
        }

        @Test func `standard input is read, packed or not`() async throws {
            let events = Sample.events(0..<40)
            let packed = try await run("/usr/bin/env", ["gzip", "-c"], input: NDJSON.joined(Array(events[20...])))

            try await martlet("ingest", "-", "--data", data, input: NDJSON.joined(Array(events[..<20])), expecting: 0)
            try await martlet("ingest", "-", "--data", data, input: packed.output, expecting: 0)

            #expect(difference(try await query("--data", data).lines, events) == nil)
        }

        @Test(arguments: [Packing.lines, .array, .concatenated], [false, true])
        func `from a line or an event on, the rest is stored`(packing: Packing, isSpread: Bool) async throws {
            guard packing != .lines || !isSpread else { return }
            let events = Sample.events(0..<40).map { isSpread ? Sample.spread($0) : $0 }
            let path = try await pack(events, as: packing)

            let result = try await martlet(
                "ingest",
                path,
                "--format",
                packing == .lines ? "lines" : packing == .array ? "array" : "objects",
                "--from-line",
                "31",
                "--data",
                data,
                expecting: 0
            )

            #expect(result.error.contains("10 events stored"))
            #expect(try await query("--data", data).output == NDJSON.joined(Array(events[30...])))
        }

        @Test(arguments: ["--data", "--server"])
        func `the same file again stores nothing`(destination: String) async throws {
            let events = Sample.events(0..<40)
            let path = try scratch.file("events", NDJSON.joined(events))
            let server = destination == "--server" ? try await RunningServer(data: data) : nil
            try await martlet("ingest", path, destination, server?.url ?? data, expecting: 0)

            let again = try await martlet("ingest", path, destination, server?.url ?? data, expecting: 0)

            #expect(again.error.contains("0 events stored; 40 were there already"))
            #expect(difference(try await query("--data", data).lines, events) == nil)
        }

        @Test func `a file that was cut short is stored as far as it goes, and the status says so`() async throws {
            let events = Sample.events(0..<4000)
            let packed = try await run("/usr/bin/env", ["gzip", "-c"], input: NDJSON.joined(events))
            let path = try scratch.file("cut.gz", packed.output.dropLast(20))

            let result = try await martlet("ingest", path, "--data", data, expecting: 4)

            let stored = try await query("--data", data).lines
            #expect(result.error.contains("ends inside its packed data"))
            #expect(difference(stored, Array(events[..<stored.count])) == nil)
        }

        // MARK: - Parts

        private func query(_ place: String...) async throws -> CommandResult {
            try await run(EndToEnd.binary.path, ["query", "--all", "--output", "ndjson"] + place)
        }

        private func pack(_ events: [[UInt8]], as packing: Packing) async throws -> String {
            let lines = NDJSON.joined(events)
            let bytes: [UInt8]
            switch packing {
            case .lines: bytes = lines
            case .linesWithoutEnd: bytes = lines.dropLast()
            case .carriageReturns: bytes = NDJSON.joined(events, lineEnd: "\r\n")
            case .blankLines: bytes = Array("\n \t\r\n".utf8) + NDJSON.joined(events, lineEnd: "\n\n")
            case .array: bytes = Array("[".utf8) + events.joined(separator: ",".utf8) + Array("]".utf8)
            case .spacedArray:
                bytes = Array(" [\n ".utf8) + events.joined(separator: "\r\n ,\t".utf8) + Array("\n]\n".utf8)
            case .concatenated: bytes = Array("\n".utf8) + events.joined()
            case .gzip: bytes = try await run("/usr/bin/env", ["gzip", "-c"], input: lines).output
            case .zstd: bytes = try await run("/usr/bin/env", ["zstd", "-q", "-c"], input: lines).output
            }
            try #require(!bytes.isEmpty)
            return try scratch.file("events", bytes)
        }
    }
}
