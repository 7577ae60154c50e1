// SPDX-License-Identifier: Apache-2.0

import Access
import Hummingbird
import Ingest

/// The quarantine: `GET /v1/quarantine`, `POST /v1/quarantine/retry`, `POST /v1/quarantine/purge`.
struct QuarantineRoutes {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.get("quarantine") { _, context in try await list(context) }
        group.post("quarantine/retry") { request, context in try await retry(request, context) }
        group.post("quarantine/purge") { request, context in try await purge(request, context) }
    }

    /// Which entries; all of them when `ids` is absent.
    private struct Wanted: Decodable {
        let ids: [Int]?
    }

    private func list(_ context: MartletContext) async throws -> Response {
        _ = try context.require(.admin)
        return .json(["entries": try await services.admission.quarantine.entries()])
    }

    private func retry(_ request: Request, _ context: MartletContext) async throws -> Response {
        let identity = try context.require(.admin)
        let wanted = try await request.smallJSON(Wanted.self)
        let result = try await QuarantineAdministration(services.admission, services.systemEvents).retry(
            wanted.ids.map(Set.init),
            by: identity.principal
        )
        return .json(["accepted": result.accepted, "stillRejected": result.stillRejected])
    }

    private func purge(_ request: Request, _ context: MartletContext) async throws -> Response {
        let identity = try context.require(.admin)
        let wanted = try await request.smallJSON(Wanted.self)
        let count = try await QuarantineAdministration(services.admission, services.systemEvents).purge(
            wanted.ids.map(Set.init),
            by: identity.principal
        )
        return .json(["purged": count])
    }
}
