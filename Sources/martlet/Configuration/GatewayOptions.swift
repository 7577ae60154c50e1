// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The flags of a gateway; what has none is set in the configuration file.
struct GatewayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Configuration file, YAML or JSON. Default: $MARTLET_CONFIG.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(help: ArgumentHelp("Where the log is kept; made when missing.", valueName: "dir"), completion: .directory)
    var data: String?

    @Option(help: ArgumentHelp("Where clients connect.", valueName: "host:port"))
    var listen: String?

    @Option(help: ArgumentHelp("Brokers to begin with, with commas between.", valueName: "host:port"))
    var bootstrapServers: String?

    @Option(help: ArgumentHelp("The cluster's CRN, as events name it: crn:///kafka=orders-eu.", valueName: "crn"))
    var cluster: String?

    @Option(help: ArgumentHelp("Host that clients are told. Default: the one of --listen.", valueName: "host"))
    var advertisedHost: String?

    @Option(help: ArgumentHelp("Node ids that may get a port. Default: 0-9.", valueName: "first-last"))
    var nodes: String?

    @Option(
        help: ArgumentHelp("Names of nodes in the place of ports: 'broker-$(nodeId).example.com'.", valueName: "name")
    )
    var sni: String?

    @Option(help: ArgumentHelp("Certificates for clients, PEM.", valueName: "file"), completion: .file())
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("Their private key, PEM.", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Option(help: ArgumentHelp("none, request or require.", valueName: "which"))
    var clientCertificates: String?

    @Option(help: ArgumentHelp("Authorities of clients' certificates, PEM.", valueName: "file"), completion: .file())
    var clientAuthorities: String?

    @Flag(help: "Speak TLS to the brokers.")
    var brokerTLS = false

    @Option(help: ArgumentHelp("Authorities of brokers' certificates, PEM.", valueName: "file"), completion: .file())
    var brokerAuthorities: String?

    @Option(help: ArgumentHelp("What is captured, YAML.", valueName: "file"), completion: .file())
    var policy: String?

    @Option(help: ArgumentHelp("Load balancers' PROXY headers: off, allowed or required.", valueName: "mode"))
    var proxyProtocol: String?

    @Option(help: ArgumentHelp("Networks whose PROXY headers are believed.", valueName: "networks"))
    var proxyNetworks: String?

    @Option(help: "Least severe messages to log.")
    var logLevel: String?

    @Option(help: "text or json.")
    var logFormat: String?

    func settings() throws -> Settings {
        try Settings(
            flags: [
                (.data, "--data", data), (.kafkaListen, "--listen", listen),
                (.kafkaBootstrapServers, "--bootstrap-servers", bootstrapServers),
                (.kafkaCluster, "--cluster", cluster),
                (.kafkaAdvertisedHost, "--advertised-host", advertisedHost), (.kafkaNodes, "--nodes", nodes),
                (.kafkaSNI, "--sni", sni), (.kafkaCertificate, "--tls-certificate", tlsCertificate),
                (.kafkaKey, "--tls-key", tlsKey),
                (.kafkaClientCertificates, "--client-certificates", clientCertificates),
                (.kafkaClientAuthorities, "--client-authorities", clientAuthorities),
                (.kafkaBrokerTLS, "--broker-tls", brokerTLS ? "true" : nil),
                (.kafkaBrokerAuthorities, "--broker-authorities", brokerAuthorities),
                (.kafkaPolicy, "--policy", policy), (.kafkaProxyProtocol, "--proxy-protocol", proxyProtocol),
                (.kafkaProxyNetworks, "--proxy-networks", proxyNetworks), (.logLevel, "--log-level", logLevel),
                (.logFormat, "--log-format", logFormat),
            ],
            config: config
        )
    }
}
