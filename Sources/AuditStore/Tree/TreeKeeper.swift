// SPDX-License-Identifier: Apache-2.0

import DurableFiles
package import JournalFormat
import SystemPackage
package import TransparencyLog

/// Puts what the journal holds into the tree, keeps its tiles, and signs it: everything about the tree but the thread.
///
/// One caller at a time: whoever has it in a lock.
///
/// Order of writing, so that no crash leaves a signature of something that can't be made again: events (the journal), a span's
/// secrets, tiles, the signer's record, the checkpoint. Everything but the record and the checkpoint follows from events and
/// secrets, so whatever is missing after a crash is made once more, and comes out the same.
package final class TreeKeeper {
    private let options: TreeOptions
    private let fileSystem: any FileSystem
    private let directory: FilePath
    private let now: @Sendable () -> Int64
    private let random: @Sendable () -> UInt64

    let spans: SpanFiles
    let tiles: TileFiles
    let sourceSecret: SourceSecret
    private var signer: LogSigner
    private var history: CheckpointHistory
    package private(set) var frontier: TreeFrontier

    /// Full tiles that are not written yet.
    private var full: [TreeFrontier.Tile] = []
    private var bundle: BundleSecrets?
    private var span: SpanSecrets?

    /// The newest checkpoint, with all signatures that it has.
    package private(set) var checkpoint: SignedNote?
    /// Leaves that it covers.
    package private(set) var checkpointSize: UInt64 = 0
    private(set) var checkpointTime: Int64 = .min
    /// The newest checkpoint that witnesses signed.
    private(set) var witnessed: (note: SignedNote, size: UInt64)?

    /// The tree at the size that was signed last has not been compared with the record yet.
    private var isCompared = false

    /// Opens the tree of a log, or makes it.
    ///
    /// - Parameters:
    ///   - directory: the data directory.
    ///   - fileSystem: where it is.
    ///   - options: of the store.
    ///   - tree: of the tree.
    ///   - snapshot: the log.
    ///   - isResuming: open it although it was copied, or is not what was signed: to find out which.
    /// - Throws: `damaged`, `forked`, `inputOutput`, `noSpace`.
    init(
        directory: FilePath,
        fileSystem: any FileSystem,
        options: StoreOptions,
        tree: TreeOptions,
        snapshot: StoreSnapshot,
        isResuming: Bool = false
    ) throws(StoreError) {
        self.options = tree
        self.fileSystem = fileSystem
        now = options.now
        random = options.random
        let log = directory.appending(Self.directoryName)
        self.directory = log
        do {
            try fileSystem.createDirectory(log)
        } catch {
            throw StoreError(error)
        }
        let signerDirectory = tree.signerDirectory ?? directory.appending("signer")
        let published = try Self.note("checkpoint", in: log, fileSystem)
        if let signer = try LogSigner.load(from: signerDirectory, in: fileSystem) {
            self.signer = signer
        } else {
            guard published == nil else {
                throw StoreError(
                    .damaged,
                    "\(signerDirectory) has no keys, and the log was signed before: restore them, or say where they are",
                    path: signerDirectory
                )
            }
            signer = try LogSigner.make(
                in: signerDirectory,
                fileSystem,
                origin: tree.origin ?? "martlet.local/\(snapshot.logID)",
                seed: Self.seed(options.random)
            )
        }
        history = try CheckpointHistory(log.appending("checkpoints"), in: fileSystem, interval: tree.historyInterval)
        spans = SpanFiles(directory: log, fileSystem: fileSystem, random: options.random)
        tiles = TileFiles(directory: log, fileSystem: fileSystem)
        sourceSecret = try spans.sourceSecret(hasLeaves: signer.record.map { $0.size > 0 } ?? false)
        frontier = TreeFrontier()
        if let (note, published) = published, published.origin == signer.origin {
            checkpoint = note
            checkpointSize = published.size
            signer.raiseRecord(to: published)
        }
        if let (note, checkpoint) = try Self.note(Self.witnessedName, in: log, fileSystem),
            checkpoint.origin == signer.origin
        {
            witnessed = (note, checkpoint.size)
        }
        let isInPlace = try signer.isInPlace()
        guard isResuming || isInPlace else {
            throw StoreError(
                .forked,
                """
                \(signerDirectory) was copied or moved: two logs may be signing under one name. If this is the only one from now on: \
                martlet log resume
                """,
                path: signerDirectory
            )
        }
        if !isResuming { try signer.checkContradiction() }
        try restoreFrontier(floor: snapshot.floorIndex)
        guard isResuming || (signer.record?.size ?? 0) <= snapshot.endIndex else {
            throw forked("the log ends before event \(snapshot.endIndex)")
        }
        try publishKeys()
    }

    /// Where the tree is in a data directory.
    static let directoryName = "log"
    private static let witnessedName = "witnessed"

    /// A checkpoint on disk.
    private static func note(
        _ name: String,
        in directory: FilePath,
        _ fileSystem: any FileSystem
    ) throws(StoreError) -> (SignedNote, Checkpoint)? {
        let path = directory.appending(name)
        guard fileSystem.exists(path) else { return nil }
        do {
            let note = try SignedNote(parsing: try fileSystem.contents(of: path, maximumByteCount: 1 << 20))
            return (note, try Checkpoint(parsing: note.text))
        } catch let error as FileError {
            throw StoreError(error)
        } catch {
            throw StoreError(.damaged, "\(path) is no checkpoint: \(error)", path: path)
        }
    }

    static func seed(_ random: () -> UInt64) -> [UInt8] {
        (0..<4).flatMap { _ in
            let word = random()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
    }

    private func forked(_ what: String) -> StoreError {
        let record = signer.record
        return StoreError(
            .forked,
            """
            \(what), and \(record?.size ?? 0) were signed with the root \(record?.root.base64 ?? ""): the directory was put back to \
            an older state, or changed. Put the newer one back, or record the fork: martlet log resume
            """
        )
    }

    // MARK: - Names and keys

    var origin: String { signer.origin }
    package var verifierKeys: [String] { signer.verifierKeys }
    package var record: Checkpoint? { signer.record }
    /// A checkpoint by this log's key that is not of its tree.
    var contradiction: Checkpoint? { signer.contradiction }

    /// Signs nothing more, because of such a checkpoint.
    func stop(_ note: SignedNote, _ checkpoint: Checkpoint) throws(StoreError) { try signer.stop(note, checkpoint) }

    /// Writes down for readers of the directory with which keys it is signed, those that no longer sign included.
    private func publishKeys() throws(StoreError) {
        let path = directory.appending("vkeys")
        do {
            var lines: [String] = []
            if fileSystem.exists(path) {
                let bytes = try fileSystem.contents(of: path, maximumByteCount: 1 << 20)
                lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            }
            let missing = signer.verifierKeys.filter { !lines.contains($0) }
            guard !missing.isEmpty else { return }
            let text = (missing + lines).map { $0 + "\n" }.joined()
            try fileSystem.replaceAtomically(path, with: Array(text.utf8), mode: .ownerReadWrite)
        } catch {
            throw StoreError(error)
        }
    }

    /// Signs with a new key from now on, and for the overlap with the one before as well.
    package func rotateKey() throws(StoreError) {
        let time = now()
        let (end, overflows) = time.addingReportingOverflow(options.rotationOverlap)
        try signer.rotate(seed: Self.seed(random), now: time, overlapEnd: overflows ? .max : end)
        try publishKeys()
        try publish()
    }

    // MARK: - After a start

    /// Begins where everything to the left is in tiles, or was deleted with the hashes of what it was kept.
    private func restoreFrontier(floor: UInt64) throws(StoreError) {
        let width = UInt64(TreeFrontier.width)
        let tileLeaves = width * width
        let signed = signer.record?.size ?? 0
        guard signed >= floor || signed == 0 else {
            throw StoreError(.damaged, "events below \(floor) were deleted, and only \(signed) are in the tree")
        }
        var tileCount: UInt64 = 0
        while tileCount < signed / tileLeaves, tiles.exists(Self.tile(1, tileCount)) { tileCount += 1 }
        let kept = max(tileCount * tileLeaves, floor)
        let bundleCount = kept / width
        let first = bundleCount & ~0xFF
        // Of the tile of level 1 that the floor cuts, what is below it is in a full or in a partial tile.
        var cut: [LogHash] = []
        if bundleCount > first {
            let whole = Self.tile(1, first / width)
            let partial = TileCoordinate(level: 1, index: first / width, width: Int(bundleCount - first))
            cut = try tiles.read(tiles.exists(whole) ? whole : partial)
        }
        frontier = try TreeFrontier(bundleCount: bundleCount) { (level, index) throws(StoreError) in
            guard level > 1 else { return cut[Int(index - first)] }
            return .ofPerfectTree(try tiles.read(Self.tile(level - 1, index)))
        }
    }

    private static func tile(_ level: Int, _ index: UInt64) -> TileCoordinate {
        TileCoordinate(level: level, index: index, width: TreeFrontier.width)
    }

    // MARK: - Taking

    /// The first index that is not in the tree yet.
    package var nextIndex: UInt64 { frontier.size }

    /// Takes a frame that the journal has written; those before it must have been taken.
    package func take(_ frame: JournalFrame, _ reference: FrameReference) throws(StoreError) {
        let stamp = try stamp(
            EventRun.Labels(
                received: reference.received,
                stream: frame.stream,
                submitter: frame.submitter,
                source: frame.source,
                position: frame.position
            )
        )
        let skipped = Int(nextIndex - reference.firstIndex)
        try frame.withEvents { (bytes, offsets) throws(StoreError) in
            for place in skipped..<frame.eventCount {
                let entry = frame.table[place]
                let body = bytes.extracting(offsets[place]..<offsets[place] + entry.byteCount)
                try add(body, entry.flags, stamp)
            }
        }
    }

    /// Takes events that were read from the log, as far as they are not taken yet.
    func take(_ run: EventRun) throws(StoreError) {
        let skipped = Int(nextIndex - run.firstIndex)
        for group in run.groups where group.places.upperBound > skipped {
            let stamp = try stamp(group.labels)
            for place in max(skipped, group.places.lowerBound)..<group.places.upperBound {
                try add(run.bytes.span.bytes.extracting(run.ranges[place]), run.flags[place] ?? [], stamp)
            }
        }
    }

    /// Reads from the log what is not in the tree yet, a part of it; to be called until `nextIndex` is its end.
    ///
    /// - Throws: `damaged`, `inputOutput`; `forked` when the tree is another one than was signed.
    package func catchUp(with snapshot: StoreSnapshot) throws(StoreError) {
        guard nextIndex < snapshot.endIndex, let part = snapshot.part(holding: nextIndex) else { return }
        try take(try snapshot.events(of: part))
        try writeTiles()
    }

    private func stamp(_ labels: EventRun.Labels) throws(StoreError) -> LeafStamp {
        do {
            return try LeafStamp(labels, secret: sourceSecret)
        } catch {
            throw StoreError(.damaged, "no leaf can be made: \(error.message)")
        }
    }

    private func add(_ body: RawSpan, _ flags: EventFlags, _ stamp: LeafStamp) throws(StoreError) {
        if !isCompared { try compareWithRecord() }
        let index = frontier.size
        let hash: LogHash
        if flags.contains(.erased) {
            hash = try ErasedLeaf.read(index, in: directory, fileSystem).leaf.hash
        } else {
            guard let salts = try salts(at: index) else {
                throw StoreError(.damaged, "the salts of event \(index) are forgotten, and it is not erased")
            }
            hash = stamp.leaf(of: body, isConflict: flags.contains(.conflict), salts: salts).hash
        }
        frontier.append(hash) { full.append($0) }
    }

    private func salts(at index: UInt64) throws(StoreError) -> LeafSalts? {
        if index.isMultiple(of: UInt64(TreeFrontier.width)) || bundle == nil {
            let number = SpanSecrets.span(of: index)
            if span?.span != number {
                let isNew = number * SpanSecrets.leafCount >= signer.record?.size ?? 0
                span = try spans.secrets(ofSpan: number, isNew: isNew)
            }
            bundle = span?.bundle(around: index)
        }
        return bundle?.salts(at: index)
    }

    /// Forgets the keys that it holds in memory: they are not those on disk any more.
    func reloadSecrets() {
        span = nil
        bundle = nil
    }

    /// Compares the tree with what was signed, once, when it has that size.
    private func compareWithRecord() throws(StoreError) {
        guard let record = signer.record else {
            isCompared = true
            return
        }
        guard frontier.size >= record.size else { return }
        guard frontier.size == record.size, frontier.root == record.root else {
            throw forked("the first \(record.size) events make another tree")
        }
        isCompared = true
    }

    /// Compares the tree with what was signed if it is large enough, and says whether that was done.
    ///
    /// - Throws: `forked` when it is another tree.
    package func isComparedWithRecord() throws(StoreError) -> Bool {
        if !isCompared { try compareWithRecord() }
        return isCompared
    }

    // MARK: - Resuming

    /// Whether this is where the signer was made.
    func isInPlace() throws(StoreError) -> Bool { try signer.isInPlace() }

    /// Has this be the place of the signer.
    func claimPlace() throws(StoreError) { try signer.resume() }

    /// Goes on as another log: under another name, with another key, and with tiles that are made again.
    ///
    /// - Parameters:
    ///   - origin: the new name.
    ///   - floor: the first index that was not deleted; what the tree needs of those below it is kept.
    /// - Throws: `noSpace`, `inputOutput`.
    func fork(origin: String, floor: UInt64) throws(StoreError) {
        try tiles.remove(above: floor)
        try signer.fork(origin: origin, seed: Self.seed(random))
        try publishKeys()
    }

    // MARK: - Publishing

    private func writeTiles() throws(StoreError) {
        while let tile = full.first {
            try tiles.write(tile.hashes, as: Self.tile(tile.level, tile.index))
            full.removeFirst()
        }
    }

    /// Whether there is something that no checkpoint covers.
    package var hasNews: Bool { checkpoint == nil || frontier.size > checkpointSize }

    /// Signs the tree as it is and puts the checkpoint where readers find it.
    ///
    /// Does nothing while the tree has not reached what was signed before.
    ///
    /// - Throws: `forked`, `noSpace`, `inputOutput`; may be called again.
    package func publish() throws(StoreError) {
        if !isCompared { try compareWithRecord() }
        guard isCompared else { return }
        try writeTiles()
        let time = now()
        let note = try signer.sign(size: frontier.size, root: frontier.root, now: time)
        if let checkpoint, checkpointSize < frontier.size { try history.add(checkpoint, at: checkpointTime) }
        try replaceCheckpoint(note)
        checkpointSize = frontier.size
        checkpointTime = time
    }

    private func replaceCheckpoint(_ note: SignedNote) throws(StoreError) {
        do {
            try fileSystem.replaceAtomically(
                directory.appending("checkpoint"),
                with: note.encoded(),
                mode: .ownerReadWrite
            )
        } catch {
            throw StoreError(error)
        }
        checkpoint = note
    }

    /// Signs something that is no checkpoint.
    ///
    /// - Throws: as `LogSigner.sign(statement:now:)`.
    func sign(statement text: [UInt8]) throws(StoreError) -> SignedNote { try signer.sign(statement: text, now: now()) }

    /// Keeps a checkpoint of this log with witnesses' signatures, if it is newer than the one before.
    ///
    /// - Throws: `noSpace`, `inputOutput`.
    package func addWitnessed(_ note: SignedNote, size: UInt64) throws(StoreError) {
        guard size <= checkpointSize, size >= witnessed?.size ?? 0 else { return }
        do {
            try fileSystem.replaceAtomically(
                directory.appending(Self.witnessedName),
                with: note.encoded(),
                mode: .ownerReadWrite
            )
        } catch {
            throw StoreError(error)
        }
        witnessed = (note, size)
        if note.text == checkpoint?.text { try replaceCheckpoint(note) }
        try history.add(note, at: now(), isWitnessed: true)
    }

    // MARK: - Deleting

    /// Keeps what the tree needs of events that retention is about to delete.
    ///
    /// - Throws: `busy` when no checkpoint covers them yet; `noSpace`, `inputOutput`.
    package func prepareToDelete(below floor: UInt64) throws(StoreError) {
        guard floor <= checkpointSize else {
            throw StoreError(
                .busy,
                "events below \(floor) are to be deleted, and only \(checkpointSize) are in a checkpoint"
            )
        }
        try writeTiles()
        let width = UInt64(TreeFrontier.width)
        let bundleCount = floor / width
        let first = bundleCount & ~0xFF
        guard bundleCount > first, !tiles.exists(Self.tile(1, first / width)) else { return }
        let count = Int(bundleCount - first)
        let partial = TileCoordinate(level: 1, index: first / width, width: count)
        try tiles.write(Array(frontier.partial[1].prefix(count)), as: partial)
    }
}

extension StoreError {
    fileprivate init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let error as FileError: self.init(error)
        default: self.init(.inputOutput, "\(error)")
        }
    }
}
