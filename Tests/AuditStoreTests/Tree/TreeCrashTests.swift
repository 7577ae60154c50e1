// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import Foundation
import Synchronization
import Testing

/// The tree on files that crash: no checkpoint may ever be contradicted by a later one.
///
/// `MARTLET_LONG=1` tries ten times as many ways to survive.
@Suite struct TreeCrashTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// Groups of batches, of which each becomes a checkpoint.
    private static let script: [[SampleBatch]] = (0..<4 as Range<UInt64>).map { group in
        [
            SampleBatch([SampleEvent(group * 10), SampleEvent(group * 10 + 1)]),
            SampleBatch([SampleEvent(group * 10 + 2, byteCount: 5000)], submitter: "User:carol"),
        ]
    }

    private func oracle(_ fileSystem: SimulatedFileSystem) -> Oracle {
        var oracle = Oracle(fileSystem)
        oracle.seals = .full
        oracle.watch = CheckpointWatch()
        // Secrets that were lost and made anew must not be the same by chance.
        let counter = Mutex<UInt64>(0)
        let seeds = Mutex(SeededGenerator(seed: 0xC0FFEE))
        oracle.options.random = {
            counter.withLock { $0 += 1 }
            return seeds.withLock { $0.next() }
        }
        return oracle
    }

    private func run(_ fault: Fault, at operation: Int, _ survival: Survival?, _ name: String) {
        let fileSystem = SimulatedFileSystem(seed: UInt64(operation))
        var oracle = oracle(fileSystem)
        fileSystem.fail(operation, with: fault)
        do {
            try oracle.send(Self.script) { fileSystem in
                if let survival { fileSystem.crash(keeping: survival) } else { fileSystem.endProcess() }
            }
            // Whatever failed before, in the end everything is signed.
            let core = try Samples.open(fileSystem, oracle.options)
            try TreeScript(core, fileSystem, #require(oracle.watch)).proceed(core)
            #expect(oracle.watch?.largestSize == 12)
        } catch {
            let log = fileSystem.log.suffix(40).map(\.description).joined(separator: "\n")
            Issue.record("\(fault) at operation \(operation), \(name): \(error)\n\(log)")
        }
    }

    private func operations() throws -> [FileOperation] {
        let fileSystem = SimulatedFileSystem()
        var oracle = oracle(fileSystem)
        try oracle.send(Self.script) { _ in Issue.record("nothing was to fail") }
        #expect(oracle.watch?.count == 5)
        return fileSystem.log
    }

    /// What a power cut leaves.
    static let survivals: [Survival] = [.nothing, .everything] + (0..<seedCount).map { .random(seed: $0) }
    private static let seedCount: UInt64 = environment["MARTLET_LONG"] == "1" ? 32 : 1

    @Test(arguments: survivals)
    func `after a power cut in any file operation no checkpoint contradicts one before it`(_ survival: Survival) throws
    {
        let cuts = try operations().filter(\.isChange).map(\.number)
        #expect(cuts.count >= 80)
        for cut in cuts { run(.powerCut, at: cut, survival, "\(survival)") }
    }

    @Test(arguments: [Fault.inputOutput, .noSpace])
    func `any file operation may fail, and no checkpoint contradicts one before it`(_ fault: Fault) throws {
        for operation in try operations() where operation.isChange {
            run(fault, at: operation.number, nil, "the process starts again")
        }
    }
}
