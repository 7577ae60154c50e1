// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Hummingbird
import QueryEngine
package import QueryLanguage

/// What `POST /v1/query` is asked with.
package struct QueryBody: Codable, Sendable {
    package var query: String?
    package var from: String?
    package var to: String?
    package var order: String?
    package var limit: Int?
    /// Seconds.
    package var deadline: Double?
    /// Of an answer before this one.
    package var after: String?
    package var explain: Bool?
    package var totals: Bool?
    package var histogram: String?
    package var facets: [String]?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case query, from, to, order, limit, deadline, after, explain, totals, histogram, facets
    }

    /// Any name, to find those that are none of ours.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// All that a body may have.
    static let memberNames = CodingKeys.allCases.map(\.rawValue)

    package init(query: String) {
        self.query = query
    }

    package init(from decoder: any Decoder) throws {
        // A member that is not understood may be one that was meant to narrow the answer.
        let names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
        if let unknown = names.first(where: { CodingKeys(rawValue: $0) == nil }) {
            let known = Self.memberNames.joined(separator: ", ")
            throw Problem(.badRequest, "body", "the body has a member \"\(unknown.prefix(40))\"; it may have \(known)")
        }
        let members = try decoder.container(keyedBy: CodingKeys.self)
        query = try members.decodeIfPresent(String.self, forKey: .query)
        from = try members.decodeIfPresent(String.self, forKey: .from)
        to = try members.decodeIfPresent(String.self, forKey: .to)
        order = try members.decodeIfPresent(String.self, forKey: .order)
        limit = try members.decodeIfPresent(Int.self, forKey: .limit)
        deadline = try members.decodeIfPresent(Double.self, forKey: .deadline)
        after = try members.decodeIfPresent(String.self, forKey: .after)
        explain = try members.decodeIfPresent(Bool.self, forKey: .explain)
        totals = try members.decodeIfPresent(Bool.self, forKey: .totals)
        histogram = try members.decodeIfPresent(String.self, forKey: .histogram)
        facets = try members.decodeIfPresent([String].self, forKey: .facets)
    }
}

/// A query as it is asked of the engine, with what is wanted beside its rows.
struct WantedAnswer: Sendable {
    let request: QueryRequest
    /// Of a table; nil when it was left to us.
    let tableLimit: Int?
    let isExplained: Bool
    let hasTotals: Bool
    let histogram: TimeStep?
    let facets: [FieldReference]

    /// - Throws: `Problem` 400 that says which member is wrong and how it should be.
    init(_ body: QueryBody, now: Timestamp, isAbandoned: @escaping @Sendable () -> Bool = { false }) throws {
        var query = try QueryParameters.parsed(body.query ?? "", now: now, Query.parse)
        query.filter = QueryRequest.bounded(
            query.filter,
            from: try body.from.map { try QueryParameters.time("from", $0, now) },
            to: try body.to.map { try QueryParameters.time("to", $0, now) }
        )
        let after = try body.after.map { try Self.cursor($0, of: query) }
        let order = try body.order.map { try QueryParameters.order($0) } ?? after?.order ?? .newest
        guard after.map({ $0.order == order }) ?? true else {
            throw Problem(.badRequest, "after", "after is of an answer in another order than \(order.rawValue)")
        }
        let limit = try body.limit.map { try QueryParameters.limit(String($0), order) }
        let longest = order == .log ? APILimits.exportDeadline : QueryEngineLimits.defaultDeadline
        // Compared as a number: a duration of more seconds than it can hold would be a trap.
        if let seconds = body.deadline, !(seconds > 0 && seconds <= Double(longest.components.seconds)) {
            throw Problem(
                .badRequest,
                "deadline",
                "deadline is more than 0 and at most \(longest.components.seconds) seconds in the order \(order.rawValue)"
            )
        }
        var request = QueryRequest(
            query,
            order: order,
            limit: limit ?? (order == .log ? .max : APILimits.usualRowCount),
            deadline: body.deadline.map { .seconds($0) } ?? longest
        )
        request.after = after
        request.isAbandoned = isAbandoned
        self.request = request
        tableLimit = limit ?? (order == .log ? .max : nil)
        isExplained = body.explain ?? false
        hasTotals = body.totals ?? false
        histogram = try body.histogram.map { text in
            guard let step = TimeStep(text) else {
                throw Problem(
                    .badRequest,
                    "histogram",
                    "histogram is a step of time from 1s to 366d, with one of the units s m h d w, such as 1h"
                )
            }
            return step
        }
        facets = try Self.fields(body.facets ?? [], now)
    }

    private static func cursor(_ text: String, of query: Query) throws -> QueryCursor {
        guard query.hasPages else {
            throw Problem(
                .badRequest,
                "after",
                "after goes on with events in the order of time or of the log, and this query gives something else"
            )
        }
        guard let cursor = QueryCursor(text) else {
            throw Problem(.badRequest, "after", "after is the cursor of an answer, as it was given there")
        }
        return cursor
    }

    private static func fields(_ names: [String], _ now: Timestamp) throws -> [FieldReference] {
        guard names.count <= QueryLimits.maximumFields, Set(names).count == names.count else {
            throw Problem(
                .badRequest,
                "facets",
                "facets are at most \(QueryLimits.maximumFields) fields, each once"
            )
        }
        return try names.map { name in
            let pipes: [Pipe]
            do throws(QueryError) {
                pipes = try Query.parse("| facets \(name)", now: now).pipes
            } catch {
                throw Problem(.badRequest, "facets", "facets: \(error.described)")
            }
            guard case .facets(let fields) = pipes.first, pipes.count == 1, fields.count == 1 else {
                throw Problem(.badRequest, "facets", "facets: each is the name of one field")
            }
            return fields[0]
        }
    }
}

extension Query {
    /// Whether an answer can go on where another ended: whole events or fields of them, in an order of time or of the log.
    package var hasPages: Bool {
        for (place, pipe) in pipes.enumerated() {
            switch pipe {
            case .fields, .limit: continue
            case .sort(let keys):
                // What was cut before it is sorted is not found again from its end.
                let isCut = pipes[..<place].contains { if case .limit = $0 { true } else { false } }
                guard !isCut, keys.count == 1, keys[0].column == AuditField.time.rawValue else { return false }
            case .columns, .count, .top, .distinct, .facets, .timeline, .joinRequest, .sessions: return false
            }
        }
        return true
    }
}

extension QueryError {
    /// What is wrong without a place, where the text is not the one that was sent.
    fileprivate var described: String {
        suggestion.map { "\(message); did you mean \($0)?" } ?? message
    }
}
