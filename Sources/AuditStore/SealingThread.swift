// SPDX-License-Identifier: Apache-2.0

import CMemory
import Glibc
import JournalFormat
import ManifestFormat
import NIOPosix
import Synchronization

/// The thread on which the journal's events become segments, beside the one that writes the journal; full ones are encoded and
/// written on a third (`SegmentWriter`).
///
/// Frames come as they are committed and are taken while they are still in memory; when it falls behind, what does not fit
/// its bound is read from the journal again. Ingest never waits for it.
final class SealingThread: Sendable {
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

    private let maximumByteCount: Int
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let queue = Mutex(Queue())
    private let maker: Mutex<SegmentMaker>
    private let writer: SegmentWriter
    /// Why sealing has stopped, or waits.
    private let stopped = Mutex<StoreError?>(nil)
    private let snapshot: @Sendable () -> StoreSnapshot
    private let adopt: @Sendable (SegmentDescription) throws(StoreError) -> Void

    /// - Parameters:
    ///   - maker: begins behind the last segment.
    ///   - backlog: frames of the journal that are in no segment.
    ///   - maximumByteCount: bytes of frames that are held until they are taken.
    ///   - snapshot: the log as it is now.
    ///   - adopt: has a written segment count.
    init(
        _ maker: consuming sending SegmentMaker,
        backlog: FrameList,
        maximumByteCount: Int,
        snapshot: @escaping @Sendable () -> StoreSnapshot,
        adopt: @escaping @Sendable (SegmentDescription) throws(StoreError) -> Void
    ) {
        self.maximumByteCount = maximumByteCount
        writer = SegmentWriter(maker.files, adopt: adopt)
        self.maker = Mutex(maker)
        self.snapshot = snapshot
        self.adopt = adopt
        thread.start()
        for position in 0..<backlog.count { offer(nil, backlog[position]) }
    }

    /// Why nothing is being sealed; nil when all is well.
    var failure: StoreError? { stopped.withLock { $0 } }

    // MARK: - Offering

    /// Takes note of a committed frame and returns at once.
    func offer(_ frame: JournalFrame?, _ reference: FrameReference) {
        queue.withLock { queue in
            guard !queue.isClosed else { return }
            let fits = frame != nil && queue.byteCount + reference.byteCount <= maximumByteCount
            queue.offers.append(Offer(frame: fits ? frame : nil, reference: reference))
            if fits { queue.byteCount += reference.byteCount }
            guard !queue.isScheduled else { return }
            queue.isScheduled = true
            thread.submit { [self] _ in drain() }
        }
    }

    /// Waits until there is room for more frames, or nothing is taken any more.
    func waitForRoom() {
        while case let (isFull, isOver) = queue.withLock({ ($0.byteCount >= maximumByteCount / 2, $0.isClosed) }),
            isFull, !isOver, failure == nil
        {
            // A millisecond, of which the other thread fills a hundred: not worth a condition.
            usleep(1000)
        }
    }

    /// All that waits, the newest first; their bytes count until `wasTaken`.
    private func nextOffers() -> [Offer]? {
        queue.withLock { queue in
            guard !queue.offers.isEmpty, !queue.isClosed else {
                queue.isScheduled = false
                return nil
            }
            defer { queue.offers = [] }
            return queue.offers.reversed()
        }
    }

    private func wasTaken(_ offer: Offer) {
        guard offer.frame != nil else { return }
        queue.withLock { $0.byteCount -= offer.reference.byteCount }
    }

    // MARK: - On the thread

    private func drain() {
        while var offers = nextOffers() {
            // Taken out one by one, so that a frame's memory goes when its bytes no longer count.
            while let offer = offers.popLast() {
                defer { wasTaken(offer) }
                // After a failure nothing more is taken, so that no more than one segment is held; see `run`.
                guard failure == nil, !isClosed else { continue }
                do throws(StoreError) {
                    try maker.withLock { (maker) throws(StoreError) in
                        try take(offer, &maker)
                        try writeAll(&maker)
                    }
                } catch {
                    stopped.withLock { $0 = error }
                }
            }
        }
    }

    private var isClosed: Bool { queue.withLock { $0.isClosed } }

    private func take(_ offer: Offer, _ maker: inout SegmentMaker) throws(StoreError) {
        guard offer.reference.indices.upperBound > maker.nextIndex else { return }
        if let frame = offer.frame, offer.reference.firstIndex <= maker.nextIndex {
            maker.take(frame, offer.reference)
        } else {
            let snapshot = snapshot()
            while maker.nextIndex < min(snapshot.endIndex, offer.reference.indices.upperBound) {
                try maker.catchUp(with: snapshot, to: offer.reference.indices.upperBound)
                try writeAll(&maker)
            }
        }
    }

    /// Hands full segments to the writer; it may still be at the last of them when this returns.
    private func writeAll(_ maker: inout SegmentMaker) throws(StoreError) {
        while maker.hasWaiting {
            try writer.finish()
            // What batches and the last segment left lies scattered, and would stay beside what is taken now: with it twice
            // the memory was resident that was in use. It costs some milliseconds a segment.
            martlet_release_free_memory()
            if let segment = maker.takeWaiting() { writer.begin(segment) }
        }
    }

    /// Has all full segments count before this returns.
    private func settle(_ maker: inout SegmentMaker) throws(StoreError) {
        try writeAll(&maker)
        try writer.finish()
    }

    /// Runs something on the thread, after what waits; a disk that was full is tried again first.
    private func run<Result: Sendable>(
        _ body: @escaping @Sendable (inout SegmentMaker) throws(StoreError) -> Result
    ) async throws -> Result {
        try await thread.runIfActive { [self] in
            if let failure, failure.code != .noSpace { throw failure }
            do throws(StoreError) {
                let result = try maker.withLock { (maker) throws(StoreError) in
                    try settle(&maker)
                    let snapshot = snapshot()
                    while maker.nextIndex < snapshot.endIndex {
                        try maker.catchUp(with: snapshot, to: snapshot.endIndex)
                        try writeAll(&maker)
                    }
                    let result = try body(&maker)
                    try settle(&maker)
                    return result
                }
                stopped.withLock { $0 = nil }
                return result
            } catch {
                stopped.withLock { $0 = error }
                throw error
            }
        }
    }

    // MARK: - Asking

    /// Seals everything that is in the log now.
    func sealAll() async throws {
        try await run { (maker) throws(StoreError) in maker.finishAll() }
    }

    /// Seals what is old enough, and merges segments when there are enough small ones.
    func maintain(now: Int64, mergedCount: Int) async throws {
        try await run { [self] (maker) throws(StoreError) in
            maker.finishIfDue(now: now)
            try settle(&maker)
            try mergeAll(&maker, atLeast: mergedCount) { _ in }
        }
    }

    /// Merges segments until no two neighbours would fit one.
    ///
    /// - Parameter progress: is told of the events of each merged segment.
    /// - Throws: `StoreError`.
    func compact(_ progress: @escaping @Sendable (Int) -> Void) async throws {
        try await run { [self] (maker) throws(StoreError) in try mergeAll(&maker, atLeast: 2, progress) }
    }

    private func mergeAll(
        _ maker: inout SegmentMaker,
        atLeast count: Int,
        _ progress: (Int) -> Void
    ) throws(StoreError) {
        while !isClosed, let segments = maker.mergeableSegments(of: snapshot(), atLeast: count) {
            let merged: SegmentDescription
            do throws(StoreError) {
                merged = try maker.writeMerged(segments)
            } catch {
                // A segment that turns out to be damaged is passed over from now on, and the others are merged without it.
                guard error.code == .damaged, segments.contains(where: { $0.damage != nil }) else { throw error }
                continue
            }
            try adopt(merged)
            progress(merged.eventCount)
        }
    }

    /// Does something with segments while none is being made or merged.
    ///
    /// - Parameter body: what it throws stops no sealing, unless nobody knows then what is on disk.
    /// - Returns: what `body` does.
    /// - Throws: what `body` throws; why nothing is being sealed.
    func perform<Answer: Sendable>(
        _ body: @escaping @Sendable (borrowing SegmentMaker) throws(StoreError) -> Answer
    ) async throws -> Answer {
        try await run { (maker) throws(StoreError) -> Result<Answer, StoreError> in
            do throws(StoreError) {
                return .success(try body(maker))
            } catch {
                guard error.code != .inputOutput else { throw error }
                return .failure(error)
            }
        }.get()
    }

    /// Ends the thread after what it is doing now; the journal keeps what is not sealed.
    func close() async {
        queue.withLock { queue in
            queue.isClosed = true
            queue.offers = []
        }
        try? await thread.shutdownGracefully()
        await writer.close()
    }
}
