// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import SystemPackage
import Testing

@testable import AuditStore

/// Segments here have four events and end at multiples of four; an hour of the clock lies between them.
@Suite struct RetentionTests {
    private static let hour: Int64 = 3_600_000_000_000

    private let fileSystem = SimulatedFileSystem()
    private let clock = TestClock()

    private func options(_ retention: RetentionPolicy = RetentionPolicy()) -> StoreOptions {
        var options = Samples.options()
        options.now = { [clock] in clock.now }
        options.sealing.boundary = 4
        options.sealing.eventCount = 4
        options.retention = retention
        return options
    }

    /// A store with `count` segments of four events, and two events behind them.
    private func filled(_ count: UInt64) throws -> StoreCore {
        var core = try Samples.open(fileSystem, options())
        for segment in 0..<count {
            _ = try core.append((segment * 4..<segment * 4 + 4).map { SampleEvent($0) })
            try core.seal(all: false)
            clock.advance(by: Self.hour)
        }
        _ = try core.append([SampleEvent(count * 4), SampleEvent(count * 4 + 1)])
        return core
    }

    private func planned(_ core: StoreCore, _ policy: RetentionPolicy) -> RetentionPlan? {
        policy.plan(core.snapshot.segments.map(\.description), boundary: 4, now: clock.now)
    }

    // MARK: - Plans

    @Test(
        arguments: [
            // Received 5, 4, 3, 2 and 1 hours ago.
            (age: 6, floor: nil), (age: 5, floor: nil), (age: 4, floor: 4), (age: 2, floor: 12), (age: 0, floor: 20),
        ] as [(age: Int64, floor: UInt64?)]
    )
    func `by age goes what is older, and nothing that is just as old`(age: Int64, floor: UInt64?) throws {
        let core = try filled(5)

        let plan = planned(core, RetentionPolicy(age: age * Self.hour))

        #expect(plan?.floorIndex == floor)
        #expect(plan?.reason ?? .age == .age)
        #expect(plan.map { UInt64($0.eventCount) } == floor)
    }

    @Test func `by size goes the oldest, as far as needed and no further`() throws {
        let core = try filled(5)
        let sizes = core.snapshot.segments.map(\.description.byteCount)
        let all = sizes.reduce(0, +)

        #expect(planned(core, RetentionPolicy(byteCount: all)) == nil)
        #expect(planned(core, RetentionPolicy(byteCount: all - 1))?.floorIndex == 4)
        #expect(planned(core, RetentionPolicy(byteCount: all - sizes[0]))?.floorIndex == 4)
        #expect(planned(core, RetentionPolicy(byteCount: all - sizes[0] - 1))?.floorIndex == 8)
        #expect(planned(core, RetentionPolicy(byteCount: 0))?.floorIndex == 20)
        #expect(planned(core, RetentionPolicy(byteCount: 0))?.reason == .size)
        #expect(planned(core, RetentionPolicy(byteCount: 0))?.byteCount == all)
    }

    @Test func `age goes first, and without a policy nothing goes`() throws {
        let core = try filled(3)

        #expect(planned(core, RetentionPolicy()) == nil)
        #expect(planned(core, RetentionPolicy(age: 2 * Self.hour, byteCount: 0))?.reason == .age)
        #expect(planned(core, RetentionPolicy(age: 2 * Self.hour, byteCount: 0))?.floorIndex == 4)
        #expect(planned(core, RetentionPolicy(age: .max, byteCount: .max)) == nil)
    }

    @Test func `only whole segments go, and only up to a boundary`() throws {
        var core = try Samples.open(fileSystem, options())
        // 0 to 2, 3, and 4 to 7: sealed by hand in between.
        for ids in [0..<3, 3..<4, 4..<8] as [Range<UInt64>] {
            _ = try core.append(ids.map { SampleEvent($0) })
            try core.seal()
            clock.advance(by: Self.hour)
        }
        #expect(core.snapshot.segments.map(\.description.indices) == [0..<3, 3..<4, 4..<8])

        // The first alone would end inside of a tile.
        #expect(planned(core, RetentionPolicy(age: 2 * Self.hour + 1)) == nil)
        #expect(planned(core, RetentionPolicy(age: Self.hour + 1))?.floorIndex == 4)
    }

    // MARK: - Carrying out

    @Test func `what a plan says is gone, the rest answers, and indices go on, after a restart too`() throws {
        var core = try filled(3)
        let plan = try #require(planned(core, RetentionPolicy(age: 2 * Self.hour)))
        let doomed = try #require(core.snapshot.segments.first).path
        #expect(core.snapshot.floorIndex == 0)
        #expect(fileSystem.exists(doomed))

        try core.drop(plan)
        core.removeUnused()

        for isReopened in [false, true] {
            if isReopened {
                fileSystem.crash(keeping: .nothing)
                core = try Samples.open(fileSystem, options())
            }
            let snapshot = core.snapshot
            #expect(snapshot.floorIndex == 4)
            #expect(snapshot.endIndex == 14)
            #expect(try snapshot.event(at: 3) == nil)
            #expect(snapshot.part(holding: 3) == nil)
            #expect(try snapshot.allRecords().map(\.bytes) == (4..<14).map { SampleEvent($0).bytes })
            #expect(try snapshot.allRecords().map(\.index) == Array(4..<14))
            #expect(!fileSystem.exists(doomed))
        }
        #expect(try core.append([SampleEvent(14)]).indices == 14..<15)
    }

    @Test func `a log of which all segments are deleted goes on with its indices`() throws {
        var core = try filled(2)
        try core.seal(all: true)
        clock.advance(by: Self.hour)
        _ = try core.append([SampleEvent(10), SampleEvent(11)])
        try core.seal(all: true)

        try core.drop(try #require(planned(core, RetentionPolicy(byteCount: 0))))
        core.removeUnused()
        core.close()
        core = try Samples.open(fileSystem, options())

        #expect(core.snapshot.floorIndex == 12)
        #expect(core.snapshot.endIndex == 12)
        #expect(core.snapshot.parts.isEmpty)
        #expect(try core.append([SampleEvent(12)]).indices == 12..<13)
    }

    @Test func `a crash in the middle leaves all of it or none`() throws {
        let whole = try filled(3).snapshot.allRecords()
        for operation in 0..<40 {
            let test = RetentionTests()
            let fileSystem = test.fileSystem
            var core = try test.filled(3)
            let plan = try #require(test.planned(core, RetentionPolicy(age: 2 * Self.hour)))
            fileSystem.fail(fileSystem.operationCount + operation, with: .powerCut)
            let isDone = (try? core.drop(plan)) != nil
            core.removeUnused()
            guard fileSystem.isOff else { break }
            fileSystem.crash(keeping: .random(seed: UInt64(operation)))

            let found = try Samples.open(fileSystem, test.options()).snapshot.allRecords()

            #expect(found == whole || found == Array(whole[4...]), "operation \(operation)")
            if isDone { #expect(found.count == whole.count - 4, "operation \(operation)") }
        }
    }

    /// Whoever asked for the plan may have merged segments since: a part of one cannot go, and none of its events may.
    @Test func `a plan that no longer fits the segments is refused and deletes nothing`() throws {
        var core = try filled(2)
        let plan = try #require(planned(core, RetentionPolicy(age: Self.hour)))
        #expect(plan.floorIndex == 4)
        var options = options()
        options.sealing.eventCount = 8
        core.close()
        core = try Samples.open(fileSystem, options)
        try core.merge()
        #expect(core.snapshot.segments.map(\.description.indices) == [0..<8])
        let whole = try core.snapshot.allRecords()

        let error = #expect(throws: StoreError.self) { try core.drop(plan) }

        #expect(error?.code == .damaged)
        #expect(core.snapshot.floorIndex == 0)
        #expect(try core.snapshot.allRecords() == whole)
        core.removeUnused()
        core = try Samples.open(fileSystem, options)
        #expect(try core.snapshot.allRecords() == whole)
    }

    @Test func `a plan is carried out once`() throws {
        var core = try filled(3)
        let first = try #require(planned(core, RetentionPolicy(age: 2 * Self.hour)))
        let second = try #require(planned(core, RetentionPolicy(age: Self.hour)))
        try core.drop(second)

        try core.drop(second)
        #expect(throws: StoreError.self) { try core.drop(first) }

        #expect(core.snapshot.floorIndex == 8)
        #expect(try core.snapshot.allRecords().count == 6)
    }

    // MARK: - The store

    @Test func `a store plans by its policy, and shows the plan before it is carried out`() async throws {
        let store = try LogStore(
            directory: Samples.directory,
            fileSystem: fileSystem,
            options: options(RetentionPolicy(age: Self.hour))
        )
        _ = try await store.append(SampleBatch((0..<4).map { SampleEvent($0) }).frame())
        try await store.maintain()
        #expect(store.retentionPlan == nil)
        clock.advance(by: Self.hour + 1)
        _ = try await store.append(SampleBatch((4..<8).map { SampleEvent($0) }).frame())
        try await store.maintain()

        let plan = try #require(store.retentionPlan)
        #expect(plan.segments == store.snapshot.segments.prefix(1).map(\.description))
        #expect(try store.snapshot.allRecords().count == 8)
        try store.delete(plan)

        #expect(store.retentionPlan == nil)
        #expect(store.snapshot.floorIndex == 4)
        #expect(try store.snapshot.allRecords().map(\.index) == Array(4..<8))
        await store.close()
    }
}
