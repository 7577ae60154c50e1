// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import ByteCoding

/// Puts the parts of a log together, in their order, and decides about each hour.
struct LedgerBook {
    private let hours: LedgerHours
    private let wanted: String?
    private var sources: [LedgerSource: History] = [:]
    private var life: LifeLine
    private var restarts: [Int64: Int] = [:]
    private var damage: [(segment: String, received: ClosedRange<Int64>)] = []
    private var tallyCount = 0
    private var isCut = false

    /// What is known of one source.
    private struct History {
        /// The last hour before those of the ledger in which it was heard.
        var heardBefore: Int64?
        var tallies: [Int64: LedgerTally] = [:]
        var silences: Set<Int64> = []
        var gaps: [Int64: [LedgerReason]] = [:]
    }

    init(_ hours: LedgerHours, source: String?, of snapshot: StoreSnapshot) {
        self.hours = hours
        wanted = source
        let hasBeginning = snapshot.firstReceived.map { hours.firstSign <= $0 } ?? true
        life = LifeLine(before: !hasBeginning ? .noSignOfLife : snapshot.floorIndex > 0 ? .retention : .serverDown)
    }

    /// Adds what comes next in the log.
    ///
    /// - Throws: `tooManyRows`.
    mutating func add(_ part: LedgerPart) throws(LedgerError) {
        for sign in part.signs {
            life.add(sign)
            if case .started(let time) = sign { restarts[time.hour, default: 0] += 1 }
        }
        if let found = part.damage { damage.append(found) }
        for (source, hour, tally) in part.tallies { try add(tally, source, hour) }
        for (source, text) in part.silences {
            guard let time = Timestamp(text) else { continue }
            change(source) { $0.silences.insert(time.nanosecondsSinceEpoch.hour) }
        }
        for (gap, received) in part.gaps { add(gap, received) }
    }

    private mutating func add(_ tally: LedgerTally, _ source: LedgerSource, _ hour: Int64) throws(LedgerError) {
        let hours = hours.hours
        guard hour < hours.upperBound else { return }
        var isNew = false
        change(source) { history in
            guard hours.contains(hour) else {
                history.heardBefore = max(history.heardBefore ?? hour, hour)
                return
            }
            isNew = history.tallies[hour] == nil
            if isNew { history.tallies[hour] = tally } else { history.tallies[hour]?.merge(tally) }
        }
        if isNew { tallyCount += 1 }
        guard tallyCount <= LedgerLimits.maximumRowCount else { throw Self.tooManyRows }
    }

    private mutating func add(_ gap: OwnGap, _ received: Int64) {
        var reason = LedgerReason(gap.reason)
        reason.from = gap.from
        reason.to = gap.to
        reason.lost = gap.lost
        reason.since = gap.since
        reason.until = gap.until
        let first = gap.since.flatMap { Timestamp($0) }?.nanosecondsSinceEpoch ?? received
        let last = gap.until.flatMap { Timestamp($0) }?.nanosecondsSinceEpoch ?? max(first, received)
        let touched = (first.hour..<max(first, last).hour + 1).clamped(to: hours.hours)
        guard !touched.isEmpty else { return }
        change(gap.source) { history in
            for hour in touched { history.gaps[hour, default: []].append(reason) }
        }
    }

    private mutating func change(_ source: LedgerSource, _ body: (inout History) -> Void) {
        guard wanted == nil || wanted == source.source else { return }
        guard sources[source] != nil || sources.count < LedgerLimits.maximumSourceCount else {
            isCut = true
            return
        }
        body(&sources[source, default: History()])
    }

    private static let tooManyRows = LedgerError(
        .tooManyRows,
        "these hours have more than \(LedgerLimits.maximumRowCount) rows; ask for fewer, or for one source"
    )

    // MARK: - Deciding

    /// The finished ledger.
    ///
    /// - Throws: `tooManyRows`.
    func document() throws(LedgerError) -> LedgerDocument {
        let unknowns = unknowns()
        var rows: [(hour: Int64, source: LedgerSource, row: LedgerRow)] = []
        var totals = LedgerDocument.Totals()
        for (source, history) in sources {
            for hour in self.rows(of: source, history) {
                let row = row(hour, source, history, unknowns[hour] ?? [])
                totals.events += row.events
                switch row.state {
                case .complete: totals.complete += 1
                case .gap: totals.gap += 1
                case .unknown: totals.unknown += 1
                }
                rows.append((hour, source, row))
                guard rows.count <= LedgerLimits.maximumRowCount else { throw Self.tooManyRows }
            }
        }
        totals.sources = Set(rows.map(\.source)).count
        rows.sort { $0.hour != $1.hour ? $0.hour < $1.hour : $0.source < $1.source }
        return LedgerDocument(
            from: Self.text(hours.hours.lowerBound.startOfHour),
            to: Self.text(hours.hours.upperBound.startOfHour),
            rows: rows.map(\.row),
            totals: totals,
            partialReason: isCut
                ? "there are more than \(LedgerLimits.maximumSourceCount) sources, and the rest is left out" : nil
        )
    }

    /// The hours of a source that have a row, in order.
    private func rows(of source: LedgerSource, _ history: History) -> [Int64] {
        let known = Set(history.tallies.keys).union(history.gaps.keys)
        guard !source.isBatch else { return known.sorted() }
        var rows: [Int64] = []
        var heard = history.heardBefore
        // From the first hour that knows of it; nobody owes anything before.
        let first = heard == nil ? known.min() ?? hours.hours.upperBound : hours.hours.lowerBound
        for hour in first..<hours.hours.upperBound {
            if history.tallies[hour] != nil { heard = hour }
            if known.contains(hour) {
                rows.append(hour)
            } else if let heard, !Self.isGone(since: heard, in: hour), hours.isOver(hour) {
                rows.append(hour)
            }
        }
        return rows
    }

    private static func isGone(since heard: Int64, in hour: Int64) -> Bool {
        (hour - heard) * LedgerLimits.nanosecondsPerHour > LedgerLimits.sourceLifetime.nanoseconds
    }

    private func row(
        _ hour: Int64,
        _ source: LedgerSource,
        _ history: History,
        _ unknowns: [LedgerReason]
    ) -> LedgerRow {
        let tally = history.tallies[hour]
        let gaps = history.gaps[hour] ?? []
        var reasons = gaps + unknowns
        if tally == nil, gaps.isEmpty, !history.silences.contains(hour) { reasons.append(LedgerReason("silent")) }
        let state: LedgerState = gaps.isEmpty ? reasons.isEmpty ? .complete : .unknown : .gap
        var row = LedgerRow(
            hour: Self.text(hour.startOfHour),
            submitter: source.submitter,
            source: source.source,
            events: tally?.eventCount ?? 0,
            restarts: restarts[hour] ?? 0,
            state: state,
            reasons: Array(reasons.prefix(LedgerLimits.maximumReasonCount))
        )
        if reasons.count > row.reasons.count { row.moreReasons = reasons.count - row.reasons.count }
        guard let tally else { return row }
        row.firstIndex = tally.firstIndex
        row.lastIndex = tally.lastIndex
        row.firstReceived = Self.text(tally.firstReceived)
        row.lastReceived = Self.text(tally.lastReceived)
        row.firstPosition = tally.firstPosition.positionText
        row.lastPosition = tally.lastPosition.positionText
        return row
    }

    /// Why nobody can say that an hour is complete, whatever the source.
    private func unknowns() -> [Int64: [LedgerReason]] {
        var life = life
        life.end(at: hours.now)
        var unknowns: [Int64: [LedgerReason]] = [:]
        for outage in life.outages {
            var reason = LedgerReason(outage.cause.rawValue)
            reason.since = outage.range.lowerBound == .min ? nil : Self.text(outage.range.lowerBound)
            reason.until = Self.text(outage.range.upperBound)
            let touched = (outage.range.lowerBound.hour..<(outage.range.upperBound - 1).hour + 1)
            for hour in touched.clamped(to: hours.hours) where outage.range.overlaps(hours.time(of: hour)) {
                unknowns[hour, default: []].append(reason)
            }
        }
        for (segment, received) in damage {
            var reason = LedgerReason("damaged-segment")
            reason.segment = segment
            let touched = received.lowerBound.hour..<received.upperBound.hour + 1
            for hour in touched.clamped(to: hours.hours) { unknowns[hour, default: []].append(reason) }
        }
        return unknowns
    }

    private static func text(_ time: Int64) -> String { Timestamp(nanosecondsSinceEpoch: time).description }
}

extension [UInt8] {
    /// A source's position for people: its text, or its bytes in hexadecimal; nil for none.
    package var positionText: String? {
        guard !isEmpty else { return nil }
        if let text = String(validating: self, as: UTF8.self) { return text }
        return "0x" + Hex.encode(self)
    }
}
