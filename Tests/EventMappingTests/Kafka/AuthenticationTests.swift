// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import KafkaProtocol
import Testing

@Suite struct AuthenticationTests {
    @Test func `a login is one event with its mechanism and name`() throws {
        var mapping = try Mapping(user: nil)

        let events = try mapping.map(.authentication(.login("alice")))

        let event = try #require(events.first)
        #expect(events.count == 1)
        #expect(event.event.type == "io.confluent.kafka.server/authentication")
        #expect(event.event.method == "kafka.Authentication")
        #expect(event.event.principal?.description == "User:alice")
        #expect(event.event.credential == "alice")
        #expect(event.event.outcome == .success)
        #expect(event.event.resource == Mapping.clusterCRN)
        #expect(event.string("data.authenticationInfo.metadata.mechanism") == "SASL_PLAINTEXT/PLAIN")
        #expect(event.string("data.requestMetadata.client_address") == "/10.0.0.1:50000")
        #expect(event.string("data.result.status") == "SUCCESS")
        #expect(event.integer("data.martlet.nodeId") == 3)
        #expect(event.mapped.category == .authentication)
    }

    @Test func `a failed login has Kafka's reason, and the name only as a claim`() throws {
        var mapping = try Mapping(user: nil)

        let event = try #require(try mapping.map(.authentication(.login("bob", SASLExchange.refused))).first)

        #expect(event.event.outcome == .failure)
        #expect(event.event.principal?.description == "None:UNKNOWN_USER")
        #expect(event.event.credential == "bob")
        #expect(event.string("data.result.status") == "UNAUTHENTICATED")
        #expect(event.string("data.result.message") == "Authentication failed: Invalid username or password")
        #expect(event.integer("data.martlet.errorCode") == 58)
        #expect(event.string("data.martlet.errorName") == "SASL_AUTHENTICATION_FAILED")
    }

    @Test func `a connection closed in the middle of a login is a failure`() throws {
        var mapping = try Mapping(user: nil)
        let verdict = SASLExchange.Verdict.failure(errorCode: nil, message: nil)

        let event = try #require(try mapping.map(.authentication(.login(nil, verdict, mechanism: "GSSAPI"))).first)

        #expect(event.event.outcome == .failure)
        #expect(event.event.credential == nil)
        #expect(event.string("data.result.message")?.contains("closed") == true)
    }

    @Test func `a delegation token's id is no user`() throws {
        var mapping = try Mapping(user: nil)
        let details = [SASLExchange.Detail(name: "tokenauth", value: "true")]

        let event = try #require(
            try mapping.map(.authentication(.login("dGVzdA", mechanism: "SCRAM-SHA-256", details: details))).first
        )

        #expect(event.event.principal?.description == "DelegationToken:dGVzdA")
        #expect(event.string("data.martlet.remark")?.contains("delegation token") == true)
        #expect(event.string("data.martlet.claims.0.name") == "tokenauth")
    }

    @Test func `who is at the other end follows from logins, certificates and answers`() throws {
        let asking = KafkaExchange.of(16, 4, .fields([:]), .fields(["errorCode": 0]))
        let unanswered = KafkaExchange.of(16, 4, .fields([:]), .missing)
        let apiVersions = KafkaExchange.of(18, 3, .fields([:]), .fields(["errorCode": 0]))
        func principals(_ connection: KafkaConnection, _ observations: [KafkaObservation]) throws -> [String] {
            var mapping = try Mapping(connection: connection, user: nil)
            return try observations.flatMap { try mapping.map($0) }.map { $0.event.principal?.description ?? "" }
        }

        #expect(try principals(.plain, [.exchange(apiVersions), .exchange(asking)]) == ["User:ANONYMOUS"])
        #expect(try principals(.plain, [.exchange(unanswered)]) == ["None:UNKNOWN_USER"])
        #expect(
            try principals(.plain, [.authentication(.login("bob", SASLExchange.refused)), .exchange(unanswered)])
                == ["None:UNKNOWN_USER", "None:UNKNOWN_USER"]
        )
        #expect(
            try principals(.plain, [.authentication(.login("bob")), .exchange(asking)]) == ["User:bob", "User:bob"]
        )
        #expect(
            try principals(.numbered(1, certificateName: "app"), [.exchange(asking), .exchange(asking)])
                == ["User:app", "User:app", "User:app"]
        )
        // A certificate, and a login over it: the login counts.
        #expect(
            try principals(
                .numbered(1, certificateName: "app"),
                [.exchange(apiVersions), .authentication(.login("bob")), .exchange(asking)]
            ) == ["User:bob", "User:bob"]
        )
        // A repetition that fails leaves the connection as it was until it is closed.
        #expect(
            try principals(
                .plain,
                [
                    .authentication(.login("bob")),
                    .authentication(.login("bob", SASLExchange.refused, isRepeat: true)),
                    .exchange(asking),
                ]
            ) == ["User:bob", "None:UNKNOWN_USER", "User:bob"]
        )
    }

    @Test func `a certificate is an event at the first exchange, once`() throws {
        var mapping = try Mapping(connection: .numbered(1, certificateName: "app"), user: nil)
        let asking = KafkaObservation.exchange(.of(16, 4, .fields([:]), .fields(["errorCode": 0])))

        let events = try mapping.map(asking) + mapping.map(asking)

        let logins = events.filter { $0.event.action == .authentication }
        #expect(logins.count == 1)
        #expect(logins.first?.string("data.authenticationInfo.metadata.mechanism") == "SSL")
        #expect(logins.first?.event.credential == "CN=app,O=Example")
        #expect(logins.first?.event.outcome == .success)
    }

    // MARK: - Repeats

    @Test func `repeats of a failure are one event when the window has ended`() throws {
        let cluster = try Mapping(user: nil).cluster
        var events: [ReadEvent] = []
        for number in 0..<12 {
            var mapping = try Mapping(cluster: cluster, connection: .numbered(number), user: nil)
            events += try mapping.map(
                .authentication(.login("bob", SASLExchange.refused, time: .seconds(Int64(number))))
            )
        }
        let mapping = try Mapping(cluster: cluster, user: nil)

        #expect(events.count == 1)
        #expect(cluster.nextFlush == .seconds(60))
        #expect(try mapping.flushCluster(.seconds(59)).isEmpty)
        let repeats = try mapping.flushCluster(.seconds(60))
        #expect(repeats.count == 1)
        #expect(repeats.first?.integer("data.martlet.count") == 11)
        #expect(repeats.first?.string("data.martlet.firstTime") == "2026-11-22T13:24:21.534123Z")
        #expect(repeats.first?.string("data.martlet.lastTime") == "2026-11-22T13:24:31.534123Z")
        #expect(repeats.first?.event.credential == "bob")
        #expect(repeats.first?.event.id != events.first?.event.id)
        #expect(cluster.nextFlush == nil)
        #expect(try mapping.flushCluster(.max).isEmpty)
    }

    @Test func `the next failure after the window writes the repeats, and is first again`() throws {
        var mapping = try Mapping(user: nil)
        let failed = { (second: Int64) in
            KafkaObservation.authentication(.login("bob", SASLExchange.refused, time: .seconds(second)))
        }

        #expect(try mapping.map(failed(0)).count == 1)
        #expect(try mapping.map(failed(1)).isEmpty)
        let later = try mapping.map(failed(61))

        #expect(later.compactMap { $0.integer("data.martlet.count") } == [1])
        #expect(later.count == 2)
    }

    @Test func `failures that differ are not the same`() throws {
        let cluster = try Mapping(user: nil).cluster
        func failure(_ connection: KafkaConnection, _ login: SASLExchange) throws -> Int {
            var mapping = try Mapping(cluster: cluster, connection: connection, user: nil)
            return try mapping.map(.authentication(login)).count
        }
        let here = KafkaConnection.numbered(1)

        #expect(try failure(here, .login("bob", SASLExchange.refused)) == 1)
        #expect(try failure(here, .login("bob", SASLExchange.refused)) == 0)
        #expect(try failure(here, .login("eve", SASLExchange.refused)) == 1)
        #expect(try failure(here, .login("bob", SASLExchange.refused, mechanism: "SCRAM-SHA-512")) == 1)
        #expect(try failure(.numbered(2, host: "10.0.0.2"), .login("bob", SASLExchange.refused)) == 1)
        #expect(try failure(here, .login("bob", .failure(errorCode: 34, message: nil))) == 1)
        // Successes are never counted away.
        #expect(try failure(here, .login("bob")) == 1)
        #expect(try failure(here, .login("bob")) == 1)
    }
}
