// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check and explain the configuration of a server.",
        subcommands: [Check.self],
        defaultSubcommand: Check.self
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Show every setting, its value and where that comes from. Starts nothing.",
            discussion: """
                A flag wins over the environment, the environment over the file, the file over the default. Exit status 1 when \
                something is wrong.
                """
        )

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            let settings = try options.settings()
            var table = Table(
                ["SETTING", "VALUE", "FROM", "ENVIRONMENT"].map { .init(title: $0, mayBeCut: false) }
                    + [.init(title: "MEANING")]
            )
            for setting in Setting.all {
                let value = settings.value(of: setting)
                table.add(
                    [
                        setting.key, value?.text ?? "–", value?.origin ?? "not set", setting.environmentVariable,
                        setting.meaning,
                    ],
                    colours: [nil, nil, value?.origin == "default" ? .quiet : .good]
                )
            }
            Terminal.write(table.rendered(width: max(Terminal.width, 100)))
            let faults = settings.faults.isEmpty ? settings.deepFaults : settings.faults
            for fault in faults { Terminal.complain(fault) }
            if !faults.isEmpty { throw CommandFailure(.no) }
        }
    }
}
