// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
package import JournalFormat
import NIOPosix
import Synchronization
package import SystemPackage

/// The log of one data directory: accepts batches durably, in order, and shows snapshots of what it holds.
///
/// Threads: one of its own, on which everything that waits for the journal happens. Batches queue for it; it takes all
/// that wait as one group, so that many callers share one sync. Snapshots are taken without waiting.
///
/// Owns the directory: a second store on it, here or in another process, is refused.
package final class LogStore: Sendable {
    package let directory: FilePath
    package let fileSystem: any FileSystem

    /// Seed for `EventKey` hashes of the frames handed to `append`.
    ///
    /// Secret.
    package let keySeed: UInt64

    /// The log's id, for names and messages: 32 hexadecimal digits.
    package let logName: String

    /// Bytes that a crash had left half-written and opening has cut; none of them was acknowledged.
    package let cutByteCount: Int

    private let options: StoreOptions
    private let lock: any FileLock
    private let thread: NIOThreadPool
    private let core: Mutex<StoreCore>
    private let queue: Mutex<Queue>
    private let published: Mutex<Published>

    private struct Waiting {
        let frame: JournalFrame
        let answer: @Sendable (Result<Acknowledgement, StoreError>) -> Void
    }

    /// Batches that wait.
    ///
    /// `isDraining` says that the thread is at work and will take them.
    private struct Queue {
        var waiting: [Waiting] = []
        var byteCount = 0
        var isDraining = false
        var isClosed = false
    }

    private struct Published {
        var snapshot: StoreSnapshot
        var failure: StoreError?
        var isClosed = false
        var observers: [UInt64: AsyncStream<UInt64>.Continuation] = [:]
        var nextObserver: UInt64 = 0
    }

    /// Opens a directory, which is made when missing.
    ///
    /// Blocks while the journal is read.
    ///
    /// - Throws: `locked`, `damaged`, `notADataDirectory`, `inputOutput`.
    package init(
        directory: FilePath,
        fileSystem: any FileSystem = RealFileSystem(),
        options: StoreOptions
    ) throws(StoreError) {
        do {
            try fileSystem.createDirectory(directory)
            lock = try fileSystem.lock(directory.appending("LOCK"))
        } catch {
            throw StoreError(error)
        }
        let core = try StoreCore(directory: directory, fileSystem: fileSystem, options: options)
        self.directory = directory
        self.fileSystem = fileSystem
        self.options = options
        keySeed = core.keySeed
        cutByteCount = core.cutByteCount
        logName = core.snapshot.logID.description
        published = Mutex(Published(snapshot: core.snapshot))
        self.core = Mutex(core)
        queue = Mutex(Queue())
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    // MARK: - Appending

    /// Adds a finished frame's events to the log.
    ///
    /// When this returns, they survive a power cut.
    ///
    /// Not cancelled with its task: an audit write outlives the request that brought it.
    ///
    /// - Throws: `StoreError`: `noSpace` and `busy` may be tried again; after `writeFailed` the store has to be reopened.
    package func append(_ frame: JournalFrame) async throws -> Acknowledgement {
        try await withCheckedThrowingContinuation { continuation in
            submit(frame) { continuation.resume(with: $0.mapError { $0 }) }
        }
    }

    /// Queues a finished frame and returns at once: frames submitted one after the other are stored in that order.
    ///
    /// `answer` is called once, on the store's thread or before this returns; it must not block.
    package func submit(
        _ frame: JournalFrame,
        answer: @escaping @Sendable (Result<Acknowledgement, StoreError>) -> Void
    ) {
        let refusal: StoreError? = queue.withLock { queue in
            guard !queue.isClosed else { return StoreError(.closed, "the store was closed") }
            guard queue.waiting.count < options.maximumQueuedBatchCount,
                queue.byteCount < options.maximumQueuedByteCount
            else {
                return StoreError(.busy, "\(queue.waiting.count) batches wait for the disk; try again")
            }
            queue.waiting.append(Waiting(frame: frame, answer: answer))
            queue.byteCount += frame.byteCount
            if !queue.isDraining {
                queue.isDraining = true
                thread.submit { [self] _ in drain() }
            }
            return nil
        }
        if let refusal { answer(.failure(refusal)) }
    }

    /// Commits groups until nothing waits.
    ///
    /// Runs on the store's thread.
    private func drain() {
        while let group = nextGroup() {
            let byteCount = group.reduce(0) { $0 + $1.frame.byteCount }
            let start = ContinuousClock.now
            let (answers, snapshot) = core.withLock { core in
                (core.commit(group.map(\.frame)), core.snapshot)
            }
            let failure = answers.lazy.compactMap(\.failure).first
            publish(snapshot, failure: failure)
            if let failure {
                StoreTelemetry.failed(failure.code)
            } else {
                StoreTelemetry.committed(
                    batchCount: group.count,
                    byteCount: byteCount,
                    duration: ContinuousClock.now - start
                )
                StoreTelemetry.grown(to: snapshot.endIndex)
            }
            for (waiting, answer) in zip(group, answers) {
                waiting.answer(answer)
            }
        }
    }

    private func nextGroup() -> [Waiting]? {
        queue.withLock { queue in
            var byteCount = 0
            let count =
                queue.waiting.firstIndex { waiting in
                    defer { byteCount += waiting.frame.byteCount }
                    return byteCount > options.maximumGroupByteCount
                } ?? queue.waiting.count
            guard count > 0 else {
                queue.isDraining = false
                return nil
            }
            let group = Array(queue.waiting.prefix(count))
            queue.waiting.removeFirst(count)
            queue.byteCount -= group.reduce(0) { $0 + $1.frame.byteCount }
            return group
        }
    }

    // MARK: - Reading

    /// The log as it is now.
    package var snapshot: StoreSnapshot { published.withLock { $0.snapshot } }

    /// Why a batch sent now would not be stored; nil when it would be, as far as is known.
    ///
    /// A full disk is no longer a reason once there is room for another journal file: nobody has to send first.
    package var failure: StoreError? {
        guard let failure = published.withLock({ $0.failure }) else { return nil }
        guard failure.code == .noSpace, let available = try? fileSystem.availableByteCount(at: directory),
            available > options.journalFileByteCount
        else { return failure }
        return nil
    }

    /// The end of the log each time it moves, beginning with where it is now; steps may be left out when they come
    /// fast.
    ///
    /// Ends when the store is closed.
    package func growth() -> AsyncStream<UInt64> {
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

    private func publish(_ snapshot: StoreSnapshot, failure: StoreError?) {
        published.withLock { published in
            let hasGrown = snapshot.endIndex > published.snapshot.endIndex
            published.snapshot = snapshot
            published.failure = failure
            guard hasGrown else { return }
            for observer in published.observers.values { observer.yield(snapshot.endIndex) }
        }
    }

    // MARK: - Closing

    /// Commits what waits, refuses what comes, closes the journal.
    ///
    /// The lock goes with the last reference to the store.
    package func close() async {
        queue.withLock { $0.isClosed = true }
        _ = try? await thread.runIfActive { [self] in
            core.withLock { $0.close() }
        }
        try? await thread.shutdownGracefully()
        let observers = published.withLock { published in
            published.isClosed = true
            defer { published.observers = [:] }
            return Array(published.observers.values)
        }
        for observer in observers { observer.finish() }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
