// SPDX-License-Identifier: Apache-2.0

import AuditStore
import FoundationEssentials
import Ingest
import NIOCore

/// Erasing an event of a log, wherever it is.
protocol ErasureAccess: Sendable {
    func erase(_ index: UInt64, reason: String) async throws -> ErasureDocument
    func close() async
}

extension ConnectionOptions {
    /// A directory must not have a server, and what is configured for servers holds for it too.
    func erasureAccess() throws -> any ErasureAccess {
        guard let data else { return RemoteErasure(client: try serverClient()) }
        guard try Settings.ofEnvironment().boolean(.erasure) else {
            throw CommandFailure(
                .couldNotRun,
                "erasing is not allowed here; whoever keeps the log can allow it: \(Setting.erasure.environmentVariable)=true"
            )
        }
        return LocalErasure(log: try LocalAdministration(directory: data, creates: false))
    }
}

private struct LocalErasure: ErasureAccess {
    let log: LocalAdministration

    func erase(_ index: UInt64, reason: String) async throws -> ErasureDocument {
        let administration = ErasureAdministration(log.admission, log.events)
        return ErasureDocument(try await administration.erase(index, reason: reason, by: log.principal))
    }

    func close() async { await log.close() }
}

private struct RemoteErasure: ErasureAccess {
    let client: ServerClient

    func erase(_ index: UInt64, reason: String) async throws -> ErasureDocument {
        let response = try await client.send(
            .post,
            "/v1/events/\(index)/erase",
            headers: [("Content-Type", "application/json")],
            body: Array(try JSONEncoder().encode(["reason": reason])),
            // All that is in the journal is sealed first.
            timeout: .minutes(10)
        )
        return try await client.decode(ErasureDocument.self, response)
    }

    func close() async {}
}
