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
        var flags: [String: (flag: String, value: String)] = [:]
        func add(_ setting: Setting, _ flag: String, _ value: String?) {
            if let value { flags[setting.key] = (flag, value) }
        }
        add(.data, "--data", data)
        add(.host, "--host", host)
        add(.port, "--port", port.map(String.init))
        add(.allowsAnonymousLoopback, "--allow-anonymous-loopback", allowAnonymousLoopback ? "true" : nil)
        add(.catalogFile, "--catalog", catalog)
        add(.logLevel, "--log-level", logLevel)
        add(.logFormat, "--log-format", logFormat)
        let environment = ProcessInfo.processInfo.environment
        return try Settings(flags: flags, file: config ?? environment["MARTLET_CONFIG"], environment: environment)
    }
}
