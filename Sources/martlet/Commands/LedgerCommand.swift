// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Ledger

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Say by source and hour whether everything is there.",
        discussion: """
            An hour of a source is complete, has a gap, or is unknown, by what the log itself shows: when the server was up, what \
            was recorded as missing, and which sources were silent. Hours are those of receipt, in UTC.

              martlet ledger
              martlet ledger --from now-7d --source http
              martlet ledger --from 2026-11-20 --to 2026-11-21 --output csv

            Exit status 0: every row is complete; 1: there is a gap; 4: there is no gap, and something is unknown, or there is no \
            row at all.
            """
    )

    @Option(help: ArgumentHelp("From this time on. Default: a day before the end.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Up to this time. Default: now.", valueName: "time"))
    var to: String?

    @Option(help: ArgumentHelp("Only sources of this name.", valueName: "source"))
    var source: String?

    @Option(help: "table, json or csv.")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard output != .ndjson else { throw ValidationError("ledger writes table, json or csv") }
    }

    func run() async throws {
        let ledger = try await connection.ledgerAccess().ledger(LedgerQuery(from: from, to: to, source: source))
        switch output {
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Terminal.write(Array(try encoder.encode(ledger)) + [UInt8(ascii: "\n")])
        case .csv: Terminal.write(LedgerText.csv(ledger))
        case .table, .ndjson: Terminal.write(LedgerText.table(ledger, width: Terminal.width))
        }
        if let reason = ledger.partialReason { Terminal.complain(reason) }
        switch ledger.state {
        case .complete: break
        case .gap: throw CommandFailure(.no)
        case .unknown:
            throw CommandFailure(.incomplete, ledger.rows.isEmpty ? "no source was heard in these hours" : "")
        }
    }
}
