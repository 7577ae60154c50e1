// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import Ledger
import NIOPosix
import QueryLanguage

/// The hours of a ledger, as they were typed.
struct LedgerQuery: Sendable {
    var from: String?
    var to: String?
    var source: String?
}

/// A log whose completeness can be asked for, wherever it is.
protocol LedgerAccess: Sendable {
    func ledger(_ query: LedgerQuery) async throws -> LedgerDocument
}

extension ConnectionOptions {
    func ledgerAccess() throws -> any LedgerAccess {
        if let data { return LocalLedger(directory: data) }
        return RemoteLedger(client: try serverClient())
    }
}

/// A data directory on this machine, looked at without owning it.
private struct LocalLedger: LedgerAccess {
    let directory: String

    /// How often the log is gone over again because segments were merged or deleted meanwhile.
    private static let maximumAttemptCount = 5

    func ledger(_ query: LedgerQuery) async throws -> LedgerDocument {
        let now = System.now()
        let request = LedgerRequest(
            from: try TypedQuery.time("--from", query.from, now),
            to: try TypedQuery.time("--to", query.to, now),
            source: query.source
        )
        var log = try MovingLog(directory: directory)
        let maker = LedgerMaker(pool: .singleton, threadCount: System.coreCount)
        for _ in 1..<Self.maximumAttemptCount {
            let snapshot = log.snapshot
            let ledger = try await maker.make(request, of: snapshot, now: now)
            // What is damaged here may be a file that the server has replaced.
            guard let damaged = snapshot.segments.first(where: { $0.damage != nil }),
                try log.hasReplaced(damaged)
            else { return ledger }
        }
        return try await maker.make(request, of: log.snapshot, now: now)
    }
}

/// A server's log.
private struct RemoteLedger: LedgerAccess {
    let client: ServerClient

    func ledger(_ query: LedgerQuery) async throws -> LedgerDocument {
        // Times that are wrong are wrong without a server too.
        let now = System.now()
        _ = try TypedQuery.time("--from", query.from, now)
        _ = try TypedQuery.time("--to", query.to, now)
        do {
            return try await ask(query)
        } catch let failure as CommandFailure where failure.status == .no {
            // Nothing was answered, and "no" would mean that there is a gap.
            throw CommandFailure(.usage, failure.message)
        }
    }

    private func ask(_ query: LedgerQuery) async throws -> LedgerDocument {
        let parameters = [("from", query.from), ("to", query.to), ("source", query.source)]
        return try await client.decode(
            LedgerDocument.self,
            client.send(
                .get,
                "/v1/ledger",
                query: parameters.compactMap { name, value in value.map { (name, $0) } }
            )
        )
    }
}
