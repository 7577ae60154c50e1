// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import Synchronization
import SystemPackage
import Testing

@testable import AuditStore

/// A look at a directory beside the store that owns it.
@Suite struct ReadOnlyLogTests {
    /// The store that owns the directory.
    private final class Owner: Sendable {
        let fileSystem = SimulatedFileSystem()
        private let core: Mutex<StoreCore>

        init() throws {
            core = Mutex(try Samples.open(fileSystem, Self.options))
        }

        static var options: StoreOptions {
            var options = Samples.options()
            options.sealing.boundary = 1
            options.sealing.eventCount = 100
            return options
        }

        func records() throws -> [EventRecord] { try core.withLock { try $0.snapshot.allRecords() } }

        func take(_ step: Step) throws {
            try core.withLock { core in
                switch step {
                case .ingest(let count):
                    for _ in 0..<count { _ = try core.append([SampleEvent(core.snapshot.endIndex)]) }
                case .seal: try core.seal()
                case .merge: try core.merge()
                case .remove: core.removeUnused()
                case .retire:
                    let policy = RetentionPolicy(byteCount: 0)
                    guard let plan = policy.plan(core.snapshot.segments.map(\.description), boundary: 1, now: 0) else {
                        return
                    }
                    try core.drop(plan)
                case .restart:
                    core.close()
                    core = try Samples.open(fileSystem, Self.options)
                }
            }
        }
    }

    private enum Step {
        case ingest(Int), seal, merge, remove, retire, restart
    }

    private static let steps: [Step] = [
        .ingest(3), .ingest(10), .seal, .ingest(1), .remove, .ingest(9), .seal, .merge, .ingest(2), .remove, .restart,
        .ingest(8), .seal, .remove, .retire, .ingest(1), .remove, .seal, .ingest(20), .seal, .merge, .remove, .retire,
        .remove, .ingest(3), .restart, .ingest(1),
    ]

    @Test func `every event is seen once and in order, before and after each step, anew and by reading on`() throws {
        let owner = try Owner()
        var following = try ReadOnlyLog(directory: Samples.directory, fileSystem: owner.fileSystem)
        #expect(try following.snapshot.allRecords().isEmpty)
        for (number, step) in Self.steps.enumerated() {
            try owner.take(step)
            let expected = try owner.records()
            try following.refresh()
            let fresh = try ReadOnlyLog(directory: Samples.directory, fileSystem: owner.fileSystem)

            #expect(try following.snapshot.allRecords() == expected, "step \(number), \(step)")
            #expect(try fresh.snapshot.allRecords() == expected, "step \(number), \(step)")
            #expect(fresh.snapshot.endIndex == following.snapshot.endIndex)
            #expect(fresh.snapshot.floorIndex == following.snapshot.floorIndex)
            #expect(try fresh.snapshot.parts.allSatisfy { try fresh.snapshot.events(of: $0).indices == $0.indices })
        }
    }

    @Test func `one who reads on only now and then misses nothing`() throws {
        for pause in 2..<9 {
            let owner = try Owner()
            var following = try ReadOnlyLog(directory: Samples.directory, fileSystem: owner.fileSystem)
            for (number, step) in Self.steps.enumerated() {
                try owner.take(step)
                guard number % pause == 0 else { continue }
                try following.refresh()
                #expect(try following.snapshot.allRecords() == owner.records(), "step \(number), every \(pause)")
            }
        }
    }

    /// What the journal had when a snapshot was taken is read although its files were removed since.
    @Test func `a snapshot of the journal outlives its files`() throws {
        let owner = try Owner()
        try owner.take(.ingest(20))
        let expected = try owner.records()
        let log = try ReadOnlyLog(directory: Samples.directory, fileSystem: owner.fileSystem)
        try owner.take(.seal)
        try owner.take(.remove)
        #expect(try Samples.files(owner.fileSystem).isEmpty)

        #expect(try log.snapshot.allRecords() == expected)
    }

    /// The owner seals, removes and adds before any one of the operations of a look.
    @Test(arguments: [false, true])
    func `a look finds all that was there when it began, whatever the owner does meanwhile`(isRefresh: Bool) throws {
        for operation in 0..<200 {
            let owner = try Owner()
            let files = InterposedFileSystem(owner.fileSystem)
            try owner.take(.ingest(5))
            if isRefresh { try owner.take(.seal) }
            var log = try ReadOnlyLog(directory: Samples.directory, fileSystem: files)
            try owner.take(.ingest(18))
            let before = try owner.records()
            let start = files.operationCount
            files.interrupt(after: operation) {
                do {
                    try owner.take(.seal)
                    try owner.take(.remove)
                    try owner.take(.ingest(2))
                } catch {
                    Issue.record("the owner: \(error)")
                }
            }
            if isRefresh {
                try log.refresh()
            } else {
                log = try ReadOnlyLog(directory: Samples.directory, fileSystem: files)
            }
            let isInterrupted = files.operationCount - start > operation

            let found = try log.snapshot.allRecords()

            #expect(Array(found.prefix(before.count)) == before, "before operation \(operation): \(found.count) found")
            #expect(found.map(\.index) == Array(0..<UInt64(found.count)), "before operation \(operation)")
            guard isInterrupted else { return }
        }
    }

    @Test func `nothing is changed, and what is no data directory is refused`() throws {
        let owner = try Owner()
        try owner.take(.ingest(9))
        try owner.take(.seal)
        try owner.take(.ingest(1))
        let before = owner.fileSystem.operationCount
        _ = try ReadOnlyLog(directory: Samples.directory, fileSystem: owner.fileSystem).snapshot.allRecords()
        #expect(!owner.fileSystem.log.contains { $0.number >= before && $0.isChange })

        let error = #expect(throws: StoreError.self) {
            try ReadOnlyLog(directory: "/nothing", fileSystem: owner.fileSystem)
        }
        #expect(error?.code == .notADataDirectory)
    }
}
