// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Ingest

/// A quarantine, wherever it is.
protocol QuarantineAccess: Sendable {
    func entries() async throws -> [QuarantineEntry]
    func retry(_ ids: Set<Int>?) async throws -> (accepted: Int, stillRejected: Int)
    func purge(_ ids: Set<Int>?) async throws -> Int
    func close() async
}

extension ConnectionOptions {
    func quarantine() async throws -> any QuarantineAccess {
        if let data { return LocalQuarantine(log: try LocalAdministration(directory: data, creates: false)) }
        return RemoteQuarantine(client: try serverClient())
    }
}

private struct LocalQuarantine: QuarantineAccess {
    let log: LocalAdministration

    func entries() async throws -> [QuarantineEntry] {
        try await log.admission.quarantine.entries()
    }

    func retry(_ ids: Set<Int>?) async throws -> (accepted: Int, stillRejected: Int) {
        try await QuarantineAdministration(log.admission, log.events).retry(ids, by: log.principal)
    }

    func purge(_ ids: Set<Int>?) async throws -> Int {
        try await QuarantineAdministration(log.admission, log.events).purge(ids, by: log.principal)
    }

    func close() async {
        await log.close()
    }
}

private struct RemoteQuarantine: QuarantineAccess {
    let client: ServerClient

    func entries() async throws -> [QuarantineEntry] {
        let answer = try await client.decode([String: [QuarantineEntry]].self, client.send(.get, "/v1/quarantine"))
        return answer["entries"] ?? []
    }

    func retry(_ ids: Set<Int>?) async throws -> (accepted: Int, stillRejected: Int) {
        let answer = try await change("/v1/quarantine/retry", ids)
        return (answer["accepted"] ?? 0, answer["stillRejected"] ?? 0)
    }

    func purge(_ ids: Set<Int>?) async throws -> Int {
        try await change("/v1/quarantine/purge", ids)["purged"] ?? 0
    }

    private func change(_ path: String, _ ids: Set<Int>?) async throws -> [String: Int] {
        let body = try JSONEncoder().encode(ids.map { ["ids": $0.sorted()] } ?? [:])
        let response = try await client.send(
            .post,
            path,
            headers: [("Content-Type", "application/json")],
            body: Array(body)
        )
        return try await client.decode([String: Int].self, response)
    }

    func close() async {}
}
