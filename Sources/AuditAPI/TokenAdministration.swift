// SPDX-License-Identifier: Apache-2.0

package import Access
import AuditModel
package import Ingest

/// Making and revoking tokens, each written to the log.
///
/// The log is written first when something is taken away, and last when something is given: at a crash in between it
/// may name a token that still works or does not exist, never the other way round.
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
        let revoked = try await tokens.revoke(id: id)
        try await record(.tokenRevoked, "RevokeToken", revoked, by: principal)
        return revoked
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
