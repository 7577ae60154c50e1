// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import AuditAPI
import AuditStore
import FoundationEssentials
import NIOCore
import QueryEngine
import QueryLanguage

/// A server's log.
struct RemoteLog: EventAccess {
    let client: ServerClient

    /// Rows of one request when everything is asked for: a few megabytes.
    private static let pageRowCount = 5000

    func answer(_ query: EventQuery, row: (AnswerRow) -> Void) async throws -> AnswerSummary {
        // A query that is wrong is wrong without a server too.
        let parsed = try TypedQuery.query(query, now: System.now())
        let isCut = parsed.pipes.contains { pipe in
            if case Pipe.limit = pipe { true } else { false }
        }
        let limit = query.limit ?? 0
        guard query.order == .log, parsed.hasPages, !isCut, limit > Self.pageRowCount else {
            return try await page(query, hasColumns: parsed.columns != nil, row: row).summary
        }
        // Everything, in the order of the log: page by page, so that nothing grows with the answer.
        var rest = limit
        var next = query
        while true {
            next.limit = min(rest, Self.pageRowCount)
            let page = try await page(next, hasColumns: parsed.columns != nil, row: row)
            rest -= page.rowCount
            guard page.summary.partialReason == nil, rest > 0, let cursor = page.summary.cursor else {
                return page.summary
            }
            next.after = cursor
        }
    }

    private func page(
        _ query: EventQuery,
        hasColumns: Bool,
        row: (AnswerRow) -> Void
    ) async throws -> (rowCount: Int, summary: AnswerSummary) {
        var body = QueryBody(query: query.filter)
        body.from = query.from
        body.to = query.to
        body.order = query.order.rawValue
        body.limit = query.limit == .max ? nil : query.limit
        body.after = query.after?.description
        body.explain = query.isExplained
        let response = try await client.send(
            .post,
            "/v1/query",
            headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
            body: Array(try JSONEncoder().encode(body))
        )
        let text = try await client.collect(response)
        let failure = CommandFailure(.couldNotRun, "\(client.url) answered something else than rows")
        guard let document = try? JSONDecoder().decode(AnswerDocument.self, from: Data(text)) else { throw failure }
        if hasColumns {
            document.cells.forEach { row(.cells($0)) }
            return (document.rows?.count ?? 0, document.summary)
        }
        // Events are taken out as they stand: a decoder of JSON would not give their bytes back.
        guard let events = RowJSON.decodeDocument(text) else { throw failure }
        events.rows.forEach { row(.event($0)) }
        return (events.rows.count, document.summary)
    }

    func event(at index: UInt64) async throws -> StoredEvent? {
        let query = EventQuery(filter: "index:\(index) stream:*", limit: 1, order: .log)
        let response = try await client.send(.get, "/v1/events", query: Self.parameters(query))
        let document = RowJSON.decodeDocument(try await client.collect(response))
        if document?.rows.isEmpty ?? true, let reason = document?.partialReason {
            throw CommandFailure(.couldNotRun, "event \(index) can't be read: \(reason)")
        }
        return document?.rows.first
    }

    func writeOriginals(
        _ query: EventQuery,
        progress: (OriginalsProgress) -> Void,
        to write: ([UInt8]) throws -> Void
    ) async throws -> OriginalsOutcome {
        // A filter that is wrong is wrong without a server too.
        _ = try TypedQuery.filter(query, now: System.now())
        let response = try await client.send(
            .get,
            "/v1/events",
            query: Self.parameters(query),
            headers: [("Accept", "application/x-ndjson")],
            timeout: .hours(24)
        )
        var outcome = OriginalsOutcome()
        do {
            for try await part in response.body {
                try write(Array(part.readableBytesView))
                outcome.byteCount += part.readableBytes
                progress(OriginalsProgress(byteCount: outcome.byteCount))
            }
        } catch let failure as CommandFailure {
            // What they are written to is at fault.
            throw failure
        } catch {
            throw CommandFailure(.incomplete, "the answer broke off; the server's log says why (\(error))")
        }
        return outcome
    }

    private static func parameters(_ query: EventQuery) -> [(String, String)] {
        var parameters = [("filter", query.filter), ("order", query.order.rawValue)]
        if let limit = query.limit, limit < .max { parameters.append(("limit", String(limit))) }
        if let from = query.from { parameters.append(("from", from)) }
        if let to = query.to { parameters.append(("to", to)) }
        return parameters
    }

    // MARK: - Following

    /// How long to wait before a lost server is tried again.
    private static let retryInterval = Duration.seconds(2)

    func follow(_ filter: String, row: (StoredEvent) -> Void) async throws {
        var last: UInt64?
        var hasConnected = false
        while true {
            var headers = [("Accept", "text/event-stream")]
            if let last { headers.append(("Last-Event-ID", String(last))) }
            do {
                let response = try await client.send(
                    .get,
                    "/v1/tail",
                    query: [("filter", filter)],
                    headers: headers,
                    timeout: .hours(24 * 365)
                )
                hasConnected = true
                var events = ServerSentEvents()
                for try await part in response.body {
                    for data in events.take(part.readableBytesView) {
                        guard let event = RowJSON.decode(data) else { continue }
                        row(event)
                    }
                    last = events.lastID ?? last
                }
                Terminal.complain("\(client.url) ended the stream; trying again")
            } catch let failure as CommandFailure {
                // A first refusal is an answer; later ones are a server that restarts.
                guard hasConnected else { throw failure }
                Terminal.complain("\(failure.message); trying again")
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                Terminal.complain("the connection to \(client.url) was lost; trying again")
            }
            try await Task.sleep(for: Self.retryInterval)
        }
    }
}

/// Takes a stream of server-sent events apart (HTML Standard §9.2.6), as far as our server uses them.
private struct ServerSentEvents {
    /// The id that came last, also without data: where to go on after a break.
    private(set) var lastID: UInt64?

    private var line: [UInt8] = []
    private var id: UInt64?
    private var data: [UInt8] = []
    private var hasData = false

    /// The data of the events that are complete now.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var complete: [[UInt8]] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            if line.isEmpty {
                if hasData { complete.append(data) }
                lastID = id ?? lastID
                data = []
                hasData = false
            } else if line.starts(with: "data: ".utf8) {
                if hasData { data.append(UInt8(ascii: "\n")) }
                data += line.dropFirst(6)
                hasData = true
            } else if line.starts(with: "id: ".utf8) {
                id = UInt64(String(decoding: line.dropFirst(4), as: UTF8.self))
            }
            line = []
        }
        return complete
    }
}
