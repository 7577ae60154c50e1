// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import JournalFormat
import SystemPackage
import Testing
import TransparencyLog

@testable import AuditStore

/// Erasing on files that crash: afterwards the event is whole or erased, its leaf is what it was, and what was answered as
/// erased is gone for good.
@Suite struct ErasureCrashTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isLong = environment["MARTLET_LONG"] == "1"

    static let survivals: [Survival] = [.nothing, .everything] + (0..<(isLong ? 16 : 1)).map { .random(seed: $0) }

    /// Erases with a fault at one operation behind the beginning.
    private func run(_ fault: Fault, after operation: Int, _ survival: Survival?) async throws {
        let log = ErasureLog(SimulatedFileSystem(seed: UInt64(operation)))
        let index = ErasureLog.index
        var store = try log.open()
        try await log.fill(store)
        let leaves = try await log.leaves(store)
        let whole = try store.snapshot.allRecords()
        log.fileSystem.fail(log.fileSystem.operationCount + operation, with: fault)

        let isDone = (try? await store.erase(index, tombstone: { _ in Secret.tombstone })) != nil

        await store.close()
        if let survival { log.fileSystem.crash(keeping: survival) } else { log.fileSystem.endProcess() }
        store = try log.open()
        let event = try #require(try store.snapshot.event(at: index))
        let isErased = event.flags.contains(.erased)
        let name = "\(fault) after \(operation), \(survival.map { "\($0)" } ?? "the process starts again")"
        #expect(event.bytes == (isErased ? Secret.tombstone : Secret.event.bytes), "\(name)")
        #expect(isErased || !isDone, "\(name): it is back")
        let rest = try store.snapshot.allRecords().filter { $0.index != index }
        #expect(rest == whole.filter { $0.index != index }, "\(name)")
        #expect(try await log.leaves(store) == leaves, "\(name)")
        if isErased {
            try await store.maintain()
            #expect(log.fileSystem.findings(below: "/data") == [], "\(name)")
        }
        // Whatever happened, it can be done now, and then it is.
        let again = try? await store.erase(index, tombstone: { _ in Secret.tombstone })
        #expect((again == nil) == isErased, "\(name)")
        #expect(log.fileSystem.findings(below: "/data") == [], "\(name)")
        #expect(try await log.leaves(store) == leaves, "\(name)")
        await store.close()
    }

    /// The operations of an erasure in which nothing fails and that change something, counted from its beginning.
    private func changes() async throws -> [Int] {
        let log = ErasureLog()
        let store = try log.open()
        try await log.fill(store)
        let start = log.fileSystem.operationCount
        _ = try await store.erase(ErasureLog.index, tombstone: { _ in Secret.tombstone })
        let changes = log.fileSystem.log.filter { $0.number >= start && $0.isChange }.map { $0.number - start }
        await store.close()
        return changes
    }

    @Test(arguments: survivals)
    func `after a power cut in any file operation the event is whole or erased, and its leaf can be made`(
        _ survival: Survival
    ) async throws {
        let changes = try await changes()
        #expect(changes.count > 25)
        for operation in changes { try await run(.powerCut, after: operation, survival) }
    }

    @Test(arguments: [Fault.inputOutput, .noSpace])
    func `any file operation may fail, and the event is whole or erased`(_ fault: Fault) async throws {
        for operation in try await changes() { try await run(fault, after: operation, nil) }
    }

    @Test func `an erasure that a full disk cut off is finished while the store is open`() async throws {
        let log = ErasureLog()
        let store = try log.open()
        try await log.fill(store)
        try await store.sealAll()
        let leaf = try await store.erasableLeaf(of: ErasureLog.index)
        await store.close()
        // As a crash leaves it right behind the leaf and the tombstone.
        try ErasedLeaf(leaf: leaf, tombstone: Secret.tombstone)
            .write(ErasureLog.index, in: "/data/log", log.fileSystem)
        log.fileSystem.endProcess()
        log.fileSystem.setCapacity(0)

        let reopened = try log.open()
        #expect(try reopened.snapshot.event(at: ErasureLog.index)?.bytes == Secret.event.bytes)
        log.fileSystem.setCapacity(.max)
        try await reopened.maintain()

        #expect(try reopened.snapshot.event(at: ErasureLog.index)?.bytes == Secret.tombstone)
        #expect(log.fileSystem.findings(below: "/data") == [])
        await reopened.close()
    }
}
