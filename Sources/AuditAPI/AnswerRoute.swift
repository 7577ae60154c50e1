// SPDX-License-Identifier: Apache-2.0

import Access
import AuditStore
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingest
import Logging
import NIOCore
import QueryEngine
import QueryLanguage

/// Answering queries with their pipes: `POST /v1/query`.
///
/// As `application/x-ndjson` the answer is a line for each row and a last one, `{"end":{…}}`. Otherwise it is one
/// document with the same members.
struct AnswerRoute {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.post("query") { request, context in try await answer(request, context) }
    }

    private func answer(_ request: Request, _ context: MartletContext) async throws -> Response {
        _ = try context.require(.read)
        let body = try await request.smallJSON(QueryBody.self)
        let wanted = try WantedAnswer(body, now: services.systemEvents.now(), isAbandoned: context.isGone)
        let snapshot = services.store.snapshot
        let end = ContinuousClock.now + wanted.request.deadline
        let isLines = request.wantsLines
        if let table = try await services.engine.table(wanted.request, on: snapshot) {
            let asides = try await asides(wanted, snapshot, until: end)
            return respond(isLines) { writer in
                try await write(table, wanted, asides, AnswerWriter(isLines: isLines, list: "rows"), to: &writer)
            }
        }
        // The first rows, in an order of time all of them, are there before the status is, so what fails until then is
        // told as a problem.
        var run = services.engine.start(wanted.request, on: snapshot)
        let first = try await run.next()
        let asides = try await asides(wanted, snapshot, until: end)
        return respond(isLines) { [run] writer in
            try await write(first, run, wanted, asides, isLines, to: &writer)
        }
    }

    private func respond(
        _ isLines: Bool,
        _ write: @escaping @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: isLines ? "application/x-ndjson" : "application/json", .cacheControl: "no-store"],
            body: ResponseBody { [services] writer in
                // An error from here on breaks the answer off, so that no client takes a part of it for the whole.
                do {
                    try await write(&writer)
                    try await writer.finish(nil)
                } catch {
                    APITelemetry.logBreak(error, services.logger)
                    throw error
                }
            }
        )
    }

    @concurrent
    private func write(
        _ table: QueryTable,
        _ wanted: WantedAnswer,
        _ asides: Asides,
        _ output: AnswerWriter,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var output = output
        let answer = AnswerTable(table, limit: wanted.tableLimit)
        for row in answer.rows {
            output.add { AnswerRowJSON.encode(row, answer.columns, into: &$0) }
            if let part = output.takePart() { try await writer.write(part) }
        }
        var end = AnswerEnd(table.outcome, rowCount: answer.rows.count)
        end.partialReason = answer.partialReason
        end.columns = answer.columns
        asides.add(to: &end)
        if wanted.isExplained { end.explain = Explanation(table.outcome.explanation) }
        try await writer.write(output.end(end))
    }

    @concurrent
    private func write(
        _ first: [StoredEvent]?,
        _ run: QueryRun,
        _ wanted: WantedAnswer,
        _ asides: Asides,
        _ isLines: Bool,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var run = run
        var describer = EventDescriber(services.engine.catalog)
        var projector = AnswerProjector(wanted.request.query, services.engine)
        let columns = projector?.columns
        var output = AnswerWriter(isLines: isLines, list: columns == nil ? "events" : "rows")
        var rows = first
        while let some = rows {
            for row in some {
                if let columns {
                    let cells = projector?.cells(of: row) ?? []
                    output.add { AnswerRowJSON.encode(cells, columns, index: row.index, into: &$0) }
                } else {
                    let described = describer.describe(row)
                    output.add { RowJSON.encode(described, into: &$0) }
                }
                if let part = output.takePart() { try await writer.write(part) }
            }
            rows = try await run.next()
        }
        var end = AnswerEnd(run.outcome, rowCount: run.outcome.rowCount)
        end.columns = columns
        end.cursor = run.cursor?.description
        asides.add(to: &end)
        if wanted.isExplained { end.explain = Explanation(run.outcome.explanation) }
        try await writer.write(output.end(end))
    }

    // MARK: - Beside the rows

    /// Counts of all events that the filter finds, over the same snapshot as the rows.
    private struct Asides: Sendable {
        var totals: AnswerEnd.Totals?
        var histogram: [AnswerEnd.Step]?
        var facets: [String: [AnswerEnd.ValueCount]]?
        var partialReasons: [String] = []

        func add(to end: inout AnswerEnd) {
            end.totals = totals
            end.histogram = histogram
            end.facets = facets
            for reason in partialReasons { end.add(partialReason: reason) }
        }
    }

    private func asides(
        _ wanted: WantedAnswer,
        _ snapshot: StoreSnapshot,
        until deadline: ContinuousClock.Instant
    ) async throws -> Asides {
        var asides = Asides()
        func table(_ pipe: Pipe, _ name: String) async throws -> QueryTable? {
            var request = wanted.request
            request.pipes = [pipe]
            request.deadline = max(.zero, deadline - .now)
            let table = try await services.engine.table(request, on: snapshot)
            if let reason = table?.outcome.partialReason { asides.partialReasons.append("\(name): \(reason)") }
            return table
        }
        if wanted.hasTotals, let made = try await table(.count(by: [], every: nil), "totals") {
            asides.totals = AnswerEnd.Totals(events: made.rows.first?.last?.count ?? 0)
        }
        if let step = wanted.histogram, let made = try await table(.count(by: [], every: step), "histogram") {
            guard made.rows.count <= APILimits.maximumRowCount else {
                throw Problem(
                    .badRequest,
                    "histogram",
                    """
                    there are \(made.rows.count) steps of \(step) with events, more than \(APILimits.maximumRowCount); \
                    ask for longer ones
                    """
                )
            }
            asides.histogram = made.rows.map { row in
                AnswerEnd.Step(time: AnswerCell(row[0], .time).text, count: row[1].count)
            }
        }
        if !wanted.facets.isEmpty, let made = try await table(.facets(wanted.facets), "facets") {
            asides.facets = made.facets(wanted.facets)
        }
        return asides
    }
}

extension QueryTable {
    /// The rows of `facets`, by field; of a field without values none.
    func facets(_ fields: [FieldReference]) -> [String: [AnswerEnd.ValueCount]] {
        var facets: [String: [AnswerEnd.ValueCount]] = [:]
        for field in fields { facets[field.description] = [] }
        for row in rows {
            guard case .text(let field) = row[0], case .text(let value) = row[1] else { continue }
            facets[field, default: []].append(AnswerEnd.ValueCount(value: value, count: row[2].count))
        }
        return facets
    }
}

extension QueryTable.Value {
    /// The number, where one stands.
    var count: Int {
        if case .number(let number) = self { number } else { 0 }
    }
}

extension Request {
    /// Whether the client asked for a line for each row.
    fileprivate var wantsLines: Bool {
        let accepted = headers[.accept] ?? ""
        return accepted.contains("ndjson") || accepted.contains("jsonl")
    }
}

/// Collects rows into parts worth writing.
private struct AnswerWriter: Sendable {
    private let isLines: Bool
    private var text: [UInt8] = []
    private var isFirst = true

    init(isLines: Bool, list: String) {
        self.isLines = isLines
        if !isLines { text.append(contentsOf: "{\"\(list)\":[".utf8) }
    }

    mutating func add(_ encode: (inout [UInt8]) -> Void) {
        guard !isLines else {
            let start = text.count
            encode(&text)
            // An event may have been accepted with line ends between its members, never inside its strings.
            for place in start..<text.count where text[place] == 0x0A || text[place] == 0x0D { text[place] = 0x20 }
            text.append(0x0A)
            return
        }
        text.append(contentsOf: isFirst ? "\n".utf8 : ",\n".utf8)
        isFirst = false
        encode(&text)
    }

    mutating func takePart() -> ByteBuffer? {
        text.count >= APILimits.writeByteCount ? takeRest() : nil
    }

    /// What is left, with what is said beside the rows.
    mutating func end(_ end: AnswerEnd) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let members = try encoder.encode(end)
        if isLines {
            text.append(contentsOf: "{\"end\":".utf8)
            text.append(contentsOf: members)
            text.append(contentsOf: "}\n".utf8)
        } else {
            // The members go on with those of the document, which has one already.
            text.append(contentsOf: "\n],".utf8)
            text.append(contentsOf: members.dropFirst())
            text.append(0x0A)
        }
        return takeRest()
    }

    private mutating func takeRest() -> ByteBuffer {
        defer { text.removeAll(keepingCapacity: true) }
        return ByteBuffer(bytes: text)
    }
}
