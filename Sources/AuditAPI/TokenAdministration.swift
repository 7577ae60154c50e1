// SPDX-License-Identifier: Apache-2.0

package import Access
import AuditModel
package import Ingest

/// Making and revoking tokens, each written to the log.
///
/// A token is recorded before anybody has seen it, and a revocation before it is made: a crash in between can leave a
/// token that the log does not name but nobody holds, or a revocation in the log that has to be repeated.
package struct TokenAdministration: Sendable {
    private let tokens: TokenStore
    private let admission: Admission
    private let events: SystemEventMaker

    package init(_ tokens: TokenStore, _ admission: Admission, _ events: SystemEventMaker) {
        self.tokens = tokens
        self.admission = admission
        self.events = events
    }

    package func create(
        name: String,
        scopes: Scope,
        lifetime: Duration?,
        by principal: String
    ) async throws -> CreatedToken {
        let now = Duration.nanoseconds(events.now().nanosecondsSinceEpoch)
        let created = try await tokens.create(name: name, scopes: scopes, expires: lifetime.map { now + $0 })
        do {
            try await record(.tokenCreated, "CreateToken", created.record, by: principal)
        } catch {
            // A token that the log does not know must not work.
            _ = try? await tokens.revoke(id: created.record.id)
            throw error
        }
        return created
    }

    package func revoke(id: String, by principal: String) async throws -> TokenRecord {
        guard let token = try await tokens.list().first(where: { $0.id == id }) else {
            throw AccessError(.unknownToken, "there is no token \(id)", tokenID: id)
        }
        try await record(.tokenRevoked, "RevokeToken", token, by: principal)
        return try await tokens.revoke(id: id)
    }

    private func record(
        _ kind: SystemEvent.Kind,
        _ method: String,
        _ token: TokenRecord,
        by principal: String
    ) async throws {
        try await admission.record(
            events.make(
                kind,
                method: method,
                principal: principal,
                resource: "token=\(token.id)",
                details: [("name", token.name), ("scopes", token.scopes.description)]
            )
        )
    }
}
