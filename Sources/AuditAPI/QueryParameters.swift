// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Hummingbird
import HummingbirdCore
import QueryEngine
import QueryLanguage

/// The query that a request asks for: `filter`, `from`, `to`, `order`, `limit`.
enum QueryParameters {
    static func request(_ uri: URI, now: Timestamp) throws -> QueryRequest {
        let filter = try filter(uri, now: now)
        let order = try order(uri.queryParameters.get("order"))
        return QueryRequest(
            filter,
            order: order,
            limit: try uri.queryParameters.get("limit").map { try limit($0, order) }
                ?? (order == .log ? .max : APILimits.usualRowCount),
            deadline: order == .log ? APILimits.exportDeadline : QueryEngineLimits.defaultDeadline
        )
    }

    /// The filter of a parameter, with the bounds `from` and `to`.
    static func filter(_ uri: URI, _ name: String = "filter", now: Timestamp) throws -> Filter {
        let filter = try parsed(uri.queryParameters.get(name) ?? "", now: now, Query.parseFilter)
        return QueryRequest.bounded(
            filter,
            from: try uri.queryParameters.get("from").map { try time("from", $0, now) },
            to: try uri.queryParameters.get("to").map { try time("to", $0, now) }
        )
    }

    /// Reads a query or a filter.
    ///
    /// - Throws: `Problem` 400 with the place.
    static func parsed<Parsed>(
        _ text: String,
        now: Timestamp,
        _ parse: (String, Timestamp) throws(QueryError) -> Parsed
    ) throws -> Parsed {
        do throws(QueryError) {
            return try parse(text, now)
        } catch {
            var problem = Problem(.badRequest, "query", error.description)
            problem.byteOffset = error.characterRange.lowerBound
            problem.query = error.rendered(for: text)
            problem.characterRange = [error.characterRange.lowerBound, error.characterRange.upperBound]
            problem.expected = error.expected.isEmpty ? nil : error.expected
            problem.suggestion = error.suggestion
            throw problem
        }
    }

    static func time(_ name: String, _ text: String, _ now: Timestamp) throws -> Timestamp {
        guard let time = RelativeTime(text, now: now)?.first else {
            throw Problem(
                .badRequest,
                name,
                "\(name)=\(text.prefix(40)): it is a time such as 2026-11-20T08:00:00Z, 2026-11-20 or now-1h"
            )
        }
        return time
    }

    static func order(_ name: String?) throws -> QueryRequest.Order {
        guard let name else { return .newest }
        guard let order = QueryRequest.Order(rawValue: name) else {
            throw Problem(.badRequest, "order", "order=\(name.prefix(40)): it is newest, oldest or log")
        }
        return order
    }

    static func limit(_ text: String, _ order: QueryRequest.Order) throws -> Int {
        guard let limit = Int(text), limit >= 1, order == .log || limit <= APILimits.maximumRowCount else {
            throw Problem(
                .badRequest,
                "limit",
                "limit=\(text.prefix(40)): it is 1 to \(APILimits.maximumRowCount); in order=log there may be more"
            )
        }
        return limit
    }
}
