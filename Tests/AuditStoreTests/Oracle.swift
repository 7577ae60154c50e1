// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat

/// A client of a store on simulated files that crash, who remembers what it was promised.
///
/// It sends batches until each is acknowledged, again after every restart, and holds the store to its word: what was
/// acknowledged is there under its index, once, in order, byte for byte; what is there besides is what it sent and was not
/// answered; and after a failed write nothing more is acknowledged.
struct Oracle {
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    private struct Promise: Hashable {
        /// Text, because a set of texts is several times faster than one of arrays when built for debugging.
        let text: String
        let submitter: String

        init(_ bytes: [UInt8], submitter: String) {
            text = String(decoding: bytes, as: UTF8.self)
            self.submitter = submitter
        }
    }

    let fileSystem: SimulatedFileSystem
    var options = Samples.options()
    /// Whether and how the store's events become segments meanwhile.
    var seals = SealingScript.Policy.never
    /// Sees every checkpoint; nil keeps no tree.
    var watch: CheckpointWatch?
    private(set) var restartCount = 0
    private(set) var acknowledgedCount = 0
    /// Segments at the end.
    private(set) var sealedCount = 0
    private var promises: [UInt64: Promise] = [:]
    /// Groups of batches that were not answered yet, in order.
    private var waiting: [[SampleBatch]] = []
    private var sent: Set<Promise> = []

    init(_ fileSystem: SimulatedFileSystem) {
        self.fileSystem = fileSystem
    }

    /// Sends all groups, whatever happens; `restart` decides after each failure how the machine comes back.
    mutating func send(_ groups: [[SampleBatch]], restart: (SimulatedFileSystem) -> Void) throws {
        waiting = groups
        for batch in groups.joined() { for event in batch.events { sent.insert(promise(event, batch)) } }
        while !waiting.isEmpty {
            let faultsBefore = faultCount
            do {
                var core = try Samples.open(fileSystem, options)
                try check(core.snapshot)
                try sendWaiting(&core)
                if waiting.isEmpty { core.close() }
            } catch let error as StoreError {
                guard error.code == .inputOutput || error.code == .noSpace, faultCount > faultsBefore else {
                    throw Violation(description: "opening or reading was refused: \(error.code), \(error)")
                }
            }
            if !waiting.isEmpty {
                restartCount += 1
                guard restartCount < 200 else { throw Violation(description: "nothing is acknowledged any more") }
                restart(fileSystem)
            }
        }
        // What is there at the end survives even when nothing else does.
        fileSystem.crash(keeping: .nothing)
        let core = try Samples.open(fileSystem, options)
        try check(core.snapshot)
        sealedCount = core.snapshot.segments.count
        for promise in sent where !promises.values.contains(promise) {
            throw Violation(description: "an event was never acknowledged: \(promise.text.prefix(40))")
        }
    }

    private var faultCount: Int { fileSystem.faultCount }

    private mutating func sendWaiting(_ core: inout StoreCore) throws {
        var sealing = SealingScript(core.segmentMaker(), policy: seals)
        let tree = try watch.map { try TreeScript(core, fileSystem, $0) }
        try tree?.proceed(core)
        try sealing.proceed(&core)
        while let group = waiting.first {
            let answers = core.commit(group.map { $0.frame() }) {
                sealing.take($0, $1)
                tree?.take($0, $1)
            }
            try tree?.proceed(core)
            try sealing.proceed(&core)
            var acknowledged = 0
            for (batch, answer) in zip(group, answers) {
                guard case .success(let acknowledgement) = answer else { break }
                try take(acknowledgement, of: batch)
                acknowledged += 1
            }
            if acknowledged == group.count {
                waiting.removeFirst()
                continue
            }
            guard acknowledged == 0, case .failure(let error) = answers[0] else {
                throw Violation(description: "half of a group was acknowledged")
            }
            // A full disk passes by itself; after anything else, not even a harmless batch may be acknowledged.
            guard error.code == .noSpace else {
                guard case .failure = core.commit([SampleBatch([SampleEvent(.max)])])[0] else {
                    throw Violation(description: "acknowledged after \(error.code)")
                }
                return
            }
            fileSystem.setCapacity(.max)
        }
    }

    private mutating func take(_ acknowledgement: Acknowledgement, of batch: SampleBatch) throws {
        let repeated = Dictionary(uniqueKeysWithValues: acknowledgement.repeated.map { ($0.place, $0.index) })
        var next = acknowledgement.indices?.lowerBound ?? 0
        for (place, event) in batch.events.enumerated() {
            let promise = promise(event, batch)
            let index: UInt64
            if let earlier = repeated[place] {
                index = earlier
            } else {
                index = next
                next += 1
                if promises[index] != nil { throw Violation(description: "index \(index) was given twice") }
            }
            guard promises[index] == nil || promises[index] == promise else {
                throw Violation(
                    description:
                        "index \(index) was promised to \(promises[index]?.text.prefix(40) ?? "") and \(promise.text.prefix(40))"
                )
            }
            promises[index] = promise
            acknowledgedCount += 1
        }
        guard acknowledgement.indices.map({ next == $0.upperBound }) ?? true else {
            throw Violation(description: "indices and events of a batch do not agree")
        }
    }

    /// Compares all that is stored with all that was promised.
    private func check(_ snapshot: StoreSnapshot) throws {
        let stored = try snapshot.allEvents()
        guard stored.map(\.index) == Array(0..<snapshot.endIndex) else {
            throw Violation(description: "indices are not 0, 1, 2, …")
        }
        for (index, promise) in promises {
            guard index < snapshot.endIndex else {
                throw Violation(description: "event \(index) was lost: \(promise.text.prefix(40))")
            }
            let event = stored[Int(index)]
            guard Promise(event.bytes, submitter: event.submitter) == promise else {
                throw Violation(description: "event \(index) is not what was acknowledged: \(promise.text.prefix(40))")
            }
        }
        var seen: Set<Promise> = []
        for event in stored {
            let promise = Promise(event.bytes, submitter: event.submitter)
            guard seen.insert(promise).inserted else {
                throw Violation(description: "event \(event.index) is there twice: \(promise.text.prefix(40))")
            }
            guard sent.contains(promise) else {
                throw Violation(description: "event \(event.index) was never sent: \(promise.text.prefix(40))")
            }
        }
        try checkUnanswered(stored)
    }

    /// What is stored and was not acknowledged is a run of whole batches of the first group that waits, in order.
    private func checkUnanswered(_ stored: [StoredEvent]) throws {
        let unanswered = stored.filter { promises[$0.index] == nil }
        guard !unanswered.isEmpty else { return }
        var boundaries: Set<Int> = [0]
        var expected: [Promise] = []
        let known = Set(promises.values)
        for batch in waiting.first ?? [] {
            for event in batch.events {
                let promise = promise(event, batch)
                if !known.contains(promise), !expected.contains(promise) { expected.append(promise) }
            }
            boundaries.insert(expected.count)
        }
        let found = unanswered.map { Promise($0.bytes, submitter: $0.submitter) }
        guard boundaries.contains(found.count), Array(expected.prefix(found.count)) == found else {
            throw Violation(description: "\(found.count) unanswered events are not whole batches in order")
        }
    }

    private func promise(_ event: SampleEvent, _ batch: SampleBatch) -> Promise {
        Promise(event.bytes, submitter: batch.submitter)
    }
}
