// SPDX-License-Identifier: Apache-2.0

import AuditModel
import Hummingbird
import HummingbirdCore
import QueryEngine
import QueryLanguage

/// The query that a request's parameters ask for: `filter`, `from`, `to`, `order`, `limit`.
enum QueryParameters {
    static func request(_ uri: URI, now: Timestamp) throws -> QueryRequest {
        let filter = try filter(uri, now: now)
        let order = try order(uri)
        return QueryRequest(
            filter,
            order: order,
            limit: try limit(uri, order),
            deadline: order == .log ? APILimits.exportDeadline : QueryEngineLimits.defaultDeadline
        )
    }

    static func filter(_ uri: URI, now: Timestamp) throws -> Filter {
        let text = uri.queryParameters.get("filter") ?? ""
        let filter: Filter
        do throws(QueryError) {
            filter = try Query.parseFilter(text, now: now)
        } catch {
            var problem = Problem(.badRequest, "query", error.description)
            problem.byteOffset = error.characterRange.lowerBound
            problem.query = error.rendered(for: text)
            throw problem
        }
        return QueryRequest.bounded(filter, from: try time("from", uri, now), to: try time("to", uri, now))
    }

    private static func time(_ name: String, _ uri: URI, _ now: Timestamp) throws -> Timestamp? {
        guard let text = uri.queryParameters.get(name) else { return nil }
        guard let time = RelativeTime(text, now: now)?.first else {
            throw Problem(
                .badRequest,
                name,
                "\(name)=\(text): it is a time such as 2026-11-20T08:00:00Z, 2026-11-20 or now-1h"
            )
        }
        return time
    }

    private static func order(_ uri: URI) throws -> QueryRequest.Order {
        let name = uri.queryParameters.get("order") ?? "newest"
        guard let order = QueryRequest.Order(rawValue: name) else {
            throw Problem(.badRequest, "order", "order=\(name): it is newest, oldest or log")
        }
        return order
    }

    private static func limit(_ uri: URI, _ order: QueryRequest.Order) throws -> Int {
        guard let text = uri.queryParameters.get("limit") else { return order == .log ? .max : 100 }
        guard let limit = Int(text), limit >= 1, order == .log || limit <= APILimits.maximumRowCount else {
            throw Problem(
                .badRequest,
                "limit",
                "limit=\(text): it is 1 to \(APILimits.maximumRowCount); in order=log there may be more"
            )
        }
        return limit
    }
}
