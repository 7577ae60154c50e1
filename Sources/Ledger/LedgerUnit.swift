// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat
import ManifestFormat

/// What is looked at in one go: a segment, or some frames of the journal.
enum LedgerUnit: Sendable {
    case segment(SealedSegment)
    case frames(Range<Int>)

    /// The units of a log, in its order, with those left out that can say nothing.
    ///
    /// - Parameters:
    ///   - snapshot: the log.
    ///   - start: what was received before is of no interest.
    ///   - end: of what was received behind it only Martlet's own events are.
    /// - Returns: the units.
    static func units(of snapshot: StoreSnapshot, from start: Int64, to end: Int64 = .max) -> [LedgerUnit] {
        var units: [LedgerUnit] = []
        for segment in snapshot.segments where segment.description.receivedRange.upperBound >= start {
            guard segment.description.receivedRange.lowerBound <= end || segment.description.streams.contains(.system)
            else { continue }
            units.append(.segment(segment))
        }
        for first in stride(from: 0, to: snapshot.frames.count, by: LedgerLimits.framesPerUnit) {
            let positions = first..<min(snapshot.frames.count, first + LedgerLimits.framesPerUnit)
            let isWanted = positions.contains { position in
                let frame = snapshot.frames[position]
                return frame.received >= start && (frame.received <= end || frame.stream == .system)
            }
            if isWanted { units.append(.frames(positions)) }
        }
        return units
    }

    /// Reads what is written beside the events.
    func labels(_ snapshot: StoreSnapshot) throws(StoreError) -> LabelRuns {
        switch self {
        case .segment(let segment): try segment.labels()
        case .frames(let positions): try snapshot.labels(ofFrames: positions)
        }
    }
}

/// What an hour of a source comes to.
struct LedgerTally: Sendable {
    var eventCount = 0
    let firstIndex: UInt64
    var lastIndex: UInt64
    var firstReceived: Int64
    var lastReceived: Int64
    let firstPosition: [UInt8]
    var lastPosition: [UInt8]

    /// Adds what came behind.
    mutating func merge(_ next: LedgerTally) {
        eventCount += next.eventCount
        lastIndex = next.lastIndex
        firstReceived = min(firstReceived, next.firstReceived)
        lastReceived = max(lastReceived, next.lastReceived)
        lastPosition = next.lastPosition
    }
}

/// What a unit says.
struct LedgerPart: Sendable {
    var tallies: [(source: LedgerSource, hour: Int64, tally: LedgerTally)] = []
    var signs: [LifeSign] = []
    var gaps: [(gap: OwnGap, received: Int64)] = []
    var silences: [(source: LedgerSource, hour: String)] = []
    /// What of the log could not be read: the segment and the times of receipt of its events.
    var damage: (segment: String, received: ClosedRange<Int64>)?

    /// Reads a unit.
    ///
    /// A damaged segment says only that it is damaged.
    ///
    /// - Throws: `damaged` of a frame; `inputOutput`.
    init(_ unit: LedgerUnit, of snapshot: StoreSnapshot) throws(StoreError) {
        do {
            try read(unit, snapshot)
        } catch {
            guard error.code == .damaged, case .segment(let segment) = unit else { throw error }
            damage = (segment.description.name, segment.description.receivedRange)
        }
    }

    private mutating func read(_ unit: LedgerUnit, _ snapshot: StoreSnapshot) throws(StoreError) {
        let labels = try unit.labels(snapshot)
        let sources = labels.origins.map { LedgerSource($0) }
        var open: [OpenTally?] = Array(repeating: nil, count: sources.count)
        var own = try OwnEvents(unit, labels, snapshot)
        for run in labels.runs where !run.indices.isEmpty {
            guard run.stream == .audit else {
                while let event = own.next(before: run.indices.upperBound) { take(event, received: run.received) }
                continue
            }
            if !sources[run.origin].isLocal { isAlive(at: run.received) }
            let hour = run.received.hour
            if open[run.origin]?.add(run, hour) != true {
                if let done = open[run.origin] { tallies.append(done.closed(sources[run.origin], labels)) }
                open[run.origin] = OpenTally(run, hour)
            }
        }
        for (place, last) in open.enumerated() {
            if let last { tallies.append(last.closed(sources[place], labels)) }
        }
    }

    private mutating func take(_ event: OwnEvent, received: Int64) {
        switch event {
        case .started: signs.append(.started(received))
        case .stopped: signs.append(.stopped(received))
        case .diskFull: signs.append(.diskFull(received))
        case .diskAvailable: signs.append(.diskAvailable(received))
        case .alive: isAlive(at: received)
        case .gap(let gap): gaps.append((gap, received))
        case .silence(let source, let hour):
            isAlive(at: received)
            silences.append((source, hour))
        case .other: break
        }
    }

    private mutating func isAlive(at time: Int64) {
        if case .alive(let first, let last)? = signs.last, !LifeLine.isTooLong(from: last, to: time) {
            signs[signs.count - 1] = .alive(from: first, to: max(last, time))
        } else {
            signs.append(.alive(from: time, to: time))
        }
    }
}

/// Martlet's own events of a unit, in order.
private struct OwnEvents {
    /// Events that are read at once.
    private static let maximumCount = 4096

    private var events: [(index: UInt64, event: OwnEvent)] = []
    private var place = 0

    init(_ unit: LedgerUnit, _ labels: LabelRuns, _ snapshot: StoreSnapshot) throws(StoreError) {
        var reader = OwnEventReader()
        switch unit {
        case .segment(let segment):
            for indices in Self.ranges(labels) {
                let first = segment.description.firstIndex
                add(try segment.events(Int(indices.lowerBound - first)..<Int(indices.upperBound - first)), &reader)
            }
        case .frames(let positions):
            for position in positions where snapshot.frames[position].stream == .system {
                let part = LogPart.frame(snapshot.frames[position], from: snapshot.liveStart)
                add(try snapshot.events(of: part), &reader)
            }
        }
    }

    mutating func next(before end: UInt64) -> OwnEvent? {
        guard place < events.count, events[place].index < end else { return nil }
        place += 1
        return events[place - 1].event
    }

    private mutating func add(_ run: EventRun, _ reader: inout OwnEventReader) {
        for (place, range) in run.ranges.enumerated() {
            events.append((run.firstIndex + UInt64(place), reader.read(run.bytes, range)))
        }
    }

    private static func ranges(_ labels: LabelRuns) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        for run in labels.runs where run.stream == .system {
            if let last = ranges.last, last.upperBound == run.indices.lowerBound, last.count < maximumCount {
                ranges[ranges.count - 1] = last.lowerBound..<run.indices.upperBound
            } else {
                ranges.append(run.indices)
            }
        }
        return ranges
    }
}

/// A source's hour while runs are added; positions are looked up when it is closed.
private struct OpenTally {
    private let hour: Int64
    private let first: LabelRuns.Run
    private var last: LabelRuns.Run
    private var eventCount: Int
    private var received: ClosedRange<Int64>

    init(_ run: LabelRuns.Run, _ hour: Int64) {
        self.hour = hour
        first = run
        last = run
        eventCount = run.indices.count
        received = run.received...run.received
    }

    /// Adds a run if it is of the same hour.
    ///
    /// - Returns: whether it is.
    mutating func add(_ run: LabelRuns.Run, _ hour: Int64) -> Bool {
        guard hour == self.hour else { return false }
        last = run
        eventCount += run.indices.count
        received = min(received.lowerBound, run.received)...max(received.upperBound, run.received)
        return true
    }

    func closed(_ source: LedgerSource, _ labels: LabelRuns) -> (LedgerSource, Int64, LedgerTally) {
        let tally = LedgerTally(
            eventCount: eventCount,
            firstIndex: first.indices.lowerBound,
            lastIndex: last.indices.upperBound - 1,
            firstReceived: received.lowerBound,
            lastReceived: received.upperBound,
            firstPosition: labels.position(of: first),
            lastPosition: labels.position(of: last)
        )
        return (source, hour, tally)
    }
}

extension Int64 {
    /// The hour that a time in nanoseconds since 1970 is in, counted from there.
    var hour: Int64 {
        let hour = self / LedgerLimits.nanosecondsPerHour
        return self % LedgerLimits.nanosecondsPerHour < 0 ? hour - 1 : hour
    }

    /// The first moment of an hour; saturates.
    var startOfHour: Int64 { Int64(clamping: Int128(self) * Int128(LedgerLimits.nanosecondsPerHour)) }
}
