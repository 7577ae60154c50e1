// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditCatalog
import AuditModel
import AuditStore
import JournalFormat
import QueryEngine

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one event: what is known of it, and its bytes.",
        discussion: """
            An event is named by its index in the log or by its id. Several may have the same id; all are shown.
              martlet show 17
              martlet show 6f1c5485-ab93-43a3-81ce-6d1b0ca113fe

            Its receipt proves to anybody, without the log, that it was in the log when a checkpoint was signed:
              martlet show 17 --receipt > event-17.tlog-proof
              martlet verify receipt event-17.tlog-proof --event event-17.json
            """
    )

    @Argument(help: ArgumentHelp("Index or id.", valueName: "index|id"))
    var name: String

    @Option(help: "table, json, or ndjson for the original bytes alone.")
    var output = OutputFormat.table

    @Flag(help: "The receipt of the event with this index, in place of the event (c2sp.org/tlog-proof).")
    var receipt = false

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        guard !receipt else { return try await writeReceipt() }
        let access = try connection.eventAccess()
        let events = try await find(access)
        guard !events.isEmpty else {
            throw CommandFailure(.no, "the log has no event with the index or id \"\(name)\"")
        }
        var describer = EventDescriber(try CatalogChoice.load())
        for event in events {
            switch output {
            case .ndjson:
                Terminal.write(event.bytes + [UInt8(ascii: "\n")])
            case .json:
                var text: [UInt8] = []
                RowJSON.encode(describer.describe(event), into: &text)
                Terminal.write(text + [UInt8(ascii: "\n")])
            case .table, .csv:
                Self.write(describer.describe(event))
            }
        }
    }

    private func writeReceipt() async throws {
        guard let index = UInt64(name) else {
            throw ValidationError("--receipt needs the event's index; martlet show \(name) says it")
        }
        let tree = try await connection.treeAccess()
        let bytes = try await tree.receipt(of: index)
        await tree.close()
        Terminal.write(bytes)
    }

    private func find(_ access: any EventAccess) async throws -> [StoredEvent] {
        if let index = UInt64(name), let event = try await access.event(at: index) { return [event] }
        let quoted = "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        var events: [StoredEvent] = []
        try await access.answer(EventQuery(filter: "id:\(quoted) stream:*", limit: 100, order: .oldest)) { row in
            if case .event(let event) = row { events.append(event) }
        }
        return events
    }

    private static func write(_ row: DescribedEvent) {
        for field in AuditField.allCases {
            guard let value = row.value(of: field) else { continue }
            let label = field.rawValue + String(repeating: " ", count: 15 - field.rawValue.count)
            let shown = Terminal.harmless(value)
            let colour = field == .outcome ? RowPrinter.colour(of: row.event.outcome) : nil
            Terminal.write("\(Colour.quiet.paint(label)) \(colour?.paint(shown) ?? shown)\n")
        }
        Terminal.write(
            "\(Colour.quiet.paint("classified      "))\(Terminal.harmless(row.classification.explanation))\n"
        )
        let submitter = "\(row.stored.submitter), \(row.stored.source)"
        Terminal.write("\(Colour.quiet.paint("handed in by    "))\(Terminal.harmless(submitter))\n")
        if row.stored.flags.contains(.conflict) {
            Terminal.write(
                Colour.attention.paint("conflict        an earlier event has the same source and id, and other bytes")
                    + "\n"
            )
        }
        if row.stored.flags.contains(.erased) {
            let text =
                "erased          what it said is gone; its leaf stays in the tree, and this tombstone says who, when and why"
            Terminal.write(Colour.attention.paint(text) + "\n")
        }
        Terminal.write("\n")
        Terminal.write(Terminal.outputIsTerminal ? Array(harmlessJSON(row.stored.bytes).utf8) : row.stored.bytes)
        Terminal.write("\n")
    }

    /// JSON has no control characters in strings; only what turns text around is left to disarm.
    private static func harmlessJSON(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { Terminal.harmless(String($0)) }
            .joined(separator: "\n")
    }
}
