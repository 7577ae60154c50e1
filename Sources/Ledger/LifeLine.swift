// SPDX-License-Identifier: Apache-2.0

/// A sign that the server lived, or did not; times in nanoseconds since 1970.
enum LifeSign: Equatable, Sendable {
    /// Signs all along, none later than `LedgerLimits.longestSilence` behind the one before.
    case alive(from: Int64, to: Int64)
    case started(Int64)
    case stopped(Int64)
    case diskFull(Int64)
    case diskAvailable(Int64)
}

/// A time for which nobody can say that everything was taken.
struct Outage: Equatable, Sendable {
    enum Cause: String, Sendable {
        /// Between an orderly end and the next start, or before the first.
        case serverDown = "server-down"
        /// Between the last sign of a process that was killed and the next start.
        case uncleanEnd = "unclean-end"
        /// No sign, and neither an end nor a start.
        case noSignOfLife = "no-sign-of-life"
        /// Batches were refused.
        case diskFull = "disk-full"
        /// What was received then was deleted.
        case retention
    }

    let cause: Cause
    /// Half-open; the smallest number stands for no beginning.
    let range: Range<Int64>
}

/// Finds out from signs, taken in the order of the log, when the server was not up.
///
/// States: *never seen* → *up* → *down* → *up* …. A start while it is up means that it had been killed. Order is the log's;
/// a clock that was set back makes no outage.
struct LifeLine {
    private(set) var outages: [Outage] = []
    private let cause: Outage.Cause
    private var isUp = false
    private var lastSign: Int64?
    private var diskFullSince: Int64?

    /// - Parameter cause: of the time before the first sign.
    init(before cause: Outage.Cause) {
        self.cause = cause
    }

    mutating func add(_ sign: LifeSign) {
        switch sign {
        case .alive(let first, let last):
            isAlive(at: first)
            lastSign = max(lastSign ?? last, last)
        case .started(let time):
            if let lastSign {
                add(isUp ? .uncleanEnd : .serverDown, lastSign, time)
            } else {
                add(cause, .min, time)
            }
            isUp = true
            lastSign = max(lastSign ?? time, time)
            // A start is only recorded where there is room.
            endDiskFull(at: time)
        case .stopped(let time):
            isAlive(at: time)
            isUp = false
        case .diskFull(let time):
            diskFullSince = diskFullSince ?? lastSign ?? time
            isAlive(at: time)
        case .diskAvailable(let time):
            isAlive(at: time)
            endDiskFull(at: time)
        }
    }

    /// Ends the line: what there is no sign of until now is unknown too.
    mutating func end(at now: Int64) {
        if let lastSign {
            if !isUp {
                add(.serverDown, lastSign, now)
            } else if isTooLong(from: lastSign, to: now) {
                add(.noSignOfLife, lastSign, now)
            }
        } else {
            add(cause, .min, now)
        }
        endDiskFull(at: now)
    }

    private mutating func add(_ cause: Outage.Cause, _ start: Int64, _ end: Int64) {
        if start < end { outages.append(Outage(cause: cause, range: start..<end)) }
    }

    /// Whether there may have been no server between two signs.
    static func isTooLong(from earlier: Int64, to later: Int64) -> Bool {
        let (pause, overflow) = later.subtractingReportingOverflow(earlier)
        return overflow || pause > LedgerLimits.longestSilence.nanoseconds
    }

    private func isTooLong(from earlier: Int64, to later: Int64) -> Bool { Self.isTooLong(from: earlier, to: later) }

    private mutating func isAlive(at time: Int64) {
        if let lastSign {
            if !isUp {
                // A start that was not recorded, as when the disk was full.
                add(.serverDown, lastSign, time)
            } else if isTooLong(from: lastSign, to: time) {
                add(.noSignOfLife, lastSign, time)
            }
        } else {
            add(cause, .min, time)
        }
        isUp = true
        lastSign = max(lastSign ?? time, time)
    }

    private mutating func endDiskFull(at time: Int64) {
        if let since = diskFullSince { add(.diskFull, since, time) }
        diskFullSince = nil
    }
}
