// SPDX-License-Identifier: Apache-2.0

import Foundation
import KafkaClient
import MockKafka
import Testing

extension EndToEnd {
    /// The configurations of `Examples`, each with a server of its own.
    ///
    /// They are put where an operator would have them, but for the directory: a scratch directory is `/etc/martlet`, with the secrets that
    /// the files name. What else differs is said at each test.
    @Suite(.enabled(if: !KafkaCluster.isReal, "the examples name topics that somebody's cluster may have"))
    struct ExamplesTests {
        private let scratch: Scratch
        private let cluster: KafkaCluster

        private static let installed = "/etc/martlet/"
        private static let secrets = ["CONFLUENT_AUDIT_API_KEY": "key"]
        private static let configurations = ["confluent-cloud.yaml", "apache-kafka.yaml", "strimzi.yaml"]

        init() throws {
            scratch = try Scratch()
            cluster = try KafkaCluster()
        }

        @Test(arguments: configurations) func `martlet config check finds nothing wrong`(_ name: String) async throws {
            try await install()
            let result = try await martlet(
                "config",
                "check",
                "--config",
                scratch.path(name),
                environment: Self.secrets,
                expecting: 0
            )
            #expect(result.text.contains(name), "no value is the file's")
        }

        @Test func `every configuration among the examples is tried here`() throws {
            let examples = EndToEnd.root.appending(path: "Examples")
            let found = try FileManager.default.contentsOfDirectory(atPath: examples.path).filter {
                $0.hasSuffix(".yaml")
            }
            #expect(Set(found) == Set(Self.configurations + ["kafka-routes.yaml"]))
        }

        /// With its own properties, TLS and login included: that librdkafka takes them is what this shows, as nobody answers.
        @Test func `confluent-cloud.yaml reads the topic of Confluent Cloud`() async throws {
            try await install()
            let nobody = ["MARTLET_KAFKA_SOURCE_BOOTSTRAP_SERVERS": "127.0.0.1:1"]
            let server = try await start("confluent-cloud.yaml", nobody.merging(Self.secrets) { $1 })
            let source = try #require(try await topics(of: server).first)
            #expect(source.direction == "source" && source.topics == ["confluent-audit-log-events"])
            try await eventually("what is the matter is said", within: .seconds(60)) {
                try await topics(of: server).first?.trouble?.contains("127.0.0.1:1") == true
            }
            await server.stop()
        }

        @Test func `confluent-cloud.yaml puts a record into the log, byte for byte`() async throws {
            try await install()
            // The mock cluster speaks neither TLS nor SASL, so these lines are left out.
            let plain = try withoutSecurity("confluent-cloud.properties")
            try cluster.makeTopic("confluent-audit-log-events", partitions: 3)
            let event = Self.event("1", "kafka.CreateTopics", topic: "orders", granted: true)
            let producer = try cluster.producer()
            let failures = try await producer.send(
                [OutgoingRecord(value: 0..<event.utf8.count)],
                of: Array(event.utf8),
                to: "confluent-audit-log-events"
            )
            await producer.close()
            #expect(failures.allSatisfy { $0 == nil })
            let server = try await start(
                "confluent-cloud.yaml",
                [
                    "MARTLET_KAFKA_SOURCE_PROPERTIES": plain,
                    "MARTLET_KAFKA_SOURCE_BOOTSTRAP_SERVERS": try bootstrap(),
                ]
            )
            try await eventually("the record is in the log", within: .seconds(60)) {
                try await server.events() == [Array(event.utf8)]
            }
            await server.stop()
        }

        @Test func `apache-kafka.yaml stands in front of the brokers, with its own properties for the sink`()
            async throws
        {
            try await install()
            let server = try await start("apache-kafka.yaml", try gateway())
            _ = try await gatewayPort(of: server)
            let sink = try #require(try await topics(of: server).first)
            #expect(sink.direction == "sink" && sink.topics == ["audit", "audit-denied", "audit-data"])
            await server.stop()
        }

        @Test func `apache-kafka.yaml writes events to the topics of kafka-routes.yaml`() async throws {
            try await install()
            for topic in ["audit", "audit-denied", "audit-data"] { try cluster.makeTopic(topic, partitions: 1) }
            // As above: the mock cluster speaks neither TLS nor SASL.
            let plain = [
                "MARTLET_KAFKA_SINK_PROPERTIES": try withoutSecurity("apache-kafka.properties"),
                "MARTLET_KAFKA_SINK_BOOTSTRAP_SERVERS": try bootstrap(),
            ]
            let server = try await start("apache-kafka.yaml", try gateway().merging(plain) { $1 })
            let events = [
                Self.event("0", "kafka.CreateTopics", topic: "orders", granted: true),
                Self.event("1", "kafka.CreateTopics", topic: "orders", granted: false),
                Self.event("2", "kafka.Produce", topic: "payments-eu", granted: true),
                Self.event("3", "kafka.Metadata", topic: "payments-eu", granted: false),
                Self.event("4", "kafka.Produce", topic: "metrics-cpu", granted: true),
                Self.event("5", "kafka.Produce", topic: "metrics-cpu", granted: false),
                Self.event("6", "kafka.DeleteTopics", topic: "tmp-1", granted: true),
                Self.event("7", "kafka.Produce", topic: "orders", granted: true),
            ]
            _ = try await server.post(events.joined(separator: "\n").utf8)
            try await eventually("all that is to be written is", within: .seconds(60)) {
                let sink = try await topics(of: server).first
                return sink?.lag == 0 && sink?.records == 5
            }
            await server.stop()
            #expect(try await cluster.values(of: "audit").joined().elementsEqual([events[0]]))
            #expect(
                try await cluster.values(of: "audit-denied").joined().elementsEqual([events[1], events[3], events[5]])
            )
            #expect(try await cluster.values(of: "audit-data").joined().elementsEqual([events[2]]))
        }

        @Test func `strimzi.yaml shows a certificate to clients, and follows a broker's log`() async throws {
            try await install()
            let log = try scratch.file("kafka.log", [])
            let server = try await start(
                "strimzi.yaml",
                try gateway().merging(["MARTLET_BROKER_LOG_AUTHORIZER": log, "MARTLET_HTTP_HOST": "127.0.0.1"]) { $1 }
            )
            let port = try await gatewayPort(of: server)
            let shown = try await run(
                "openssl",
                [
                    "s_client", "-connect", "127.0.0.1:\(port)", "-servername", "gateway.example.com", "-brief",
                ]
            )
            #expect(shown.error.contains("gateway.example.com"), "\(shown.error)")
            let line =
                "[2026-11-20 08:00:00,000] INFO Principal = User:mallory is Denied operation = READ from host = "
                + "192.0.2.1 on resource = Topic:LITERAL:orders for request = Fetch with resourceRefCount = 1 based on rule "
                + "DefaultDeny (kafka.authorizer.logger)\n"
            _ = try scratch.file("kafka.log", line.utf8)
            try await eventually("the line is an event", within: .seconds(60)) {
                try await server.events().contains { String(decoding: $0, as: UTF8.self).contains("User:mallory") }
            }
            await server.stop()
        }

        // MARK: - As installed

        /// Copies the examples, and makes what they name.
        private func install() async throws {
            let examples = EndToEnd.root.appending(path: "Examples")
            for name in try FileManager.default.contentsOfDirectory(atPath: examples.path)
            where name.hasSuffix(".yaml") || name.hasSuffix(".properties") {
                let text = try String(contentsOf: examples.appending(path: name), encoding: .utf8)
                _ = try scratch.file(name, text.replacing(Self.installed, with: "\(scratch.directory.path)/").utf8)
            }
            for directory in ["secrets", "gateway-tls", "cluster-ca"] {
                try FileManager.default.createDirectory(
                    atPath: scratch.path(directory),
                    withIntermediateDirectories: true
                )
            }
            for name in ["secrets/confluent-audit-api-secret", "secrets/kafka-password"] {
                _ = try scratch.file(name, "secret\n".utf8)
            }
            let made = try await run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=gateway.example.com", "-addext",
                    "subjectAltName=DNS:gateway.example.com,DNS:*.gateway.example.com",
                    "-keyout", scratch.path("gateway-tls/tls.key"), "-out", scratch.path("gateway-tls/tls.crt"),
                ]
            )
            try #require(made.status == 0, "\(made.error)")
            for name in ["cluster-ca/ca.crt", "secrets/kafka-ca.pem"] {
                try FileManager.default.copyItem(
                    atPath: scratch.path("gateway-tls/tls.crt"),
                    toPath: scratch.path(name)
                )
            }
        }

        /// A copy of a properties file that says nothing of TLS and logins.
        private func withoutSecurity(_ name: String) throws -> String {
            let text = String(decoding: try scratch.bytes(of: name), as: UTF8.self)
            let lines = text.split(separator: "\n").filter { line in
                !["security.", "sasl.", "ssl."].contains { line.hasPrefix($0) }
            }
            return try scratch.file("plain-\(name)", lines.joined(separator: "\n").utf8)
        }

        /// Runs a program of the system's.
        private func run(_ program: String, _ arguments: [String]) async throws -> CommandResult {
            try await EndToEndTests.run("/usr/bin/env", [program] + arguments)
        }

        /// The flags of the data directory and the port win over the file, and the gateway gets a free port.
        private func start(_ name: String, _ environment: [String: String]) async throws -> RunningServer {
            try await RunningServer(
                data: scratch.path("data"),
                arguments: ["--allow-anonymous-loopback", "--config", scratch.path(name)],
                environment: environment
            )
        }

        private func gateway() throws -> [String: String] {
            ["MARTLET_KAFKA_LISTEN": "127.0.0.1:0", "MARTLET_KAFKA_BOOTSTRAP_SERVERS": try bootstrap()]
        }

        /// Waits for the line that says where the gateway listens: it comes before or behind the API's.
        private func gatewayPort(of server: RunningServer) async throws -> String {
            var port: String?
            try await eventually("the gateway takes connections", within: .seconds(60)) {
                port = server.log.firstMatch(of: /kafka gateway listening on [^ ]*:([0-9]+)\n/).map { String($0.1) }
                return port != nil
            }
            return try #require(port)
        }

        private func bootstrap() throws -> String { try #require(cluster.mock?.bootstrap) }

        private struct Status: Decodable {
            struct Topic: Decodable {
                let direction: String
                let topics: [String]
                let records: Int
                let lag: Int
                let trouble: String?
            }

            let topics: [Topic]
        }

        private func topics(of server: RunningServer) async throws -> [Status.Topic] {
            try await server.request("GET", "/v1/status").decoded(Status.self).topics
        }

        private static func event(_ id: String, _ method: String, topic: String, granted: Bool) -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"crn:///kafka=lkc-1","type":"io.confluent.kafka.server/authorization","data":{"methodName":"\#(method)","resourceName":"crn:///kafka=lkc-1/topic=\#(topic)","authorizationInfo":{"granted":\#(granted)}}}"#
        }
    }
}
