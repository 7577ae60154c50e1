// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct StoreCommandTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }
        private var copy: String { scratch.path("copy") }

        init() throws {
            scratch = try Scratch()
        }

        /// Puts events into the log of a directory.
        private func ingest(_ events: [[UInt8]], into data: String) async throws {
            let path = try scratch.file("events-\(UUID().uuidString)", events.joined(separator: "\n".utf8))
            let result = try await martlet("ingest", path, "--format", "objects", "--data", data)
            try #require(result.status == 0, "\(result.error)")
        }

        /// Events over several lines among others, so that lines are not what separates them.
        private static let events = Sample.events(0..<600).enumerated().map { place, event in
            place.isMultiple(of: 7) ? Sample.spread(event) : event
        }

        private func exported(_ place: String...) async throws -> CommandResult {
            try await run(EndToEnd.binary.path, ["export", "--quiet"] + place)
        }

        private func segments(in directory: String) throws -> [URL] {
            let all = FileManager.default.enumerator(at: URL(filePath: directory), includingPropertiesForKeys: nil)
            return (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "parquet" }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
        }

        // MARK: - Sealing

        @Test func `what is sealed is in segments and comes back byte for byte`() async throws {
            try await ingest(Self.events, into: data)
            let before = try await exported("--data", data)

            let sealed = try await martlet("store", "seal", "--data", data, expecting: 0)
            let again = try await martlet("store", "seal", "--data", data, expecting: 0)

            #expect(sealed.error == "600 events of the journal sealed; the log has 1 segment\n")
            #expect(again.error == "the journal is empty; the log has 1 segment\n")
            #expect(before.output == NDJSON.joined(Self.events))
            #expect(try await exported("--data", data).output == before.output)
            #expect(try segments(in: data).count == 1)
        }

        @Test func `small segments become one, and events keep their indices`() async throws {
            for part in 0..<3 {
                try await ingest(Array(Self.events[part * 200..<part * 200 + 200]), into: data)
                try await martlet("store", "seal", "--data", data, expecting: 0)
            }
            let before = try await martlet("show", "event-450", "--data", data, expecting: 0)

            let compacted = try await martlet("store", "compact", "--data", data, expecting: 0)
            let again = try await martlet("store", "compact", "--data", data, expecting: 0)

            #expect(compacted.error.hasPrefix("3 segments of ") && compacted.error.contains(" became 1 segment of "))
            #expect(again.error == "nothing to merge: the log has 1 segment\n")
            #expect(try await martlet("show", "event-450", "--data", data, expecting: 0).output == before.output)
            #expect(try await exported("--data", data).output == NDJSON.joined(Self.events))
        }

        @Test(arguments: [["seal"], ["compact"], ["import", "COPY"]])
        func `what needs the directory to itself says that a server has it, and what to do`(
            command: [String]
        ) async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 0)
            let server = try await RunningServer(data: data)

            let words = command.map { $0 == "COPY" ? copy : $0 }
            let result = try await run(EndToEnd.binary.path, ["store"] + words + ["--data", data])

            #expect(result.status == 3)
            #expect(result.error.contains("a server is running there"))
            #expect(result.error.contains("stop it"))
            await server.stop()
        }

        // MARK: - Looking

        private struct Statistics: Decodable {
            struct Size: Decodable { let bytes: Int }
            struct Column: Decodable { let name: String, bytes: Int }
            let events, segments, sealedEvents, journalEvents: Int
            let oldest, newest: String
            let all, segmentFiles, index, original: Size
            let columns: [Column]
        }

        @Test func `the columns' bytes are all the bytes of segments and indexes`() async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "seal", "--data", data, expecting: 0)
            try await ingest(Sample.events(0..<5, prefix: "later"), into: data)

            let json = try await martlet("store", "stats", "--data", data, "--output", "json", expecting: 0)
            let table = try await martlet("store", "stats", "--data", data, expecting: 0)

            let statistics = try json.decoded(Statistics.self)
            let files = try segments(in: data).map { try Data(contentsOf: $0).count }.reduce(0, +)
            #expect(statistics.events == 605 && statistics.segments == 1)
            #expect(statistics.sealedEvents == 600 && statistics.journalEvents == 5)
            #expect(statistics.oldest == "2026-11-20T08:00:00.123456Z")
            #expect(statistics.segmentFiles.bytes == files)
            #expect(statistics.original.bytes == Self.events.reduce(0) { $0 + $1.count })
            #expect(statistics.columns.reduce(0) { $0 + $1.bytes } == files + statistics.index.bytes)
            #expect(statistics.columns.map(\.bytes) == statistics.columns.map(\.bytes).sorted(by: >))
            #expect(statistics.columns.contains { $0.name == "data.note" || $0.name == "id" })
            #expect(table.text.contains("600 in 1") && table.text.contains("█"))
        }

        @Test func `a whole log is found whole, in segments and in the journal, beside a server`() async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "seal", "--data", data, expecting: 0)
            let server = try await RunningServer(data: data)
            _ = try await server.post(NDJSON.joined(Sample.events(0..<5, prefix: "later")))

            let result = try await martlet("store", "check", "--data", data, expecting: 0)

            #expect(result.output.isEmpty)
            #expect(result.error.hasPrefix("1 segment, ") && result.error.hasSuffix(", all whole\n"))
            await server.stop()
        }

        @Test(arguments: [4, 200, -5])
        func `a changed byte of a segment is named, and the rest is still given`(place: Int) async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "seal", "--data", data, expecting: 0)
            try await ingest(Sample.events(0..<5, prefix: "later"), into: data)
            let file = try #require(try segments(in: data).first)
            var bytes = try [UInt8](Data(contentsOf: file))
            bytes[place < 0 ? bytes.count + place : place] ^= 0x10
            try Data(bytes).write(to: file)

            let checked = try await martlet("store", "check", "--data", data, expecting: 1)
            let rest = try await martlet("export", "--data", data, expecting: 4)
            let copied = try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 4)

            #expect(checked.text.hasPrefix("damaged  segments/"))
            #expect(checked.text.contains(file.lastPathComponent) && checked.text.contains("bytes "))
            if place > 0 { #expect(checked.text.contains("  column ")) }
            #expect(checked.error.contains("1 damaged place"))
            #expect(rest.error.contains("events 0 to 599 are left out"))
            #expect(rest.lines == Sample.events(0..<5, prefix: "later"))
            #expect(copied.error.contains("events 0 to 599 are not in the copy"))
            #expect(!FileManager.default.fileExists(atPath: copy + "/" + file.lastPathComponent))
        }

        @Test func `a segment that is gone is damage`() async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "seal", "--data", data, expecting: 0)
            let file = try #require(try segments(in: data).first)
            try FileManager.default.removeItem(at: file)

            #expect(
                try await martlet("store", "check", "--data", data, expecting: 1).text.contains(file.lastPathComponent)
            )
        }

        @Test(arguments: ["stats", "check", "seal", "compact"])
        func `a directory without a log is an error and stays as it is`(command: String) async throws {
            let result = try await martlet("store", command, "--data", data, expecting: 3)

            #expect(result.error.contains("not a data directory"))
            #expect(!FileManager.default.fileExists(atPath: data))
            #expect(try await martlet("store", command, expecting: 2).error.contains("--data DIR"))
        }

        // MARK: - Copies

        @Test func `a copy brought into another log has every event byte for byte`() async throws {
            try await ingest(Self.events, into: data)
            let other = scratch.path("other")

            let out = try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 0)
            let taken = try await martlet("store", "import", copy, "--data", other, expecting: 0)
            let again = try await martlet("store", "import", copy, "--data", other, expecting: 0)

            #expect(out.error.hasPrefix("1 segment copied: 600 events in "))
            #expect(taken.error.hasPrefix("600 events stored, indices 0 to 599 ("))
            #expect(again.error.hasPrefix("0 events stored; 600 were there already ("))
            #expect(try await exported("--data", other).output == NDJSON.joined(Self.events))
            #expect(try await martlet("show", "0", "--data", other).text.contains("file:\(copy)/"))
        }

        @Test func `a copy is brought up to date, and nothing is overwritten`() async throws {
            try await ingest(Array(Self.events[..<256]), into: data)
            try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 0)
            try await ingest(Array(Self.events[256...]), into: data)

            let second = try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 0)
            let first = try #require(try segments(in: copy).first)
            try Data("something else".utf8).write(to: first)
            let third = try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 4)

            #expect(second.error.hasPrefix("1 segment copied, 1 there already: 600 events"))
            #expect(third.error.contains("is not this segment; nothing is overwritten"))
            #expect(try String(contentsOf: first, encoding: .utf8) == "something else")
        }

        @Test func `a damaged copy is named, and none of its events is taken`() async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 0)
            let file = try #require(try segments(in: copy).first)
            var bytes = try [UInt8](Data(contentsOf: file))
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: file)

            let result = try await martlet("store", "import", copy, "--data", scratch.path("other"), expecting: 4)

            #expect(result.error.contains("is damaged"))
            #expect(try await exported("--data", scratch.path("other")).status == 1)
        }

        @Test func `the other log's own events are left out and counted, or taken`() async throws {
            let server = try await RunningServer(data: data)
            _ = try await server.post(NDJSON.joined(Sample.events(0..<20)))
            await server.stop()
            try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 0)

            let without = try await martlet("store", "import", copy, "--data", scratch.path("a"), expecting: 0)
            let with = try await martlet(
                "store",
                "import",
                copy,
                "--system-events",
                "--data",
                scratch.path("b"),
                expecting: 0
            )

            #expect(
                without.error.contains("20 events stored")
                    && without.error.contains("2 of the other log's own left out")
            )
            #expect(with.error.contains("22 events stored"))
        }

        @Test func `beside a server the journal's events are told and not copied`() async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "seal", "--data", data, expecting: 0)
            let server = try await RunningServer(data: data)
            _ = try await server.post(NDJSON.joined(Sample.events(0..<5, prefix: "later")))

            let result = try await martlet("store", "export", "--data", data, "--parquet", copy, expecting: 0)

            #expect(result.error.contains("events still in the journal of a running server"))
            #expect(try segments(in: copy).count == 1)
            await server.stop()
        }

        // MARK: - Originals

        @Test func `originals are the same from the directory and from the server, whole and filtered`() async throws {
            try await ingest(Self.events, into: data)
            try await martlet("store", "seal", "--data", data, expecting: 0)
            let server = try await RunningServer(data: data)
            _ = try await server.post(NDJSON.joined(Sample.events(0..<5, prefix: "later")))
            let expected = Self.events + Sample.events(0..<5, prefix: "later")

            for place in [["--data", data], ["--server", server.url]] {
                let all = try await run(EndToEnd.binary.path, ["export"] + place)
                let some = try await run(EndToEnd.binary.path, ["export", "id:later-*"] + place)
                let none = try await run(EndToEnd.binary.path, ["export", "id:nobody"] + place)
                let wrong = try await run(EndToEnd.binary.path, ["export", "princpal:x"] + place)

                #expect(all.output == NDJSON.joined(expected), "\(place)")
                #expect(all.error.contains("\(ByteCount.grouped(all.output.count)) bytes ("))
                #expect(some.output == NDJSON.joined(Sample.events(0..<5, prefix: "later")), "\(place)")
                #expect(none.status == 1 && none.output.isEmpty)
                #expect(wrong.status == 2)
            }
            let system = try await exported("stream:*", "--data", data)
            #expect(system.output.count > NDJSON.joined(expected).count)
            await server.stop()
        }

        @Test func `a file gets its name when it is whole, and none is overwritten`() async throws {
            try await ingest(Self.events, into: data)
            let file = scratch.path("all.ndjson")

            try await martlet("export", "--data", data, "--to-file", file, expecting: 0)
            let second = try await martlet("export", "id:event-1", "--data", data, "--to-file", file, expecting: 3)
            let none = try await martlet(
                "export",
                "id:nobody",
                "--data",
                data,
                "--to-file",
                scratch.path("none"),
                expecting: 1
            )

            #expect(try scratch.bytes(of: "all.ndjson") == NDJSON.joined(Self.events))
            #expect(second.error.contains("is there already"))
            #expect(none.output.isEmpty)
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path)
            #expect(!left.contains { $0.hasSuffix(".partial") } && !left.contains("none"))
        }
    }
}

/// A number as the program writes it.
private enum ByteCount {
    static func grouped(_ number: Int) -> String {
        let digits = String(number).reversed()
        return String(
            digits.enumerated().flatMap { place, digit in
                place > 0 && place.isMultiple(of: 3) ? [",", digit] : [digit]
            }.reversed()
        )
    }
}
