// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditCatalog
import QueryEngine

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Find events.",
        discussion: """
            A filter is made of field:value, words to find anywhere, AND, OR, NOT (or -) and parentheses:
              outcome:denied principal:User:sa-payments
              method:kafka.Delete* time:[2026-11-19 TO 2026-11-20]
              data.request.data.role_name:OrganizationAdmin
              "203.0.113.66" -type:*authentication

            Fields: id time received type service action family category subcategory method principal principal.kind \
            credential resource resource.type resource.name organization environment cluster outcome client.ip client.id \
            request.id connection.id source subject index stream; and any value by its path, data.…

            Martlet's own events are left out unless the filter names the stream: stream:system.

            With --output ndjson the original bytes are given, each event with a line end behind it.
            """
    )

    @Argument(help: ArgumentHelp("What to find; everything when it is left out.", valueName: "filter"))
    var filter: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only events at or after this time: 2026-11-20T08:00:00Z, 2026-11-20, now-1h.",
            valueName: "time"
        )
    )
    var from: String?

    @Option(help: ArgumentHelp("Only events before this time.", valueName: "time"))
    var to: String?

    @Option(help: "Most events to show, 1 to 10000.")
    var limit = 100

    @Flag(help: "Everything that matches, in the order of the log, without a limit.")
    var all = false

    @Flag(exclusivity: .exclusive, help: "Latest first, or earliest first.")
    var order = Order.newest

    enum Order: String, EnumerableFlag {
        case newest, oldest
    }

    @Option(help: "table, json, ndjson (the original bytes) or csv.")
    var output = OutputFormat.table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (1...QueryEngineLimits.maximumRowCount).contains(limit) else {
            throw ValidationError("--limit is 1 to \(QueryEngineLimits.maximumRowCount); for more use --all")
        }
    }

    func run() async throws {
        let query = EventQuery(
            filter: filter.joined(separator: " "),
            from: from,
            to: to,
            limit: all ? .max : limit,
            order: all ? .log : order == .newest ? .newest : .oldest
        )
        let access = try connection.eventAccess()
        let isEmpty: Bool
        let partialReason: String?
        if output == .ndjson {
            let result = try await access.writeOriginals(query, progress: { _ in }, to: { Terminal.write($0) })
            (isEmpty, partialReason) = (result.byteCount == 0, result.partialReason)
        } else {
            (isEmpty, partialReason) = try await printRows(query, access)
        }
        if let partialReason { throw CommandFailure(.incomplete, "this is not everything: \(partialReason)") }
        if isEmpty {
            if output == .table { Terminal.writeError("no event matches\n") }
            throw CommandFailure(.no)
        }
    }

    private func printRows(_ query: EventQuery, _ access: any EventAccess) async throws -> (Bool, String?) {
        var printer = RowPrinter(output, describer: EventDescriber(try CatalogChoice.load()))
        printer.begin()
        let partialReason = try await access.query(query) { printer.add($0) }
        printer.end()
        let count = printer.count
        if output == .table, count == limit, !all {
            Terminal.writeError("\(limit) events shown; there may be more: --limit, --all\n")
        }
        return (count == 0, partialReason)
    }
}
