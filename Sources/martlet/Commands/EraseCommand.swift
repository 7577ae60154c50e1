// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Ingest

struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase what an event says, for ever: a secret that leaked, what a court wants gone.",
        discussion: """
            Off unless the setting store.erasure is true. The event's leaf stays in the signed tree, so every receipt, proof \
            and checkpoint stays valid. In the event's place stands a tombstone that says who erased it, when and why; the \
            log records the erasure before it happens. The log's own events can't be erased.
              martlet erase 17 --reason 'a password in the client id, incident 4711'

            Asks first on a terminal. Exit status 1 when there is no such event, or it was erased before.
            """
    )

    @Argument(help: "The event's index; martlet show says it.")
    var index: UInt64

    @Option(
        help: ArgumentHelp(
            "Why, for the record; kept for ever and shown to whoever may read the log.",
            valueName: "text"
        )
    )
    var reason: String

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: "table or json.")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard ErasureAdministration.accepts(reason: reason) else {
            throw ValidationError(
                "--reason has 1 to \(ErasureAdministration.maximumReasonByteCount) bytes, and says why"
            )
        }
    }

    func run() async throws {
        try confirm()
        let access = try connection.erasureAccess()
        let document: ErasureDocument
        do {
            document = try await access.erase(index, reason: reason)
        } catch {
            await access.close()
            throw error
        }
        await access.close()
        if output == .json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Terminal.write(Array(try encoder.encode(document)) + [UInt8(ascii: "\n")])
        }
        Self.write(document)
    }

    /// On a terminal a person types the index once more.
    private func confirm() throws {
        guard !yes, Terminal.inputIsTerminal else { return }
        Terminal.writeError("What event \(index) says will be gone for ever. To erase it, type its index: ")
        guard readLine()?.trimmingWhitespace() == String(index) else {
            throw CommandFailure(.no, "nothing was erased")
        }
    }

    private static func write(_ document: ErasureDocument) {
        Terminal.write(
            """
            event \(document.index) was erased: from its segment with dictionaries and index, from the journal, and from the table of \
            repeated events. Its salts are forgotten, so nobody can test a guess at it.
            leaf hash, unchanged: \(Terminal.harmless(document.leafHash))
            tombstone: \(Terminal.harmless(document.tombstone))

            """
        )
        if !document.remainingFiles.isEmpty {
            Terminal.write("still being read, and removed when that ends:\n")
            for file in document.remainingFiles { Terminal.write("  \(Terminal.harmless(file))\n") }
        }
        Terminal.write("what may still hold a copy:\n")
        for place in document.mayStillHold { Terminal.write("  \(Terminal.harmless(place))\n") }
        Terminal.write("Receipts that were given out stay valid; they do not contain the event.\n")
    }
}
