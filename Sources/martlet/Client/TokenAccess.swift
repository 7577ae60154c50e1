// SPDX-License-Identifier: Apache-2.0

import Access
import AuditAPI
import AuditModel
import FoundationEssentials

/// The tokens of a log, wherever it is.
protocol TokenAccess: Sendable {
    func create(name: String, scopes: String, lifetimeSeconds: Int?) async throws -> TokenDocument
    func list() async throws -> [TokenDocument]
    func revoke(_ id: String) async throws -> TokenDocument
    func close() async
}

extension ConnectionOptions {
    /// The tokens of the log that the options name; one is made for its first token if it `creates`.
    func tokens(creates: Bool = false) throws -> any TokenAccess {
        if let data { return try LocalTokens(directory: data, creates: creates) }
        return RemoteTokens(client: try serverClient())
    }
}

extension TokenStore {
    /// The tokens of a data directory.
    static func open(in directory: String) throws -> TokenStore {
        try TokenStore(path: directory + "/control.sqlite") { .nanoseconds(System.nanosecondsSinceEpoch()) }
    }
}

private struct LocalTokens: TokenAccess {
    private let log: LocalAdministration
    private let tokens: TokenStore
    private let administration: TokenAdministration

    init(directory: String, creates: Bool) throws {
        log = try LocalAdministration(directory: directory, creates: creates)
        tokens = try TokenStore.open(in: directory)
        administration = TokenAdministration(tokens, log.admission, log.events)
    }

    func create(name: String, scopes: String, lifetimeSeconds: Int?) async throws -> TokenDocument {
        let created = try await administration.create(
            name: name,
            scopes: try Scope(parsing: scopes),
            lifetime: lifetimeSeconds.map { .seconds($0) },
            by: log.principal
        )
        var document = TokenDocument(created.record, now: System.now())
        document.token = created.text.reveal()
        return document
    }

    func list() async throws -> [TokenDocument] {
        try await tokens.list().map { TokenDocument($0, now: System.now()) }
    }

    func revoke(_ id: String) async throws -> TokenDocument {
        TokenDocument(try await administration.revoke(id: id, by: log.principal), now: System.now())
    }

    func close() async {
        await log.close()
    }
}

private struct RemoteTokens: TokenAccess {
    let client: ServerClient

    private struct Wanted: Encodable {
        let name: String
        let scopes: String
        let expiresInSeconds: Int?
    }

    func create(name: String, scopes: String, lifetimeSeconds: Int?) async throws -> TokenDocument {
        let body = try JSONEncoder().encode(Wanted(name: name, scopes: scopes, expiresInSeconds: lifetimeSeconds))
        let response = try await client.send(
            .post,
            "/v1/tokens",
            headers: [("Content-Type", "application/json")],
            body: Array(body)
        )
        return try await client.decode(TokenDocument.self, response)
    }

    func list() async throws -> [TokenDocument] {
        try await client.decode([String: [TokenDocument]].self, client.send(.get, "/v1/tokens"))["tokens"] ?? []
    }

    func revoke(_ id: String) async throws -> TokenDocument {
        guard id.allSatisfy({ $0.isLetter || $0.isNumber }) else {
            throw CommandFailure(.usage, "\"\(id)\" is no token's id")
        }
        return try await client.decode(TokenDocument.self, client.send(.delete, "/v1/tokens/\(id)"))
    }

    func close() async {}
}
