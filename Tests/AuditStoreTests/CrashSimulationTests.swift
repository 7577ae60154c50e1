// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import Foundation
import JournalFormat
import Testing

/// The store on files that crash, everywhere and at random.
///
/// `MARTLET_SEED=<n>` replays one random run; `MARTLET_LONG=1` makes ten times as many.
@Suite struct CrashSimulationTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// Batches of several sizes and submitters, repeated events and conflicts, over several files.
    private static let script: [[SampleBatch]] = (0..<14 as Range<UInt64>).map { group in
        let id = group * 10
        return switch group % 5 {
        case 0: [SampleBatch([SampleEvent(id), SampleEvent(id + 1)])]
        case 1:
            [
                SampleBatch([SampleEvent(id, byteCount: 6000)]),
                SampleBatch([SampleEvent(id + 1)], submitter: "User:carol"),
            ]
        case 2: [SampleBatch([SampleEvent(id), SampleEvent(id - 10, byteCount: 6000), SampleEvent(id)])]
        case 3: [SampleBatch([SampleEvent(id - 10, variant: 1), SampleEvent(id, byteCount: 12_000)])]
        default: [SampleBatch([SampleEvent(id)]), SampleBatch([SampleEvent(id + 1)]), SampleBatch([SampleEvent(id)])]
        }
    }

    /// Runs the script with one fault; returns the oracle, or explains.
    private func run(_ fault: Fault, at operation: Int, _ survival: Survival?, _ name: String) -> Oracle? {
        let fileSystem = SimulatedFileSystem(seed: UInt64(operation))
        var oracle = Oracle(fileSystem)
        oracle.seals = .full
        fileSystem.fail(operation, with: fault)
        do {
            try oracle.send(Self.script) { fileSystem in
                if let survival { fileSystem.crash(keeping: survival) } else { fileSystem.endProcess() }
            }
            return oracle
        } catch {
            let log = fileSystem.log.suffix(40).map(\.description).joined(separator: "\n")
            Issue.record("\(fault) at operation \(operation), \(name): \(error)\n\(log)")
            return nil
        }
    }

    /// The operations of a run in which nothing fails.
    private func operations() throws -> [FileOperation] {
        let fileSystem = SimulatedFileSystem()
        var oracle = Oracle(fileSystem)
        oracle.seals = .full
        try oracle.send(Self.script) { _ in Issue.record("nothing was to fail") }
        #expect(oracle.restartCount == 0)
        #expect(oracle.sealedCount > 0)
        return fileSystem.log
    }

    @Test func `a power cut in any file operation loses nothing acknowledged, whatever survives`() throws {
        let cuts = try operations().filter(\.isChange).map(\.number)
        #expect(cuts.count >= 40)
        for cut in cuts {
            _ = run(.powerCut, at: cut, .nothing, "nothing survives")
            _ = run(.powerCut, at: cut, .everything, "everything survives")
            for seed in 0..<8 as Range<UInt64> {
                _ = run(.powerCut, at: cut, .random(seed: seed), "survival seed \(seed)")
            }
        }
    }

    @Test(arguments: [Fault.inputOutput, .noSpace, .shortWrite, .lostWrite])
    func `any file operation may fail, and nothing is acknowledged until what is there has been read`(
        _ fault: Fault
    ) throws {
        for operation in try operations() {
            let number = operation.number
            _ = run(fault, at: number, nil, "the process starts again")
            guard operation.isChange else { continue }
            _ = run(fault, at: number, .random(seed: UInt64(number)), "the power goes, survival seed \(number)")
        }
    }

    // MARK: - Random runs

    private static let seedCount = environment["MARTLET_LONG"] == "1" ? 20_000 : 2_000
    private static let parts = 0..<4

    @Test(arguments: parts)
    func `random runs with crashes, failures and full disks lose nothing acknowledged and store nothing twice`(
        part: Int
    ) throws {
        if let only = Self.environment["MARTLET_SEED"].flatMap(UInt64.init) {
            if part == 0 { replay(only) }
            return
        }
        for seed in stride(from: part, to: Self.seedCount, by: Self.parts.count) {
            guard replay(UInt64(seed)) else { return }
        }
    }

    /// Runs one seed; records the seed and the last operations when it breaks a promise.
    @discardableResult
    private func replay(_ seed: UInt64) -> Bool {
        var generator = SeededGenerator(seed: seed)
        let fileSystem = SimulatedFileSystem(seed: generator.next(), capacity: generator.isOneIn(4) ? 56 << 10 : .max)
        var oracle = Oracle(fileSystem)
        if generator.isOneIn(3) { oracle.seals = .atRandom(SeededGenerator(seed: generator.next())) }
        oracle.options.journalFileByteCount = [20 << 10, 24 << 10, 40 << 10][generator.below(3)]
        let groups = Self.randomScript(&generator)
        Self.plan(&generator, fileSystem)
        do {
            try oracle.send(groups) { fileSystem in
                // The disk has had room again by the time somebody looks.
                fileSystem.setCapacity(.max)
                if generator.isOneIn(4), !fileSystem.isOff {
                    fileSystem.endProcess()
                } else {
                    let seed = generator.next()
                    fileSystem.crash(
                        keeping: generator.isOneIn(8)
                            ? .nothing : generator.isOneIn(8) ? .everything : .random(seed: seed)
                    )
                }
                Self.plan(&generator, fileSystem)
            }
            return true
        } catch {
            let log = fileSystem.log.suffix(60).map(\.description).joined(separator: "\n")
            Issue.record("replay with MARTLET_SEED=\(seed): \(error)\n\(log)")
            return false
        }
    }

    /// One or two faults among the operations that come next; none once in a while, so that runs end.
    private static func plan(_ generator: inout SeededGenerator, _ fileSystem: SimulatedFileSystem) {
        guard !generator.isOneIn(4) else { return }
        for _ in 0...generator.below(2) {
            let fault: Fault = generator.isOneIn(2) ? .powerCut : Fault.allCases[generator.below(Fault.allCases.count)]
            fileSystem.fail(fileSystem.operationCount + generator.below(60), with: fault)
        }
    }

    private static func randomScript(_ generator: inout SeededGenerator) -> [[SampleBatch]] {
        var used: [SampleEvent] = []
        return (0..<4 + generator.below(8)).map { _ in
            (0...generator.below(3)).map { _ in
                let events = (0...generator.below(3)).map { _ -> SampleEvent in
                    if let earlier = used.last, generator.isOneIn(8) {
                        return generator.isOneIn(2) ? earlier : SampleEvent(earlier.id, variant: used.count)
                    }
                    let byteCount = generator.isOneIn(6) ? 4000 + generator.below(6000) : 30 + generator.below(600)
                    let event = SampleEvent(UInt64(used.count), byteCount: byteCount)
                    used.append(event)
                    return event
                }
                return SampleBatch(events, submitter: generator.isOneIn(3) ? "User:carol" : "User:alice")
            }
        }
    }
}
