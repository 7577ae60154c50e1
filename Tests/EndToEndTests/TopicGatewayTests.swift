// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// Gateways on other machines than the log, with a topic between.
    @Suite struct TopicGatewayTests {
        private let scratch: Scratch
        private let topics: KafkaCluster
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
            topics = try KafkaCluster()
        }

        @Test(
            .enabled(if: KafkaClient.python != nil, "MARTLET_PYTHON is not set; make test sets it"),
            .enabled(if: !KafkaCluster.isReal, "with MARTLET_TEST_KAFKA only what needs a real cluster is run on it")
        )
        func `the log has what gateways saw, and says what was lost on the way`() async throws {
            try topics.makeTopic("gateways", partitions: 4)
            let brokers = try await MockCluster()
            let config = try scratch.file("martlet.yaml", configuration().utf8)
            let server = try await RunningServer(
                data: data,
                arguments: ["--allow-anonymous-loopback", "--config", config]
            )

            let eu = try await gateway("eu-1", brokers)
            let us = try await gateway("us-1", brokers)
            try await produce("first", through: eu)
            try await produce("second", through: us)
            try await eventually("the log has both gateways' events") {
                try await seen(server).isSuperset(of: ["first-topic-kcat", "second-topic-kcat"])
            }
            await eu.kill()
            let again = try await gateway("eu-1", brokers)
            try await produce("third", through: again)
            try await eventually("the log has them") { try await seen(server).contains("third-topic-kcat") }
            #expect(try await gaps(server).isEmpty, "a gateway that is killed leaves no hole in its numbers")
            await again.stop()

            // As if ten records had been sent and never arrived.
            let numbers = scratch.path("eu-1/numbers")
            let text = try String(contentsOfFile: numbers, encoding: .utf8)
            let match = try #require(text.firstMatch(of: /spool ([0-9a-f]{8})\nnext ([0-9]+)\n/))
            let next = try #require(Int(match.2))
            try text.replacing("next \(next)\n", with: "next \(next + 10)\n")
                .write(toFile: numbers, atomically: true, encoding: .utf8)
            let last = try await gateway("eu-1", brokers)
            try await produce("fourth", through: last)
            try await eventually("the log has them") { try await seen(server).contains("fourth-topic-kcat") }
            await last.stop()
            await us.stop()
            await server.stop()
            try await checkLedger("gateway:eu-1/\(match.1)", lost: next..<next + 10)
        }

        // MARK: - Parts

        private func configuration() throws -> String {
            let properties = try scratch.file("kafka.properties", topics.text.utf8)
            return #"kafkaSource: {topics: gateways, properties: "\#(properties)"}"#
        }

        private func gateway(_ name: String, _ brokers: MockCluster) async throws -> RunningGateway {
            let servers = topics.properties["bootstrap.servers"] ?? ""
            return try await RunningGateway(
                log: ["--to", "kafka://\(servers)/gateways", "--name", name, "--spool", scratch.path(name)],
                bootstrapServers: brokers.bootstrap
            )
        }

        private func produce(_ prefix: String, through gateway: RunningGateway) async throws {
            let report = try await KafkaClient.kcat.run(gateway.bootstrap, steps: ["produce"], prefix: prefix)
            try #require(report.errors.isEmpty, "\(report.text)\(gateway.log)")
        }

        /// Topics that were produced to, by the log.
        private func seen(_ server: RunningServer) async throws -> Set<String> {
            let found = try await server.events().compactMap { event in
                String(decoding: event, as: UTF8.self).firstMatch(of: /topic=([a-z-]+)"/).map { String($0.1) }
            }
            return Set(found)
        }

        private func gaps(_ server: RunningServer) async throws -> [String] {
            let answer = try await server.request(
                "GET",
                "/v1/events?filter=stream:system&order=log",
                headers: [("Accept", "application/x-ndjson")]
            )
            return NDJSON.lines(of: answer.body).map { String(decoding: $0, as: UTF8.self) }
                .filter { $0.contains("missing-sequence") }
        }

        private struct Ledger: Decodable {
            struct Row: Decodable {
                struct Reason: Decodable {
                    let code: String
                    let from: String?
                    let to: String?
                    let lost: Int?
                }

                let source: String
                let state: String
                let reasons: [Reason]
                let lastPosition: String?
            }

            let rows: [Row]
        }

        private func checkLedger(_ gateway: String, lost: Range<Int>) async throws {
            let ledger = try await martlet("ledger", "--data", data, "--output", "json").decoded(Ledger.self)
            let row = try #require(ledger.rows.first { $0.source == gateway })
            #expect(row.state == "gap")
            let reason = try #require(row.reasons.first { $0.code == "missing-sequence" })
            #expect(reason.from == "sequence \(lost.lowerBound)" && reason.to == "sequence \(lost.upperBound - 1)")
            #expect(reason.lost == lost.count)
            let partition = ledger.rows.last { $0.lastPosition?.contains(" eu-1/") == true }
            #expect(partition != nil, "positions say how far each gateway was heard")
        }
    }
}
