// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Stand in a service's traffic, forward it and record it.",
        subcommands: [GatewayKafkaCommand.self, GatewayReplayCommand.self]
    )
}
