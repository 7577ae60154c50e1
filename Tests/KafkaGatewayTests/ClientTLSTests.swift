// SPDX-License-Identifier: Apache-2.0

import KafkaClient
import KafkaGateway
import Logging
import MockKafka
import Testing

/// Martlet's own client, over TLS, through the gateway in front of librdkafka's brokers, which speak none themselves.
@Suite struct ClientTLSTests {
    private let authority: CertificateAuthority
    private let brokers: MockBrokers

    init() throws {
        authority = try CertificateAuthority()
        brokers = try MockBrokers(count: 1)
        try brokers.makeTopic("t", partitions: 2)
    }

    /// What comes of asking for a topic's partitions: how many there are, or the error.
    private func ask(
        _ certificate: CertificateAuthority.Certificate?,
        clientCertificates: ClientTLSOptions.ClientCertificates = .none,
        _ properties: [String: String]
    ) async throws -> Result<Int, KafkaClientError> {
        let port = try #require(brokers.bootstrap.split(separator: ":").last.flatMap { Int($0) })
        var harness = GatewayHarness(ports: [port])
        harness.options.advertisedHost = "127.0.0.1"
        if let certificate {
            harness.options.clientTLS = ClientTLSOptions(
                certificateFile: certificate.certificateFile,
                keyFile: certificate.keyFile,
                clientCertificates: clientCertificates,
                clientAuthoritiesFile: clientCertificates == .none ? nil : authority.certificateFile,
                principalRules: try PrincipalRules("DEFAULT")
            )
        }
        return try await harness.run { port in
            var all = KafkaProperties()
            all["bootstrap.servers"] = "127.0.0.1:\(port)"
            all["security.protocol"] = "ssl"
            for (name, value) in properties { all[name] = value }
            return await Self.partitionCount(all)
        }
    }

    private static func partitionCount(_ properties: KafkaProperties) async -> Result<Int, KafkaClientError> {
        do {
            let consumer = try KafkaConsumer(
                properties,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            do {
                let count = try await consumer.partitions(of: "t", within: .seconds(2)).count
                await consumer.close()
                return .success(count)
            } catch {
                await consumer.close()
                throw error
            }
        } catch let error as KafkaClientError {
            return .failure(error)
        } catch {
            return .failure(KafkaClientError(.other, "\(error)"))
        }
    }

    private func certificate(
        _ names: [String] = ["IP:127.0.0.1"],
        days: Int = 2
    ) throws -> CertificateAuthority.Certificate {
        try authority.issue(subject: "/CN=gateway", names: names, days: days)
    }

    private func expect(
        _ result: Result<Int, KafkaClientError>,
        _ code: KafkaClientError.Code,
        naming property: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard case .failure(let error) = result else {
            Issue.record("it went well", sourceLocation: sourceLocation)
            return
        }
        #expect(error.code == code, "\(error.message)", sourceLocation: sourceLocation)
        #expect(error.message.contains(property), "\(error.message)", sourceLocation: sourceLocation)
    }

    @Test func `with the authority's certificate all is well`() async throws {
        let result = try await ask(certificate(), ["ssl.ca.location": authority.certificateFile])
        #expect(try result.get() == 2)
    }

    @Test func `without it the property to set is named`() async throws {
        expect(try await ask(certificate(), [:]), .tls, naming: "ssl.ca.location")
    }

    @Test func `another authority's certificate is refused likewise`() async throws {
        let other = try CertificateAuthority()
        expect(
            try await ask(certificate(), ["ssl.ca.location": other.certificateFile]),
            .tls,
            naming: "ssl.ca.location"
        )
    }

    @Test func `a certificate for another name is refused, and bootstrap.servers is named`() async throws {
        let result = try await ask(certificate(["DNS:other.test"]), ["ssl.ca.location": authority.certificateFile])
        expect(result, .tls, naming: "bootstrap.servers")
    }

    @Test func `an expired certificate is called that`() async throws {
        let result = try await ask(certificate(days: -1), ["ssl.ca.location": authority.certificateFile])
        expect(result, .tls, naming: "expired")
    }

    @Test func `a client of the wrong protocol is told to look at it`() async throws {
        expect(
            try await ask(certificate(), ["security.protocol": "plaintext"]),
            .unreachable,
            naming: "security.protocol"
        )
        expect(try await ask(nil, [:]), .tls, naming: "security.protocol")
    }

    @Test func `a client's certificate that is missing is asked for by its properties`() async throws {
        let result = try await ask(
            certificate(),
            clientCertificates: .require,
            ["ssl.ca.location": authority.certificateFile]
        )
        guard case .failure(let error) = result else {
            Issue.record("it went well")
            return
        }
        #expect(error.code == .tls, "\(error.message)")
        #expect(error.message.contains("ssl.certificate.location") && error.message.contains("ssl.key.location"))
        let own = try authority.issue(subject: "/CN=client", names: [])
        let good = try await ask(
            certificate(),
            clientCertificates: .require,
            [
                "ssl.ca.location": authority.certificateFile, "ssl.certificate.location": own.certificateFile,
                "ssl.key.location": own.keyFile,
            ]
        )
        #expect(try good.get() == 2)
    }

    @Test func `a key of another certificate, and a wrong password of a key, are wrong configurations`() async throws {
        let (own, other) = (try certificate(), try certificate())
        let mixed = try await ask(
            certificate(),
            ["ssl.certificate.location": own.certificateFile, "ssl.key.location": other.keyFile]
        )
        expect(mixed, .configuration, naming: "ssl.key.location")
        let locked = try authority.locked(own, password: "right-one")
        let wrong = try await ask(
            certificate(),
            [
                "ssl.certificate.location": own.certificateFile, "ssl.key.location": locked,
                "ssl.key.password": "hush-hush",
            ]
        )
        expect(wrong, .configuration, naming: "ssl.key.")
        if case .failure(let error) = wrong { #expect(!error.message.contains("hush")) }
    }

    @Test(arguments: [
        (["ssl.ca.location": "/nowhere/ca.pem"], "ssl.ca.location"),
        (["ssl.certificate.location": "/nowhere/client.pem"], "ssl.certificate.location"),
        (["ssl.key.location": "/nowhere/client.key", "ssl.key.password": "hush"], "ssl.key.location"),
        (["ssl.truststore.location": "/x.jks"], "ssl.ca.location"),
    ])
    func `files that are not there are named with their property`(
        properties: [String: String],
        name: String
    ) async throws {
        let result = try await ask(certificate(), properties)
        expect(result, .configuration, naming: name)
        if case .failure(let error) = result { #expect(!error.message.contains("hush")) }
    }
}
