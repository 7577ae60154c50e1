// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import Synchronization

/// What the threads of a store share: the core, and what of it everybody may see without waiting.
///
/// `Mutex` of `core`: held for as long as something is written to the journal or the manifest. `Mutex` of `published`: owns the
/// newest snapshot; taken inside the first, never the other way round, and held for no longer than a copy takes.
final class LogState: Sendable {
    private let core: Mutex<StoreCore>
    private let published: Mutex<Published>

    private struct Published {
        var snapshot: StoreSnapshot
        var failure: StoreError?
        var isClosed = false
        var observers: [UInt64: AsyncStream<UInt64>.Continuation] = [:]
        var nextObserver: UInt64 = 0
    }

    init(_ core: StoreCore) {
        published = Mutex(Published(snapshot: core.snapshot))
        self.core = Mutex(core)
    }

    var snapshot: StoreSnapshot { published.withLock { $0.snapshot } }

    /// Why the last batch was not stored; nil when it was.
    var failure: StoreError? { published.withLock { $0.failure } }

    // MARK: - Changing

    /// Commits a group; what it added is seen by everybody when this returns.
    func commit(
        _ batches: [JournalFrame],
        usingReserve: Bool = false,
        _ written: (JournalFrame, FrameReference) -> Void
    ) -> [Result<Acknowledgement, StoreError>] {
        core.withLock { core in
            let answers = core.commit(batches, usingReserve: usingReserve, written)
            let failure = answers.lazy.compactMap { answer in
                if case .failure(let error) = answer { error } else { nil }
            }.first
            // That the reserve took something does not mean that there is room.
            publish(core.snapshot, failure: usingReserve ? failure ?? self.failure : failure)
            return answers
        }
    }

    /// Changes which segments there are.
    func change(_ body: (inout StoreCore) throws(StoreError) -> Void) throws(StoreError) {
        try core.withLock { (core) throws(StoreError) in
            try body(&core)
            publish(core.snapshot, failure: failure)
        }
    }

    func read<Value>(_ body: (StoreCore) -> Value) -> Value where Value: Sendable {
        core.withLock { body($0) }
    }

    /// Removes files that are no longer part of the log and that nobody reads.
    func removeUnused() {
        core.withLock { $0.removeUnused() }
    }

    func close() {
        core.withLock { $0.close() }
    }

    // MARK: - Publishing

    private func publish(_ snapshot: StoreSnapshot, failure: StoreError?) {
        published.withLock { published in
            let hasGrown = snapshot.endIndex > published.snapshot.endIndex
            published.snapshot = snapshot
            published.failure = failure
            guard hasGrown else { return }
            for observer in published.observers.values { observer.yield(snapshot.endIndex) }
        }
    }

    func growth() -> AsyncStream<UInt64> {
        let (stream, continuation) = AsyncStream.makeStream(of: UInt64.self, bufferingPolicy: .bufferingNewest(1))
        let name = published.withLock { published in
            continuation.yield(published.snapshot.endIndex)
            guard !published.isClosed else {
                continuation.finish()
                return UInt64(0)
            }
            published.nextObserver += 1
            published.observers[published.nextObserver] = continuation
            return published.nextObserver
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.published.withLock { $0.observers.removeValue(forKey: name) }
        }
        return stream
    }

    /// Ends all streams of `growth`.
    func endGrowth() {
        let observers = published.withLock { published in
            published.isClosed = true
            defer { published.observers = [:] }
            return Array(published.observers.values)
        }
        for observer in observers { observer.finish() }
    }
}
