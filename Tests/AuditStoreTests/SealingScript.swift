// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat

/// What the sealing thread of a store does, in step with its commits, so that a simulation knows the order of everything.
struct SealingScript: ~Copyable {
    enum Policy: Sendable {
        case never
        /// Segments when they are full; the small ones are merged when there are two.
        case full
        /// Now and then everything, wherever it ends; merged now and then.
        case atRandom(SeededGenerator)
    }

    private var maker: SegmentMaker
    private var policy: Policy
    /// After a failure other than a full disk nothing more is sealed until the store is opened again.
    private var hasStopped = false

    init(_ maker: consuming SegmentMaker, policy: Policy) {
        self.maker = maker
        self.policy = policy
    }

    /// Takes note of a committed frame.
    mutating func take(_ frame: JournalFrame, _ reference: FrameReference) {
        guard case .never = policy else {
            // Sometimes it has fallen behind, and has to read the journal.
            if !hasStopped, reference.firstIndex <= maker.nextIndex, reference.firstIndex % 3 != 0 {
                maker.take(frame, reference)
            }
            return
        }
    }

    /// Seals and merges what is due.
    mutating func proceed(_ core: inout StoreCore) throws {
        guard !hasStopped else { return }
        switch policy {
        case .never: return
        case .full: try attempt(&core, all: false, merging: true)
        case .atRandom(var generator):
            try attempt(&core, all: generator.isOneIn(6), merging: generator.isOneIn(6))
            policy = .atRandom(generator)
        }
    }

    private mutating func attempt(_ core: inout StoreCore, all: Bool, merging: Bool) throws {
        do {
            try write(&core)
            let snapshot = core.snapshot
            while maker.nextIndex < snapshot.endIndex {
                try maker.catchUp(with: snapshot, to: snapshot.endIndex)
                try write(&core)
            }
            if all { maker.finishAll() }
            try write(&core)
            if merging, let segments = maker.mergeableSegments(of: core.snapshot, atLeast: 2) {
                try core.adopt(maker.writeMerged(segments))
            }
        } catch let error as StoreError {
            guard error.code != .damaged else { throw error }
            hasStopped = error.code != .noSpace
        }
        core.removeUnused()
    }

    private mutating func write(_ core: inout StoreCore) throws {
        while let description = try maker.writeNext() {
            try core.adopt(description)
            maker.wasAdopted()
        }
    }
}
