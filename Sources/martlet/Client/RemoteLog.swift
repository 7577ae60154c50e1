// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import AuditStore
import NIOCore
import QueryEngine

/// A server's log.
struct RemoteLog: EventAccess {
    let client: ServerClient

    /// Rows of one request when everything is asked for: a few megabytes.
    private static let pageRowCount = 5000

    func query(_ query: EventQuery, row: (StoredEvent) -> Void) async throws -> String? {
        // A filter that is wrong is wrong without a server too.
        _ = try TypedQuery.filter(query, now: System.now())
        guard query.order == .log, query.limit > Self.pageRowCount else {
            return try await page(query, row: row).partialReason
        }
        // Everything, in the order of the log: page by page, so that nothing grows with the answer.
        var rest = query.limit
        var last: UInt64?
        while rest > 0 {
            var next = query
            next.limit = min(rest, Self.pageRowCount)
            if let last { next.filter = query.filter.isEmpty ? "index:>\(last)" : "(\(query.filter)) index:>\(last)" }
            let page = try await page(next) { event in
                last = event.index
                row(event)
            }
            if let reason = page.partialReason { return reason }
            guard page.rowCount == next.limit else { return nil }
            rest -= page.rowCount
        }
        return nil
    }

    private func page(
        _ query: EventQuery,
        row: (StoredEvent) -> Void
    ) async throws -> (rowCount: Int, partialReason: String?) {
        let response = try await client.send(.get, "/v1/events", query: Self.parameters(query))
        guard let document = RowJSON.decodeDocument(try await client.collect(response)) else {
            throw CommandFailure(.couldNotRun, "\(client.url) answered something else than events")
        }
        document.rows.forEach(row)
        return (document.rows.count, document.partialReason)
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
        if query.limit < .max { parameters.append(("limit", String(query.limit))) }
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
