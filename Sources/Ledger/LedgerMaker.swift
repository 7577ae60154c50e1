// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import AuditStore
package import NIOPosix
import Synchronization

/// What of a log a ledger is asked for.
package struct LedgerRequest: Sendable {
    /// The first moment; the hour that it is in counts.
    ///
    /// A day before the end unless given.
    package var from: Timestamp?
    /// The moment behind the last; now unless given, and never later.
    package var to: Timestamp?
    /// Only sources of this name.
    package var source: String?
    package var deadline = Duration.seconds(3600)
    /// Asked between parts of the log, from any thread.
    package var isAbandoned: @Sendable () -> Bool = { false }

    package init(from: Timestamp? = nil, to: Timestamp? = nil, source: String? = nil) {
        self.from = from
        self.to = to
        self.source = source
    }
}

/// Makes ledgers from the log itself: from what is written beside the events, and from Martlet's own events.
///
/// No event that came in is read. Nothing is kept: what the log says is all there is.
package struct LedgerMaker: Sendable {
    private let pool: NIOThreadPool
    private let threadCount: Int

    /// Stands on threads that may wait for files.
    package init(pool: NIOThreadPool, threadCount: Int) {
        self.pool = pool
        self.threadCount = max(1, threadCount)
    }

    /// Makes a ledger of a log.
    ///
    /// - Parameters:
    ///   - request: which hours.
    ///   - snapshot: the log.
    ///   - now: the end of what can be known.
    /// - Returns: rows by hour and source.
    /// - Throws: `LedgerError`; `StoreError` when the journal is damaged or something can't be read; `CancellationError`.
    package func make(
        _ request: LedgerRequest,
        of snapshot: StoreSnapshot,
        now: Timestamp
    ) async throws -> LedgerDocument {
        let hours = try LedgerHours(request, firstReceived: snapshot.firstReceived, now: now)
        let units = LedgerUnit.units(of: snapshot, from: hours.firstSign, to: hours.lastSign)
        let parts = try await parts(of: units, snapshot, request)
        var book = LedgerBook(hours, source: request.source, of: snapshot)
        for part in parts { try book.add(part) }
        return try book.document()
    }

    private func parts(
        of units: [LedgerUnit],
        _ snapshot: StoreSnapshot,
        _ request: LedgerRequest
    ) async throws -> [LedgerPart] {
        let work = LedgerWork(count: units.count, deadline: .now + request.deadline, request.isAbandoned)
        return try await withTaskCancellationHandler {
            let found = try await withThrowingTaskGroup(of: [(Int, LedgerPart)].self) { group in
                for _ in 0..<max(1, min(threadCount, units.count)) {
                    group.addTask { [pool] in
                        try await pool.runIfActive {
                            var parts: [(Int, LedgerPart)] = []
                            do {
                                while let place = try work.take() {
                                    parts.append((place, try LedgerPart(units[place], of: snapshot)))
                                }
                            } catch {
                                work.stop()
                                throw error
                            }
                            return parts
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try Task.checkCancellation()
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        } onCancel: {
            work.stop()
        }
    }
}

/// Units that are still to be looked at, taken one after the other by several threads.
///
/// `Mutex`: owns the next place.
private final class LedgerWork: Sendable {
    private let count: Int
    private let deadline: ContinuousClock.Instant
    private let isAbandoned: @Sendable () -> Bool
    private let next = Mutex(0)

    init(count: Int, deadline: ContinuousClock.Instant, _ isAbandoned: @escaping @Sendable () -> Bool) {
        self.count = count
        self.deadline = deadline
        self.isAbandoned = isAbandoned
    }

    /// The next unit; nil when there is none.
    func take() throws -> Int? {
        guard !isAbandoned() else { throw CancellationError() }
        guard .now < deadline else {
            throw LedgerError(.timedOut, "the ledger of these hours takes longer than it may; ask for fewer")
        }
        return next.withLock { next in
            guard next < count else { return nil }
            next += 1
            return next - 1
        }
    }

    func stop() { next.withLock { $0 = count } }
}

/// The hours of a ledger, counted from 1970.
struct LedgerHours: Sendable {
    let hours: Range<Int64>
    /// Nanoseconds since 1970.
    let now: Int64

    init(_ request: LedgerRequest, firstReceived: Int64?, now: Timestamp) throws(LedgerError) {
        self.now = now.nanosecondsSinceEpoch
        let end = min(request.to ?? now, now)
        let start = request.from ?? end.adding(.seconds(-86_400))
        guard start <= end else {
            throw LedgerError(.wrongTimes, "the time from which is \(start), behind that up to which, \(end)")
        }
        let last = end.nanosecondsSinceEpoch.hour
        let isWhole = last.startOfHour == end.nanosecondsSinceEpoch && start < end
        let first = max(start.nanosecondsSinceEpoch.hour, (firstReceived ?? self.now).hour)
        let endHour = isWhole ? last : last + 1
        hours = min(first, endHour)..<endHour
        guard hours.count <= LedgerLimits.maximumRowCount else {
            throw LedgerError(.tooManyRows, "\(hours.count) hours are more than \(LedgerLimits.maximumRowCount) rows")
        }
    }

    /// Sources are known from so long before the first hour.
    var firstSign: Int64 { hours.lowerBound.startOfHour - LedgerLimits.sourceLifetime.nanoseconds }

    /// Behind the last hour only what may come late is looked for, and the next sign of life.
    var lastSign: Int64 { (hours.upperBound + 1).startOfHour }

    /// The time of an hour as far as it has passed.
    func time(of hour: Int64) -> Range<Int64> {
        let start = hour.startOfHour
        return start..<max(start, min((hour + 1).startOfHour, now))
    }

    func isOver(_ hour: Int64) -> Bool { (hour + 1).startOfHour <= now }
}
