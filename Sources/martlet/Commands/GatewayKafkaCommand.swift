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

            A server does the same beside its API when it has the settings kafka.listen and so on, which martlet config check \
            explains. What is captured: --policy, and martlet policy explain. See docs/capture-kafka.md.

            Runs until SIGTERM or Ctrl-C; then connections end, and what was seen is recorded.
            """
    )

    @OptionGroup var options: GatewayOptions

    func run() async throws {
        let settings = try options.settings().checked()
        guard settings.text(.kafkaListen) != nil else {
            throw CommandFailure(.usage, "say where clients find the gateway: --listen HOST:PORT")
        }
        guard let directory = settings.text(.data) else {
            throw CommandFailure(.usage, "say where the log is kept: --data DIR")
        }
        try await Server(settings, directory: directory).run(withAPI: false)
    }
}
