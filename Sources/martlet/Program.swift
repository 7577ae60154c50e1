// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Where the program starts.
@main
enum Program {
    static func main() async {
        System.limitArenas()
        await run()
    }

    /// Off the main actor, where each wait would cost a hundred times as much.
    @concurrent
    private static func run() async {
        do {
            var command = try MartletCommand.parseAsRoot(FilterArguments.rewritten(CommandLine.arguments.dropFirst()))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.leave(after: error)
        }
    }
}

/// The root of all subcommands.
struct MartletCommand: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "An open audit log for streaming platforms.",
        discussion: """
            Martlet keeps the audit events of Kafka, Schema Registry, ksqlDB, Flink, Tableflow and their control plane, byte \
            for byte, and finds them again.

            Start a log and put events into it:
              martlet serve --data DIR
              martlet ingest events.ndjson

            Ask it:
              martlet query 'outcome:denied' --from now-1d
              martlet tail 'method:kafka.DeleteTopics'

            Take it elsewhere:
              martlet export outcome:denied > denied.ndjson
              martlet store export --data DIR --parquet COPY

            Prove it:
              martlet verify DIR --vkey our-log.vkey

            Exit status: 0 fine, 1 the answer is no, 2 usage, 3 could not run, 4 incomplete.
            """,
        version: "martlet \(version)",
        subcommands: [
            ServeCommand.self, IngestCommand.self, QueryCommand.self, ShowCommand.self, TailCommand.self,
            ExportCommand.self, StoreCommand.self, CatalogCommand.self, QuarantineCommand.self, LedgerCommand.self,
            StatusCommand.self, TokenCommand.self, WitnessCommand.self, ConfigCommand.self, LogCommand.self,
            VerifyCommand.self, EraseCommand.self, GatewayCommand.self, PolicyCommand.self,
        ]
    )
}
