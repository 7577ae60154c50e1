// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

/// The flags of a server's configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Configuration file, YAML or JSON. Default: $MARTLET_CONFIG.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    @Option(help: ArgumentHelp("Where the log is kept; made when missing.", valueName: "dir"), completion: .directory)
    var data: String?

    @Option(help: "Address to listen on.")
    var host: String?

    @Option(help: "TCP port to listen on; 0 for one that is free.")
    var port: Int?

    @Flag(help: "Let programs on this machine in without a token.")
    var allowAnonymousLoopback = false

    @Option(help: ArgumentHelp("A corrected catalogue.", valueName: "file"), completion: .file())
    var catalog: String?

    @Option(help: "Least severe messages to log.")
    var logLevel: String?

    @Option(help: "text or json.")
    var logFormat: String?

    /// All settings, with what flags, environment, file and defaults say.
    func settings() throws -> Settings {
        try Settings(
            flags: [
                (.data, "--data", data), (.host, "--host", host), (.port, "--port", port.map(String.init)),
                (.allowsAnonymousLoopback, "--allow-anonymous-loopback", allowAnonymousLoopback ? "true" : nil),
                (.catalogFile, "--catalog", catalog), (.logLevel, "--log-level", logLevel),
                (.logFormat, "--log-format", logFormat),
            ],
            config: config
        )
    }
}

extension Settings {
    /// What a command's flags, the environment, the configuration file and the defaults say.
    ///
    /// `flags` that were not given have no value; `config` is the file that a flag names.
    init(flags: [(setting: Setting, flag: String, value: String?)], config: String?) throws {
        var given: [String: (flag: String, value: String)] = [:]
        for (setting, flag, value) in flags {
            if let value { given[setting.key] = (flag, value) }
        }
        let environment = ProcessInfo.processInfo.environment
        try self.init(flags: given, file: config ?? environment["MARTLET_CONFIG"], environment: environment)
    }
}
