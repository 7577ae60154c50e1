// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditCatalog
import AuditModel
import AuditStore
import QueryEngine

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Follow new events as they are accepted, until Ctrl-C.",
        discussion: """
            The filter is that of martlet query:
              martlet tail outcome:denied
              martlet tail --output ndjson | jq .data.methodName
            """
    )

    @Argument(help: ArgumentHelp("Which events; all when it is left out.", valueName: "filter"))
    var filter: [String] = []

    @Option(help: "table (a line for each event), json (a row for each) or ndjson (the original bytes).")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard output != .csv else { throw ValidationError("tail writes table, json or ndjson") }
    }

    func run() async throws {
        let access = try connection.eventAccess()
        var describer = EventDescriber(try CatalogChoice.load())
        try await access.follow(filter.joined(separator: " ")) { event in
            switch output {
            case .ndjson:
                Terminal.write(event.bytes + [UInt8(ascii: "\n")])
            case .json:
                var text: [UInt8] = []
                RowJSON.encode(describer.describe(event), into: &text)
                Terminal.write(text + [UInt8(ascii: "\n")])
            case .table, .csv:
                Terminal.write(Self.line(describer.describe(event)))
            }
        }
    }

    private static func line(_ row: DescribedEvent) -> String {
        let outcome =
            RowPrinter.colour(of: row.event.outcome)?.paint(row.event.outcome.rawValue) ?? row.event.outcome.rawValue
        let rest = [AuditField.principal, .method, .resource, .clientIP].compactMap { row.value(of: $0) }
        let place = Colour.quiet.paint("\(row.stored.index)  \(row.value(of: .time) ?? "no time")")
        return "\(place)  \(outcome)  \(rest.map(Terminal.harmless).joined(separator: "  "))\n"
    }
}
