// SPDX-License-Identifier: Apache-2.0

package import Access
package import AuditModel
import FoundationEssentials
import Hummingbird
import Ingest
import NIOCore

/// Tokens: `GET` and `POST /v1/tokens`, `DELETE /v1/tokens/{id}`.
///
/// Making and revoking is written to the log before it is answered.
struct TokenRoutes {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.get("tokens") { _, context in try await list(context) }
        group.post("tokens") { request, context in try await create(request, context) }
        group.delete("tokens/:id") { _, context in try await revoke(context) }
    }

    private func list(_ context: MartletContext) async throws -> Response {
        _ = try context.require(.admin)
        let now = services.systemEvents.now()
        return .json(["tokens": try await services.tokens.list().map { TokenDocument($0, now: now) }])
    }

    private struct Wanted: Decodable {
        let name: String
        let scopes: String
        let expiresInSeconds: Int?
    }

    private func create(_ request: Request, _ context: MartletContext) async throws -> Response {
        let identity = try context.require(.admin)
        let wanted = try await request.smallJSON(Wanted.self)
        let now = services.systemEvents.now()
        guard wanted.expiresInSeconds.map({ (1...APILimits.maximumTokenLifetimeSeconds).contains($0) }) ?? true else {
            throw Problem(
                .badRequest,
                "expiresInSeconds",
                "expiresInSeconds is 1 to \(APILimits.maximumTokenLifetimeSeconds), or left out for a token without end"
            )
        }
        let created = try await TokenAdministration(services.tokens, services.admission, services.systemEvents).create(
            name: wanted.name,
            scopes: try Scope(parsing: wanted.scopes),
            lifetime: wanted.expiresInSeconds.map { .seconds($0) },
            by: identity.principal
        )
        var document = TokenDocument(created.record, now: now)
        document.token = created.text.reveal()
        return .json(document, status: .created)
    }

    private func revoke(_ context: MartletContext) async throws -> Response {
        let identity = try context.require(.admin)
        let id = try context.parameters.require("id")
        let administration = TokenAdministration(services.tokens, services.admission, services.systemEvents)
        let revoked: TokenRecord
        do {
            revoked = try await administration.revoke(id: id, by: identity.principal)
        } catch let error as AccessError where error.code == .unknownToken {
            // Here it is the token asked about that is unknown, not the caller's.
            throw Problem(.notFound, "no-such-token", "there is no token with the id \"\(id)\"")
        }
        return .json(TokenDocument(revoked, now: services.systemEvents.now()))
    }
}

/// A token as the API shows it.
package struct TokenDocument: Codable, Sendable {
    package let id: String
    package let name: String
    package let scopes: String
    package let standing: String
    package let created: String
    package let expires: String?
    package let lastUsed: String?
    package let revoked: String?

    /// The token itself; in the answer that made it and never again.
    package var token: String?

    package init(_ record: TokenRecord, now: Timestamp) {
        func text(_ time: Duration?) -> String? { time.map { Timestamp.epoch.adding($0).description } }
        id = record.id
        name = record.name
        scopes = record.scopes.description
        standing = record.standing(at: .nanoseconds(now.nanosecondsSinceEpoch)).rawValue
        created = Timestamp.epoch.adding(record.created).description
        expires = text(record.expires)
        lastUsed = text(record.lastUsed)
        revoked = text(record.revoked)
    }
}

extension Request {
    /// A small JSON body.
    ///
    /// - Throws: `Problem` 400 that says what is missing.
    func smallJSON<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: APILimits.maximumSmallBodyByteCount)
        } catch is NIOTooManyBytesError {
            throw Problem(
                .contentTooLarge,
                "body-too-large",
                "a body here may have \(APILimits.maximumSmallBodyByteCount) bytes"
            )
        }
        do {
            return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
        } catch let problem as Problem {
            throw problem
        } catch DecodingError.keyNotFound(let key, _) {
            throw Problem(.badRequest, "body", "the body lacks \"\(key.stringValue)\"")
        } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
            throw Problem(wrongTypeAt: context.codingPath)
        } catch DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty {
            throw Problem(wrongTypeAt: context.codingPath)
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw Problem(wrongTypeAt: context.codingPath)
        } catch {
            throw Problem(.badRequest, "body", "the body is not the JSON document that is expected here")
        }
    }
}

extension Problem {
    fileprivate init(wrongTypeAt path: [any CodingKey]) {
        let name = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        self.init(.badRequest, "body", "\"\(name)\" in the body is of the wrong type")
    }
}
