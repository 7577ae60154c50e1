// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import NIOPosix
import QueryEngine
import QueryLanguage
import SystemPackage

/// A data directory on this machine, looked at without owning it; a server may be running there.
struct LocalLog: EventAccess {
    /// How often a directory is looked at again while it is followed.
    private static let pollInterval = Duration.milliseconds(250)

    private let log: ReadOnlyLog
    private let engine: Engine

    init(directory: String) throws {
        log = try ReadOnlyLog(directory: FilePath(directory))
        engine = Engine(catalog: try CatalogChoice.load(), pool: .singleton, threadCount: System.coreCount)
    }

    func query(_ query: EventQuery, row: (StoredEvent) -> Void) async throws -> String? {
        let filter = try TypedQuery.filter(query, now: System.now())
        let request = QueryRequest(filter, order: query.order, limit: query.limit, deadline: .seconds(86_400))
        var run = engine.start(request, on: log.snapshot)
        while let rows = try await run.next() { rows.forEach(row) }
        return run.outcome.partialReason
    }

    func event(at index: UInt64) async throws -> StoredEvent? {
        try log.snapshot.event(at: index)
    }

    func follow(_ filter: String, row: (StoredEvent) -> Void) async throws {
        let filter = try TypedQuery.filter(EventQuery(filter: filter), now: System.now())
        var log = log
        var nextIndex = log.snapshot.endIndex
        while true {
            try await Task.sleep(for: Self.pollInterval)
            try log.refresh()
            let snapshot = log.snapshot
            while let position = snapshot.frames.position(of: nextIndex) {
                let frame = snapshot.frames[position]
                try await engine.matches(in: frame, filter, of: snapshot).forEach(row)
                nextIndex = frame.indices.upperBound
            }
        }
    }

    func writeOriginals(_ query: EventQuery) async throws -> (byteCount: Int, partialReason: String?) {
        var byteCount = 0
        let reason = try await self.query(query) { row in
            Terminal.write(row.bytes + [UInt8(ascii: "\n")])
            byteCount += row.bytes.count + 1
        }
        return (byteCount, reason)
    }
}
