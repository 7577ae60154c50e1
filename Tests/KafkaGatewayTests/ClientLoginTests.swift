// SPDX-License-Identifier: Apache-2.0

import Foundation
import KafkaClient
import Logging
import Testing

/// Logins of Martlet's own client: at a peer that answers as it is told, and at a real broker.
@Suite struct ClientLoginTests {
    private static let apiVersions: Int16 = 18
    private static let handshake: Int16 = 17
    private static let authenticate: Int16 = 36

    private static let environment = ProcessInfo.processInfo.environment
    private static let realBroker = environment["MARTLET_TEST_KAFKA"]

    /// Answers a login up to where `script` says something else; it gets the API's key, and gives the answer's body.
    private static func peer(
        _ script: @escaping @Sendable (Int16) -> FakeBroker.Reply?,
        answer: @escaping @Sendable (Int16) -> [UInt8]
    ) async throws -> FakeBroker {
        try await FakeBroker { request in
            let key = Int16(request[0]) << 8 | Int16(request[1])
            if let reply = script(key) { return reply }
            return .answer(Frames.answer(to: request, body: answer(key)))
        }
    }

    /// ApiVersions v3, as far as a login needs it.
    private static var versions: [UInt8] {
        let apis: [(Int16, Int16)] = [(3, 1), (17, 1), (18, 3), (36, 0)]
        var body = Frames.bytes(Int16(0)) + [UInt8(apis.count + 1)]
        for (key, maximum) in apis { body += Frames.bytes(key) + Frames.bytes(Int16(0)) + Frames.bytes(maximum) + [0] }
        return body + Frames.bytes(Int32(0)) + [0]
    }

    private static func handshakeBody(_ code: Int16, _ mechanisms: [String]) -> [UInt8] {
        mechanisms.reduce(Frames.bytes(code) + Frames.bytes(Int32(mechanisms.count))) { $0 + Frames.string($1) }
    }

    private static func authenticateBody(_ code: Int16, _ message: String) -> [UInt8] {
        Frames.bytes(code) + Frames.string(message) + Frames.bytes(Int32(0))
    }

    private static func answer(handshake: [UInt8], authenticate: [UInt8] = []) -> @Sendable (Int16) -> [UInt8] {
        { key in
            switch key {
            case apiVersions: versions
            case Self.handshake: handshake
            case Self.authenticate: authenticate
            default: []
            }
        }
    }

    private static func error(
        _ servers: String,
        _ mechanism: String,
        password: String = "hush-hush",
        _ more: [String: String] = [:]
    ) async -> KafkaClientError? {
        var properties = KafkaProperties()
        properties["bootstrap.servers"] = servers
        properties["security.protocol"] = "sasl_plaintext"
        properties["sasl.mechanisms"] = mechanism
        properties["sasl.username"] = "admin"
        properties["sasl.password"] = password
        for (name, value) in more { properties[name] = value }
        do {
            let consumer = try KafkaConsumer(
                properties,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            do {
                _ = try await consumer.partitions(of: "t", within: .seconds(2))
                await consumer.close()
                return nil
            } catch {
                await consumer.close()
                throw error
            }
        } catch {
            return error as? KafkaClientError
        }
    }

    /// What brokers say of a wrong password.
    private static func refusal(_ mechanism: String) -> String {
        mechanism == "PLAIN"
            ? "Authentication failed: Invalid username or password"
            : "Authentication failed during authentication due to invalid credentials with SASL mechanism \(mechanism)"
    }

    private static let mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

    @Test(arguments: mechanisms)
    func `a wrong password is told with its properties and without itself`(_ mechanism: String) async throws {
        let peer = try await Self.peer(
            { _ in nil },
            answer: Self.answer(
                handshake: Self.handshakeBody(0, [mechanism]),
                authenticate: Self.authenticateBody(58, Self.refusal(mechanism))
            )
        )
        let error = try #require(await Self.error("127.0.0.1:\(peer.port)", mechanism))
        await peer.close()
        #expect(error.code == .authentication, "\(error.message)")
        #expect(error.message.contains("Authentication failed") && error.message.contains("sasl.password"))
        #expect(!error.message.contains("hush"))
    }

    @Test(arguments: mechanisms)
    func `a mechanism that the brokers don't have is told with the property`(_ mechanism: String) async throws {
        let peer = try await Self.peer(
            { _ in nil },
            answer: Self.answer(handshake: Self.handshakeBody(33, ["OAUTHBEARER", "GSSAPI"]))
        )
        let error = try #require(await Self.error("127.0.0.1:\(peer.port)", mechanism))
        await peer.close()
        #expect(error.code == .authentication, "\(error.message)")
        #expect(error.message.contains("sasl.mechanisms") && error.message.contains("OAUTHBEARER"), "\(error.message)")
    }

    @Test func `a peer that ends the connection in the middle of a login is told to be one`() async throws {
        let peer = try await Self.peer(
            { $0 == Self.authenticate ? .close : nil },
            answer: Self.answer(handshake: Self.handshakeBody(0, ["PLAIN"]))
        )
        let error = try #require(await Self.error("127.0.0.1:\(peer.port)", "PLAIN"))
        await peer.close()
        #expect([.authentication, .unreachable].contains(error.code), "\(error.message)")
        #expect(error.message.contains("sasl.") || error.message.contains("security.protocol"), "\(error.message)")
    }

    @Test func `what is no answer of a broker's is told with the property`() async throws {
        let peer = try await Self.peer(
            { _ in .answer(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) },
            answer: { _ in [] }
        )
        let error = try #require(await Self.error("127.0.0.1:\(peer.port)", "PLAIN"))
        await peer.close()
        #expect(
            error.message.contains("bootstrap.servers") || error.message.contains("security.protocol"),
            "\(error.message)"
        )
    }

    @Test func `a mechanism that nobody knows is a wrong configuration`() async throws {
        let error = try #require(await Self.error("127.0.0.1:1", "PLANE"))
        #expect(error.code == .configuration && error.message.contains("sasl.mechanisms"), "\(error.message)")
    }

    @Test(
        .enabled(
            if: realBroker != nil && environment["MARTLET_TEST_KAFKA_USERS"] != nil,
            "MARTLET_TEST_KAFKA and MARTLET_TEST_KAFKA_USERS name no broker and user; see docs/testing.md"
        )
    )
    func `a real broker's refusals are told likewise`() async throws {
        let servers = try #require(Self.realBroker)
        let user = try #require(Self.environment["MARTLET_TEST_KAFKA_USERS"]?.split(separator: ",").first)
        let password = String(try #require(user.split(separator: ":", maxSplits: 1).last))
        for mechanism in Self.mechanisms {
            let wrong = try #require(await Self.error(servers, mechanism))
            #expect(wrong.code == .authentication && wrong.message.contains("sasl.password"), "\(wrong.message)")
            #expect(!wrong.message.contains("hush"))
        }
        let unknown = try #require(
            await Self.error(
                servers,
                "OAUTHBEARER",
                ["enable.sasl.oauthbearer.unsecure.jwt": "true", "sasl.oauthbearer.config": "principal=admin"]
            )
        )
        #expect(unknown.code == .authentication && unknown.message.contains("sasl.mechanisms"), "\(unknown.message)")
        let right = await Self.error(servers, "PLAIN", password: password)
        #expect(right == nil || right?.code == .unknownTopic, "\(right?.message ?? "")")
    }
}
