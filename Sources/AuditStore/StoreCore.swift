// SPDX-License-Identifier: Apache-2.0

import ByteCoding
package import DurableFiles
package import JournalFormat
package import ManifestFormat
package import SystemPackage

/// The store without threads: recovery, admission of batches, the journal, and which segments count.
///
/// One caller at a time.
///
/// `LogStore` calls it from its own threads; simulations call it directly and know the order of every file operation.
package struct StoreCore {
    private let options: StoreOptions
    private let fileSystem: any FileSystem
    private let directory: FilePath
    private let identity: LogIdentity
    private let cache: SegmentCache
    private let manifestFile: ManifestFile
    private let segmentFiles: SegmentFiles
    private var manifest: Manifest
    private var segments: [SealedSegment]
    /// Segments that no manifest names any more, and which somebody may still be reading.
    private var retired: [SealedSegment] = []
    private var writer: JournalWriter
    private let reserve: SpaceReserve
    /// Files of the journal, oldest first.
    private var files: [JournalFile]
    private var window: RepeatWindow
    /// Means nothing; it keeps the compiler from leaving out reads of which nothing else is used.
    private var prefetched: UInt64 = 0
    private var frames: FrameList
    private var nextIndex: UInt64
    private var lastRead = LastRead()
    private var failure: StoreError?
    /// Events whose erasure was begun and could not be finished yet.
    package private(set) var unfinishedErasures: [UInt64] = []

    /// Bytes that a crash had left half-written and recovery has cut.
    package let cutByteCount: Int

    /// Seed for the key hashes of frames; secret.
    package var keySeed: UInt64 { identity.keySeed }

    package var snapshot: StoreSnapshot {
        StoreSnapshot(
            segments: segments,
            frames: frames,
            floorIndex: manifest.floorIndex,
            endIndex: nextIndex,
            logID: identity.logID
        )
    }

    /// Opens a data directory, which is made when missing, by reading what its manifest and its journal hold.
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
        self.directory = directory
        manifestFile = ManifestFile(directory: directory, fileSystem: fileSystem)
        segmentFiles = SegmentFiles(directory: directory, fileSystem: fileSystem, random: options.random)
        identity = try LogIdentity.load(
            from: directory,
            in: fileSystem,
            hasLog: hasJournal || manifestFile.exists,
            random: options.random
        )
        let cache = SegmentCache(
            maximumCount: options.openSegmentCount,
            maximumByteCount: options.openSegmentByteCount
        )
        self.cache = cache
        var manifest = try manifestFile.read(logID: identity.logID) ?? Manifest(logID: identity.logID)
        let recovery = JournalRecovery(
            directory: journal,
            fileSystem: fileSystem,
            logID: identity.logID,
            sealedEnd: manifest.liveStart
        )
        let found = try recovery.run()
        for position in found.positions { manifest.record(position) }
        self.manifest = manifest
        segments = manifest.segments.map { SealedSegment($0, in: directory, fileSystem, cache) }
        frames = found.frames
        files = found.files
        nextIndex = found.nextIndex
        cutByteCount = found.cutByteCount
        writer = JournalWriter(
            directory: journal,
            fileSystem: fileSystem,
            logID: identity.logID,
            fileByteCount: options.journalFileByteCount
        )
        reserve = SpaceReserve(directory: directory, fileSystem: fileSystem, byteCount: options.reserveByteCount)
        window = RepeatWindow(eventCount: options.repeatWindowEventCount)
        // After recovery, which may have found reason not to open the log: until then nothing is removed.
        try segmentFiles.removeStrays(manifest, endIndex: found.nextIndex)
        try finishErasures()
        try refillWindow()
    }

    /// Gives the window the newest events, oldest first.
    ///
    /// A damaged segment leaves its events out of the window: what of them is sent again is stored again.
    private mutating func refillWindow() throws(StoreError) {
        let start = max(manifest.floorIndex, nextIndex - min(nextIndex, UInt64(options.repeatWindowEventCount)))
        let snapshot = snapshot
        var keys = EventKeyReader(seed: identity.keySeed)
        for part in snapshot.parts where part.indices.upperBound > start {
            switch part {
            case .frame(let reference, let first):
                for (place, entry) in try snapshot.table(of: reference).enumerated() {
                    let index = reference.firstIndex + UInt64(place)
                    if index >= first { window.insert(entry.keyHash, index: index) }
                }
            case .rows:
                guard let run = try part.readable(of: snapshot) else { continue }
                for (place, hash) in keys.hashes(of: run).enumerated() {
                    window.insert(hash, index: run.firstIndex + UInt64(place))
                }
            }
        }
    }

    // MARK: - Committing

    /// Takes batches into the log, in order, in one durable write.
    ///
    /// Each is answered on its own; but a failure of the write is the answer to all of them.
    ///
    /// - Parameters:
    ///   - batches: finished frames.
    ///   - usingReserve: whether they may have the room that is kept for saying that the disk is full.
    ///   - written: is called with each frame that was written, which may hold fewer events than its batch, and its place.
    /// - Returns: an answer for each batch, in order.
    package mutating func commit(
        _ batches: [JournalFrame],
        usingReserve: Bool = false,
        _ written: (JournalFrame, FrameReference) -> Void = { _, _ in }
    ) -> [Result<Acknowledgement, StoreError>] {
        do throws(StoreError) {
            if let failure { throw failure }
            let now = options.now()
            let byteCount = batches.reduce(0) { $0 + $1.paddedByteCount }
            if usingReserve { reserve.release() }
            try writer.makeRoom(for: byteCount, isLast: usingReserve, nextIndex: nextIndex, now: now)
            if let current = writer.current, current !== files.last {
                // One that nothing was written to may have been made anew under its name.
                files.removeAll { $0.firstIndex == current.firstIndex }
                files.append(current)
                if !usingReserve { reserve.keep() }
            }
            return try write(admit(batches), received: now, written).map { .success($0) }
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
        prefetched &+= window.prefetch(batch.table.lazy.map(\.keyHash))
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

    // MARK: - Segments

    /// Begins to make segments behind the last one.
    package func segmentMaker() -> SegmentMaker {
        SegmentMaker(snapshot, segmentFiles, policy: options.sealing)
    }

    /// Opens the tree over the log, or makes it.
    ///
    /// - Throws: as `TreeKeeper`.
    package func treeKeeper(_ tree: TreeOptions) throws(StoreError) -> TreeKeeper {
        try TreeKeeper(directory: directory, fileSystem: fileSystem, options: options, tree: tree, snapshot: snapshot)
    }

    /// How far a source was read, as the newest of its frames said; nil when none did.
    package func position(ofSource source: String, submitter: String) -> [UInt8]? {
        manifest.positions.first { $0.source == source && $0.submitter == submitter }?.position
    }

    /// Has a written segment count from now on, in the place of the events in the journal or of smaller segments.
    ///
    /// - Throws: `damaged` when it does not fit the log; `noSpace`, and then nothing has changed; `inputOutput`, after which
    ///   the manifest on disk may be the old or the new one, and both are right.
    package mutating func adopt(_ description: SegmentDescription) throws(StoreError) {
        var next = manifest
        let replaced = next.segments.firstIndex { $0.firstIndex == description.firstIndex } ?? next.segments.count
        let kept = next.segments[replaced...].drop { $0.indices.upperBound <= description.indices.upperBound }
        let removed = replaced..<kept.startIndex
        next.segments.replaceSubrange(removed, with: [description])
        guard next.isConsistent, next.liveStart <= nextIndex else {
            throw StoreError(.damaged, "segment \(description.name) does not fit the log", path: manifestFile.path)
        }
        try replaceManifest(with: next)
        retire(removed, replacement: [SealedSegment(description, in: directory, fileSystem, cache)])
        frames = frames.suffix(from: next.liveStart)
    }

    /// Has the log begin at a later segment.
    ///
    /// - Throws: as `adopt`.
    package mutating func drop(_ plan: RetentionPlan) throws(StoreError) {
        var next = manifest
        let removed = 0..<(next.segments.firstIndex { $0.firstIndex >= plan.floorIndex } ?? next.segments.count)
        next.segments.removeSubrange(removed)
        next.floorIndex = plan.floorIndex
        // Also when segments were merged since the plan was made: then it would take part of one.
        guard next.isConsistent, next.liveStart == manifest.liveStart else {
            throw StoreError(.damaged, "the log cannot begin at \(plan.floorIndex)", path: manifestFile.path)
        }
        try replaceManifest(with: next)
        retire(removed, replacement: [])
    }

    private mutating func replaceManifest(with next: Manifest) throws(StoreError) {
        try manifestFile.replace(with: next)
        manifest = next
    }

    private mutating func retire(_ range: Range<Int>, replacement: [SealedSegment]) {
        for segment in segments[range] {
            cache.remove(segment)
            retired.append(segment)
        }
        segments.replaceSubrange(range, with: replacement)
    }

    /// Removes files that are no longer part of the log and that nobody is reading.
    ///
    /// What can't be removed now is tried again, at the latest at the next start.
    package mutating func removeUnused() {
        var kept: [SealedSegment] = []
        while var segment = retired.popLast() {
            // Who read it after it was retired has put it there again.
            cache.remove(segment)
            if isKnownUniquelyReferenced(&segment) { segmentFiles.remove(segment) } else { kept.append(segment) }
        }
        retired = kept.reversed()
        // A file may go when the next one begins with what is in segments, the last one when nothing is left in the journal.
        // Oldest first, so that what is left follows on.
        if manifest.liveStart == nextIndex { writer.finishFile() }
        while !files.isEmpty, (files.count > 1 ? files[1].firstIndex : nextIndex) <= manifest.liveStart {
            guard isKnownUniquelyReferenced(&files[0]), (try? fileSystem.remove(files[0].path)) != nil else { return }
            files.removeFirst()
        }
    }

    // MARK: - Erasing

    /// Has what comes next go to another file of the journal than an event, so that the event's can be removed.
    package mutating func finishJournalFile(holding index: UInt64) {
        writer.finishFile(holding: index, nextIndex: nextIndex)
    }

    /// Has a segment count that was written anew, in the place of the one with the events that are erased.
    ///
    /// - Throws: `busy` when that one was merged or deleted meanwhile; as `adopt`.
    package mutating func adopt(
        _ description: SegmentDescription,
        erasing indices: some Sequence<UInt64>
    ) throws(StoreError) {
        guard segments.contains(where: { $0.description.indices == description.indices }) else {
            throw StoreError(
                .busy,
                "the events \(description.indices) were merged with others or deleted meanwhile; try again"
            )
        }
        try adopt(description)
        lastRead = LastRead()
        for index in indices { window.remove(index) }
    }

    /// Removes all files with what an erased event was, as far as nobody is reading them.
    ///
    /// Nobody may be writing a segment with the event.
    ///
    /// - Returns: files that are still there.
    /// - Throws: `inputOutput`.
    package mutating func removeRemains(of index: UInt64) throws(StoreError) -> [FilePath] {
        removeUnused()
        let held = Set(retired.flatMap { [$0.path, $0.indexPath] })
        let strays = try segmentFiles.strays(manifest, holding: index)
        var left = strays.filter(held.contains)
        for (place, file) in files.enumerated() {
            let end = place + 1 < files.count ? files[place + 1].firstIndex : nextIndex
            if file.firstIndex <= index, index < end { left.append(file.path) }
        }
        do {
            for path in strays where !held.contains(path) { try fileSystem.remove(path) }
            // A name that is gone could be back after a power cut.
            try fileSystem.syncDirectory(directory.appending("journal"))
            if let segment = segments.first(where: { $0.description.indices.contains(index) }) {
                try fileSystem.syncDirectory(segment.path.removingLastComponent())
            }
        } catch {
            throw StoreError(error)
        }
        return left
    }

    /// Finishes what was erasing when a process ended: the leaf is kept, and the segment or the salts are not written anew yet.
    ///
    /// What a full disk or a damaged segment stands in the way of is left in `unfinishedErasures`.
    ///
    /// - Throws: `damaged` when what is kept of an event is; `inputOutput`.
    package mutating func finishErasures() throws(StoreError) {
        unfinishedErasures = []
        let log = directory.appending(TreeKeeper.directoryName)
        let indices = try ErasedLeaf.indices(in: log, fileSystem).filter { $0 >= manifest.floorIndex }
        guard !indices.isEmpty else { return }
        let maker = segmentMaker()
        let spans = SpanFiles(directory: log, fileSystem: fileSystem, random: options.random)
        for segment in segments {
            let erased = indices.filter { segment.description.indices.contains($0) }
            guard !erased.isEmpty else { continue }
            do throws(StoreError) {
                let left = try segment.indicesNotErased(of: erased)
                if !left.isEmpty {
                    var tombstones: [UInt64: [UInt8]] = [:]
                    for index in left { tombstones[index] = try ErasedLeaf.read(index, in: log, fileSystem).tombstone }
                    try adopt(maker.writeErased(segment, tombstones), erasing: left)
                }
                for index in erased where try spans.has(index) { try spans.forget(index) }
            } catch {
                guard error.code == .noSpace || error.code == .damaged else { throw error }
                unfinishedErasures += erased
            }
        }
        removeUnused()
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

    /// Compares with an event of the batches that are about to be written, or of the log.
    private mutating func compare(
        _ batch: JournalFrame,
        _ batchPlace: Int,
        with index: UInt64,
        in pending: [Admitted],
        _ budget: inout Int
    ) throws(StoreError) -> ComparisonResult {
        if index >= nextIndex {
            for earlier in pending {
                guard let frame = earlier.frame, index >= earlier.firstIndex,
                    index < earlier.firstIndex + UInt64(frame.eventCount)
                else { continue }
                return Self.compare(batch, batchPlace, with: frame, Int(index - earlier.firstIndex), &budget)
            }
            return .other
        }
        guard let part = snapshot.part(holding: index) else { return .other }
        guard budget > 0 else { return .conflict }
        // What a damaged segment had can't be compared: what of it is sent again is stored again.
        guard let run = try lastRead.run(part, holding: index, of: snapshot, &budget) else { return .other }
        let place = Int(index - run.firstIndex)
        guard let labels = run.labels(ofPlace: place), labels.submitter == batch.submitter else { return .other }
        let range = run.ranges[place]
        if range.count == batch.table[batchPlace].byteCount {
            budget -= range.count
            let isSame = batch.withEvent(batchPlace) { event in
                run.bytes.span.bytes.extracting(range).equals(event)
            }
            if isSame { return .same }
        }
        var keys = EventKeyReader(seed: identity.keySeed)
        return keys.hash(ofPlace: place, in: run) == batch.table[batchPlace].keyHash ? .conflict : .other
    }

    private mutating func write(
        _ admitted: [Admitted],
        received: Int64,
        _ written: (JournalFrame, FrameReference) -> Void
    ) throws(StoreError) -> [Acknowledgement] {
        let new = admitted.compactMap { batch in batch.frame.map { (frame: $0, firstIndex: batch.firstIndex) } }
        if !new.isEmpty {
            for (reference, admitted) in zip(try writer.append(new, received: received), new) {
                frames.append(reference)
                nextIndex = reference.indices.upperBound
                manifest.record(admitted.frame, endIndex: nextIndex)
                written(admitted.frame, reference)
            }
        }
        return admitted.map(\.acknowledgement)
    }
}

/// The part of the log that was read last: who offers a whole file again asks for one event after the other of it.
private struct LastRead {
    private var last: EventRun?

    /// - Returns: nil when the part is of a damaged segment.
    mutating func run(
        _ part: LogPart,
        holding index: UInt64,
        of snapshot: StoreSnapshot,
        _ budget: inout Int
    ) throws(StoreError) -> EventRun? {
        if let last, last.indices.contains(index) { return last }
        guard let run = try part.readable(of: snapshot) else { return nil }
        budget -= run.ranges.last?.upperBound ?? 0
        last = run
        return run
    }
}

extension LogPart {
    /// The events of the part; nil when it is of a segment that is damaged.
    ///
    /// - Throws: `damaged` for a frame of the journal; `inputOutput`.
    fileprivate func readable(of snapshot: StoreSnapshot) throws(StoreError) -> EventRun? {
        do throws(StoreError) {
            return try snapshot.events(of: self)
        } catch {
            guard error.code == .damaged, case .rows = self else { throw error }
            return nil
        }
    }
}

extension Manifest {
    /// Takes note of how far a frame's source was read, if the frame says so.
    fileprivate mutating func record(_ frame: JournalFrame, endIndex: UInt64) {
        guard !frame.position.isEmpty else { return }
        record(
            SourcePosition(submitter: frame.submitter, source: frame.source, index: endIndex, position: frame.position)
        )
    }
}
