// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Ingest

struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "What came in streams and was no event: look at it, try it again, throw it away.",
        subcommands: [List.self, Show.self, Retry.self, Purge.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List what is set aside, oldest first."
        )

        @Option(help: "table or json.")
        var output = OutputFormat.table

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let quarantine = try await connection.quarantine()
            let entries = try await quarantine.entries()
            await quarantine.close()
            if output == .json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                return Terminal.write(Array(try encoder.encode(entries)) + [UInt8(ascii: "\n")])
            }
            guard !entries.isEmpty else { return Terminal.writeError("the quarantine is empty\n") }
            var table = Table([
                .init(title: "ID", isNumber: true), .init(title: "ORIGIN", keepsEnd: true),
                .init(title: "LINE", isNumber: true),
                .init(title: "BYTE", isNumber: true), .init(title: "REASON"), .init(title: "BEGINS WITH"),
            ])
            for entry in entries {
                let start = String(decoding: entry.bytes.prefix(60), as: UTF8.self)
                table.add([
                    String(entry.id), entry.source, String(entry.line), String(entry.byteOffset), entry.message, start,
                ])
            }
            Terminal.write(table.rendered())
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Write the bytes of one entry as they came."
        )

        @Argument(help: "The entry's number.")
        var id: Int

        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let quarantine = try await connection.quarantine()
            let entry = try await quarantine.entries().first { $0.id == id }
            await quarantine.close()
            guard let entry else { throw CommandFailure(.no, "the quarantine has no entry \(id)") }
            let place = "\(Terminal.harmless(entry.source)), line \(entry.line), byte \(entry.byteOffset)"
            Terminal.writeError("\(place): \(Terminal.harmless(entry.message)) [\(entry.code)]\n")
            if entry.byteCount > entry.bytes.count {
                Terminal.writeError("only the first \(entry.bytes.count) of its \(entry.byteCount) bytes were kept\n")
            }
            Terminal.write(entry.bytes)
            if Terminal.outputIsTerminal { Terminal.write("\n") }
        }
    }

    /// Which entries a command is about.
    struct Choice: ParsableArguments {
        @Argument(help: ArgumentHelp("Numbers of entries.", valueName: "id"))
        var ids: [Int] = []

        @Flag(help: "All entries.")
        var all = false

        func validate() throws {
            guard all != !ids.isEmpty else { throw ValidationError("name entries by their numbers, or give --all") }
        }

        var chosen: Set<Int>? { all ? nil : Set(ids) }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry",
            abstract: "Offer entries to the log again; those that are events now leave the quarantine.",
            discussion: "Exit status 1 when some still are not."
        )

        @OptionGroup var choice: Choice
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let quarantine = try await connection.quarantine()
            let result = try await quarantine.retry(choice.chosen)
            await quarantine.close()
            Terminal.writeError("\(result.accepted) stored, \(result.stillRejected) still no event\n")
            if result.stillRejected > 0 { throw CommandFailure(.no) }
        }
    }

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "purge",
            abstract: "Throw entries away for good. The log keeps that this was done."
        )

        @OptionGroup var choice: Choice
        @OptionGroup var connection: ConnectionOptions

        func run() async throws {
            let quarantine = try await connection.quarantine()
            let count = try await quarantine.purge(choice.chosen)
            await quarantine.close()
            Terminal.writeError("\(count) thrown away\n")
        }
    }
}
