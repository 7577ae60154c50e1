// SPDX-License-Identifier: Apache-2.0

import AuditModel
import KafkaGateway

/// What the settings say of the gateway in front of Kafka brokers.
extension Settings {
    /// The gateway's options; nil where no gateway is configured.
    ///
    /// - Throws: `CommandFailure` for values that do not go together, with the key's name.
    func kafkaGatewayOptions() throws -> KafkaGatewayOptions? {
        guard let listen = text(.kafkaListen) else { return nil }
        let address = try address(listen, .kafkaListen, allowsAnyPort: true)
        var options = KafkaGatewayOptions(
            cluster: try clusterName(.kafkaCluster),
            listenHost: address.host,
            listenPort: address.port,
            advertisedHost: text(.kafkaAdvertisedHost) ?? address.host,
            addressing: try nodeAddressing(),
            bootstrapServers: try bootstrapServers(),
            clientTLS: try clientTLS(),
            brokerTLS: try brokerTLS(),
            proxyProtocol: try proxyProtocol()
        )
        options.limits.connections = integer(.kafkaConnections)
        if ["0.0.0.0", "::"].contains(options.advertisedHost) {
            throw wrong(
                .kafkaAdvertisedHost,
                "clients can't connect to \(options.advertisedHost); give the host that they are to use"
            )
        }
        return options
    }

    func clusterName(_ setting: Setting) throws -> CRN {
        let text = try required(setting, "such as crn:///kafka=orders-eu")
        guard let cluster = CRN(text), cluster.resource?.type == "kafka" else {
            throw wrong(setting, "\"\(Terminal.harmless(text))\" is no cluster's CRN, such as crn:///kafka=orders-eu")
        }
        return cluster
    }

    private func bootstrapServers() throws -> [BrokerAddress] {
        try Self.list(required(.kafkaBootstrapServers, "such as broker-1:9092")).map {
            let address = try address($0, .kafkaBootstrapServers)
            return BrokerAddress(host: address.host, port: address.port)
        }
    }

    private func nodeAddressing() throws -> NodeAddressing {
        if let pattern = text(.kafkaSNI) {
            guard text(.kafkaCertificate) != nil else {
                throw wrong(.kafkaSNI, "names of nodes need TLS: set kafka.tls.certificate and kafka.tls.key")
            }
            guard let names = NodeNames(pattern) else {
                throw wrong(
                    .kafkaSNI,
                    "\"\(pattern)\" has not exactly one $(nodeId), such as broker-$(nodeId).example.com"
                )
            }
            return .names(names)
        }
        let text = text(.kafkaNodes) ?? ""
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int32($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, 0 <= first, first <= last,
            last - first < 10_000
        else { throw wrong(.kafkaNodes, "\"\(text)\" is no range of node ids, such as 1-3") }
        return .ports(nodeIDs: first...last)
    }

    private func clientTLS() throws -> ClientTLSOptions? {
        guard let certificate = text(.kafkaCertificate) else {
            if text(.kafkaClientCertificates) != "none" {
                throw wrong(.kafkaClientCertificates, "it needs kafka.tls.certificate and kafka.tls.key")
            }
            return nil
        }
        let asked = ClientTLSOptions.ClientCertificates(rawValue: text(.kafkaClientCertificates) ?? "none") ?? .none
        if asked != .none, text(.kafkaClientAuthorities) == nil {
            throw wrong(.kafkaClientAuthorities, "say whose certificates clients may show")
        }
        let rules = text(.kafkaPrincipalRules) ?? "DEFAULT"
        do {
            return ClientTLSOptions(
                certificateFile: certificate,
                keyFile: try required(.kafkaKey, "the PEM file of the certificate's key"),
                clientCertificates: asked,
                clientAuthoritiesFile: text(.kafkaClientAuthorities),
                principalRules: try PrincipalRules(rules)
            )
        } catch let error as PrincipalRules.Problem {
            throw wrong(.kafkaPrincipalRules, error.description)
        }
    }

    private func brokerTLS() throws -> BrokerTLSOptions? {
        guard boolean(.kafkaBrokerTLS) else { return nil }
        if (text(.kafkaBrokerCertificate) == nil) != (text(.kafkaBrokerKey) == nil) {
            throw wrong(.kafkaBrokerKey, "kafka.broker.certificate and kafka.broker.key go together")
        }
        return BrokerTLSOptions(
            authoritiesFile: text(.kafkaBrokerAuthorities),
            certificateFile: text(.kafkaBrokerCertificate),
            keyFile: text(.kafkaBrokerKey),
            verification: BrokerTLSOptions.Verification(rawValue: text(.kafkaBrokerVerification) ?? "full") ?? .full
        )
    }

    private func proxyProtocol() throws -> ProxyProtocolMode {
        let mode = text(.kafkaProxyProtocol) ?? "off"
        guard mode != "off" else { return .off }
        let networks = try Self.list(required(.kafkaProxyNetworks, "such as 10.0.0.0/8")).map { text in
            guard let network = IPNetwork(text) else {
                throw wrong(.kafkaProxyNetworks, "\"\(text)\" is no network, such as 10.0.0.0/8")
            }
            return network
        }
        return mode == "required" ? .required(from: networks) : .allowed(from: networks)
    }

    // MARK: - Texts

    private func address(
        _ text: String,
        _ setting: Setting,
        allowsAnyPort: Bool = false
    ) throws -> (host: String, port: Int) {
        if let address = BrokerAddress(text) { return (address.host, address.port) }
        if allowsAnyPort, text.hasSuffix(":0"), let any = BrokerAddress(text.dropLast() + "1") { return (any.host, 0) }
        throw wrong(setting, "\"\(text)\" is no host:port, such as broker-1:9092")
    }

    /// The texts of a setting that may have several, with commas between.
    func texts(_ setting: Setting) -> [String] { text(setting).map(Self.list) ?? [] }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0).trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    private func required(_ setting: Setting, _ example: String) throws -> String {
        guard let text = text(setting), !text.isEmpty else {
            throw wrong(setting, "the gateway needs it: \(setting.meaning) (\(example))")
        }
        return text
    }

    private func wrong(_ setting: Setting, _ what: String) -> CommandFailure {
        CommandFailure(.usage, "\(setting.key): \(what)")
    }
}
