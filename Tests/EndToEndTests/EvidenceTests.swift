// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// What strangers see of a log: 70,000 events, checked by three programs of which two share nothing with Martlet.
    @Suite struct EvidenceTests {
        private static let python = EndToEnd.environment["MARTLET_PYTHON"]
        private static let pythonVerifier = EndToEnd.root.appending(path: "Tools/verify_tlog.py").path
        private static let goVerifier =
            EndToEnd.environment["MARTLET_VERIFY_TLOG_GO"]
            ?? EndToEnd.root.appending(path: ".venv/bin/verify-tlog-go").path

        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws { scratch = try Scratch() }

        /// Events that compress badly, so that a bound on bytes is one on events.
        private static func events(_ numbers: Range<Int>) -> [UInt8] {
            var generator = SeededGenerator(seed: UInt64(numbers.lowerBound))
            var text: [UInt8] = []
            for number in numbers {
                let note = (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
                text += Sample.event("event-\(number)", note: note) + [UInt8(ascii: "\n")]
            }
            return text
        }

        /// Has the three programs check an exported tree.
        private func check(tree: String, key: String, prunedBelow: Int? = nil) async throws {
            let pruned = prunedBelow.map { ["--pruned-below", String($0)] } ?? []
            let ours = try await run(EndToEnd.binary.path, ["verify", tree, "--vkey", key, "--quiet"] + pruned)
            #expect(ours.status == 0, "\(ours.text)\(ours.error)")
            let python = try await run(
                #require(Self.python),
                ["-I", "-S", Self.pythonVerifier, "tree", tree, "--vkey", key] + pruned
            )
            #expect(python.status == 0, "\(python.text)\(python.error)")
            let go = try await run(Self.goVerifier, ["--vkey", key] + pruned + [tree])
            #expect(go.status == 0, "\(go.text)\(go.error)")
        }

        @Test(
            .enabled(
                if: python != nil && FileManager.default.isExecutableFile(atPath: goVerifier),
                "MARTLET_PYTHON or the verifier in Go is missing; make test has both"
            )
        )
        func `two programs that are not ours verify 70,000 events, and what retention left of them`() async throws {
            let file = try scratch.file("events.ndjson", Self.events(0..<70_000))
            let environment = ["MARTLET_STORE_SEGMENT_EVENTS": "4096"]
            try await martlet(
                "ingest",
                "--data",
                data,
                "--seal",
                "--quiet",
                file,
                environment: environment,
                expecting: 0
            )
            let keys = try await martlet("log", "keys", "--data", data, expecting: 0).text
            let key = keys.trimmingCharacters(in: .whitespacesAndNewlines)

            let whole = scratch.path("whole")
            try await martlet("export", "--tlog", whole, "--data", data, "--quiet", expecting: 0)
            try await check(tree: whole, key: key)
            let kept = try scratch.file("kept", scratch.bytes(of: "whole/checkpoint"))

            // The oldest half goes.
            let bytes = try FileManager.default.subpathsOfDirectory(atPath: scratch.path("data/segments"))
                .map { try FileManager.default.attributesOfItem(atPath: scratch.path("data/segments/\($0)")) }
                .filter { $0[.type] as? FileAttributeType == .typeRegular }
                .reduce(0) { $0 + ($1[.size] as? Int ?? 0) }
            let server = try await RunningServer(
                data: data,
                environment: environment.merging(["MARTLET_RETENTION_SIZE": String(max(1 << 20, bytes / 2))]) { $1 }
            )
            var floor = 0
            try await eventually("the oldest events are deleted", within: .seconds(900)) {
                struct Status: Decodable { let floorIndex: Int }
                floor = try await server.request("GET", "/v1/status").decoded(Status.self).floorIndex
                return floor > 0
            }
            #expect(floor.isMultiple(of: 256))
            #expect((20_000...50_000).contains(floor), "\(floor)")
            await server.stop()

            let half = scratch.path("half")
            try await martlet("export", "--tlog", half, "--data", data, "--quiet", expecting: 0)
            try await check(tree: half, key: key, prunedBelow: floor)
            // And the directory itself, which has to continue what was seen before the deletion.
            let verdict = try await martlet("verify", data, "--vkey", key, "--seen", kept, "--quiet")
            #expect(verdict.status == 0, "\(verdict.text)\(verdict.error)")
            // Without saying that it may be, a tree with a part missing is none.
            let cut = try await martlet("verify", half, "--vkey", key, "--quiet")
            #expect(cut.status == 1)
        }

        @Test func `an event has a receipt that needs no log, from the command line and over HTTP`() async throws {
            let server = try await RunningServer(data: data)
            let body = Self.events(0..<300)
            let answer = try await server.request(
                "POST",
                "/v1/events?wait=integrated",
                headers: [("Content-Type", "application/x-ndjson")],
                body: body
            )
            struct Answer: Decodable {
                let durability: String
                let firstIndex: Int
            }
            let stored = try answer.decoded(Answer.self)
            #expect(stored.durability == "integrated")
            let event = try scratch.file("event", NDJSON.lines(of: body)[123])
            let index = String(stored.firstIndex + 123)
            let keys = try await martlet("log", "keys", "--server", server.url, expecting: 0).text
            let key = keys.trimmingCharacters(in: .whitespacesAndNewlines)
            let receipt = try await martlet("show", index, "--receipt", "--server", server.url, expecting: 0).output
            #expect(receipt == (try await server.request("GET", "/v1/events/\(index)/receipt")).body)
            await server.stop()

            let file = try scratch.file("receipt", receipt)
            try await martlet("verify", "receipt", file, "--event", event, "--vkey", key, expecting: 0)
            try await martlet("verify", "receipt", file, "--vkey", key, expecting: 4)
            let other = try scratch.file("other", NDJSON.lines(of: body)[124])
            try await martlet("verify", "receipt", file, "--event", other, "--vkey", key, expecting: 1)
            var damaged = receipt
            damaged[damaged.count - 30] ^= 1
            let broken = try scratch.file("broken", damaged)
            try await martlet("verify", "receipt", broken, "--event", event, "--vkey", key, expecting: 1)
            try await martlet("verify", "receipt", file, "--event", event, expecting: 2)
            if let python = Self.python {
                let arguments = ["-I", "-S", Self.pythonVerifier, "receipt", file, "--event", event, "--vkey", key]
                let verdict = try await run(python, arguments)
                #expect(verdict.status == 0, "\(verdict.text)\(verdict.error)")
            }
        }

        @Test func `a pack has what was asked for and its proofs, and one changed byte shows`() async throws {
            let server = try await RunningServer(data: data)
            _ = try await server.post(Self.events(0..<400))
            let keys = try await martlet("log", "keys", "--server", server.url, expecting: 0).text
            let key = keys.trimmingCharacters(in: .whitespacesAndNewlines)
            let pack = scratch.path("case.tar")
            try await martlet(
                "export",
                "--pack",
                "--to-file",
                pack,
                "--quiet",
                "id:event-1*",
                "--server",
                server.url,
                expecting: 0
            )
            let asked = try await martlet(
                "query",
                "stream:system type:dev.martlet.audit/pack-exported",
                "--output",
                "ndjson",
                "--server",
                server.url,
                expecting: 0
            )
            #expect(asked.text.contains("id:event-1*"))
            await server.stop()

            let listing = try await run("/usr/bin/env", ["tar", "-xOf", pack, "events.ndjson"])
            #expect(listing.lines.count == 111)
            try await martlet("verify", "pack", pack, "--vkey", key, "--quiet", expecting: 0)
            var damaged = try scratch.bytes(of: "case.tar")
            damaged[damaged.count / 2] ^= 1
            let broken = try scratch.file("broken.tar", damaged)
            try await martlet("verify", "pack", broken, "--vkey", key, "--quiet", expecting: 1)
            if let python = Self.python {
                let program = EndToEnd.root.appending(path: "Tools/verify_pack.py").path
                let verdict = try await run(python, [program, pack, "--vkey", key])
                #expect(verdict.status == 0, "\(verdict.text)\(verdict.error)")
            }
        }

        @Test func `a server's tree verifies over HTTP, with a token or published`() async throws {
            let file = try scratch.file("events.ndjson", Self.events(0..<1000))
            try await martlet("ingest", "--data", data, "--quiet", file, expecting: 0)
            let made = try await martlet("token", "create", "--data", data, "--name", "auditor", "--scopes", "verify")
            let token = made.text.trimmingCharacters(in: .whitespacesAndNewlines)
            let keys = try await martlet("log", "keys", "--data", data, expecting: 0).text
            let key = keys.trimmingCharacters(in: .whitespacesAndNewlines)

            let server = try await RunningServer(data: data, arguments: [])
            try await martlet("verify", server.url, "--vkey", key, "--quiet", expecting: 3)
            let environment = ["MARTLET_TOKEN": token]
            try await martlet("verify", server.url, "--vkey", key, "--quiet", environment: environment, expecting: 0)
            // Who may verify sees no event.
            try await martlet("show", "1", "--server", server.url, environment: environment, expecting: 3)
            await server.stop()

            let open = try await RunningServer(data: data, arguments: [], environment: ["MARTLET_TREE_PUBLIC": "true"])
            try await martlet("verify", open.url, "--vkey", key, "--quiet", expecting: 0)
            await open.stop()
        }

        @Test func `a log that was put back to an older state says so, and goes on as another one`() async throws {
            let signer = ["MARTLET_TREE_SIGNER": scratch.path("signer")]
            let first = try scratch.file("first", Self.events(0..<100))
            try await martlet("ingest", "--data", data, "--quiet", first, environment: signer, expecting: 0)
            try FileManager.default.copyItem(atPath: data, toPath: scratch.path("backup"))
            let second = try scratch.file("second", Self.events(100..<150))
            try await martlet("ingest", "--data", data, "--quiet", second, environment: signer, expecting: 0)
            let kept = try scratch.file("kept", scratch.bytes(of: "data/log/checkpoint"))
            let key = try String(decoding: scratch.bytes(of: "data/log/vkeys"), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            try FileManager.default.removeItem(atPath: data)
            try FileManager.default.copyItem(atPath: scratch.path("backup"), toPath: data)

            // Whoever kept a checkpoint notices.
            let verdict = try await martlet("verify", data, "--vkey", key, "--seen", kept, "--quiet")
            #expect(verdict.status == 1, "\(verdict.text)")
            // The server takes events and signs nothing.
            let server = try await RunningServer(data: data, environment: signer)
            struct Status: Decodable { let signingFailure: String? }
            try await eventually("the server says that it does not sign") {
                try await server.request("GET", "/v1/status").decoded(Status.self).signingFailure != nil
            }
            #expect(try await server.request("GET", "/checkpoint").status == 503)
            await server.stop()

            let resumed = try await martlet(
                "log",
                "resume",
                "--data",
                data,
                "--reason",
                "the disk died",
                environment: signer,
                expecting: 0
            )
            #expect(resumed.error.contains("/2, with a new key"))
            let again = try await RunningServer(data: data, environment: signer)
            try await eventually("the server signs again") {
                try await again.request("GET", "/checkpoint").status == 200
            }
            let recorded = try await martlet(
                "query",
                "stream:system type:dev.martlet.audit/fork-recorded",
                "--output",
                "ndjson",
                "--server",
                again.url,
                expecting: 0
            )
            #expect(recorded.text.contains("the disk died"))
            await again.stop()
        }
    }
}
