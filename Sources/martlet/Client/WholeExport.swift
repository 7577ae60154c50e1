// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat
import ManifestFormat

/// Gives out all events of a log as they came in, without looking at any of them: parts are read and checked on all cores, and
/// handed out in order.
struct WholeExport {
    /// Bytes of events that are worth a piece of work of their own; what is shorter is read together with its neighbours.
    private static let pieceByteCount = 4 << 20

    private var log: MovingLog
    private let streams: Set<LogStream>

    init(_ log: ReadOnlyLog, streams: Set<LogStream>) {
        self.log = MovingLog(log)
        self.streams = streams
    }

    /// Lines of a stretch of the log.
    private struct Lines: Sendable {
        var bytes: [UInt8] = []
        var eventCount = 0

        mutating func append(_ other: Lines) {
            bytes += other.bytes
            eventCount += other.eventCount
        }
    }

    /// Goes through the log as it was in the beginning.
    ///
    /// What can't be read is left out, and the outcome says what that was.
    mutating func run(
        progress: (OriginalsProgress) -> Void,
        to write: ([UInt8]) throws -> Void
    ) async throws -> OriginalsOutcome {
        let (snapshot, streams) = (log.snapshot, streams)
        let pieces = Self.pieces(of: snapshot.parts.filter { part in streams.contains(where: part.mayHold) })
        var outcome = OriginalsOutcome(eventCount: 0)
        try await OrderedWork.run(on: pieces) { parts in
            try Self.lines(of: parts.map { try snapshot.events(of: $0) }, streams)
        } take: { parts, result in
            let lines = try self.lines(result, of: parts, snapshot, &outcome)
            try write(lines.bytes)
            outcome.byteCount += lines.bytes.count
            outcome.eventCount = (outcome.eventCount ?? 0) + lines.eventCount
            let end = max(snapshot.floorIndex, parts.last?.indices.upperBound ?? 0)
            progress(
                OriginalsProgress(
                    fraction: Double(end - snapshot.floorIndex) / Double(max(1, snapshot.eventCount)),
                    eventCount: outcome.eventCount,
                    byteCount: outcome.byteCount
                )
            )
        }
        return outcome
    }

    /// The lines of a piece, or of those of its parts that can be read.
    private mutating func lines(
        _ result: Result<Lines, any Error>,
        of parts: [LogPart],
        _ snapshot: StoreSnapshot,
        _ outcome: inout OriginalsOutcome
    ) throws -> Lines {
        do {
            return try result.get()
        } catch let error as StoreError where error.isAboutFiles {
            return try readSingly(parts, snapshot, &outcome)
        }
    }

    /// Neighbours in pieces that are worth handing to another thread.
    private static func pieces(of parts: [LogPart]) -> [[LogPart]] {
        var pieces: [[LogPart]] = []
        var byteCount = pieceByteCount
        for part in parts {
            if byteCount >= pieceByteCount {
                pieces.append([])
                byteCount = 0
            }
            pieces[pieces.count - 1].append(part)
            byteCount += part.estimatedByteCount
        }
        return pieces
    }

    // MARK: - What can't be read

    /// Reads a piece part by part, of which one can't be read, and whatever the log has in its place by now.
    private mutating func readSingly(
        _ parts: [LogPart],
        _ snapshot: StoreSnapshot,
        _ outcome: inout OriginalsOutcome
    ) throws -> Lines {
        var lines = Lines()
        for part in parts {
            let read = Self.lines(of: part, snapshot, streams)
            if case .failure(let error) = read {
                guard error.isAboutFiles else { throw error }
                if try hasReplaced(part) {
                    try readReplacement(of: part.indices, into: &lines, &outcome)
                } else {
                    outcome.leaveOut(part.indices, error.message)
                }
            } else {
                lines.append(try read.get())
            }
        }
        return lines
    }

    private mutating func hasReplaced(_ part: LogPart) throws -> Bool {
        guard case .rows(let segment, _) = part else { return false }
        return try log.hasReplaced(segment)
    }

    /// Reads some events from wherever the log has them now; those that were deleted meanwhile are named as left out.
    private func readReplacement(
        of indices: Range<UInt64>,
        into lines: inout Lines,
        _ outcome: inout OriginalsOutcome
    ) throws {
        let snapshot = log.snapshot
        let kept = max(indices.lowerBound, min(snapshot.floorIndex, indices.upperBound))..<indices.upperBound
        if kept.lowerBound > indices.lowerBound {
            outcome.leaveOut(indices.lowerBound..<kept.lowerBound, "retention has deleted them meanwhile")
        }
        for part in snapshot.parts where part.indices.overlaps(kept) {
            let wanted = part.indices.clamped(to: kept)
            let read = Self.lines(of: part, snapshot, streams, only: wanted)
            if case .failure(let error) = read {
                guard error.isAboutFiles else { throw error }
                outcome.leaveOut(wanted, error.message)
            } else {
                lines.append(try read.get())
            }
        }
    }

    // MARK: - Lines

    /// The lines of one part, or of some of its events.
    private static func lines(
        of part: LogPart,
        _ snapshot: StoreSnapshot,
        _ streams: Set<LogStream>,
        only indices: Range<UInt64>? = nil
    ) -> Result<Lines, StoreError> {
        do throws(StoreError) {
            return .success(lines(of: [try snapshot.events(of: part)], streams, only: indices))
        } catch {
            return .failure(error)
        }
    }

    /// Events with a line end behind each.
    private static func lines(
        of runs: [EventRun],
        _ streams: Set<LogStream>,
        only indices: Range<UInt64>? = nil
    ) -> Lines {
        let stretches = runs.flatMap { self.stretches(of: $0, streams, indices) }
        let eventCount = stretches.reduce(0) { $0 + $1.places.count }
        let byteCount = stretches.reduce(eventCount) { sum, stretch in
            stretch.run.ranges[stretch.places].reduce(sum) { $0 + $1.count }
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { target, count in
            let target = UnsafeMutableRawBufferPointer(target)
            for (run, places) in stretches { count = copy(run, places, to: target, at: count) }
        }
        return Lines(bytes: bytes, eventCount: eventCount)
    }

    /// Copies events, each with its line end.
    ///
    /// - Returns: where the next one goes.
    private static func copy(
        _ run: EventRun,
        _ places: Range<Int>,
        to target: UnsafeMutableRawBufferPointer,
        at start: Int
    ) -> Int {
        run.bytes.withUnsafeBytes { source in
            var end = start
            for range in run.ranges[places] {
                // SAFETY: the ranges are inside the run's bytes, and the capacity is the sum of all of them and their line
                // ends; slices are checked against it.
                UnsafeMutableRawBufferPointer(rebasing: target[end..<end + range.count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
                end += range.count
                target[end] = UInt8(ascii: "\n")
                end += 1
            }
            return end
        }
    }

    /// The places of wanted events of a run.
    private static func stretches(
        of run: EventRun,
        _ streams: Set<LogStream>,
        _ indices: Range<UInt64>?
    ) -> [(run: EventRun, places: Range<Int>)] {
        let wanted = (indices ?? run.indices).clamped(to: run.indices)
        let places = Int(wanted.lowerBound - run.firstIndex)..<Int(wanted.upperBound - run.firstIndex)
        return run.groups.filter { streams.contains($0.labels.stream) }.map { (run, $0.places.clamped(to: places)) }
    }
}

extension StoreError {
    /// Whether something on disk can't be read, and what is beside it perhaps can.
    fileprivate var isAboutFiles: Bool { code == .damaged || code == .inputOutput }
}
