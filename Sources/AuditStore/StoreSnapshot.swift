// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat

/// The log as it was at one moment: what is appended, merged or deleted later does not show.
///
/// First come the segments, then the frames of the journal. Reads block; make them on threads that may wait.
package struct StoreSnapshot: Sendable {
    /// Adjacent, in the order of the log.
    package let segments: [SealedSegment]

    /// Frames of the journal with an event that is in no segment.
    package let frames: FrameList

    /// The first index that retention has not deleted.
    package let floorIndex: UInt64

    /// Index that the next event would have had.
    package let endIndex: UInt64

    let logID: LogID

    /// The first index that is in no segment.
    package var liveStart: UInt64 { segments.last?.description.indices.upperBound ?? floorIndex }

    /// When the first event was received, nanoseconds since 1970; nil in an empty log.
    package var firstReceived: Int64? {
        segments.first?.description.receivedRange.lowerBound ?? (frames.count > 0 ? frames[0].received : nil)
    }

    /// When the newest event was received.
    package var lastReceived: Int64? {
        frames.last?.received ?? segments.last?.description.receivedRange.upperBound
    }

    /// All that can be read at once, in the order of the log.
    package var parts: [LogPart] {
        var parts: [LogPart] = []
        for segment in segments { parts += LogPart.parts(of: segment) }
        let liveStart = liveStart
        for position in 0..<frames.count { parts.append(.frame(frames[position], from: liveStart)) }
        return parts
    }

    /// The part that holds an index; nil when none does.
    package func part(holding index: UInt64) -> LogPart? {
        guard index >= liveStart else {
            guard let segment = segment(holding: index) else { return nil }
            let row = Int(index - segment.description.firstIndex)
            return LogPart.parts(of: segment)[row / LogPart.rowsPerPart]
        }
        return frames.position(of: index).map { .frame(frames[$0], from: liveStart) }
    }

    /// The segment that holds an index; nil when none does.
    package func segment(holding index: UInt64) -> SealedSegment? {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].description.indices.upperBound <= index { low = middle + 1 } else { high = middle }
        }
        return low < segments.count && segments[low].description.indices.contains(index) ? segments[low] : nil
    }

    // MARK: - Reading

    /// Reads and checks the events of a part.
    ///
    /// - Throws: `damaged` when what is on disk is not what was written; `inputOutput`.
    package func events(of part: LogPart) throws(StoreError) -> EventRun {
        switch part {
        case .frame(let reference, let first): EventRun(try read(reference), from: first)
        case .rows(let segment, let rows): try segment.events(rows)
        }
    }

    /// The event with an index; nil when the log does not have it.
    package func event(at index: UInt64) throws(StoreError) -> StoredEvent? {
        guard index < liveStart else {
            guard let position = frames.position(of: index) else { return nil }
            return EventRun(try read(frames[position]), from: index).events.first
        }
        guard let segment = segment(holding: index) else { return nil }
        let row = Int(index - segment.description.firstIndex)
        return try segment.events(row..<row + 1).events.first
    }

    /// Reads and checks one frame.
    func read(_ reference: FrameReference) throws(StoreError) -> FrameReader {
        let bytes: [UInt8]
        do {
            bytes = try reference.file.bytes(
                in: reference.fileOffset..<reference.fileOffset + reference.byteCount
            )
        } catch {
            throw StoreError(.inputOutput, error.message, path: reference.file.path)
        }
        do {
            return try FrameReader(bytes, logID: logID, fileOffset: reference.fileOffset)
        } catch {
            throw StoreError(error, path: reference.file.path)
        }
    }

    /// Reads a frame's table alone.
    ///
    /// It is not checked: what it holds are hints, and flags for those who check them.
    func table(of reference: FrameReference) throws(StoreError) -> [FrameTableEntry] {
        let end = reference.fileOffset + reference.byteCount
        let start = end - reference.eventCount * FrameHeader.tableEntryByteCount
        do {
            return FrameTableEntry.decode(try reference.file.bytes(in: start..<end))
        } catch {
            throw StoreError(.inputOutput, error.message, path: reference.file.path)
        }
    }
}
