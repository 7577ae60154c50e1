// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// Clients that are not ours, through the gateway: they do what they came for, they never hear of a broker's own
    /// address, and the log says what they did.
    @Suite struct KafkaGatewayClientsTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        // MARK: - A mock cluster

        /// What the mock cluster can do: it forgets no aborted messages, and answers ApiVersions above 2 wrongly, which
        /// kafka-python and the Java client do not survive; the one can be told the version, the other cannot.
        @Test(
            .enabled(if: KafkaClient.python != nil, "MARTLET_PYTHON is not set; make test sets it"),
            arguments: [
                (
                    KafkaClient.librdkafka,
                    ["metadata", "produce", "produce-acks-0", "idempotent", "consume", "group", "transactions"], nil
                ),
                (.kafkaPython, ["metadata", "produce", "produce-acks-0", "consume", "group"], "2.3"),
                (.kcat, ["metadata", "produce", "produce-acks-0", "idempotent", "consume"], nil),
            ] as [(KafkaClient, [String], String?)]
        )
        func `a client works through the gateway and stays on it`(
            client: KafkaClient,
            steps: [String],
            brokerVersion: String?
        ) async throws {
            let cluster = try await MockCluster()
            let gateway = try await RunningGateway(data: data, bootstrapServers: cluster.bootstrap)

            let report = try await client.run(
                gateway.bootstrap,
                steps: steps,
                prefix: "mock",
                brokerVersion: brokerVersion
            )

            #expect(report.steps.map(\.step) == steps)
            #expect(report.errors.isEmpty, "\(report.text)\(gateway.log)")
            #expect(report.addresses.addresses == Set((1...3).map(gateway.address(of:))))
            #expect(report.addresses.connected.isSubset(of: report.addresses.addresses.union([gateway.bootstrap])))
            #expect(report.addresses.connected.isDisjoint(with: cluster.addresses))
            await gateway.stop()
            let methods = try await Set(events().map(\.data.methodName))
            #expect(methods.isSuperset(of: ["kafka.Produce", "kafka.Fetch"]))
        }

        // MARK: - A real cluster

        @Test(
            .enabled(if: RealKafka.isThere, RealKafka.missing),
            arguments: [
                (
                    KafkaClient.librdkafka, Steps.data + ["configs", "groups", "admin", "acls", "scram"],
                    "SCRAM-SHA-256"
                ),
                (.java, Steps.data + ["group-consumer", "admin"], "SCRAM-SHA-512"),
                (.kafkaPython, Steps.data + ["admin"], "PLAIN"),
                (.kcat, ["metadata", "produce", "produce-acks-0", "idempotent", "consume"], "PLAIN"),
            ]
        )
        func `a real cluster behind the gateway does what it does without`(
            client: KafkaClient,
            steps: [String],
            mechanism: String
        ) async throws {
            let bootstrap = try #require(RealKafka.bootstrap)
            let user = RealKafka.users[0]
            let direct = try await client.run(
                bootstrap,
                steps: steps,
                prefix: Self.prefix(),
                user: user,
                mechanism: mechanism
            )
            let gateway = try await RunningGateway(data: data, bootstrapServers: bootstrap)

            let report = try await client.run(
                gateway.bootstrap,
                steps: steps,
                prefix: Self.prefix(),
                user: user,
                mechanism: mechanism
            )

            #expect(report.steps.map(\.step) == direct.steps.map(\.step))
            #expect(report.errors == direct.errors, "\(report.text)\(gateway.log)")
            expectStayed(report, on: gateway, without: direct)
            await gateway.stop()
            let events = try await events()
            let methods = Set(events.map(\.data.methodName))
            if client == .librdkafka || client == .java { #expect(methods.isSuperset(of: Steps.changes)) }
            #expect(methods.isSuperset(of: ["kafka.Authentication", "kafka.Produce", "kafka.Fetch"]))
            let login = try #require(events.first { $0.data.methodName == "kafka.Authentication" })
            #expect(login.data.authenticationInfo?.principal == "User:\(user.name)")
            #expect(login.data.authenticationInfo?.metadata?.mechanism?.hasSuffix(mechanism) == true)
            try await expectNoSecrets(gateway)
        }

        @Test(.enabled(if: RealKafka.isThere, RealKafka.missing))
        func `what a real cluster refuses is in the log as refused`() async throws {
            let user = RealKafka.users[1]
            let gateway = try await RunningGateway(data: data, bootstrapServers: #require(RealKafka.bootstrap))

            let report = try await KafkaClient.librdkafka.run(
                gateway.bootstrap,
                // Without "scram": librdkafka 2.16 frees what it should not when a broker refuses that, also without a gateway.
                steps: ["metadata", "acls", "admin"],
                prefix: Self.prefix(),
                user: user
            )

            #expect(report.errors["CreateTopics"] == "TOPIC_AUTHORIZATION_FAILED")
            #expect(report.errors["CreateAcls"] == "CLUSTER_AUTHORIZATION_FAILED")
            await gateway.stop()
            let refused = try await events().filter { $0.data.authorizationInfo?.granted == false }
            #expect(Set(refused.map(\.data.methodName)).isSuperset(of: ["kafka.CreateTopics", "kafka.CreateAcls"]))
            #expect(refused.allSatisfy { $0.data.authenticationInfo?.principal == "User:\(user.name)" })
            try await expectNoSecrets(gateway)
        }

        @Test(
            .enabled(if: RealKafka.isThere, RealKafka.missing),
            arguments: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]
        )
        func `a wrong password is a failure in the log and nowhere else`(mechanism: String) async throws {
            let user = KafkaUser(name: RealKafka.users[1].name, password: "wrong-\(UUID().uuidString)")
            let gateway = try await RunningGateway(data: data, bootstrapServers: #require(RealKafka.bootstrap))

            let report = try await KafkaClient.librdkafka.run(
                gateway.bootstrap,
                steps: ["metadata"],
                prefix: Self.prefix(),
                user: user,
                mechanism: mechanism
            )

            #expect(!report.errors.isEmpty)
            await gateway.stop()
            let failures = try await events().filter { $0.data.methodName == "kafka.Authentication" }
            #expect(!failures.isEmpty)
            #expect(failures.allSatisfy { $0.data.result?.status != "SUCCESS" })
            #expect(failures.contains { $0.data.authenticationInfo?.metadata?.identifier == user.name })
            try await expectNoSecrets(gateway, adding: [user.password])
        }

        // MARK: - Helpers

        /// The part of an event that is looked at here.
        private struct Event: Decodable {
            struct Data: Decodable {
                struct Authentication: Decodable {
                    struct Metadata: Decodable {
                        let mechanism: String?
                        let identifier: String?
                    }

                    let principal: String?
                    let metadata: Metadata?
                }

                struct Authorization: Decodable { let granted: Bool? }
                struct Result: Decodable { let status: String? }

                let methodName: String
                let authenticationInfo: Authentication?
                let authorizationInfo: Authorization?
                let result: Result?
            }

            let data: Data
        }

        /// A name for what a run makes, which no earlier run made.
        private static func prefix() -> String { "martlet-\(UUID().uuidString.prefix(8))" }

        private func log() async throws -> CommandResult {
            try await martlet("query", "--all", "--output", "ndjson", "--data", data, expecting: 0)
        }

        /// The events of clients; the gateway's own are about itself.
        private func events() async throws -> [Event] {
            try await log().lines.compactMap { try? JSONDecoder().decode(Event.self, from: Data($0)) }
                .filter { $0.data.methodName.hasPrefix("kafka.") }
        }

        /// Every broker that the client learnt of is the gateway's port for it, and the client connected to no other.
        private func expectStayed(
            _ report: KafkaClient.Report,
            on gateway: RunningGateway,
            without: KafkaClient.Report
        ) {
            let ours = Set((1...3).map(gateway.address(of:)))
            #expect(report.addresses.addresses.count == without.addresses.addresses.count)
            #expect(report.addresses.addresses.isSubset(of: ours))
            #expect(report.addresses.connected.isSubset(of: ours.union([gateway.bootstrap])))
        }

        private func expectNoSecrets(_ gateway: RunningGateway, adding more: [String] = []) async throws {
            let written = try await log().text + gateway.log
            // The second is the password that the drivers give the users that they make.
            for secret in RealKafka.users.map(\.password) + ["never-in-an-event"] + more {
                #expect(!written.contains(secret))
            }
        }
    }
}

private enum Steps {
    static let data = [
        "metadata", "produce", "produce-acks-0", "idempotent", "consume", "group", "transactions", "read-committed",
    ]

    /// What the clients' administration changes, as it must stand in the log.
    static let changes: Set<String> = [
        "kafka.CreateTopics", "kafka.DeleteTopics", "kafka.CreatePartitions", "kafka.CreateAcls", "kafka.DeleteAcls",
        "kafka.IncrementalAlterConfigs", "kafka.AlterUserScramCredentials", "kafka.DeleteGroups",
    ]
}
