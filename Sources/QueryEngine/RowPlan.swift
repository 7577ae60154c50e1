// SPDX-License-Identifier: Apache-2.0

import QueryLanguage

/// What the pipes of a query for events come to.
struct RowPlan: Sendable, Equatable {
    /// The order in which rows are found.
    var order: QueryRequest.Order
    /// Most rows that are found.
    var limit: Int
    /// Whether the query itself says how many rows it wants at most, and no more than the request.
    var isLimitOwn = false
    /// Orders of what was found, one after the other, each with the most rows that are kept of it.
    var sorts: [Sort] = []

    struct Sort: Sendable, Equatable {
        let keys: [SortKey]
        var limit: Int
    }

    init(_ request: QueryRequest) {
        order = request.order
        limit = .max
        for pipe in request.pipes {
            switch pipe {
            case .limit(let count):
                if sorts.isEmpty {
                    limit = min(limit, count)
                } else {
                    sorts[sorts.count - 1].limit = min(sorts[sorts.count - 1].limit, count)
                }
            case .sort(let keys):
                if limit == .max, sorts.isEmpty, keys.count == 1, keys[0].column == "time" {
                    order = keys[0].isDescending ? .newest : .oldest
                } else {
                    sorts.append(Sort(keys: keys, limit: .max))
                }
            case .fields, .columns, .count, .top, .distinct, .facets, .timeline, .joinRequest, .sessions: break
            }
        }
        if sorts.isEmpty {
            isLimitOwn = limit <= request.limit
            limit = min(limit, request.limit)
        } else {
            isLimitOwn = min(limit, sorts[sorts.count - 1].limit) <= request.limit
            sorts[sorts.count - 1].limit = min(sorts[sorts.count - 1].limit, request.limit)
        }
    }

    /// The fields that orders look at.
    var fields: [FieldReference] {
        var fields: [FieldReference] = []
        for key in sorts.flatMap(\.keys) {
            guard let field = FieldReference(name: key.column), !fields.contains(field) else { continue }
            fields.append(field)
        }
        return fields
    }
}
