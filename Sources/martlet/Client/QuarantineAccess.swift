// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import FoundationEssentials
import Glibc
import Ingest
import SystemPackage

/// A quarantine, wherever it is.
protocol QuarantineAccess: Sendable {
    func entries() async throws -> [QuarantineEntry]
    func retry(_ ids: Set<Int>?) async throws -> (accepted: Int, stillRejected: Int)
    func purge(_ ids: Set<Int>?) async throws -> Int
    func close() async
}

extension ConnectionOptions {
    func quarantine() async throws -> any QuarantineAccess {
        if let data { return LocalQuarantine(log: try LocalAdministration(directory: data)) }
        return RemoteQuarantine(client: try serverClient())
    }
}

/// A data directory that is opened to change something in it; no server may have it.
struct LocalAdministration: Sendable {
    let store: LogStore
    let admission: Admission
    let events = SystemEventMaker(now: System.now)
    let directory: FilePath
    let principal = "local:\(getuid())"

    init(directory: String) throws {
        self.directory = FilePath(directory)
        store = try LogStore(directory: self.directory, options: StoreOptions(now: System.nanosecondsSinceEpoch))
        let quarantine = try Quarantine(
            directory: self.directory,
            fileSystem: RealFileSystem(),
            now: System.nanosecondsSinceEpoch
        )
        admission = Admission(store: store, quarantine: quarantine)
    }

    func close() async {
        await admission.quarantine.close()
        await store.close()
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
