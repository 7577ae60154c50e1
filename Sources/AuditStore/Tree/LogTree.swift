// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import NIOPosix
import Synchronization
import SystemPackage
package import TransparencyLog

/// The tree of a log, on a thread of its own beside the journal's: takes what is committed, and signs it every second.
///
/// Frames come as they are committed and are hashed while they are still in memory; when it falls behind, what does not fit its
/// bound is read from the log again. Ingest never waits for it. When it can't go on, nothing more is signed and `status` says
/// why; events are accepted all the same.
///
/// `Mutex` of `keeper`: owns the files of the tree, held while something is taken or signed. `Mutex` of `state`: what everybody may
/// see, never held for longer than a copy takes.
package final class LogTree: Sendable {
    /// A committed frame; without its memory when too much is waiting.
    private struct Offer {
        let frame: JournalFrame?
        let reference: FrameReference
    }

    private struct Queue {
        var offers: [Offer] = []
        var byteCount = 0
        var isScheduled = false
        var isClosed = false
    }

    private struct State {
        var view: TreeView?
        var failure: StoreError?
    }

    private let directory: FilePath
    private let fileSystem: any FileSystem
    private let options: StoreOptions
    private let tree: TreeOptions
    private let snapshot: @Sendable () -> StoreSnapshot
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let queue = Mutex(Queue())
    private let keeper = Mutex<TreeKeeper?>(nil)
    private let state = Mutex(State())
    private let cache = TreeCache()

    /// - Parameters:
    ///   - directory: the data directory.
    ///   - fileSystem: where it is.
    ///   - options: of the store.
    ///   - tree: of the tree.
    ///   - snapshot: the log as it is now.
    init(
        directory: FilePath,
        fileSystem: any FileSystem,
        options: StoreOptions,
        tree: TreeOptions,
        snapshot: @escaping @Sendable () -> StoreSnapshot
    ) {
        self.directory = directory
        self.fileSystem = fileSystem
        self.options = options
        self.tree = tree
        self.snapshot = snapshot
        thread.start()
        schedule()
        Task.detached { [weak self, interval = tree.checkpointInterval] in
            while let self, !self.isClosed {
                self.schedule()
                try? await Task.sleep(nanoseconds: UInt64(max(1, interval)))
            }
        }
    }

    // MARK: - Offering

    /// Takes note of a committed frame and returns at once.
    func offer(_ frame: JournalFrame, _ reference: FrameReference) {
        queue.withLock { queue in
            guard !queue.isClosed else { return }
            let fits = queue.byteCount + reference.byteCount <= tree.maximumByteCount
            queue.offers.append(Offer(frame: fits ? frame : nil, reference: reference))
            if fits { queue.byteCount += reference.byteCount }
            schedule(&queue)
        }
    }

    /// Whether so much waits that the next frames would have to be read again.
    var isBehind: Bool {
        queue.withLock { $0.byteCount >= tree.maximumByteCount / 2 && !$0.isClosed } && status.failure == nil
    }

    private func schedule() { queue.withLock { schedule(&$0) } }

    private func schedule(_ queue: inout Queue) {
        guard !queue.isScheduled, !queue.isClosed else { return }
        queue.isScheduled = true
        thread.submit { [weak self] _ in self?.work() }
    }

    private var isClosed: Bool { queue.withLock { $0.isClosed } }

    private func nextOffers() -> [Offer] {
        queue.withLock { queue in
            defer { queue.offers = [] }
            return queue.offers.reversed()
        }
    }

    private func wasTaken(_ offer: Offer) {
        guard offer.frame != nil else { return }
        queue.withLock { $0.byteCount -= offer.reference.byteCount }
    }

    // MARK: - On the thread

    /// Takes all that waits and signs it when it is time.
    private func work() {
        do throws(StoreError) {
            try withKeeper { (keeper) throws(StoreError) in
                try take(keeper)
                try publishIfDue(keeper)
            }
            state.withLock { $0.failure = nil }
        } catch {
            fail(error)
        }
        queue.withLock { queue in
            queue.isScheduled = false
            if !queue.offers.isEmpty { schedule(&queue) }
        }
    }

    private func fail(_ error: StoreError) {
        state.withLock { $0.failure = error }
        // What waits is in the log; a tree that can't go on holds none of it.
        for offer in nextOffers() { wasTaken(offer) }
    }

    private func opened() throws(StoreError) -> TreeKeeper {
        // What is not the log's own beginning does not become it by trying again.
        if let failure = state.withLock({ $0.failure }), failure.code == .forked || failure.code == .damaged {
            throw failure
        }
        return try TreeKeeper(
            directory: directory,
            fileSystem: fileSystem,
            options: options,
            tree: tree,
            snapshot: snapshot()
        )
    }

    /// Does something with the tree, which is opened first if it is not yet, and has everybody see what became of it.
    private func withKeeper<Result>(
        _ body: (TreeKeeper) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try keeper.withLock { (keeper) throws(StoreError) in
            let opened: TreeKeeper
            if let keeper { opened = keeper } else { opened = try self.opened() }
            // After a failure nobody knows what is on disk until it is read again, by one that is opened anew.
            keeper = nil
            let result = try body(opened)
            keeper = opened
            show(opened)
            return result
        }
    }

    private func take(_ keeper: TreeKeeper) throws(StoreError) {
        var offers = nextOffers()
        while let offer = offers.popLast() {
            defer { wasTaken(offer) }
            guard offer.reference.indices.upperBound > keeper.nextIndex else { continue }
            if let frame = offer.frame, offer.reference.firstIndex <= keeper.nextIndex {
                try keeper.take(frame, offer.reference)
            } else {
                try catchUp(keeper, to: offer.reference.indices.upperBound)
            }
        }
        // What came while something failed, or before the store was opened.
        try catchUp(keeper, to: snapshot().endIndex, isIdle: true)
    }

    /// Reads from the log up to an index.
    private func catchUp(_ keeper: TreeKeeper, to end: UInt64, isIdle: Bool = false) throws(StoreError) {
        while !isClosed, keeper.nextIndex < end {
            let next = keeper.nextIndex
            // What was offered meanwhile is in memory: cheaper than reading it.
            if isIdle, let offered = queue.withLock({ $0.offers.first?.reference.firstIndex }), offered <= next {
                return
            }
            try keeper.catchUp(with: snapshot())
            // What is offered is shown a moment later.
            guard keeper.nextIndex != next else { return }
            try publishIfDue(keeper)
        }
    }

    private func publishIfDue(_ keeper: TreeKeeper) throws(StoreError) {
        let (now, last) = (options.now(), keeper.checkpointTime)
        // Also when the clock was put back.
        let isDue =
            last == .min || now < last || now.subtractingReportingOverflow(last).partialValue >= tree.checkpointInterval
        guard keeper.hasNews, isDue else { return }
        try keeper.publish()
        StoreTelemetry.signed(size: keeper.checkpointSize)
        show(keeper)
    }

    /// Has everybody see the newest checkpoint.
    private func show(_ keeper: TreeKeeper) {
        guard let checkpoint = keeper.checkpoint, keeper.frontier.size == keeper.checkpointSize else { return }
        let view = TreeView(
            origin: keeper.origin,
            verifierKeys: keeper.verifierKeys,
            frontier: keeper.frontier,
            checkpoint: checkpoint,
            checkpointTime: keeper.checkpointTime == .min ? options.now() : keeper.checkpointTime,
            witnessed: keeper.witnessed
        )
        state.withLock { $0.view = view }
    }

    // MARK: - Asking

    /// How far it has come.
    package var status: TreeStatus {
        state.withLock { state in
            TreeStatus(
                integratedSize: state.view?.size ?? 0,
                witnessedSize: state.view?.witnessedSize ?? 0,
                failure: state.failure,
                view: state.view
            )
        }
    }

    /// The newest checkpoint's tree; nil before there is one.
    package var view: TreeView? { state.withLock { $0.view } }

    /// Tiles, bundles, proofs, and receipts; nil before there is a checkpoint.
    ///
    /// Reads block.
    package var reader: TreeReader? {
        view.map { view in
            TreeReader(
                view: view,
                snapshot: snapshot(),
                directory: directory.appending("log"),
                fileSystem: fileSystem,
                random: options.random,
                cache: cache
            )
        }
    }

    /// Waits until events have a standing, or for as long as the caller wants.
    ///
    /// - Parameters:
    ///   - size: index behind the last of the events.
    ///   - standing: what is waited for.
    ///   - limit: how long at most.
    /// - Returns: what they have.
    package func wait(for size: UInt64, toBe standing: EventStanding, atMost limit: Duration) async -> EventStanding {
        let end = ContinuousClock.now + limit
        while true {
            let reached = reached(size)
            guard reached < standing, ContinuousClock.now < end, !isClosed, !Task.isCancelled else { return reached }
            // A hundredth of what a checkpoint takes to come: not worth a list of those who wait.
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// What events up to an index have now.
    package func reached(_ size: UInt64) -> EventStanding {
        let status = status
        return size <= status.witnessedSize ? .witnessed : size <= status.integratedSize ? .integrated : .durable
    }

    /// Takes all that is in the log into the tree and signs it, before this returns.
    ///
    /// - Throws: `StoreError`.
    package func settle() async throws {
        try await thread.runIfActive { [self] in
            try withKeeper { (keeper) throws(StoreError) in
                try take(keeper)
                try catchUp(keeper, to: snapshot().endIndex)
                if keeper.hasNews { try keeper.publish() }
            }
            state.withLock { $0.failure = nil }
        }
    }

    /// Keeps a checkpoint with witnesses' signatures.
    ///
    /// Blocks. The signatures must have been checked.
    ///
    /// - Throws: `noSpace`, `inputOutput`.
    package func addWitnessed(_ note: SignedNote, size: UInt64) throws(StoreError) {
        try withKeeper { (keeper) throws(StoreError) in try keeper.addWitnessed(note, size: size) }
    }

    /// Signs a text of the log's that is no checkpoint, such as what a pack of evidence holds.
    ///
    /// Blocks.
    ///
    /// - Throws: `damaged` when it could be taken for a checkpoint; why nothing is signed.
    package func sign(statement text: [UInt8]) throws(StoreError) -> SignedNote {
        try withKeeper { (keeper) throws(StoreError) in try keeper.sign(statement: text) }
    }

    /// Signs with a new key from now on, beside the one before for a while.
    ///
    /// Blocks.
    ///
    /// - Returns: the verifier keys that it signs with, the newest first.
    /// - Throws: `noSpace`, `inputOutput`.
    package func rotateKey() throws(StoreError) -> [String] {
        try withKeeper { (keeper) throws(StoreError) in
            try keeper.rotateKey()
            return keeper.verifierKeys
        }
    }

    // MARK: - Stopping

    /// Signs nothing more if a checkpoint was signed with this log's key and is not of its tree, now and after a new start.
    ///
    /// The signature is what proves it: the word of whoever shows the checkpoint stops nothing. Blocks.
    ///
    /// - Returns: whether that is so.
    /// - Throws: `damaged`, `inputOutput`, `noSpace`.
    package func stopSigning(contradictedBy note: SignedNote) throws(StoreError) -> Bool {
        guard let checkpoint = try? Checkpoint(parsing: note.text) else { return false }
        let error: StoreError? = try withKeeper { (keeper) throws(StoreError) -> StoreError? in
            guard checkpoint.origin.hasSameBytes(as: keeper.origin),
                let verifiers = try? keeper.verifierKeys.map(NoteVerifier.init(vkey:)),
                (try? note.verified(by: verifiers)) != nil,
                try isForeign(checkpoint, keeper)
            else { return nil }
            try keeper.stop(note, checkpoint)
            return StoreError(
                .forked,
                "a checkpoint of \(checkpoint.size) events is signed with this log's key and not of this log"
            )
        }
        guard let error else { return false }
        // It is opened again, and says then what stands in its way.
        keeper.withLock { $0 = nil }
        fail(error)
        schedule()
        return true
    }

    /// Whether a checkpoint is not of this tree, as far as that can be said.
    private func isForeign(_ checkpoint: Checkpoint, _ keeper: TreeKeeper) throws(StoreError) -> Bool {
        // The record is there before a signature is.
        guard checkpoint.size <= keeper.record?.size ?? 0 else { return true }
        guard let reader, checkpoint.size <= reader.view.size, let root = try reader.root(ofSize: checkpoint.size)
        else {
            return false
        }
        return root != checkpoint.root
    }

    // MARK: - Deleting

    /// Keeps what the tree needs of events that retention is about to delete.
    ///
    /// - Throws: `busy` when no checkpoint covers them yet; `noSpace`, `inputOutput`.
    func prepareToDelete(below floor: UInt64) throws(StoreError) {
        try withKeeper { (keeper) throws(StoreError) in try keeper.prepareToDelete(below: floor) }
    }

    /// Forgets the salts of events that retention has deleted.
    ///
    /// - Throws: `noSpace`, `inputOutput`.
    func forget(below floor: UInt64) throws(StoreError) {
        try withKeeper { (keeper) throws(StoreError) in
            try keeper.spans.forget(below: floor)
            keeper.reloadSecrets()
        }
        cache.removeAll()
        try ErasedLeaf.remove(below: floor, in: directory.appending("log"), fileSystem)
    }

    /// Forgets the salts of an event that was erased.
    ///
    /// - Throws: `damaged`, `noSpace`, `inputOutput`.
    func forget(_ index: UInt64) throws(StoreError) {
        try withKeeper { (keeper) throws(StoreError) in
            if try keeper.spans.has(index) { try keeper.spans.forget(index) }
            keeper.reloadSecrets()
        }
        cache.removeAll()
    }

    // MARK: - Closing

    /// Signs what is in the log, and ends.
    func close() async {
        try? await settle()
        queue.withLock { queue in
            queue.isClosed = true
            queue.offers = []
        }
        try? await thread.shutdownGracefully()
    }
}
