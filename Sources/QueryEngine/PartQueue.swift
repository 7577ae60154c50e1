// SPDX-License-Identifier: Apache-2.0

import AuditStore
import Synchronization

/// Parts of the log that are still to be looked at, whole segments and frames, taken one after the other by several threads.
///
/// `Atomic`: the next part; whether everybody is to stop, and whether because time was up.
final class PartQueue: Sendable {
    private let parts: [LogPart]
    private let deadline: ContinuousClock.Instant
    private let isAbandoned: @Sendable () -> Bool
    private let next = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let timedOut = Atomic<Bool>(false)

    /// - Parameters:
    ///   - parts: in the order in which they are wanted.
    ///   - deadline: of the query.
    ///   - isAbandoned: of the query; asked before each part.
    init(
        _ parts: [LogPart],
        deadline: ContinuousClock.Instant,
        isAbandoned: @escaping @Sendable () -> Bool = { false }
    ) {
        self.parts = parts
        self.deadline = deadline
        self.isAbandoned = isAbandoned
    }

    /// The next part and its place; nil when there are no more, time is up, or it was stopped.
    ///
    /// - Throws: `CancellationError` when nobody waits for the answer.
    func take() throws(CancellationError) -> (place: Int, part: LogPart)? {
        guard !stopped.load(ordering: .relaxed) else { return nil }
        guard !isAbandoned() else {
            stop()
            throw CancellationError()
        }
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < parts.count else { return nil }
        guard .now < deadline else {
            timedOut.store(true, ordering: .relaxed)
            stop()
            return nil
        }
        return (place, parts[place])
    }

    /// Has nobody take another part.
    func stop() { stopped.store(true, ordering: .relaxed) }

    /// Whether parts were left because time was up.
    var isTimedOut: Bool { timedOut.load(ordering: .relaxed) }

    var partCount: Int { parts.count }
    /// Parts that somebody has taken.
    var takenCount: Int { min(parts.count, next.load(ordering: .relaxed)) }
}
