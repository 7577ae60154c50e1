// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import QueryEngine
import QueryLanguage

/// What is asked, as it was typed.
struct EventQuery: Sendable {
    /// With pipes behind it only where an answer is asked for.
    var filter = ""
    var from: String?
    var to: String?
    /// Most rows; nil for what is usual: 100 events, or a table.
    var limit: Int? = 100
    var order = QueryRequest.Order.newest
    /// Go on behind the last row of another answer.
    var after: QueryCursor?
    var isExplained = false
}

/// A log that can be asked, wherever it is.
protocol EventAccess: Sendable {
    /// Hands out the rows of an answer: events, or cells when the query's pipes give it columns.
    @discardableResult
    func answer(_ query: EventQuery, row: (AnswerRow) -> Void) async throws -> AnswerSummary

    /// The event with an index.
    func event(at index: UInt64) async throws -> StoredEvent?

    /// Hands out new matching events until it is interrupted.
    func follow(_ filter: String, row: (StoredEvent) -> Void) async throws

    /// Hands out the original bytes of matching events, each with a line end, in large pieces as they come.
    ///
    /// `progress` is called after each piece.
    func writeOriginals(
        _ query: EventQuery,
        progress: (OriginalsProgress) -> Void,
        to write: ([UInt8]) throws -> Void
    ) async throws -> OriginalsOutcome
}

/// How far the writing of originals has come.
struct OriginalsProgress {
    /// 0 to 1; nil when nobody knows how much there is.
    var fraction: Double?
    /// nil when they are not counted.
    var eventCount: Int?
    var byteCount = 0
}

/// What was written of the originals.
struct OriginalsOutcome {
    /// nil when they were not counted.
    var eventCount: Int?
    var byteCount = 0
    /// Why not everything is among it, a sentence for each reason.
    var partialReasons: [String] = []

    /// What was left out last; its sentence is the last of the reasons.
    private var leftOut: (indices: Range<UInt64>, reason: String)?

    init(eventCount: Int? = nil) {
        self.eventCount = eventCount
    }

    var partialReason: String? { partialReasons.isEmpty ? nil : partialReasons.joined(separator: "; ") }

    /// Takes note of events that could not be read.
    mutating func leaveOut(_ indices: Range<UInt64>, _ reason: String) {
        guard let last = leftOut, last.reason == reason, last.indices.upperBound == indices.lowerBound else {
            leftOut = (indices, reason)
            return partialReasons.append(Self.sentence(indices, reason))
        }
        // The next part of the same segment, for the same reason.
        let all = last.indices.lowerBound..<indices.upperBound
        leftOut = (all, reason)
        partialReasons[partialReasons.count - 1] = Self.sentence(all, reason)
    }

    private static func sentence(_ indices: Range<UInt64>, _ reason: String) -> String {
        "events \(indices.lowerBound) to \(indices.upperBound - 1) are left out: \(reason)"
    }
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
        try bounded(try parsed(query, now, Query.parseFilter), query, now)
    }

    /// The filter and the pipes behind it.
    static func query(_ query: EventQuery, now: Timestamp) throws -> Query {
        var parsed = try parsed(query, now, Query.parse)
        parsed.filter = try bounded(parsed.filter, query, now)
        return parsed
    }

    private static func parsed<Parsed>(
        _ query: EventQuery,
        _ now: Timestamp,
        _ parse: (String, Timestamp) throws(QueryError) -> Parsed
    ) throws -> Parsed {
        do throws(QueryError) {
            return try parse(query.filter, now)
        } catch {
            throw CommandFailure(.usage, error.rendered(for: query.filter))
        }
    }

    private static func bounded(_ filter: Filter, _ query: EventQuery, _ now: Timestamp) throws -> Filter {
        QueryRequest.bounded(
            filter,
            from: try time("--from", query.from, now),
            to: try time("--to", query.to, now)
        )
    }

    static func time(_ option: String, _ text: String?, _ now: Timestamp) throws -> Timestamp? {
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
