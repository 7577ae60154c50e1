// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditAPI
import AuditCatalog
import AuditModel
import QueryEngine
import QueryLanguage

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Find events, count them, put them side by side.",
        discussion: """
            A query is a filter, and pipes that make something of what it finds:
              martlet query 'outcome:denied principal:User:sa-payments' --from now-1d
              martlet query 'method:kafka.Delete* time:[2026-11-19 TO 2026-11-20]' --output ndjson
              martlet query 'ip:203.0.113.0/24 -outcome:success | fields time, principal, method, resource.name'
              martlet query 'outcome:denied | top 10 principal'
              martlet query 'type:*authentication | count by outcome every 1h' --watch

            A filter is made of field:value, words to find anywhere, AND, OR, NOT (or -) and parentheses. Pipes: count [by …] \
            [every 1h], top N …, distinct …, facets, timeline …, join-request, sessions gap 30m, and fields, sort, limit.

            Fields: \(AuditField.allCases.map(\.rawValue).joined(separator: " ")); and any value by its path, data.…

            Martlet's own events are left out unless the filter names the stream: stream:system.

            With --output ndjson whole events are given as their original bytes, each with a line end behind it.

            Exit status: 0 something was found, 1 nothing was, 2 the query is wrong, 3 could not run, 4 not everything was looked at.
            """
    )

    @Argument(
        help: ArgumentHelp("What to find; everything when it is left out.", valueName: "query"),
        completion: .custom { _, _, prefix in Self.completions(of: prefix) }
    )
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

    @Option(help: "Most rows to show, 1 to 10000; 100 unless given, and all of a table.")
    var limit: Int?

    @Flag(help: "Everything that matches, in the order of the log, without a limit.")
    var all = false

    @Flag(exclusivity: .exclusive, help: "Latest first, or earliest first.")
    var order = Order.newest

    enum Order: String, EnumerableFlag {
        case newest, oldest
    }

    @Option(help: "table, json, ndjson (of whole events the original bytes) or csv.")
    var output = OutputFormat.table

    @Option(
        help: ArgumentHelp("Go on behind the last row of an answer to the same query.", valueName: "cursor")
    )
    var after: String?

    @Flag(help: "Say on standard error what was looked at, left out and read.")
    var explain = false

    @Option(
        defaultAsFlag: WatchInterval.usual,
        // The usual strategy leaves out even a value behind = when another option follows.
        parsing: .next,
        help: ArgumentHelp(
            "Ask again every so many seconds, 1 to 86400, until Ctrl-C; 2 unless given.",
            discussion: "A table takes the place of the one before on a terminal; elsewhere answers follow each other.",
            valueName: "seconds"
        )
    )
    var watch: WatchInterval? = nil

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard limit.map({ (1...QueryEngineLimits.maximumRowCount).contains($0) }) ?? true else {
            throw ValidationError("--limit is 1 to \(QueryEngineLimits.maximumRowCount); for more use --all")
        }
        guard watch.map({ $0.seconds != nil }) ?? true else {
            throw ValidationError("--watch is 1 to 86400 seconds, such as --watch=5")
        }
    }

    func run() async throws {
        guard let seconds = watch?.seconds else { return try check(try await ask(repaints: false)) }
        while true {
            let ending = try await ask(repaints: output == .table && Terminal.outputIsTerminal)
            if let reason = ending.partialReason { Terminal.complain("this is not everything: \(reason)") }
            try await Task.sleep(for: .seconds(seconds))
        }
    }

    /// How one answer ended.
    private struct Ending {
        var isEmpty: Bool
        var partialReason: String?
        var explanation: Explanation?
    }

    private func check(_ ending: Ending) throws {
        if let reason = ending.partialReason { throw CommandFailure(.incomplete, "this is not everything: \(reason)") }
        if ending.isEmpty { throw CommandFailure(.no) }
    }

    /// Asks once and prints the answer.
    ///
    /// The log is opened anew each time: it may have grown.
    private func ask(repaints: Bool) async throws -> Ending {
        let text = filter.joined(separator: " ")
        var query = EventQuery(
            filter: text,
            from: from,
            to: to,
            limit: all ? .max : limit,
            order: all ? .log : order == .newest ? .newest : .oldest
        )
        query.isExplained = explain
        let parsed = try TypedQuery.query(query, now: System.now())
        try goOn(&query, parsed)
        let access = try connection.eventAccess()
        let ending: Ending
        if let columns = parsed.columns {
            ending = try await printCells(query, columns.map { AnswerColumn($0) }, access, repaints)
        } else if output == .ndjson, parsed.pipes.isEmpty, !explain, after == nil {
            query.limit = query.limit ?? EventQuery().limit
            let result = try await access.writeOriginals(query, progress: { _ in }, to: { Terminal.write($0) })
            ending = Ending(isEmpty: result.byteCount == 0, partialReason: result.partialReason)
        } else {
            ending = try await printEvents(query, access, repaints)
        }
        if let explanation = ending.explanation { Terminal.writeError(ExplanationText.lines(explanation)) }
        return ending
    }

    private func goOn(_ query: inout EventQuery, _ parsed: Query) throws {
        guard let after else { return }
        guard let cursor = QueryCursor(after) else {
            throw CommandFailure(.usage, "--after \(after): it is the cursor of an answer, as it was shown there")
        }
        guard parsed.hasPages else {
            throw CommandFailure(
                .usage,
                "--after goes on with events in the order of time or of the log, and this query gives something else"
            )
        }
        query.after = cursor
        query.order = cursor.order
    }

    private func printEvents(_ query: EventQuery, _ access: any EventAccess, _ repaints: Bool) async throws -> Ending {
        var printer = RowPrinter(output, describer: EventDescriber(try CatalogChoice.load()))
        printer.begin()
        let summary = try await access.answer(query) { row in
            if case .event(let event) = row { printer.add(event) }
        }
        repaint(repaints)
        printer.end()
        let count = printer.count
        if output == .table, count == 0 { Terminal.writeError("no event matches\n") }
        hint(count, summary)
        return ending(isEmpty: count == 0, summary)
    }

    private func printCells(
        _ query: EventQuery,
        _ columns: [AnswerColumn],
        _ access: any EventAccess,
        _ repaints: Bool
    ) async throws -> Ending {
        var printer = AnswerPrinter(output, columns: columns)
        printer.begin()
        let summary = try await access.answer(query) { row in
            if case .cells(let cells) = row { printer.add(cells) }
        }
        repaint(repaints)
        printer.end()
        if output == .table, printer.count == 0 { Terminal.writeError("no event matches\n") }
        hint(printer.count, summary)
        return ending(isEmpty: !printer.hasMatch, summary)
    }

    /// How to see more.
    private func hint(_ count: Int, _ summary: AnswerSummary) {
        guard output == .table, watch == nil, let cursor = summary.cursor else { return }
        Terminal.writeError("\(Count.of(count, "event")) shown; for more --after \(cursor), --limit or --all\n")
    }

    private func ending(isEmpty: Bool, _ summary: AnswerSummary) -> Ending {
        Ending(
            isEmpty: isEmpty,
            partialReason: summary.partialReason,
            explanation: explain ? summary.explanation : nil
        )
    }

    /// Clears a terminal for what comes, once it is known, and says what it is.
    private func repaint(_ repaints: Bool) {
        guard repaints, let watch else { return }
        let title = "\(filter.joined(separator: " "))  every \(watch), at \(System.now())"
        Terminal.write("\u{1B}[H\u{1B}[2J" + Colour.quiet.paint(Terminal.harmless(title)) + "\n\n")
    }

    /// Fields that the word can become.
    private static func completions(of prefix: String) -> [String] {
        AuditField.allCases.map { "\($0.rawValue):" }.filter { $0.hasPrefix(prefix) }
    }
}

/// Seconds between two answers, as they were written.
struct WatchInterval: ExpressibleByArgument, CustomStringConvertible {
    static let usual = WatchInterval(text: "2")
    private static let limits = 1.0...86_400

    private let text: String

    private init(text: String) {
        self.text = text
    }

    /// Takes what is no number too, to be refused later: what is nil here is silently taken for no value at all.
    ///
    /// Only a query is not taken, which then stands for itself behind a bare `--watch`.
    init?(argument: String) {
        guard Double(argument) != nil || !argument.contains(where: { ":|( ".contains($0) }) else { return nil }
        text = argument
    }

    /// nil for what is no number, or outside the limits.
    var seconds: Double? { Double(text).flatMap { Self.limits.contains($0) ? $0 : nil } }

    var description: String { "\(text) s" }
}
