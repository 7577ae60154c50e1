// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

struct GatewayKafkaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kafka",
        abstract: "Stand in front of Kafka brokers.",
        discussion: """
            Clients connect to the gateway and log in to the brokers through it. Everything goes on as it came, but for the \
            addresses of brokers in answers, which become the gateway's: node n is reached at the port of --listen + 1 + n.

              martlet gateway kafka --data ./audit --cluster crn:///kafka=orders-eu \\
                --bootstrap-servers broker-1:9092,broker-2:9092 --listen 0.0.0.0:19092 \\
                --advertised-host gateway.example.com --nodes 1-3

            On another machine than the log, what was seen waits in a spool until the server has it:

              martlet gateway kafka --server https://audit.example.com --token-file token \\
                --spool /var/lib/martlet-spool --cluster crn:///kafka=orders-eu …

            Or it goes to a topic, which a server reads (kafkaSource.topics) and notices what is missing:

              martlet gateway kafka --to kafka://broker-1:9092,broker-2:9092/audit-of-gateways --name eu-1 \\
                --kafka-properties client.properties --spool /var/lib/martlet-spool --cluster crn:///kafka=orders-eu …

            A server does the same beside its API when it has the settings kafka.listen and so on, which martlet config check \
            explains. What is captured: --policy, and martlet policy explain. See docs/capture-kafka.md.

            Runs until SIGTERM or Ctrl-C; then connections end, and what was seen is recorded.
            """
    )

    @OptionGroup var options: GatewayOptions

    @Option(help: ArgumentHelp("URL of the server whose log it is, in the place of --data.", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "Topic that events go to, in the place of --data: kafka://broker-1:9092/topic.",
            valueName: "address"
        )
    )
    var to: String?

    @Option(
        help: ArgumentHelp("librdkafka's properties for --to, name=value a line.", valueName: "file"),
        completion: .file()
    )
    var kafkaProperties: String?

    @Option(
        help: ArgumentHelp(
            "The gateway's name in the topic: letters, digits, '.', '_' and '-'. Default: the host's.",
            valueName: "name"
        )
    )
    var name: String?

    @Option(
        help: ArgumentHelp("Where events wait for the server or the topic; made when missing.", valueName: "dir"),
        completion: .directory
    )
    var spool: String?

    @Option(
        help: ArgumentHelp(
            "File with a token of the server, of scope ingest. Default: the token in $MARTLET_TOKEN.",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?

    func validate() throws {
        let logs = [("--server", server), ("--to", to), ("--data", options.data)].filter { $0.1 != nil }.map(\.0)
        if logs.count > 1 {
            throw ValidationError(
                "\(logs.joined(separator: " and ")) name \(logs.count == 2 ? "two" : "three") logs; give one of them"
            )
        }
        if server != nil || to != nil, spool == nil {
            throw ValidationError("say where events wait while the log can't be reached: --spool DIR")
        }
        if server == nil, to == nil, spool != nil {
            throw ValidationError(
                "--spool is for a log elsewhere: name its server with --server URL, or a topic with --to"
            )
        }
        if to == nil, kafkaProperties != nil || name != nil {
            throw ValidationError("--kafka-properties and --name go with --to")
        }
    }

    func run() async throws {
        let settings = try options.settings().checked()
        guard settings.text(.kafkaListen) != nil else {
            throw CommandFailure(.usage, "say where clients find the gateway: --listen HOST:PORT")
        }
        if let spool, let target = try target() {
            return try await RemoteGateway(settings, to: target, spool: spool).run()
        }
        guard let directory = settings.text(.data) else {
            throw CommandFailure(
                .usage,
                "say where the log is kept: --data DIR, or --server URL or --to ADDRESS with --spool DIR"
            )
        }
        try await Server(settings, directory: directory).run(withAPI: false)
    }

    /// The log elsewhere, where one is named.
    private func target() throws -> RemoteGateway.Target? {
        if let server {
            return .server(try ServerClient(url: server, token: ConnectionOptions.token(tokenFile)))
        }
        guard let to else { return nil }
        guard let address = DeliveryToTopic.Address(to) else {
            throw CommandFailure(
                .usage,
                "--to \"\(Terminal.harmless(to))\" is no address of a topic, such as kafka://broker-1:9092,broker-2:9092/audit"
            )
        }
        let properties = try KafkaPropertyFile.properties(
            file: kafkaProperties,
            bootstrapServers: address.bootstrapServers
        )
        return .topic(address.topic, properties, gatewayName: try gatewayName())
    }

    private func gatewayName() throws -> String {
        let text = name ?? ProcessInfo.processInfo.hostName
        let isGood = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        guard isGood, (1...64).contains(text.count) else {
            throw CommandFailure(
                .usage,
                "\"\(Terminal.harmless(text))\" can't be a gateway's name: give --name 1 to 64 letters, digits, '.', '_' and '-'"
            )
        }
        return text
    }
}
