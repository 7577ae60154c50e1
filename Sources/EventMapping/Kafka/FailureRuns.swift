// SPDX-License-Identifier: Apache-2.0

/// Failed logins that repeat: clients try again three times a second, on a new connection each time.
///
/// The first of a kind is an event at once; the repeats within a window are one event, when the window has ended or the next
/// of the kind comes after it. Nothing is lost but the moment of each repeat.
struct FailureRuns: Sendable {
    /// What makes failures the same.
    struct Kind: Hashable, Sendable {
        let host: String
        let mechanism: String
        let name: String?
        let errorCode: Int16?
    }

    struct Failure: Sendable {
        let kind: Kind
        /// The event of the first failure, whose repeats are counted.
        let event: AuthenticationEvent
    }

    /// Repeats of a failure.
    struct Run: Sendable {
        var first: AuthenticationEvent
        var count = 0
        /// Of the repeats.
        var firstTime: Int64 = 0
        var lastTime: Int64 = 0
        let end: Int64

        /// The event that stands for the repeats.
        func event(clusterCRN: String) -> MappedEvent {
            first.mapped(clusterCRN: clusterCRN, repeats: Repeats(count: count, first: firstTime, last: lastTime))
        }
    }

    private var runs: [Kind: Run] = [:]
    /// When runs without repeats were last cleared away.
    private var sweptAt = Int64.min
    /// Runs that ended because the next one began; written at the next flush.
    private var ended: [Run] = []

    var nextDue: Int64? {
        if let end = ended.first?.end { return end }
        return runs.values.lazy.filter { $0.count > 0 }.map(\.end).min()
    }

    /// Notes a failure.
    ///
    /// - Returns: whether it has to be written now.
    mutating func note(_ failure: Failure, window: Int64) -> Bool {
        let time = failure.event.time
        if var run = runs[failure.kind] {
            if time < run.end {
                if run.count == 0 { run.firstTime = time }
                run.count += 1
                run.lastTime = max(run.lastTime, time)
                runs[failure.kind] = run
                return false
            }
            if run.count > 0 { ended.append(run) }
            runs[failure.kind] = nil
        }
        if runs.count >= MappingLimits.failureRuns, time >= sweptAt.addingSaturated(MappingLimits.sweepInterval) {
            sweptAt = time
            // Runs whose window has ended without repeats need nothing more.
            runs = runs.filter { $0.value.end > time || $0.value.count > 0 }
        }
        if window > 0, runs.count < MappingLimits.failureRuns {
            runs[failure.kind] = Run(first: failure.event, end: time.addingSaturated(window))
        }
        return true
    }

    /// Takes out the runs whose window has ended, in the order in which they ended.
    mutating func removeDue(_ time: Int64) -> [Run] {
        var due = ended
        ended = []
        for (kind, run) in runs where run.end <= time || time == .max {
            if run.count > 0 { due.append(run) }
            runs[kind] = nil
        }
        return due.sorted { ($0.end, $0.firstTime, $0.first.id) < ($1.end, $1.firstTime, $1.first.id) }
    }
}

/// How often something happened again.
struct Repeats: Sendable, Equatable {
    let count: Int
    let first: Int64
    let last: Int64
}

extension Int64 {
    /// The sum, or the end of the range.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}
