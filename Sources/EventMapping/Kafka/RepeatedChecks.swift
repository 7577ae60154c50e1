// SPDX-License-Identifier: Apache-2.0

/// Checks that a connection has had before: a client that asks for its leader every few seconds makes one event, and a count.
///
/// The first of a kind is an event at once; the repeats within a window are one event when the window or the connection has
/// ended.
struct RepeatedChecks: Sendable {
    /// What makes checks the same.
    struct Kind: Hashable, Sendable {
        let api: Int16
        let operation: KafkaOperation
        let resource: KafkaResource
        let name: String
        let granted: Bool
        let principal: String
    }

    struct Run: Sendable {
        let first: AuthorizationEvent
        var count = 0
        var firstTime: Int64 = 0
        var lastTime: Int64 = 0
        let end: Int64

        var repeats: Repeats { Repeats(count: count, first: firstTime, last: lastTime) }
    }

    private var runs: [Kind: Run] = [:]
    /// When runs without repeats were last cleared away.
    private var sweptAt = Int64.min

    /// When the next repeats are due; nil while there are none.
    private(set) var nextDue: Int64?

    /// Notes a check.
    ///
    /// - Returns: whether it has to be written now.
    mutating func note(_ kind: Kind, _ event: AuthorizationEvent, window: Int64) -> Bool {
        if var run = runs[kind], event.time < run.end {
            if run.count == 0 { run.firstTime = event.time }
            run.count += 1
            run.lastTime = max(run.lastTime, event.time)
            runs[kind] = run
            nextDue = min(nextDue ?? .max, run.end)
            return false
        }
        if runs.count >= MappingLimits.repeatedChecks,
            event.time >= sweptAt.addingSaturated(MappingLimits.sweepInterval)
        {
            sweptAt = event.time
            runs = runs.filter { $0.value.end > event.time }
        }
        let isShort = kind.name.utf8.count <= MappingLimits.countedNameByteCount
        if window > 0, isShort, runs.count < MappingLimits.repeatedChecks {
            runs[kind] = Run(first: event, end: event.time.addingSaturated(window))
        }
        return true
    }

    /// Takes out the runs that have repeats and whose window has ended, in the order of their first events.
    mutating func removeDue(_ time: Int64) -> [Run] {
        guard let due = nextDue, due <= time || time == .max else { return [] }
        var ended: [Run] = []
        nextDue = nil
        for (kind, run) in runs {
            if run.end <= time || time == .max {
                if run.count > 0 { ended.append(run) }
                runs[kind] = nil
            } else if run.count > 0 {
                nextDue = min(nextDue ?? .max, run.end)
            }
        }
        return ended.sorted { $0.first.number < $1.first.number }
    }
}
