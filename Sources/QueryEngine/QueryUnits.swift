// SPDX-License-Identifier: Apache-2.0

import AuditStore
import ManifestFormat
import Synchronization

/// What is looked at in one go: a segment, or a frame of the journal.
enum QueryUnit: Sendable {
    case segment(SealedSegment)
    case part(LogPart)

    var timeRange: ClosedRange<Int64> {
        switch self {
        case .segment(let segment): segment.description.timeRange
        case .part(let part): part.timeRange
        }
    }

    var indices: Range<UInt64> {
        switch self {
        case .segment(let segment): segment.description.indices
        case .part(let part): part.indices
        }
    }
}

/// Units that are still to be looked at, taken one after the other by several threads.
///
/// `Atomic`: the next unit; whether everybody is to stop.
final class UnitQueue: Sendable {
    private let units: [QueryUnit]
    private let deadline: ContinuousClock.Instant
    private let isAbandoned: @Sendable () -> Bool
    private let next = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let timedOut = Atomic<Bool>(false)

    /// - Parameters:
    ///   - units: in the order in which they are wanted.
    ///   - deadline: of the query.
    ///   - isAbandoned: of the query; asked before each unit.
    init(
        _ units: [QueryUnit],
        deadline: ContinuousClock.Instant,
        isAbandoned: @escaping @Sendable () -> Bool = { false }
    ) {
        self.units = units
        self.deadline = deadline
        self.isAbandoned = isAbandoned
    }

    /// The next unit and its place; nil when there are no more, time is up, or it was stopped.
    ///
    /// - Throws: `CancellationError` when nobody waits for the answer.
    func take() throws(CancellationError) -> (place: Int, unit: QueryUnit)? {
        guard !stopped.load(ordering: .relaxed) else { return nil }
        guard !isAbandoned() else {
            stop()
            throw CancellationError()
        }
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < units.count else { return nil }
        guard .now < deadline else {
            timedOut.store(true, ordering: .relaxed)
            stop()
            return nil
        }
        return (place, units[place])
    }

    /// Has nobody take another unit.
    func stop() { stopped.store(true, ordering: .relaxed) }

    /// Whether units were left because time was up.
    var isTimedOut: Bool { timedOut.load(ordering: .relaxed) }

    var unitCount: Int { units.count }
    /// Units that somebody has taken.
    var takenCount: Int { min(units.count, next.load(ordering: .relaxed)) }
}
