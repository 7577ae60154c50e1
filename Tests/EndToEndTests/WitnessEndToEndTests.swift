// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// Servers and witnesses as they run at two organisations.
    @Suite struct WitnessEndToEndTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }
        private var state: String { scratch.path("witness") }

        init() throws {
            scratch = try Scratch()
        }

        private struct Status: Decodable {
            struct Witness: Decodable {
                let name: String
                let size: Int
                let failure: String?
            }

            let endIndex: Int
            let witnessedSize: Int
            let signingFailure: String?
            let unwitnessedSince: String?
            let witnesses: [Witness]
        }

        /// Makes a log and tells its key.
        private func makeLog() async throws -> String {
            let server = try await RunningServer(data: data)
            try await eventually("it has signed") { try await server.request("GET", "/checkpoint").status == 200 }
            let keys = try await martlet("log", "keys", "--server", server.url, expecting: 0)
            await server.stop()
            return try #require(keys.text.split(separator: "\n").first.map(String.init))
        }

        /// A server that asks a witness every second.
        private func serve(_ data: String, _ witness: RunningWitness) async throws -> RunningServer {
            let vkey = try await martlet("witness", "--state", state, "--print-vkey", expecting: 0)
            let policy =
                "witness w1 \(vkey.text.trimmingCharacters(in: .newlines)) http://127.0.0.1:\(witness.port)\nquorum w1\n"
            return try await RunningServer(
                data: data,
                environment: [
                    "MARTLET_TREE_WITNESSES": try scratch.file("policy", policy.utf8),
                    "MARTLET_TREE_WITNESS_INTERVAL": "1s",
                ]
            )
        }

        private func ingest(_ name: String, _ server: RunningServer, waitSeconds: Int = 30) async throws -> String {
            let path = "/v1/events?wait=witnessed&waitSeconds=\(waitSeconds)"
            let response = try await server.request(
                "POST",
                path,
                headers: [("Content-Type", "application/x-ndjson")],
                body: Array(Sample.event(name))
            )
            return try response.decoded(Acknowledgement.self).durability
        }

        private func status(_ server: RunningServer) async throws -> Status {
            try await server.request("GET", "/v1/status").decoded(Status.self)
        }

        @Test func `an event is witnessed, and the checkpoint says by whom`() async throws {
            let witness = try await RunningWitness(state: state, logs: [makeLog()])
            let server = try await serve(data, witness)

            #expect(try await ingest("one", server) == "witnessed")

            #expect(try await server.request("GET", "/checkpoint").text.contains("\n— \(RunningWitness.name) "))
            let status = try await status(server)
            #expect(status.witnessedSize == status.endIndex)
            #expect(status.witnesses.map(\.name) == ["w1"])
            #expect(status.witnesses.first?.failure == nil)
        }

        @Test func `without the witness events are taken and say what they are; with it they catch up`() async throws {
            let key = try await makeLog()
            let witness = try await RunningWitness(state: state, logs: [key])
            let server = try await serve(data, witness)
            #expect(try await ingest("one", server) == "witnessed")

            await witness.kill()
            #expect(try await ingest("two", server, waitSeconds: 3) == "integrated")
            try await eventually("the status says why") { try await status(server).witnesses.first?.failure != nil }
            #expect(try await status(server).unwitnessedSince != nil)

            let again = try await RunningWitness(state: state, logs: [key], port: witness.port)
            try await eventually("all is witnessed") {
                let status = try await status(server)
                return status.witnessedSize == status.endIndex && status.witnesses.first?.failure == nil
            }
            #expect(try await status(server).unwitnessedSince == nil)
            #expect(try await again.request("GET", "/").text.contains(RunningWitness.name))
        }

        @Test(arguments: [(first: 6, second: 2), (first: 2, second: 6)])
        func `of two copies of a log the second is refused, and stops for good`(first: Int, second: Int) async throws {
            let witness = try await RunningWitness(state: state, logs: [makeLog()])
            let copy = scratch.path("copy")
            try FileManager.default.copyItem(atPath: data, toPath: copy)
            try await martlet("log", "resume", "--data", copy, "--reason", "a test of copies", expecting: 0)

            let server = try await serve(data, witness)
            for number in 0..<first { #expect(try await ingest("first-\(number)", server) == "witnessed") }
            let shown = try await server.request("GET", "/checkpoint").text
            await server.stop()
            let other = try await serve(copy, witness)
            for number in 0..<second { _ = try await other.post(Sample.event("second-\(number)")) }

            try await eventually("the copy stops to sign") { try await status(other).signingFailure != nil }
            #expect(!(try await other.request("GET", "/checkpoint").text.contains(RunningWitness.name)))
            let told = try await other.request("GET", "/v1/events?filter=type:*signing-stopped&order=log")
            #expect(told.status == 200)
            try await eventually("the log is told") {
                try await other.request("GET", "/v1/events?filter=stream:system%20type:*signing-stopped").text.contains(
                    "w1"
                )
            }
            #expect(other.log.contains("nothing is signed any more"), "\(other.log)")
            #expect(shown.contains(RunningWitness.name))

            await other.stop()
            let restarted = try await RunningServer(data: copy)
            _ = try await restarted.post(Sample.event("after"))
            try await eventually("it says why") {
                try await status(restarted, orNone: true)?.signingFailure?.contains("martlet log resume") == true
            }
        }

        private struct Signing: Decodable { let signingFailure: String? }

        private func status(_ server: RunningServer, orNone: Bool) async throws -> Signing? {
            try await server.request("GET", "/v1/status").decoded(Signing.self)
        }

        @Test func `a witness that is killed at any time signs no second tree`() async throws {
            let key = try await makeLog()
            var witness = try await RunningWitness(state: state, logs: [key])
            let server = try await serve(data, witness)
            for number in 0..<5 {
                #expect(try await ingest("\(number)", server) == "witnessed")
                await witness.kill()
                witness = try await RunningWitness(state: state, logs: [key], port: witness.port)
            }
            #expect(try await status(server).signingFailure == nil)
        }

        @Test func `a policy that cannot be fulfilled is a reason not to start`() async throws {
            for text in ["quorum none\n", "quorum w1\n", "witness w1 x\nquorum w1\n"] {
                let result = try await martlet(
                    "serve",
                    "--data",
                    data,
                    "--port",
                    "0",
                    "--allow-anonymous-loopback",
                    environment: ["MARTLET_TREE_WITNESSES": try scratch.file("policy", text.utf8)],
                    expecting: 2
                )
                #expect(result.error.contains("tree.witnesses"), "\(result.error)")
            }
        }
    }
}
