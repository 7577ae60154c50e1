// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Foundation
import SystemPackage
import Testing
import TransparencyLog

@testable import Witness

@Suite struct WitnessStateTests {
    private let files = SampleWitness()
    private var directory: FilePath { SampleWitness.directory }

    private func code(_ body: () throws -> Void) -> WitnessError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? WitnessError)?.code
        }
    }

    @Test func `the key is made once, and keeps its name`() throws {
        #expect(try WitnessState.vkey(in: directory, files.fileSystem) == nil)
        #expect(code { _ = try files.state(name: nil) } == .wrongName)
        #expect(code { _ = try files.state(name: "a b") } == .wrongName)
        let vkey = try files.start().vkey
        files.fileSystem.endProcess()

        #expect(try WitnessState.vkey(in: directory, files.fileSystem) == vkey)
        #expect(try files.state(name: nil).signer.vkey == vkey)
        files.fileSystem.endProcess()
        #expect(code { _ = try files.state(name: "other.example") } == .wrongName)
    }

    @Test func `one process at a time is the witness`() throws {
        let first = try files.start()

        #expect(code { _ = try files.start() } == .locked)
        withExtendedLifetime(first) {}
    }

    @Test func `records without their key are no new witness`() throws {
        let log = try SampleLog(size: 5)
        _ = try files.start().add(try log.request(from: 0))
        files.fileSystem.endProcess()
        try files.fileSystem.remove(directory.appending("key"))

        #expect(code { _ = try files.state() } == .damaged)
    }

    @Test func `a record that was changed stops the start`() throws {
        let log = try SampleLog(size: 5)
        _ = try files.start().add(try log.request(from: 0))
        files.fileSystem.endProcess()
        let path = directory.appending("logs").appending(WitnessState.hash(of: "log.example/a"))
        let good = try files.fileSystem.contents(of: path, maximumByteCount: 4096)

        for count in 0..<good.count {
            try files.fileSystem.place(path, Array(good.prefix(count)))
            #expect(code { _ = try files.start() } == .damaged, "\(count) bytes")
            files.fileSystem.endProcess()
        }
        try files.fileSystem.place(path, good)
        #expect(code { _ = try files.start() } == nil)
    }

    @Test func `descriptions hold no seed`() throws {
        let state = try files.state()
        let key = try files.fileSystem.contents(of: directory.appending("key"), maximumByteCount: 4096)
        let secret = String(decoding: key.suffix(45).dropLast(), as: UTF8.self)

        #expect(!"\(state.signer) \(state)".contains(secret))
    }
}

/// The witness on files that crash, in every operation.
///
/// `MARTLET_LONG=1` tries more of what may survive.
@Suite struct WitnessCrashTests {
    /// What a witness has ever let out of one log.
    private struct Seen {
        var roots: [UInt64: LogHash] = [:]
        var largest: UInt64 = 0

        mutating func see(_ checkpoint: Checkpoint) throws {
            if let root = roots[checkpoint.size] {
                try #require(root == checkpoint.root, "two roots of \(checkpoint.size)")
            }
            roots[checkpoint.size] = checkpoint.root
            try #require(checkpoint.size >= largest, "\(checkpoint.size) after \(largest)")
            largest = checkpoint.size
        }
    }

    private static let hash = WitnessState.hash(of: "log.example/a")

    private static let roundCount = 6
    private static let survivalCount = ProcessInfo.processInfo.environment["MARTLET_LONG"] == "1" ? 20 : 1

    /// What two trees of one log ask for, by tree, old size and size: made once, for thousands of runs.
    private let requests: [[[AddCheckpointRequest]]]

    init() throws {
        requests = try ["", "x"].map { variant in
            let log = try SampleLog(variant: variant, size: Self.roundCount)
            return try (0...Self.roundCount).map { old in
                try (0...Self.roundCount).map { size in try log.request(from: min(old, size), to: size) }
            }
        }
    }

    /// A log that, whenever it may, shows one of two trees, over starts of the witness; returns how many were signed.
    private func attack(_ files: SampleWitness, _ restart: () -> Void) throws -> Int {
        var seen = Seen()
        var signedCount = 0
        var running: CheckpointWitness?
        for round in 0..<Self.roundCount {
            if running == nil { running = try? files.start() }
            if let witness = running {
                if let latest = try? witness.latest(Self.hash) { try seen.see(Checkpoint(parsing: latest.text)) }
                for step in 0..<2 {
                    // Now the one and now the other first.
                    let tree = requests[(round / 2 + step) % 2]
                    var request = tree[0][round + 1]
                    var reply = witness.add(request)
                    if case .otherSize(let old) = reply, old <= UInt64(round + 1) {
                        request = tree[Int(old)][round + 1]
                        reply = witness.add(request)
                    }
                    if try reply.cosigns(request.checkpoint) {
                        signedCount += 1
                        try seen.see(Checkpoint(parsing: request.checkpoint.text))
                    }
                }
            }
            if running == nil || running?.failure != nil || files.fileSystem.isOff || round % 3 == 2 {
                running = nil
                restart()
            }
        }
        return signedCount
    }

    /// Those of a run in which nothing fails.
    private func operations() throws -> [FileOperation] {
        let files = SampleWitness()
        let count = try attack(files) { files.fileSystem.endProcess() }
        #expect(count >= Self.roundCount)
        return files.fileSystem.log
    }

    @Test func `a power cut in any operation never has it sign two trees, whatever survives`() throws {
        let operations = try operations().filter(\.isChange).map(\.number)
        #expect(operations.count > 30)
        for operation in operations {
            for seed in -2..<Self.survivalCount {
                let files = SampleWitness(SimulatedFileSystem(seed: UInt64(operation)))
                files.fileSystem.fail(operation, with: .powerCut)
                let signed = try attack(files) {
                    let survival: Survival =
                        seed == -2 ? .nothing : seed == -1 ? .everything : .random(seed: UInt64(seed))
                    files.fileSystem.crash(keeping: survival)
                }
                #expect(signed >= 3, "a power cut at operation \(operation), survival \(seed)")
            }
        }
    }

    @Test(arguments: [Fault.inputOutput, .noSpace, .shortWrite, .lostWrite])
    func `an operation that fails never has it sign two trees, though the power goes afterwards`(_ fault: Fault) throws
    {
        for operation in try operations().map(\.number) {
            for cutsPower in [false, true] {
                let files = SampleWitness(SimulatedFileSystem(seed: UInt64(operation)))
                files.fileSystem.fail(operation, with: fault)
                let signed = try attack(files) {
                    if cutsPower {
                        files.fileSystem.crash(keeping: .random(seed: UInt64(operation)))
                    } else {
                        files.fileSystem.endProcess()
                    }
                }
                #expect(signed >= 2, "\(fault) at operation \(operation)")
            }
        }
    }

    @Test func `a full disk is no end: nothing is signed until there is room`() throws {
        let files = SampleWitness()
        let log = try SampleLog(size: 9)
        let witness = try files.start()
        _ = witness.add(try log.request(from: 0, to: 5))
        files.fileSystem.setCapacity(0)

        #expect(witness.add(try log.request(from: 5)).status == 503)
        #expect(witness.failure == nil)
        files.fileSystem.setCapacity(.max)
        #expect(witness.add(try log.request(from: 5)).status == 200)
    }

    @Test func `after a write that failed nothing is signed until the next start`() throws {
        let files = SampleWitness()
        let log = try SampleLog(size: 9)
        let witness = try files.start()
        files.fileSystem.fail(files.fileSystem.operationCount + 3, with: .inputOutput)

        #expect(witness.add(try log.request(from: 0)).status == 503)
        #expect(witness.failure?.code == .writeFailed)
        #expect(witness.add(try log.request(from: 0)).status == 503)
    }
}
