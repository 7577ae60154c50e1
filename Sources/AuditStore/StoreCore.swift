// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import DurableFiles
package import JournalFormat
package import SystemPackage

/// The store without threads: recovery, admission of batches, the journal.
///
/// One caller at a time.
///
/// `LogStore` calls it from its own thread; simulations call it directly and know the order of every file operation.
package struct StoreCore {
    private let options: StoreOptions
    private let fileSystem: any FileSystem
    private let identity: LogIdentity
    private var writer: JournalWriter
    private var window: RepeatWindow
    private var frames: FrameList
    private var nextIndex: UInt64
    private var lastRead = LastRead()
    private var failure: StoreError?

    /// Bytes that a crash had left half-written and recovery has cut.
    package let cutByteCount: Int

    /// Seed for the key hashes of frames; secret.
    package var keySeed: UInt64 { identity.keySeed }

    package var snapshot: StoreSnapshot {
        StoreSnapshot(frames: frames, endIndex: nextIndex, logID: identity.logID, fileSystem: fileSystem)
    }

    /// Opens a data directory, which is made when missing, by reading what its journal holds.
    ///
    /// The caller holds the directory's lock.
    ///
    /// - Throws: `notADataDirectory`, `damaged`, `inputOutput`.
    package init(
        directory: FilePath,
        fileSystem: any FileSystem,
        options: StoreOptions
    ) throws(StoreError) {
        let journal = directory.appending("journal")
        let hasJournal: Bool
        do {
            // The directory's own name too: a first start that made it may have ended before that name was durable.
            try fileSystem.createDirectory(directory)
            try fileSystem.createDirectory(journal)
            try fileSystem.syncDirectory(directory)
            hasJournal = try fileSystem.names(in: journal).contains { $0.hasSuffix(".journal") }
        } catch {
            throw StoreError(error)
        }
        self.options = options
        self.fileSystem = fileSystem
        identity = try LogIdentity.load(
            from: directory,
            in: fileSystem,
            hasJournal: hasJournal,
            random: options.random
        )
        let recovery = JournalRecovery(directory: journal, fileSystem: fileSystem, logID: identity.logID)
        let found = try recovery.run()
        frames = found.frames
        nextIndex = found.nextIndex
        cutByteCount = found.cutByteCount
        writer = JournalWriter(
            directory: journal,
            fileSystem: fileSystem,
            logID: identity.logID,
            fileByteCount: options.journalFileByteCount
        )
        window = RepeatWindow(eventCount: options.repeatWindowEventCount)
        try refillWindow()
    }

    /// Gives the window the newest events of the journal, oldest first.
    private mutating func refillWindow() throws(StoreError) {
        let start = nextIndex - min(nextIndex, UInt64(options.repeatWindowEventCount))
        let first = (frames.position(of: start) ?? frames.count)
        let snapshot = snapshot
        for position in first..<max(first, frames.count) {
            let reference = frames[position]
            for (place, entry) in try snapshot.table(of: reference).enumerated() {
                window.insert(entry.keyHash, index: reference.firstIndex + UInt64(place))
            }
        }
    }

    // MARK: - Committing

    /// Takes batches into the log, in order, in one durable write.
    ///
    /// Each is answered on its own; but a failure of the write is the answer to all of them.
    ///
    /// - Returns: an answer for each batch, in order.
    package mutating func commit(_ batches: [JournalFrame]) -> [Result<Acknowledgement, StoreError>] {
        do throws(StoreError) {
            if let failure { throw failure }
            let now = options.now()
            let byteCount = batches.reduce(0) { $0 + $1.paddedByteCount }
            try writer.makeRoom(for: byteCount, nextIndex: nextIndex, now: now)
            return try write(admit(batches), received: now).map { .success($0) }
        } catch {
            // With a full disk nothing was written: the next commit may find room. After anything else the disk's
            // contents are unknown until they are read again.
            if error.code != .noSpace { failure = error }
            return batches.map { _ in .failure(error) }
        }
    }

    /// Closes the current journal file.
    ///
    /// The core must not be used afterwards.
    package mutating func close() {
        // After a failed write nobody knows how far the journal reaches.
        if failure == nil { writer.close(nextIndex: nextIndex) }
        failure = StoreError(.closed, "the store was closed")
    }

    /// A batch after the search for repeated events; `frame` is nil when all of them were.
    private struct Admitted {
        var frame: JournalFrame?
        var firstIndex: UInt64
        var acknowledgement: Acknowledgement
    }

    private mutating func admit(_ batches: [JournalFrame]) throws(StoreError) -> [Admitted] {
        var admitted: [Admitted] = []
        var index = nextIndex
        for batch in batches {
            let (decision, acknowledgement) = try admit(batch, firstIndex: index, after: admitted)
            let frame = decision.map { flags in batch.filtered { flags[$0] } } ?? batch
            admitted.append(Admitted(frame: frame, firstIndex: index, acknowledgement: acknowledgement))
            index += UInt64(frame?.eventCount ?? 0)
        }
        return admitted
    }

    /// Looks each event of a batch up among the newest.
    ///
    /// - Returns: nil when all of the batch is new and unmarked, which is the rule; else for each place the flags to
    ///   store it with, nil for a repeated event. And the answer to the batch.
    private mutating func admit(
        _ batch: JournalFrame,
        firstIndex: UInt64,
        after earlier: [Admitted]
    ) throws(StoreError) -> (decision: [EventFlags?]?, Acknowledgement) {
        var acknowledgement = Acknowledgement()
        var decision: [EventFlags?]?
        var index = firstIndex
        // Places of this batch by index, for events that repeat within it.
        var kept: [Int] = []
        var budget = Self.comparisonBudget + 4 * batch.byteCount
        for (place, entry) in batch.table.enumerated() {
            var flags: EventFlags? = []
            for candidate in window.candidates(for: entry.keyHash) {
                let comparison =
                    candidate >= firstIndex
                    ? Self.compare(batch, place, with: batch, kept[Int(candidate - firstIndex)], &budget)
                    : try compare(batch, place, with: candidate, in: earlier, &budget)
                if comparison == .same {
                    acknowledgement.repeated.append(.init(place: place, index: candidate))
                    flags = nil
                    break
                }
                if comparison == .conflict { flags = .conflict }
            }
            if flags != [] || decision != nil {
                if decision == nil { decision = Array(repeating: [], count: batch.eventCount) }
                decision?[place] = flags
            }
            guard let flags else { continue }
            if flags.contains(.conflict) { acknowledgement.conflicts.append(place) }
            window.insert(entry.keyHash, index: index)
            kept.append(place)
            index += 1
        }
        if index > firstIndex { acknowledgement.indices = firstIndex..<index }
        return (decision, acknowledgement)
    }

    // MARK: - Repeated events

    /// What an earlier event with the same bits of the key's hash turns out to be.
    private enum ComparisonResult {
        /// Of another submitter, or of another key after all.
        case other
        case same
        /// The same key with other bytes; the seeded 64-bit hash of submitter, source and id decides no more than this.
        case conflict
    }

    /// Bytes of earlier events that may be read for one batch, besides four times its own.
    ///
    /// A batch that is sent again reads as much as it has. Whoever makes many large events with one id to slow everybody
    /// down gets the mark of a conflict for the rest of the batch without further reading.
    private static let comparisonBudget = 32 << 20

    private static func compare(
        _ batch: JournalFrame,
        _ place: Int,
        with other: JournalFrame,
        _ otherPlace: Int,
        _ budget: inout Int
    ) -> ComparisonResult {
        let (entry, otherEntry) = (batch.table[place], other.table[otherPlace])
        guard other.submitter == batch.submitter, otherEntry.keyHash == entry.keyHash else { return .other }
        guard otherEntry.byteCount == entry.byteCount, budget > 0 else { return .conflict }
        budget -= entry.byteCount
        let isSame = batch.withEvent(place) { event in other.withEvent(otherPlace) { $0.equals(event) } }
        return isSame ? .same : .conflict
    }

    /// Compares with an event of the batches that are about to be written, or of the journal.
    private mutating func compare(
        _ batch: JournalFrame,
        _ place: Int,
        with index: UInt64,
        in pending: [Admitted],
        _ budget: inout Int
    ) throws(StoreError) -> ComparisonResult {
        if index >= nextIndex {
            for earlier in pending {
                guard let frame = earlier.frame, index >= earlier.firstIndex,
                    index < earlier.firstIndex + UInt64(frame.eventCount)
                else { continue }
                return Self.compare(batch, place, with: frame, Int(index - earlier.firstIndex), &budget)
            }
            return .other
        }
        guard let position = frames.position(of: index) else { return .other }
        guard budget > 0 else { return .conflict }
        let frame = try lastRead.frame(frames[position], of: snapshot, &budget)
        let entry = frame.reader.entry(Int(index - frame.reader.header.firstIndex))
        guard frame.reader.header.submitter == batch.submitter, entry.keyHash == batch.table[place].keyHash else {
            return .other
        }
        guard entry.byteCount == batch.table[place].byteCount else { return .conflict }
        budget -= entry.byteCount
        let range = frame.ranges[Int(index - frame.reader.header.firstIndex)]
        let isSame = batch.withEvent(place) { event in
            frame.reader.bytes.span.bytes.extracting(range).equals(event)
        }
        return isSame ? .same : .conflict
    }

    private mutating func write(_ admitted: [Admitted], received: Int64) throws(StoreError) -> [Acknowledgement] {
        let new = admitted.compactMap { batch in batch.frame.map { (frame: $0, firstIndex: batch.firstIndex) } }
        if !new.isEmpty {
            for reference in try writer.append(new, received: received) {
                frames.append(reference)
                nextIndex = reference.indices.upperBound
            }
        }
        return admitted.map(\.acknowledgement)
    }
}

/// The frame that was read last: who offers a whole file again asks for one event after the other of it.
private struct LastRead {
    struct Frame {
        let reader: FrameReader
        let ranges: [Range<Int>]
    }

    private var last: Frame?

    mutating func frame(
        _ reference: FrameReference,
        of snapshot: StoreSnapshot,
        _ budget: inout Int
    ) throws(StoreError) -> Frame {
        if let last, last.reader.header.firstIndex == reference.firstIndex { return last }
        budget -= reference.byteCount
        let reader = try snapshot.read(reference)
        let frame = Frame(reader: reader, ranges: reader.ranges())
        last = frame
        return frame
    }
}
