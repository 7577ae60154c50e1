// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The drivers of Kafka's clients in `Tests/KafkaGatewayTests/clients`, and what they print.
enum KafkaClient: String, CaseIterable, Sendable {
    case librdkafka = "confluent_driver.py"
    case java = "java_driver.py"
    case kafkaPython = "kafka_python_driver.py"
    case kcat = "kcat_driver.py"
    /// librdkafka again, as somebody with some rights.
    case rights = "rights_driver.py"

    /// The interpreter with the packages of `Tests/requirements.txt`, when `make` runs the tests.
    static let python = EndToEnd.environment["MARTLET_PYTHON"]

    static func script(_ name: String) -> String {
        EndToEnd.root.appending(path: "Tests/KafkaGatewayTests/clients/\(name)").path
    }

    /// What a driver did and every broker that its client learnt of.
    struct Report: Sendable {
        struct Step: Decodable, Sendable, CustomTestStringConvertible {
            let step: String
            let ok: Bool
            let error: String?
            let message: String?

            var testDescription: String { ok ? step : "\(step): \(error ?? "") \(message ?? "")" }
        }

        struct Addresses: Decodable, Sendable {
            let addresses: Set<String>
            let connected: Set<String>
        }

        let steps: [Step]
        let addresses: Addresses
        /// Everything that it wrote, for the message of a failure.
        let text: String

        /// What went wrong, by the name of the step.
        var errors: [String: String] {
            Dictionary(steps.filter { !$0.ok }.map { ($0.step, $0.error ?? "") }) { first, _ in first }
        }
    }

    /// Runs a driver to its end.
    func run(
        _ bootstrap: String,
        steps: [String],
        prefix: String,
        user: KafkaUser? = nil,
        mechanism: String = "PLAIN",
        brokerVersion: String? = nil
    ) async throws -> Report {
        var words = [Self.script(rawValue), bootstrap, "--steps", steps.joined(separator: ","), "--prefix", prefix]
        if let user { words += ["--user", user.name, "--mechanism", mechanism] }
        if let brokerVersion { words += ["--broker-version", brokerVersion] }
        let result = try await EndToEndTests.run(
            #require(Self.python),
            words,
            environment: user.map { ["KAFKA_PASSWORD": $0.password] } ?? [:]
        )
        try #require(result.status == 0, "\(rawValue):\n\(result.text)\(result.error)")
        let lines = result.lines.map { Data($0) }
        let addresses = lines.compactMap { try? JSONDecoder().decode(Report.Addresses.self, from: $0) }
        return Report(
            steps: lines.compactMap { try? JSONDecoder().decode(Report.Step.self, from: $0) },
            addresses: try #require(addresses.last),
            text: result.text + result.error
        )
    }
}

/// Somebody that a broker knows.
struct KafkaUser: Sendable {
    let name: String
    let password: String
}

/// librdkafka's mock cluster of three brokers; killed when it is forgotten.
final class MockCluster: Sendable {
    let bootstrap: String
    let addresses: Set<String>
    private let child: ChildProcess
    private let files: Scratch

    private struct Description: Decodable {
        let bootstrap: String
        let brokers: [String: String]
    }

    init() async throws {
        let files = try Scratch()
        let child = try ChildProcess(
            #require(KafkaClient.python),
            [KafkaClient.script("mock_cluster.py"), "3"],
            environment: cleanEnvironment(),
            output: files.path("output"),
            error: files.path("error"),
            limit: .seconds(900)
        )
        var found: Description?
        try await eventually("the mock cluster says where it is") {
            let lines = NDJSON.lines(of: try files.bytes(of: "output"))
            found = lines.first.flatMap { try? JSONDecoder().decode(Description.self, from: Data($0)) }
            if found == nil, child.hasEnded {
                throw RunningServer.DidNotStart(said: String(decoding: try files.bytes(of: "error"), as: UTF8.self))
            }
            return found != nil
        }
        let description = try #require(found)
        (self.files, self.child) = (files, child)
        bootstrap = description.bootstrap
        addresses = Set(description.brokers.values)
    }
}

/// A real cluster, named by the environment: its nodes have ids of 1 to 3.
enum RealKafka {
    static let missing: Comment = """
        MARTLET_TEST_KAFKA is not set: it names the SASL_PLAINTEXT bootstrap servers of a Kafka whose authorizer refuses \
        by default, and MARTLET_TEST_KAFKA_USERS its users, a super user first: admin:secret,alice:secret
        """

    static let bootstrap = EndToEnd.environment["MARTLET_TEST_KAFKA"]

    /// The super user, and then those without rights.
    static let users: [KafkaUser] = (EndToEnd.environment["MARTLET_TEST_KAFKA_USERS"] ?? "").split(separator: ",")
        .compactMap { pair in
            let parts = pair.split(separator: ":", maxSplits: 1)
            return parts.count == 2 ? KafkaUser(name: String(parts[0]), password: String(parts[1])) : nil
        }

    static var isThere: Bool { bootstrap != nil && users.count >= 2 && KafkaClient.python != nil }
}
