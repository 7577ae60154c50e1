// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import SystemPackage

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Look after a log's files: what they take, whether they are whole, copies of them.",
        discussion: """
            New events are in the journal; older ones are sealed into segments, Parquet files that any engine reads. A server \
            does that by itself. These commands work on the data directory.

            Beside a running server:
              martlet store stats --data DIR
              martlet store check --data DIR
              martlet store export --data DIR --parquet COPY

            With the directory to themselves, so while no server runs:
              martlet store seal --data DIR
              martlet store compact --data DIR
              martlet store import --data DIR COPY
            """,
        subcommands: [Stats.self, Check.self, Seal.self, Compact.self, Export.self, Import.self]
    )

    /// Which data directory.
    struct Directory: ParsableArguments {
        @Option(
            help: ArgumentHelp("The log's data directory. Default: $MARTLET_DATA_DIRECTORY.", valueName: "dir"),
            completion: .directory
        )
        var data: String?

        func path() throws -> String {
            if let path = data ?? Terminal.environment(Setting.data.environmentVariable) { return path }
            throw ValidationError("say which log: --data DIR; these commands work on its files, not through a server")
        }

        /// The log, looked at while a server may be running on it.
        func readOnly() throws -> ReadOnlyLog { try ReadOnlyLog(directory: FilePath(path())) }

        /// The log, opened to change it.
        ///
        /// - Throws: `CommandFailure` that says what to do when a server has it.
        func owned(_ command: String, instead: String, creates: Bool = false) throws -> LocalAdministration {
            let path = try path()
            do {
                return try LocalAdministration(directory: path, creates: creates)
            } catch let error as StoreError where error.code == .locked {
                throw CommandFailure(
                    .couldNotRun,
                    "\(error.message): a server is running there. \(instead) Or stop it, run \"martlet store \(command)\" again, and start it again"
                )
            }
        }
    }
}

/// Shows how far something has come that does not tell.
enum Watched {
    /// Does some work, and calls `tick` ten times a second until it is done.
    static func run(_ work: @escaping @Sendable () async throws -> Void, tick: () -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            var isDone = false
            while !isDone {
                group.addTask {
                    // Cancelled when the work is done.
                    try? await Task.sleep(for: .milliseconds(100))
                    return false
                }
                isDone = try await group.next() ?? true
                tick()
            }
            group.cancelAll()
        }
    }
}
