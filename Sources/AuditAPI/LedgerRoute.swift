// SPDX-License-Identifier: Apache-2.0

import Access
import AuditStore
import Hummingbird
import Ingest
import Ledger

/// Whether everything is there, by source and hour: `GET /v1/ledger`.
struct LedgerRoute {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.get("ledger") { request, context in try await ledger(request, context) }
    }

    private func ledger(_ request: Request, _ context: MartletContext) async throws -> Response {
        _ = try context.require(.read)
        let now = services.systemEvents.now()
        let parameters = request.uri.queryParameters
        var wanted = LedgerRequest(
            from: try parameters.get("from").map { try QueryParameters.time("from", $0, now) },
            to: try parameters.get("to").map { try QueryParameters.time("to", $0, now) },
            source: parameters.get("source")
        )
        wanted.deadline = APILimits.ledgerDeadline
        wanted.isAbandoned = context.isGone
        return .json(try await services.ledger.make(wanted, of: services.store.snapshot, now: now))
    }
}
