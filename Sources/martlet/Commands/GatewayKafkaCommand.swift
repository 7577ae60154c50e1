// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

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

            A server does the same beside its API when it has the settings kafka.listen and so on, which martlet config check \
            explains. What is captured: --policy, and martlet policy explain. See docs/capture-kafka.md.

            Runs until SIGTERM or Ctrl-C; then connections end, and what was seen is recorded.
            """
    )

    @OptionGroup var options: GatewayOptions

    @Option(help: ArgumentHelp("URL of the server whose log it is, in the place of --data.", valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp("Where events wait for the server; made when missing.", valueName: "dir"),
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
        if server != nil, options.data != nil {
            throw ValidationError("--server and --data name two logs; give one of them")
        }
        if server != nil, spool == nil {
            throw ValidationError("say where events wait while the server can't be reached: --spool DIR")
        }
        if server == nil, spool != nil {
            throw ValidationError("--spool is for a log elsewhere: name its server with --server URL")
        }
    }

    func run() async throws {
        let settings = try options.settings().checked()
        guard settings.text(.kafkaListen) != nil else {
            throw CommandFailure(.usage, "say where clients find the gateway: --listen HOST:PORT")
        }
        if let server, let spool {
            let client = try ServerClient(url: server, token: ConnectionOptions.token(tokenFile))
            return try await RemoteGateway(settings, server: client, spool: spool).run()
        }
        guard let directory = settings.text(.data) else {
            throw CommandFailure(.usage, "say where the log is kept: --data DIR, or --server URL with --spool DIR")
        }
        try await Server(settings, directory: directory).run(withAPI: false)
    }
}
