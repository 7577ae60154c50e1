// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
import Glibc
package import JournalFormat
import ManifestFormat
import NIOPosix
import Synchronization
package import SystemPackage

/// The log of one data directory: accepts batches durably, in order, and shows snapshots of what it holds.
///
/// Threads of its own. On the first everything that waits for the journal happens: batches queue for it, and it takes
/// all that wait as one group, so that many callers share one sync. On others the journal's events become segments
/// (`SealingThread`) and leaves of the tree (`LogTree`). Snapshots are taken without waiting.
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

    let options: StoreOptions
    private let lock: any FileLock
    private let thread: NIOThreadPool
    let state: LogState
    private let queue = Mutex(Queue())
    let sealing: SealingThread

    /// The tree that proves what is in the log; nil when none is kept.
    package let tree: LogTree?

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
        let state = LogState(core)
        self.state = state
        sealing = SealingThread(
            core.segmentMaker(),
            backlog: core.snapshot.frames,
            maximumByteCount: options.maximumSealingByteCount,
            snapshot: { state.snapshot },
            adopt: { (segment) throws(StoreError) in
                try state.change { (core) throws(StoreError) in try core.adopt(segment) }
            }
        )
        tree = options.tree.map { tree in
            LogTree(
                directory: directory,
                fileSystem: fileSystem,
                options: options,
                tree: tree,
                snapshot: { state.snapshot }
            )
        }
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    /// Has the threads behind the journal take a committed frame.
    private func offer(_ frame: JournalFrame, _ reference: FrameReference) {
        sealing.offer(frame, reference)
        tree?.offer(frame, reference)
    }

    /// For bulk loads: waits until nothing that is committed now would have to be read again.
    private func waitForRoom() {
        sealing.waitForRoom()
        while let tree, tree.isBehind { usleep(1000) }
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

    /// Adds Martlet's own word that the disk is full, in room that was kept for it.
    ///
    /// - Throws: `noSpace` when that was used already and nothing has been freed since.
    package func appendFromReserve(_ frame: JournalFrame) async throws {
        try await thread.runIfActive { [self] in
            _ = try state.commit([frame], usingReserve: true, offer).first?.get()
        }
    }

    /// Commits groups until nothing waits.
    ///
    /// Runs on the store's thread.
    private func drain() {
        while let group = nextGroup() {
            let byteCount = group.reduce(0) { $0 + $1.frame.byteCount }
            let start = ContinuousClock.now
            let answers = state.commit(group.map(\.frame), offer)
            let failure = answers.lazy.compactMap(\.failure).first
            if let failure {
                StoreTelemetry.failed(failure.code)
            } else {
                StoreTelemetry.committed(
                    batchCount: group.count,
                    byteCount: byteCount,
                    duration: ContinuousClock.now - start
                )
                StoreTelemetry.grown(to: state.snapshot.endIndex)
            }
            if options.waitsForSealing { waitForRoom() }
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
    package var snapshot: StoreSnapshot { state.snapshot }

    /// Why a batch sent now would not be stored; nil when it would be, as far as is known.
    ///
    /// A full disk is no longer a reason once there is room for another journal file: nobody has to send first.
    package var failure: StoreError? {
        guard let failure = state.failure else { return nil }
        guard failure.code == .noSpace, let available = try? fileSystem.availableByteCount(at: directory),
            available > options.journalFileByteCount
        else { return failure }
        return nil
    }

    /// Why nothing is being sealed; nil when all is well.
    ///
    /// Events are safe in the journal meanwhile.
    package var sealingFailure: StoreError? { sealing.failure }

    /// How far a source was read, as the newest of its frames said; nil when none did.
    package func position(ofSource source: String, submitter: String) -> [UInt8]? {
        state.read { $0.position(ofSource: source, submitter: submitter) }
    }

    /// The end of the log each time it moves, beginning with where it is now; steps may be left out when they come
    /// fast.
    ///
    /// Ends when the store is closed.
    package func growth() -> AsyncStream<UInt64> { state.growth() }

    // MARK: - Segments

    /// Seals everything that is in the log now; the last segment may end anywhere.
    ///
    /// - Throws: `StoreError`.
    package func sealAll() async throws {
        try await sealing.sealAll()
        state.removeUnused()
    }

    /// Seals what is old enough, merges small segments, and removes files that nobody needs any more.
    ///
    /// To be called every now and then.
    ///
    /// - Throws: `StoreError`: `noSpace` passes by itself.
    package func maintain() async throws {
        defer { state.removeUnused() }
        try await sealing.maintain(now: options.now(), mergedCount: options.sealing.mergedCount)
        try await finishErasures()
    }

    /// Merges segments until no two neighbours would fit one.
    ///
    /// - Parameter progress: is told of the events of each segment that was written.
    /// - Throws: `StoreError`.
    package func compact(_ progress: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        defer { state.removeUnused() }
        try await sealing.compact(progress)
    }

    /// What retention would delete now; nil when nothing.
    package var retentionPlan: RetentionPlan? {
        options.retention.plan(
            snapshot.segments.map(\.description),
            boundary: options.sealing.boundary,
            now: options.now()
        )
    }

    /// Deletes what a plan says.
    ///
    /// The plan must have been recorded in the log before.
    ///
    /// - Throws: `StoreError`.
    package func delete(_ plan: RetentionPlan) throws(StoreError) {
        try tree?.prepareToDelete(below: plan.floorIndex)
        try state.change { (core) throws(StoreError) in try core.drop(plan) }
        state.removeUnused()
        // Last: the salts belong to what is gone, and are forgotten with the next deletion if that fails.
        try tree?.forget(below: plan.floorIndex)
    }

    // MARK: - Closing

    /// Commits what waits, refuses what comes, closes the journal.
    ///
    /// The lock goes with the last reference to the store.
    package func close() async {
        queue.withLock { $0.isClosed = true }
        await sealing.close()
        await tree?.close()
        _ = try? await thread.runIfActive { [state] in state.close() }
        try? await thread.shutdownGracefully()
        state.endGrowth()
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
