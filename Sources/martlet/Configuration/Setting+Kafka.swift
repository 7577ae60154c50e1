// SPDX-License-Identifier: Apache-2.0

/// The settings of the gateway in front of Kafka brokers.
extension Setting {
    static let kafkaListen = Setting(
        key: "kafka.listen",
        kind: .text,
        fallback: nil,
        meaning: "host:port to stand in front of Kafka brokers at; there is no gateway while it is not set"
    )
    static let kafkaBootstrapServers = Setting(
        key: "kafka.bootstrapServers",
        kind: .text,
        fallback: nil,
        meaning: "host:port of brokers to begin with, several with commas between"
    )
    static let kafkaCluster = Setting(
        key: "kafka.cluster",
        kind: .text,
        fallback: "crn:///kafka=cluster",
        meaning: "the cluster's CRN, as events name it, such as crn:///kafka=orders-eu; also of brokers' logs"
    )
    static let kafkaAdvertisedHost = Setting(
        key: "kafka.advertisedHost",
        kind: .text,
        fallback: nil,
        meaning: "host that clients are told to connect to; the one of kafka.listen when left out"
    )
    static let kafkaNodes = Setting(
        key: "kafka.nodes",
        kind: .text,
        fallback: "0-9",
        meaning: "node ids that may get a port: node n has the port of kafka.listen + 1 + n"
    )
    static let kafkaSNI = Setting(
        key: "kafka.sni",
        kind: .text,
        fallback: nil,
        meaning: "names of nodes on one TLS port in place of ports, such as broker-$(nodeId).kafka.example.com"
    )
    static let kafkaCertificate = Setting(
        key: "kafka.tls.certificate",
        kind: .text,
        fallback: nil,
        meaning: "PEM file of the certificates shown to clients; without it clients speak plain text"
    )
    static let kafkaKey = Setting(
        key: "kafka.tls.key",
        kind: .text,
        fallback: nil,
        meaning: "PEM file of its private key"
    )
    static let kafkaClientCertificates = Setting(
        key: "kafka.tls.clientCertificates",
        kind: .choice(["none", "request", "require"]),
        fallback: "none",
        meaning: "whether clients are asked for a certificate"
    )
    static let kafkaClientAuthorities = Setting(
        key: "kafka.tls.clientAuthorities",
        kind: .text,
        fallback: nil,
        meaning: "PEM file of the authorities that clients' certificates must be from"
    )
    static let kafkaPrincipalRules = Setting(
        key: "kafka.tls.principalRules",
        kind: .text,
        fallback: "DEFAULT",
        meaning: "what becomes of a certificate's subject, as the brokers' ssl.principal.mapping.rules"
    )
    static let kafkaBrokerTLS = Setting(
        key: "kafka.broker.tls",
        kind: .boolean,
        fallback: "false",
        meaning: "speak TLS to the brokers"
    )
    static let kafkaBrokerAuthorities = Setting(
        key: "kafka.broker.authorities",
        kind: .text,
        fallback: nil,
        meaning: "PEM file of the authorities that brokers' certificates must be from; the system's when left out"
    )
    static let kafkaBrokerCertificate = Setting(
        key: "kafka.broker.certificate",
        kind: .text,
        fallback: nil,
        meaning: "PEM file of the certificate that the gateway shows to brokers"
    )
    static let kafkaBrokerKey = Setting(
        key: "kafka.broker.key",
        kind: .text,
        fallback: nil,
        meaning: "PEM file of its private key"
    )
    static let kafkaBrokerVerification = Setting(
        key: "kafka.broker.verification",
        kind: .choice(["full", "insecure-none"]),
        fallback: "full",
        meaning:
            "full: a broker's certificate is from the authorities, and for its name or the address connected to; insecure-none takes any certificate, so that anybody between may read and change everything"
    )
    static let kafkaProxyProtocol = Setting(
        key: "kafka.proxyProtocol",
        kind: .choice(["off", "allowed", "required"]),
        fallback: "off",
        meaning: "whether a load balancer's PROXY header, v1 or v2, names the client"
    )
    static let kafkaProxyNetworks = Setting(
        key: "kafka.proxyNetworks",
        kind: .text,
        fallback: nil,
        meaning: "networks whose PROXY headers are believed, several with commas between"
    )
    static let kafkaPolicy = Setting(
        key: "kafka.policy",
        kind: .text,
        fallback: nil,
        meaning: "file that says what is captured; see docs/capture-kafka.md"
    )
    static let kafkaConnections = Setting(
        key: "kafka.connections",
        kind: .integer(1...1_000_000),
        fallback: "20000",
        meaning: "connections of clients at once; more are refused"
    )

    static let kafkaGateway = [
        kafkaListen, kafkaBootstrapServers, kafkaCluster, kafkaAdvertisedHost, kafkaNodes, kafkaSNI, kafkaCertificate,
        kafkaKey, kafkaClientCertificates, kafkaClientAuthorities, kafkaPrincipalRules, kafkaBrokerTLS,
        kafkaBrokerAuthorities, kafkaBrokerCertificate, kafkaBrokerKey, kafkaBrokerVerification, kafkaProxyProtocol,
        kafkaProxyNetworks, kafkaPolicy, kafkaConnections,
    ]
}

/// The settings of the readers of brokers' logs.
extension Setting {
    static let authorizerLog = Setting(
        key: "brokerLog.authorizer",
        kind: .text,
        fallback: nil,
        meaning: "a broker's kafka-authorizer.log to follow, several with commas between"
    )
    static let requestLog = Setting(
        key: "brokerLog.request",
        kind: .text,
        fallback: nil,
        meaning: "a broker's request log to follow, several with commas between"
    )
    static let brokerLogTimeZone = Setting(
        key: "brokerLog.timeZone",
        kind: .text,
        fallback: "UTC",
        meaning: "time zone of stamps that name none: UTC, +02:00 or a name such as Europe/Berlin"
    )

    static let brokerLogs = [authorizerLog, requestLog, brokerLogTimeZone]
}
