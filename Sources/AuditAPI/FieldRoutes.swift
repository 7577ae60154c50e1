// SPDX-License-Identifier: Apache-2.0

import Access
import AuditModel
import AuditStore
import Hummingbird
import Ingest
import QueryEngine
import QueryLanguage

/// What can be asked for: `GET /v1/fields`.
struct FieldRoutes {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.get("fields") { request, context in try await fields(request, context) }
    }

    private struct Answer: Encodable {
        let fields: [Field]
        let partialReason: String?
    }

    private struct Field: Encodable {
        let name: String
        let type: AnswerColumn.Kind
        let summary: String
        let top: [AnswerEnd.ValueCount]?
    }

    /// Fields whose values say something of more events than one.
    private static let counted: [FieldReference] = AuditField.allCases.filter { field in
        switch field {
        case .id, .time, .received, .index, .requestID, .connectionID: false
        default: true
        }
    }.map { .audit($0) }

    private func fields(_ request: Request, _ context: MartletContext) async throws -> Response {
        _ = try context.require(.read)
        let count = try topCount(request)
        var table: QueryTable?
        if count != nil {
            let filter = try QueryParameters.filter(request.uri, "q", now: services.systemEvents.now())
            var asked = QueryRequest(filter)
            asked.pipes = [.facets(Self.counted)]
            asked.isAbandoned = context.isGone
            table = try await services.engine.table(asked, on: services.store.snapshot)
        }
        let values = table?.facets(Self.counted)
        let fields = AuditField.allCases.map { field in
            Field(
                name: field.rawValue,
                type: AnswerColumn.Kind(.audit(field)),
                summary: field.summary,
                top: values?[field.rawValue].map { Array($0.prefix(count ?? 0)) }
            )
        }
        return .json(Answer(fields: fields, partialReason: table?.outcome.partialReason))
    }

    private func topCount(_ request: Request) throws -> Int? {
        guard let text = request.uri.queryParameters.get("top") else { return nil }
        guard let count = Int(text), (1...APILimits.maximumTopCount).contains(count) else {
            throw Problem(.badRequest, "top", "top=\(text): it is 1 to \(APILimits.maximumTopCount)")
        }
        return count
    }
}
