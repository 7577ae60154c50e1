// SPDX-License-Identifier: Apache-2.0

import Access
import AuditStore
import Hummingbird
import Ingest
import Logging
import QueryEngine

/// `POST /v1/events/{index}/erase`: what must go, goes; its leaf and a tombstone stay.
struct ErasureRoute {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.post("events/:index/erase") { request, context in try await erase(request, context) }
    }

    private struct Wanted: Decodable {
        let reason: String
    }

    private func erase(_ request: Request, _ context: MartletContext) async throws -> Response {
        let identity = try context.require(.admin)
        guard services.allowsErasure else {
            throw Problem(
                .forbidden,
                "erasure-off",
                "this server erases nothing; whoever runs it can allow it: store.erasure"
            )
        }
        let name = try context.parameters.require("index")
        guard let index = UInt64(name) else { throw Problem(.badRequest, "index", "\"\(name)\" is no index") }
        let reason = try await request.smallJSON(Wanted.self).reason
        guard ErasureAdministration.accepts(reason: reason) else {
            throw Problem(
                .badRequest,
                "reason",
                "\"reason\" says why, in 1 to \(ErasureAdministration.maximumReasonByteCount) bytes; it is kept for ever"
            )
        }
        let erasure = try await ErasureAdministration(services.admission, services.systemEvents).erase(
            index,
            reason: reason,
            by: identity.principal,
            releasing: { [engine = services.engine] in engine.forgetSegments(notIn: $0) }
        )
        services.logger.notice("an event was erased", metadata: ["log.index": "\(index)"])
        return .json(ErasureDocument(erasure))
    }
}

extension Problem {
    /// Why an event is not erased.
    init(_ refusal: ErasureRefusal) {
        switch refusal.code {
        case .noSuchEvent: self.init(.notFound, "no-such-event", refusal.message)
        case .alreadyErased: self.init(.conflict, "already-erased", refusal.message)
        case .ownEvent: self.init(.forbidden, "own-event", refusal.message)
        case .noTree: self.init(.notFound, "no-tree", refusal.message)
        }
    }
}
