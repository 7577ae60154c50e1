// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DurableFiles
import Glibc
import Logging
import NIOCore
import ServiceLifecycle
import SystemPackage
import UnixSignals
import Witness
import WitnessAPI

struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Cosign other logs' checkpoints, so that none of them can show two trees.",
        discussion: """
            Speaks c2sp.org/tlog-witness. The file of logs has a line for each: log <vkey> [<url>]; it is read at the start. The first \
            start makes a key; what the keepers of logs need of it:
              martlet witness --state DIR --name witness.example/w1 --print-vkey

            The state is what the witness knows: never put an older one in its place. See docs/witnesses.md.
            """
    )

    @Option(help: ArgumentHelp("Key and records; made when missing.", valueName: "dir"), completion: .directory)
    var state: String

    @Option(
        help: ArgumentHelp(
            "Name of the witness, a URL without its scheme; needed at the first start.",
            valueName: "name"
        )
    )
    var name: String?

    @Option(
        help: ArgumentHelp("The logs to witness, lines of \"log <vkey> [<url>]\".", valueName: "file"),
        completion: .file()
    )
    var logs: String?

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "TCP port to listen on; 0 for one that is free.")
    var port = 8081

    @Option(help: "Least severe messages to log.")
    var logLevel = "info"

    @Option(help: "text or json.")
    var logFormat = "text"

    @Flag(name: .customLong("print-vkey"), help: "Print the public key, which is made when there is none, and end.")
    var printsVkey = false

    func validate() throws {
        guard printsVkey || logs != nil else { throw ValidationError("say which logs to witness: --logs FILE") }
        guard (0...65_535).contains(port) else { throw ValidationError("no TCP port: \(port)") }
        guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("no level of logging: \(logLevel)") }
        guard ["text", "json"].contains(logFormat) else { throw ValidationError("no form of messages: \(logFormat)") }
    }

    func run() async throws {
        let directory = FilePath(state)
        if printsVkey {
            // Also beside a running witness, which has the directory.
            let known = try WitnessState.vkey(in: directory, RealFileSystem())
            Terminal.write(
                try (known ?? CheckpointWitness(open(directory), logs: WitnessedLogs(parsing: [])).vkey) + "\n"
            )
            return
        }
        let witnessed = try WitnessedLogs(parsing: SmallFile.bytes(of: logs ?? ""))
        let witness = try CheckpointWitness(open(directory), logs: witnessed)
        let logger = Server.logger(level: logLevel, format: logFormat)
        logger.info("witnessing", metadata: ["witness.vkey": "\(witness.vkey)", "witness.logs": "\(witness.logCount)"])
        try await serve(witness, logger)
    }

    private func open(_ directory: FilePath) throws -> WitnessState {
        try WitnessState(directory: directory, fileSystem: RealFileSystem(), name: name, seed: System.seed())
    }

    private func serve(_ witness: CheckpointWitness, _ logger: Logger) async throws {
        let server = WitnessServer(
            witness,
            host: host,
            port: port,
            now: { System.nanosecondsSinceEpoch() / 1_000_000_000 },
            logger: logger
        ) { [host] port in
            Terminal.writeError("listening on http://\(host.contains(":") ? "[\(host)]" : host):\(port)\n")
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let error as IOError where [EADDRINUSE, EADDRNOTAVAIL, EACCES].contains(error.errnoCode) {
            throw CommandFailure(
                .couldNotRun,
                "cannot listen on \(host), port \(port): \(String(cString: strerror(error.errnoCode))); choose another"
            )
        }
    }
}
