// SPDX-License-Identifier: Apache-2.0

import KafkaGateway
import KafkaProtocol
import NIOSSL
import Testing

@Suite struct TLSTests {
    private let authority: CertificateAuthority
    private let server: CertificateAuthority.Certificate

    init() throws {
        authority = try CertificateAuthority()
        server = try authority.issue(
            subject: "/CN=gateway",
            names: ["DNS:localhost", "DNS:*.kafka.test", "IP:127.0.0.1"]
        )
    }

    private func clientContext(_ certificate: CertificateAuthority.Certificate? = nil) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(authority.certificateFile)
        if let certificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.certificateFile)
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(file: certificate.keyFile, format: .pem)
            )
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func serverContext(
        _ certificate: CertificateAuthority.Certificate? = nil,
        clientCertificates: Bool = false
    ) throws -> NIOSSLContext {
        let server = certificate ?? server
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(server.certificateFile).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: server.keyFile, format: .pem))
        )
        if clientCertificates {
            configuration.trustRoots = .file(authority.certificateFile)
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private func tls(
        _ certificates: ClientTLSOptions.ClientCertificates = .none
    ) throws -> ClientTLSOptions {
        ClientTLSOptions(
            certificateFile: server.certificateFile,
            keyFile: server.keyFile,
            clientCertificates: certificates,
            clientAuthoritiesFile: certificates == .none ? nil : authority.certificateFile,
            principalRules: try PrincipalRules("RULE:^CN=([a-z]*),.*$/$1/,DEFAULT")
        )
    }

    private static func roundTrip(_ client: TestPeer, byteCount: Int = 200_000) async throws {
        let frame = Frames.request(Frames.unknownAPI, 3, [UInt8](repeating: 9, count: byteCount))
        try await client.send(frame)
        #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == 3)
    }

    @Test func `clients may speak TLS and brokers not`() async throws {
        let broker = try await FakeBroker()
        var harness = GatewayHarness([broker])
        harness.options.clientTLS = try tls()
        let context = try clientContext()
        try await harness.run { port in
            let client = try await TestPeer.connect(port, tls: (context, "localhost"))
            try await Self.roundTrip(client)
            try await client.send(Frames.heartbeatRequest(4))
            try await client.finishOutput()
            #expect(try await client.takeFrame().count > 4)
            #expect(try await client.rest().isEmpty)
        }
        await broker.close()
    }

    @Test func `a client that speaks no TLS to a TLS port is let go`() async throws {
        let broker = try await FakeBroker()
        var harness = GatewayHarness([broker])
        harness.options.clientTLS = try tls()
        try await harness.run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.heartbeatRequest(1))
            _ = try await client.rest()
        }
        #expect(broker.connectionCount == 0)
        await broker.close()
    }

    @Test func `brokers may speak TLS, want a certificate, and clients not`() async throws {
        let broker = try await FakeBroker(tls: try serverContext(clientCertificates: true))
        var harness = GatewayHarness([broker])
        let own = try authority.issue(subject: "/CN=martlet", names: [])
        harness.options.brokerTLS = BrokerTLSOptions(
            authoritiesFile: authority.certificateFile,
            certificateFile: own.certificateFile,
            keyFile: own.keyFile
        )
        try await harness.run { port in
            let client = try await TestPeer.connect(port)
            try await Self.roundTrip(client)
            await client.close()
        }
        await broker.close()
    }

    @Test func `a broker with another's certificate is not spoken to, unless that is wanted in so many words`()
        async throws
    {
        // Without the address in the certificate: one that is for the address connected to is taken for any name.
        let named = try authority.issue(subject: "/CN=broker", names: ["DNS:*.kafka.test"])
        let broker = try await FakeBroker(tls: try serverContext(named))
        let stranger = try CertificateAuthority()
        for (options, isReached) in [
            (BrokerTLSOptions(authoritiesFile: stranger.certificateFile), false),
            (BrokerTLSOptions(authoritiesFile: authority.certificateFile, serverName: "other.test"), false),
            (BrokerTLSOptions(authoritiesFile: authority.certificateFile, serverName: "b.kafka.test"), true),
            (BrokerTLSOptions(authoritiesFile: stranger.certificateFile, verification: .insecureNone), true),
        ] {
            var harness = GatewayHarness([broker])
            harness.options.brokerTLS = options
            try await harness.run { port in
                let client = try await TestPeer.connect(port)
                if isReached {
                    try await Self.roundTrip(client)
                    await client.close()
                } else {
                    try await client.send(Frames.heartbeatRequest(1))
                    #expect(try await client.rest().isEmpty)
                }
            }
            if !isReached { #expect(broker.receivedByteCount == 0) }
        }
        await broker.close()
    }

    @Test func `a client's certificate is asked for, compared and its subject known`() async throws {
        let broker = try await FakeBroker()
        let good = try clientContext(try authority.issue(subject: "/O=Org/CN=alice", names: []))
        let strangers = try CertificateAuthority()
        let bad = try clientContext(try strangers.issue(subject: "/O=Org/CN=mallory", names: []))
        let none = try clientContext()
        for (mode, isNoneTaken) in [(ClientTLSOptions.ClientCertificates.require, false), (.request, true)] {
            var harness = GatewayHarness([broker])
            harness.options.clientTLS = try tls(mode)
            try await harness.run { port in
                let client = try await TestPeer.connect(port, tls: (good, "localhost"))
                try await Self.roundTrip(client)
                await client.close()
                let stranger = try await TestPeer.connect(port, tls: (bad, "localhost"))
                try? await stranger.send(Frames.heartbeatRequest(1))
                #expect(try await stranger.rest().isEmpty)
                let nobody = try await TestPeer.connect(port, tls: (none, "localhost"))
                if isNoneTaken {
                    try await Self.roundTrip(nobody)
                } else {
                    try? await nobody.send(Frames.heartbeatRequest(1))
                    #expect(try await nobody.rest().isEmpty)
                }
                await nobody.close()
            }
        }
        await broker.close()
    }

    @Test func `the name in the client's hello says which node it means`() async throws {
        let first = try await FakeBroker { .answer(Frames.answer(to: $0, body: [1, 1])) }
        let second = try await FakeBroker { .answer(Frames.answer(to: $0, body: [2, 2])) }
        var harness = GatewayHarness([first])
        harness.options.clientTLS = try tls()
        harness.options.addressing = .names(try #require(NodeNames("broker-$(nodeId).kafka.test")))
        harness.options.knownNodes = [NodeEndpoint(nodeID: 5, host: "127.0.0.1", port: Int32(second.port))]
        let context = try clientContext()
        try await harness.run { port in
            for (name, answer) in [
                ("localhost", 1), ("broker-5.kafka.test", 2), ("broker-6.kafka.test", 1), ("BROKER-5.kafka.test", 2),
            ] as [(String, UInt8)] {
                let client = try await TestPeer.connect(port, tls: (context, name))
                try await client.send(Frames.request(Frames.unknownAPI, 1, []))
                #expect(try await client.takeFrame().suffix(2) == [answer, answer], "\(name)")
                await client.close()
            }
        }
        await first.close()
        await second.close()
    }

    @Test func `names without TLS are refused at the start`() async throws {
        var harness = GatewayHarness(ports: [1])
        harness.options.addressing = .names(try #require(NodeNames("broker-$(nodeId).kafka.test")))
        await #expect(throws: (any Error).self) { try await harness.run { _ in } }
    }
}

@Suite struct ProxyProtocolTests {
    private static let line = Array("PROXY TCP4 192.0.2.9 192.0.2.1 4711 9092\r\n".utf8)

    private static func harness(_ broker: FakeBroker, _ mode: ProxyProtocolMode) -> GatewayHarness {
        var harness = GatewayHarness([broker])
        harness.options.proxyProtocol = mode
        return harness
    }

    @Test func `a header from a trusted network is taken off, in one piece or many`() async throws {
        let broker = try await FakeBroker()
        let network = try #require(IPNetwork("127.0.0.0/8"))
        for mode in [ProxyProtocolMode.allowed(from: [network]), .required(from: [network])] {
            try await Self.harness(broker, mode).run { port in
                let whole = try await TestPeer.connect(port)
                try await whole.send(Self.line + Frames.heartbeatRequest(1))
                #expect(Frames.correlationID(Array(try await whole.takeFrame().dropFirst(4))) == 1)
                let cut = try await TestPeer.connect(port)
                for byte in Self.line { try await cut.send([byte]) }
                try await cut.send(Frames.heartbeatRequest(2))
                #expect(Frames.correlationID(Array(try await cut.takeFrame().dropFirst(4))) == 2)
                await whole.close()
                await cut.close()
            }
        }
        let request = Frames.heartbeatRequest(1)
        #expect(broker.receivedByteCount == request.count * 4)
        await broker.close()
    }

    @Test func `without a header goes where it need not be there, and not where it must`() async throws {
        let broker = try await FakeBroker()
        let network = try #require(IPNetwork("127.0.0.0/8"))
        try await Self.harness(broker, .allowed(from: [network])).run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.heartbeatRequest(1))
            #expect(Frames.correlationID(Array(try await client.takeFrame().dropFirst(4))) == 1)
            await client.close()
        }
        try await Self.harness(broker, .required(from: [network])).run { port in
            let client = try await TestPeer.connect(port)
            try await client.send(Frames.heartbeatRequest(1))
            #expect(try await client.rest().isEmpty)
        }
        await broker.close()
    }

    @Test func `a header is not believed from elsewhere`() async throws {
        let broker = try await FakeBroker()
        let network = try #require(IPNetwork("192.0.2.0/24"))
        for mode in [ProxyProtocolMode.off, .allowed(from: [network]), .required(from: [network])] {
            try await Self.harness(broker, mode).run { port in
                let client = try await TestPeer.connect(port)
                try? await client.send(Self.line + Frames.heartbeatRequest(1))
                try? await client.finishOutput()
                #expect(try await client.rest().isEmpty)
            }
        }
        await broker.close()
    }

    @Test func `the address in the header is the one that counts`() async throws {
        let broker = try await FakeBroker()
        var harness = Self.harness(broker, .required(from: [try #require(IPNetwork("127.0.0.0/8"))]))
        harness.options.limits.connectionsPerAddress = 1
        try await harness.run { port in
            let first = try await TestPeer.connect(port)
            try await first.send(Self.line + Frames.heartbeatRequest(1))
            _ = try await first.takeFrame()
            let second = try await TestPeer.connect(port)
            try await second.send(Self.line + Frames.heartbeatRequest(1))
            #expect(try await second.rest().isEmpty)
            let third = try await TestPeer.connect(port)
            try await third.send(
                Array("PROXY TCP4 192.0.2.10 192.0.2.1 4711 9092\r\n".utf8) + Frames.heartbeatRequest(1)
            )
            _ = try await third.takeFrame()
            await first.close()
            await third.close()
        }
        await broker.close()
    }
}
