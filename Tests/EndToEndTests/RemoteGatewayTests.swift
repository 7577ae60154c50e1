// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// A gateway on another machine than the log: what was seen waits in its spool until the server has it.
    @Suite struct RemoteGatewayTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }
        private var spool: String { scratch.path("spool") }

        init() throws {
            scratch = try Scratch()
        }

        @Test(.enabled(if: KafkaClient.python != nil, "MARTLET_PYTHON is not set; make test sets it"))
        func `whatever ends and when, the server gets every event once`() async throws {
            let cluster = try await MockCluster()
            let token = try await token("ingest")
            let reader = try await self.token("read,verify")
            var server = try await RunningServer(data: data, arguments: [])
            let gateway = try await gateway(cluster, server.url, token)

            try await produce("first", through: gateway)
            try await eventually("the server has the first client's events") {
                try await topics(reader, server).contains("first-topic-kcat")
            }
            let port = server.port
            await server.stop()
            try await produce("second", through: gateway)
            try await eventually("events are in the spool") { try spooledByteCount() > 0 }
            await gateway.kill()

            // Another one finds what the first had spooled, and no server yet.
            let again = try await self.gateway(cluster, "http://127.0.0.1:\(port)", token)
            try await produce("third", through: again)
            try await eventually("the gateway says that nobody is there") {
                again.log.contains("the spool could not be delivered")
            }
            server = try await RunningServer(data: data, port: port, arguments: [])
            try await eventually("the server has everybody's events") {
                try await topics(reader, server)
                    .isSuperset(of: ["first-topic-kcat", "second-topic-kcat", "third-topic-kcat"])
            }
            await again.stop()

            let all = try await events(reader, server)
            #expect(Set(all.map(\.id)).count == all.count)
            let gaps = all.filter { $0.type == "dev.martlet.audit/gap" }
            #expect(gaps.count == 1, "the killed gateway may have lost what was on its way, and says so once")
            #expect(gaps.first?.source == "crn:///martlet=gateway")
        }

        @Test(.enabled(if: KafkaClient.python != nil, "MARTLET_PYTHON is not set; make test sets it"))
        func `with a token that the server does not take, events wait and the log says why`() async throws {
            let cluster = try await MockCluster()
            let right = try await token("ingest")
            let reader = try await token("read,verify")
            let server = try await RunningServer(data: data, arguments: [])

            let refused = try await gateway(cluster, server.url, String(right.reversed()))
            try await produce("waiting", through: refused)
            try await eventually("the gateway says why") { refused.log.contains("the spool could not be delivered") }
            #expect(!refused.log.contains(String(right.reversed())))
            await refused.stop()
            #expect(try spooledByteCount() > 0)
            #expect(try await topics(reader, server).isEmpty)

            let accepted = try await gateway(cluster, server.url, right)
            try await eventually("the server has them") {
                try await topics(reader, server).contains("waiting-topic-kcat")
            }
            await accepted.stop()
            #expect(try spooledByteCount() == 0)
        }

        @Test(arguments: [
            (["--server", "http://127.0.0.1:1"], "--spool DIR"),
            (["--spool", "/tmp/spool"], "--server URL"),
            (["--server", "http://127.0.0.1:1", "--data", "/tmp/data"], "two logs"),
            (["--server", "audit.example.com", "--spool", "/tmp/spool"], "no server's URL"),
            (["--to", "kafka://127.0.0.1:1/t"], "--spool DIR"),
            (["--to", "kafka://127.0.0.1:1/t", "--data", "/tmp/data"], "two logs"),
            (["--to", "kafka://127.0.0.1:1", "--spool", "/tmp/spool"], "no address of a topic"),
            (["--to", "kafka://127.0.0.1:1/t", "--spool", "/tmp/spool", "--name", "a b"], "gateway's name"),
            (["--name", "a", "--data", "/tmp/data"], "go with --to"),
            ([], "--to ADDRESS with --spool DIR"),
        ])
        func `what does not go together is said`(arguments: [String], said: String) async throws {
            let result = try await run(
                EndToEnd.binary.path,
                ["gateway", "kafka", "--listen", "127.0.0.1:0", "--bootstrap-servers", "127.0.0.1:1"] + arguments
            )
            #expect(result.status == 2)
            #expect(result.error.contains(said), "\(result.error)")
        }

        // MARK: - Parts

        private func token(_ scopes: String) async throws -> String {
            let result = try await run(
                EndToEnd.binary.path,
                ["token", "create", "--data", data, "--name", scopes, "--scopes", scopes]
            )
            try #require(result.status == 0, "\(result.error)")
            return result.text.trimmingCharacters(in: .newlines)
        }

        private func gateway(_ cluster: MockCluster, _ url: String, _ token: String) async throws -> RunningGateway {
            let file = try scratch.file("token-\(UUID().uuidString)", token.utf8)
            return try await RunningGateway(
                log: ["--server", url, "--token-file", file, "--spool", spool],
                bootstrapServers: cluster.bootstrap
            )
        }

        private func produce(_ prefix: String, through gateway: RunningGateway) async throws {
            let report = try await KafkaClient.kcat.run(gateway.bootstrap, steps: ["produce"], prefix: prefix)
            try #require(report.errors.isEmpty, "\(report.text)\(gateway.log)")
        }

        private func spooledByteCount() throws -> Int {
            let directory = spool + "/events"
            let files = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".spool") }
            return try files.reduce(0) { sum, name in
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
                return sum + (attributes[.size] as? Int ?? 0)
            }
        }

        private struct Event: Decodable {
            struct Payload: Decodable { let methodName: String? }
            let id: String
            let type: String
            let source: String
            let subject: String?
            let data: Payload
        }

        /// What came from senders.
        private func events(_ token: String, _ server: RunningServer) async throws -> [Event] {
            let answer = try await server.request(
                "GET",
                "/v1/events?order=log",
                headers: [("Accept", "application/x-ndjson"), ("Authorization", "Bearer \(token)")]
            )
            try #require(answer.status == 200)
            return try answer.body.split(separator: UInt8(ascii: "\n"))
                .map { try JSONDecoder().decode(Event.self, from: Data($0)) }
        }

        private func topics(_ token: String, _ server: RunningServer) async throws -> Set<String> {
            Set(
                try await events(token, server).filter { $0.data.methodName == "kafka.Produce" }
                    .compactMap { $0.subject?.split(separator: "topic=").last.map(String.init) }
            )
        }
    }
}
