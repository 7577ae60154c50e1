// SPDX-License-Identifier: Apache-2.0

import Access
import AuditCatalog
import AuditModel
import AuditStore
import DurableFiles
import Foundation
import Ingest
import Ledger
import Logging
import MetricsExport
import NIOPosix
import QueryEngine
import SystemPackage

@testable import AuditAPI

/// Runs a test with an empty log in a directory of its own, removed behind it.
func withServices<Result>(_ body: (APIServices) async throws -> Result) async throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appending(path: "api-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let time: Int64 = 1_795_305_600_000_000_000
    let store = try LogStore(directory: FilePath(directory), options: StoreOptions(now: { time }, random: { 0x5EED }))
    let quarantine = try Quarantine(directory: FilePath(directory), fileSystem: RealFileSystem(), now: { time })
    let events = SystemEventMaker(now: { Timestamp(nanosecondsSinceEpoch: time) })
    let services = APIServices(
        store: store,
        admission: Admission(store: store, quarantine: quarantine, events: events),
        engine: Engine(catalog: try Catalog.embedded(), pool: .singleton, threadCount: 2),
        tokens: try TokenStore(path: directory + "/control.sqlite") { .nanoseconds(time) },
        metrics: MetricsRegistry(),
        ledger: LedgerMaker(pool: .singleton, threadCount: 2),
        systemEvents: events,
        logger: Logger(label: "test"),
        version: "0"
    )
    do {
        let result = try await body(services)
        await store.close()
        return result
    } catch {
        await store.close()
        throw error
    }
}
