// SPDX-License-Identifier: Apache-2.0

import DurableFiles
package import JournalFormat

/// The log as it was at one moment: what is appended later does not show.
///
/// Reads block; make them on threads that may wait.
package struct StoreSnapshot: Sendable {
    package let frames: FrameList

    /// Index that the next event would have had.
    package let endIndex: UInt64

    let logID: LogID
    let fileSystem: any FileSystem

    /// Reads and checks one frame.
    ///
    /// - Throws: `damaged` when what is on disk is not what was written; `inputOutput`.
    package func read(_ reference: FrameReference) throws(StoreError) -> FrameReader {
        let bytes: [UInt8]
        do {
            let file = try fileSystem.openForReading(reference.path)
            bytes = try file.bytes(in: reference.fileOffset..<reference.fileOffset + reference.byteCount)
        } catch {
            throw StoreError(.inputOutput, error.message, path: reference.path)
        }
        do {
            return try FrameReader(bytes, logID: logID, fileOffset: reference.fileOffset)
        } catch {
            throw StoreError(error, path: reference.path)
        }
    }

    /// Reads a frame's table alone.
    ///
    /// It is not checked: what it holds are hints, and flags for those who check them.
    func table(of reference: FrameReference) throws(StoreError) -> [FrameTableEntry] {
        let end = reference.fileOffset + reference.byteCount
        let start = end - reference.eventCount * FrameHeader.tableEntryByteCount
        do {
            return FrameTableEntry.decode(try fileSystem.openForReading(reference.path).bytes(in: start..<end))
        } catch {
            throw StoreError(.inputOutput, error.message, path: reference.path)
        }
    }

    /// The event with an index; nil when the log does not have it.
    package func event(at index: UInt64) throws(StoreError) -> StoredEvent? {
        guard let position = frames.position(of: index) else { return nil }
        let frame = try read(frames[position])
        let place = Int(index - frame.header.firstIndex)
        return StoredEvent(frame, place: place, range: frame.ranges()[place])
    }
}

/// An event as it came in, and what was written down beside it.
package struct StoredEvent: Sendable {
    package let index: UInt64
    /// Nanoseconds since 1970.
    package let received: Int64
    package let stream: LogStream
    package let submitter: String
    package let source: String
    package let flags: EventFlags
    package let bytes: [UInt8]

    package init(
        index: UInt64,
        received: Int64,
        stream: LogStream,
        submitter: String,
        source: String,
        flags: EventFlags,
        bytes: [UInt8]
    ) {
        self.index = index
        self.received = received
        self.stream = stream
        self.submitter = submitter
        self.source = source
        self.flags = flags
        self.bytes = bytes
    }

    package init(_ frame: FrameReader, place: Int, range: Range<Int>) {
        index = frame.header.firstIndex + UInt64(place)
        received = frame.header.received
        stream = frame.header.stream
        submitter = frame.header.submitter
        source = frame.header.source
        flags = frame.entry(place).flags
        bytes = Array(frame.bytes[range])
    }
}
