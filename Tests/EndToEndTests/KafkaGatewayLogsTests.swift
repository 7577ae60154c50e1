// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// What the gateway recorded of a run beside what the brokers themselves wrote into their logs.
    ///
    /// The users are for this run alone: the brokers log in as somebody else, and nobody uses them beside the gateway.
    @Suite struct KafkaGatewayLogsTests {
        private let scratch: Scratch
        private static let cluster = "crn:///kafka=compared"

        init() throws {
            scratch = try Scratch()
        }

        @Test(
            .enabled(if: RealKafka.isThere, RealKafka.missing),
            .enabled(if: !BrokerLogs.directories.isEmpty, BrokerLogs.missing)
        )
        func `what the gateway recorded is what the brokers logged`() async throws {
            let policy = try scratch.file("policy.yaml", Self.policy.utf8)
            let logs = try BrokerLogs()
            let gateway = try await RunningGateway(
                data: scratch.path("gateway"),
                bootstrapServers: #require(RealKafka.bootstrap),
                arguments: ["--policy", policy, "--cluster", Self.cluster]
            )
            try await Self.drive(gateway.bootstrap)
            await gateway.stop()

            let recorded = try await events("gateway")
            let requests = recorded.filter { $0.type.hasSuffix("/request") }
            try await expectLines(of: requests, logs)
            try await expectDecisions(of: recorded, logs)
            try await expectSameRequests(requests, logs, policy: policy)
        }

        // MARK: - The run

        /// Everything, in the words of a policy.
        private static let policy = """
            categories: {authentication: true, authorize: true, management: true, produce: true, consume: true,
              describe: true, interbroker: true, heartbeat: true}
            """

        /// A super user does everything, users without rights try, and one has some rights.
        private static func drive(_ bootstrap: String) async throws {
            let prefix = "martlet-\(UUID().uuidString.prefix(8))"
            let (superUser, other) = (RealKafka.users[0], RealKafka.users[1])
            let data = "metadata,produce,produce-acks-0,idempotent,consume,group,transactions,read-committed"
            let runs: [(KafkaClient, String, String, KafkaUser, String)] = [
                (.rights, "grant:\(other.name)", "some", superUser, "PLAIN"),
                (.librdkafka, data + ",configs,groups,admin,acls,scram", "rd", superUser, "SCRAM-SHA-256"),
                (.java, data + ",group-consumer,admin", "java", superUser, "SCRAM-SHA-512"),
                (.kafkaPython, data + ",admin", "python", superUser, "PLAIN"),
                (.kcat, "metadata,produce,produce-acks-0,idempotent,consume", "kcat", superUser, "PLAIN"),
                (.librdkafka, "metadata,acls,admin,configs,groups,produce", "rd", other, "PLAIN"),
                (.java, "admin", "java", other, "PLAIN"),
                (.rights, "use", "some", other, "PLAIN"),
            ]
            for (client, steps, name, user, mechanism) in runs {
                let report = try await client.run(
                    bootstrap,
                    steps: steps.split(separator: ",").map(String.init),
                    prefix: "\(prefix)-\(name)",
                    user: user,
                    mechanism: mechanism
                )
                #expect(!report.steps.isEmpty, "\(report.text)")
            }
        }

        private static let principals = Set(RealKafka.users.map { "User:\($0.name)" })

        // MARK: - Requests and lines

        /// A request that a client sent, as both sides name it.
        private struct Request: Hashable {
            let method: String
            let correlationID: String
            let clientID: String?
            let principal: String
        }

        private static func request(_ event: RecordedEvent) -> Request {
            let metadata = event.data.requestMetadata
            return Request(
                method: event.data.methodName,
                correlationID: metadata?.correlationID ?? "",
                clientID: metadata?.clientID,
                principal: event.data.authenticationInfo.principal
            )
        }

        private static func request(_ line: RequestLogLine) -> Request {
            Request(
                method: line.method,
                correlationID: String(line.header.correlationId),
                clientID: line.header.clientId,
                principal: line.principal
            )
        }

        /// Every request event has its line, and every line its event but for those of a list.
        private func expectLines(of events: [RecordedEvent], _ logs: BrokerLogs) async throws {
            let made = events.filter { !$0.isInferred }
            // A Fetch of several topics is one line and several events.
            let asked = Set(made.map(Self.request))
            // A broker writes the line behind the answer, when the client may have ended already.
            try? await eventually("the brokers have logged every request", within: .seconds(10)) {
                try Set(Self.clientLines(logs).map(Self.request)).isSuperset(of: asked)
            }
            let lines = try Self.clientLines(logs).filter { !$0.isForwarded }
            let logged = Set(lines.map(Self.request))
            let unlogged = asked.subtracting(logged)
            #expect(unlogged.isEmpty)
            let silent = lines.filter { !asked.contains(Self.request($0)) }
            let unexplained = silent.filter { Self.reason($0) == nil }.map(Self.request)
            #expect(unexplained.isEmpty)
            let sentOn = try Self.clientLines(logs).filter { $0.isForwarded && !logged.contains(Self.request($0)) }
            // A broker makes a topic that a look-up asked for with a request in the client's name.
            #expect(sentOn.allSatisfy { $0.method == "kafka.CreateTopics" })
            print("request lines: \(lines.count), with an event \(lines.count - silent.count)")
            for (reason, lines) in Dictionary(grouping: silent, by: { Self.reason($0) ?? "?" }).sorted(by: {
                $0.key < $1.key
            }) {
                print(
                    "  without: \(lines.count), \(Set(lines.map(\.method)).sorted().joined(separator: " ")): \(reason)"
                )
            }
            print("  controllers' lines without a broker's: \(sentOn.count), topics that look-ups made")
        }

        private static func clientLines(_ logs: BrokerLogs) throws -> [RequestLogLine] {
            try logs.lines(.request).compactMap { try RequestLogLine($0) }
                .filter { principals.contains($0.principal) }
        }

        /// Why a request makes no event.
        private static func reason(_ line: RequestLogLine) -> String? {
            switch line.method {
            case "kafka.ApiVersions": "what versions there are"
            case "kafka.Produce", "kafka.Fetch": "not the first of its topic on its connection"
            case "kafka.JoinGroup" where line.errorCode == 79: "the first try, which only fetches a member id"
            case "kafka.ConsumerGroupHeartbeat" where line.memberEpoch ?? 0 > 0: "a member that goes on"
            default: nil
            }
        }

        // MARK: - Decisions

        /// Every decision of the one side is one of the other, but for those of a list.
        private func expectDecisions(of events: [RecordedEvent], _ logs: BrokerLogs) async throws {
            let lines = try logs.lines(.authorizer)
            let loud = try await ingested(lines.filter { !$0.contains("] TRACE ") }, "authorizer-log", "loud")
            let quiet = try await ingested(lines.filter { $0.contains("] TRACE ") }, "authorizer-log", "quiet")
            let table = DecisionTable(
                wire: Self.decisions(events),
                log: Self.decisions(loud),
                quiet: Self.decisions(quiet)
            )
            print(table.text)
            #expect(table.unexplained == [])
            #expect(table.rows.count { $0.value.both > 0 && !$0.key.granted } > 30)
        }

        private static func decisions(_ events: [RecordedEvent]) -> [LoggedDecision: Int] {
            var counts: [LoggedDecision: Int] = [:]
            for event in events {
                guard event.type.hasSuffix("/authorization"), let info = event.data.authorizationInfo,
                    principals.contains(event.data.authenticationInfo.principal)
                else { continue }
                let decision = LoggedDecision(
                    kind: .init(
                        method: event.data.methodName,
                        check: "\(info.resourceType):\(info.operation)",
                        granted: info.granted
                    ),
                    resourceName: info.resourceName,
                    principal: event.data.authenticationInfo.principal
                )
                // An event of repeats stands for all of them.
                counts[decision, default: 0] += event.data.martlet?.count ?? 1
            }
            return counts
        }

        // MARK: - Requests, event by event

        /// The request log's events say the same as the gateway's: resource, outcome, and what was asked for.
        private func expectSameRequests(_ events: [RecordedEvent], _ logs: BrokerLogs, policy: String) async throws {
            let logged = try await ingested(logs.lines(.request), "request-log", "requests", policy: policy)
                .filter { event in
                    event.type.hasSuffix("/request")
                        && Self.principals.contains(event.data.authenticationInfo.principal)
                }
            // Inferred from look-ups; when they are logged by several nodes, in another order.
            var left = Self.counts(events.filter { !$0.isInferred })
            var more: [RecordedEvent] = []
            for event in logged where !event.isInferred {
                if let count = left[event.comparable], count > 0 {
                    left[event.comparable] = count - 1
                } else {
                    more.append(event)
                }
            }
            #expect(left.filter { $0.value > 0 }.keys.sorted() == [])
            // The controller's own line about a topic that a look-up made.
            #expect(more.filter { $0.data.methodName != "kafka.CreateTopics" }.map(\.comparable) == [])
            print(
                "request events: \(left.count) kinds are the same, and \(more.count) are of topics that look-ups made"
            )
        }

        private static func counts(_ events: [RecordedEvent]) -> [String: Int] {
            Dictionary(events.map { ($0.comparable, 1) }, uniquingKeysWith: +)
        }

        // MARK: - Events

        /// Reads lines as a user does, into a log of its own.
        private func ingested(
            _ lines: [String],
            _ format: String,
            _ name: String,
            policy: String? = nil
        ) async throws -> [RecordedEvent] {
            let file = try scratch.file("\(name).log", lines.map { $0 + "\n" }.joined().utf8)
            let result = try await run(
                EndToEnd.binary.path,
                [
                    "ingest", "--data", scratch.path(name), "--format", format, "--cluster", Self.cluster, "--quiet",
                    file,
                ],
                environment: policy.map { ["MARTLET_KAFKA_POLICY": $0] } ?? [:]
            )
            #expect(result.status == 0, "\(result.error)")
            return try await events(name)
        }

        private func events(_ name: String) async throws -> [RecordedEvent] {
            try await martlet("query", "--all", "--output", "ndjson", "--data", scratch.path(name), expecting: 0)
                .lines.compactMap { try RecordedEvent($0) }
        }
    }
}
