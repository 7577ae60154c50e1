// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import QueryEngine
import QueryLanguage

/// What is asked, as it was typed.
struct EventQuery: Sendable {
    var filter = ""
    var from: String?
    var to: String?
    var limit = 100
    var order = QueryRequest.Order.newest
}

/// A log that can be asked, wherever it is.
protocol EventAccess: Sendable {
    /// Hands out the matching events.
    ///
    /// - Returns: why not everything was looked at, if so.
    func query(_ query: EventQuery, row: (StoredEvent) -> Void) async throws -> String?

    /// The event with an index.
    func event(at index: UInt64) async throws -> StoredEvent?

    /// Hands out new matching events until it is interrupted.
    func follow(_ filter: String, row: (StoredEvent) -> Void) async throws

    /// Writes the original bytes of matching events, each with a line end, as they come.
    ///
    /// - Returns: how many bytes, and why not everything was looked at, if so.
    func writeOriginals(_ query: EventQuery) async throws -> (byteCount: Int, partialReason: String?)
}

extension ConnectionOptions {
    /// The log that the options name.
    func eventAccess() throws -> any EventAccess {
        if let data { return try LocalLog(directory: data) }
        return RemoteLog(client: try serverClient())
    }
}

/// Reads what people type for a time or a filter, with errors for them.
enum TypedQuery {
    static func filter(_ query: EventQuery, now: Timestamp) throws -> Filter {
        let filter: Filter
        do throws(QueryError) {
            filter = try Query.parse(query.filter, now: now)
        } catch {
            throw CommandFailure(.usage, error.rendered(for: query.filter))
        }
        return QueryRequest.bounded(
            filter,
            from: try time("--from", query.from, now),
            to: try time("--to", query.to, now)
        )
    }

    private static func time(_ option: String, _ text: String?, _ now: Timestamp) throws -> Timestamp? {
        guard let text else { return nil }
        guard let time = RelativeTime(text, now: now)?.first else {
            throw CommandFailure(
                .usage,
                "\(option) \(text): a time looks like 2026-11-20T08:00:00Z, 2026-11-20, now-1h or now-7d/d"
            )
        }
        return time
    }
}
