// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import EventMapping
package import Ingest
package import Logging
package import NIOCore
import Synchronization

/// Takes events from event loops and has them stored, in order, a batch at a time.
///
/// Taking never blocks and never fails: what finds no room is counted, and said in the log as a gap as soon as there is. Whether a
/// request may go on when there is none is asked before, with `reserve`.
///
/// `Mutex`: the queue; nothing else is locked or called while it is held.
package final class Recorder: Sendable {
    /// Whether the events of a request that is about to go on have a place.
    package enum Reservation: Sendable, Equatable {
        /// There is room for so many bytes, which has to be released.
        case granted(byteCount: Int)
        /// There is none, and the policy is that the request goes on.
        case unrecorded
        /// There is none, and the policy is that the request does not go on.
        case refused
    }

    package struct Options: Sendable {
        package var capacity = GatewayLimits.queueByteCount
        package var submitter: String
        package var source: String
        /// The categories whose requests go on without being recorded when there is no room.
        package var passes: @Sendable (CaptureCategory) -> Bool
        /// Told what the events say was checked, for whoever reads the brokers' logs of the same requests.
        package var correlator: AuthorizationCorrelator?
        /// Between attempts to store.
        package var retryDelays = [Duration.milliseconds(50), .milliseconds(200), .seconds(1), .seconds(2)]

        package init(submitter: String, source: String, passes: @escaping @Sendable (CaptureCategory) -> Bool) {
            self.submitter = submitter
            self.source = source
            self.passes = passes
        }
    }

    private struct State {
        var queue: RecordQueue
        var isFinishing = false
        var giveUpAt: ContinuousClock.Instant?
        var reason = Gap.Reason.queueDropped
        var hasFailed = false
    }

    package let options: Options
    private let destination: any RecordDestination
    private let state: Mutex<State>
    private let timers: any EventLoopGroup
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - destination: where items go.
    ///   - options: room, names and policy.
    ///   - timers: for the short wait of single events.
    ///   - now: nanoseconds since 1970 (UTC).
    ///   - logger: for what fails.
    package init(
        _ destination: any RecordDestination,
        options: Options,
        timers: any EventLoopGroup,
        now: @escaping @Sendable () -> Int64,
        logger: Logger
    ) {
        self.destination = destination
        self.options = options
        self.timers = timers
        self.now = now
        self.logger = logger
        state = Mutex(State(queue: RecordQueue(capacity: options.capacity)))
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: - From event loops

    /// Keeps room for what a request will have to be recorded with.
    package func reserve(_ category: CaptureCategory, _ byteCount: Int) -> Reservation {
        let passes = options.passes(category)
        let isGranted = state.withLock { state in
            // Memory has room for long when nothing can be stored, and a crash takes what is there.
            (passes || !state.hasFailed) && state.queue.reserve(byteCount)
        }
        if isGranted { return .granted(byteCount: byteCount) }
        guard !passes else { return .unrecorded }
        return .refused
    }

    package func release(_ byteCount: Int) {
        state.withLock { $0.queue.release(byteCount) }
    }

    /// Takes events; never blocks.
    package func record(_ events: [MappedEvent]) {
        guard !events.isEmpty else { return }
        if let correlator = options.correlator {
            for event in events { if let fact = event.fact { correlator.note(fact) } }
        }
        let time = now()
        var wake = RecordQueue.Wake.notNeeded
        var droppedCount = 0
        state.withLock { state in
            for event in events {
                let isPromised = !options.passes(event.category)
                switch state.queue.append(event.bytes, isPromised: isPromised, time: time) {
                case .now?: wake = .now
                case .soon?: if case .notNeeded = wake { wake = .soon }
                case .notNeeded?: break
                case nil:
                    droppedCount += 1
                    wake = .now
                }
            }
        }
        if droppedCount > 0 { GatewayTelemetry.dropped(droppedCount) }
        switch wake {
        case .now: signal.yield()
        case .soon: wakeSoon()
        case .notNeeded: break
        }
    }

    /// Takes what the gateway has to say of itself; always has room.
    package func record(_ event: SystemEvent) {
        state.withLock { $0.queue.append(.system(event)) }
        signal.yield()
    }

    package func record(_ gap: Gap) {
        state.withLock { $0.queue.append(.gap(gap)) }
        signal.yield()
    }

    private func wakeSoon() {
        timers.any().scheduleTask(in: TimeAmount(GatewayLimits.batchDelay)) { [signal] in signal.yield() }
    }

    /// Bytes that wait.
    package var waitingByteCount: Int { state.withLock { $0.queue.waitingByteCount } }

    // MARK: - To the destination

    /// Stores what comes, until `finish` was called and all is stored, or cannot be.
    ///
    /// - Returns: what was not stored and not said in the log either; nil when there is nothing of the kind.
    package func run() async -> Gap? {
        for await _ in signals {
            if let lost = await storeAll() { return lost }
            GatewayTelemetry.queue(byteCount: waitingByteCount)
            if state.withLock({ $0.isFinishing && $0.queue.isEmpty }) { break }
            if Task.isCancelled { break }
        }
        return remainder(nil)
    }

    /// Has `run` end when all is stored, or at a time.
    package func finish(by deadline: ContinuousClock.Instant) {
        state.withLock {
            $0.isFinishing = true
            $0.giveUpAt = deadline
        }
        signal.yield()
    }

    private func storeAll() async -> Gap? {
        while true {
            if let next = state.withLock({ $0.queue.next() }) {
                guard await store(next.item) else { return remainder(next.item) }
                state.withLock { $0.queue.stored(byteCount: next.byteCount) }
                continue
            }
            let (dropped, reason) = state.withLock { ($0.queue.takeDropped(), $0.reason) }
            guard let dropped else { return nil }
            let gap = Gap(dropped, submitter: options.submitter, source: options.source, reason: reason)
            guard await store(.gap(gap)) else { return remainder(.gap(gap)) }
            logger.error("events had no room and are lost", metadata: ["count": "\(dropped.count)"])
            state.withLock { $0.reason = .queueDropped }
        }
    }

    /// Offers an item until it is stored; false when that did not happen in time.
    private func store(_ item: RecordedItem) async -> Bool {
        var attempt = 0
        while true {
            do {
                try await destination.record(item)
                recovered()
                if case .events(let lines, let count) = item {
                    GatewayTelemetry.stored(count, byteCount: lines.count)
                }
                return true
            } catch {
                failed(error)
            }
            let giveUpAt = state.withLock { $0.giveUpAt }
            if let giveUpAt, ContinuousClock.now >= giveUpAt { return false }
            let delay = options.retryDelays[min(attempt, options.retryDelays.count - 1)]
            attempt += 1
            do { try await Task.sleep(for: delay) } catch { return false }
        }
    }

    private func failed(_ error: any Error) {
        GatewayTelemetry.notStored()
        let isFirst = state.withLock { state in
            state.reason = (error as? GatewayError)?.code == .spoolFull ? .spoolOverflowed : Gap.Reason(failure: error)
            defer { state.hasFailed = true }
            return !state.hasFailed
        }
        guard isFirst else { return }
        logger.error("events wait: they could not be stored", metadata: ["error": "\(error)"])
    }

    private func recovered() {
        guard
            state.withLock({ state in
                defer { state.hasFailed = false }
                return state.hasFailed
            })
        else { return }
        logger.notice("events are stored again")
    }

    /// All that is still there, as one gap.
    private func remainder(_ unstored: RecordedItem?) -> Gap? {
        state.withLock { state in
            var count = 0
            var hasMore = false
            var reason = Gap.Reason.queueDropped
            func add(_ item: RecordedItem) {
                switch item {
                case .events(_, let events): count += events
                case .gap(let gap):
                    count += gap.lostCount ?? 0
                    reason = gap.reason
                case .system: break
                }
                hasMore = true
            }
            if let unstored { add(unstored) }
            while let next = state.queue.next() {
                add(next.item)
                state.queue.stored(byteCount: next.byteCount)
            }
            if let dropped = state.queue.takeDropped() {
                count += dropped.count
                hasMore = true
            }
            guard hasMore else { return nil }
            return Gap(
                submitter: options.submitter,
                source: options.source,
                from: nil,
                to: nil,
                reason: reason,
                lostCount: count
            )
        }
    }
}
