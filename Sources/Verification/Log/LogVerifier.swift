// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat
import TransparencyLog

/// Verifies a whole data directory: that the events are those that were signed, all of them and no others.
///
/// Events are put together again from segments and journal, their leaves made again, and the tree of all leaves computed. Its
/// root is compared with that of the newest checkpoint, of each older one, of the signer's record, and of the checkpoints that
/// the caller kept; on the way every stored tile is compared. Signatures are checked by the caller's keys.
///
/// Nothing is believed because it is written in the directory: checksums and stored tiles only say where to look when the root
/// does not fit. Where retention removed events, the stored tiles stand for them, and the root proves those.
///
/// The directory may belong to a running server. What it signed when `verify` was called is verified; events that came since
/// are read and reported as not yet covered.
package struct LogVerifier: Sendable {
    private let source: any EvidenceSource
    private let options: VerificationOptions

    static let checkpointName = "log/checkpoint"

    package init(_ source: any EvidenceSource, _ options: VerificationOptions) {
        self.source = source
        self.options = options
    }

    /// Verifies everything.
    ///
    /// - Parameter progress: called in the caller's task, often.
    /// - Returns: what was found; that nothing is proven is an outcome as well.
    /// - Throws: `EvidenceError` with `notALog` or `unreadable` when there is nothing to begin with, `CancellationError`.
    package func verify(progress: (VerificationProgress) -> Void = { _ in }) async throws -> VerificationReport {
        var run = try LogVerification(source, options)
        try await run.readOlderCheckpoints()
        try run.readCheckpoint()
        try await run.readEvents(progress)
        run.conclude()
        return run.report
    }
}

/// A verification under way.
private struct LogVerification {
    let source: any EvidenceSource
    let options: VerificationOptions
    let logID: LogID
    let tiles: StoredTiles

    var report = VerificationReport()
    var roots: RootComparison
    var checkpoints = CheckpointSet()
    var record: Checkpoint?
    var joiner: TreeJoiner?
    var secrets: SecretsReader?
    /// Where events are, for findings: the first index of each file.
    var places: [(first: UInt64, file: String)] = []
    var totals: SegmentTotals?
    var listing: TileListing?

    init(_ source: any EvidenceSource, _ options: VerificationOptions) throws(EvidenceError) {
        self.source = source
        self.options = options
        tiles = StoredTiles(source: source, prefix: "log/")
        let limit = VerificationLimits.maximumSmallFileByteCount
        guard let identity = try source.contents(of: LogIdentity.fileName, maximumByteCount: limit) else {
            throw EvidenceError(.notALog, "this is not a data directory", name: LogIdentity.fileName)
        }
        guard let identity = LogIdentity(text: String(decoding: identity, as: UTF8.self)) else {
            throw EvidenceError(.notALog, "it is not the identity of a log", name: LogIdentity.fileName)
        }
        logID = identity.logID
        var keys: [NoteVerifier] = []
        do throws(EvidenceError) {
            let limit = VerificationLimits.maximumKeyListByteCount
            if let bytes = try source.contents(of: KeyList.name, maximumByteCount: limit) {
                do throws(LogError) { keys = try KeyList.parse(bytes) } catch {
                    report.add(Finding(.damaged, KeyList.name, error.message))
                }
            }
        } catch { report.add(error) }
        roots = RootComparison(
            options: options,
            judge: CheckpointJudge(options, directoryKeys: keys),
            newestFile: LogVerifier.checkpointName
        )
        roots.describeKeys(in: &report)
    }

    // MARK: - Checkpoints

    /// First, so that none of them can be newer than the newest.
    mutating func readOlderCheckpoints() async throws {
        do throws(EvidenceError) {
            guard var history = try CheckpointHistory(source) else { return }
            var failure: EvidenceError?
            var set = checkpoints
            var origin: String?
            let judge = roots.judge
            do {
                try await OrderedTasks.run(concurrency: options.concurrency) { () -> [CheckpointHistory.Note]? in
                    guard failure == nil else { return nil }
                    do throws(EvidenceError) { return try history.next() } catch {
                        failure = error
                        return nil
                    }
                } work: { notes in
                    notes.map { judge.judge($0.bytes, file: "\(CheckpointHistory.name), byte \($0.byteOffset)") }
                } take: { verdicts in
                    for verdict in verdicts { set.append(verdict, origin: &origin, file: CheckpointHistory.name) }
                }
            } catch { throw EvidenceError(.unreadable, "cancelled", name: CheckpointHistory.name) }
            checkpoints = set
            report.origin = origin
            report.olderCheckpointCount = set.count
            for finding in history.findings { report.add(finding) }
            if history.restByteCount > 0, history.findings.isEmpty {
                let reason = "\(history.restByteCount) bytes at the end are no whole checkpoint"
                report.add(VerificationGap(.tornEnd, CheckpointHistory.name, nil, reason))
            }
            if let failure { throw failure }
        } catch {
            try Task.checkCancellation()
            report.add(error)
        }
    }

    mutating func readCheckpoint() throws {
        let name = LogVerifier.checkpointName
        do throws(EvidenceError) {
            if let bytes = try source.contents(of: name, maximumByteCount: LogLimits.maximumNoteByteCount) {
                let verdict = roots.judge.judge(bytes, file: name)
                checkpoints.append(verdict, origin: &report.origin, file: name)
                roots.newest = verdict.checkpoint
                roots.describe(verdict, checkpoints, in: &report)
            } else if checkpoints.largestSize > 0 {
                report.add(
                    Finding(
                        .missing,
                        name,
                        0..<checkpoints.largestSize,
                        "older checkpoints are there, and no newest one"
                    )
                )
            } else {
                report.add(VerificationGap(.noCheckpoint, name, nil, "nothing is signed yet, so nothing is proven"))
            }
            try readRecord()
        } catch { report.add(error) }
        roots.addTrusted(to: &report)
    }

    /// The record is written before a signature, so it is never behind the checkpoint that is read before it.
    private mutating func readRecord() throws(EvidenceError) {
        guard let name = options.signerRecordName,
            let bytes = try source.contents(of: name, maximumByteCount: VerificationLimits.maximumSmallFileByteCount)
        else { return }
        let found: Checkpoint
        do throws(LogError) { found = try Checkpoint(parsing: bytes) } catch {
            return report.add(Finding(.malformedCheckpoint, name, error.message))
        }
        record = found
        guard let newest = roots.newest else { return }
        if !found.origin.hasSameBytes(as: newest.origin) {
            report.add(Finding(.wrongOrigin, name, "it is of the log \(Quoted.text(found.origin.utf8))"))
        } else if found.size < newest.size {
            let reason = "the signer signed size \(found.size) last, and the checkpoint has size \(newest.size)"
            report.add(Finding(.forked, name, found.size..<newest.size, reason))
        } else if found.size == newest.size, found.root != newest.root {
            report.add(Finding(.forked, name, 0..<found.size, "the signer signed another root of size \(found.size)"))
        }
    }

    private var milestones: [Milestone] {
        var all = checkpoints.milestones
        if let record, let name = options.signerRecordName {
            all.append(Milestone(size: record.size, root: record.root, file: name))
        }
        return all + roots.trustedMilestones
    }

    // MARK: - Events

    mutating func readEvents(_ progress: (VerificationProgress) -> Void) async throws {
        let signed = roots.newest?.size ?? 0
        // Signed or about to be: so far leaves are made.
        let limit = max(signed, checkpoints.largestSize, record?.size ?? 0)
        var cursor: LogCursor
        do throws(EvidenceError) { cursor = try LogCursor(source, logID: logID, cuts: [signed, limit]) } catch {
            return report.add(error)
        }
        // Before the events are read, so that each tile is of events that are there by then.
        listTiles(signed)
        var joiner = TreeJoiner(tiles, requiredSize: signed, milestones: milestones, partials: listing?.partials ?? [])
        var secrets = SecretsReader(source)
        var erased = readErasedNames()
        let start = cursor.manifest.floorIndex
        let total = max(signed, cursor.manifest.liveStart) - min(start, max(signed, cursor.manifest.liveStart))
        var run = self
        var wrong: [EvidenceError] = []
        try await OrderedTasks.run(concurrency: options.concurrency) { () -> LogPiece? in
            // A server that erases an event keeps its leaf, then writes the segment anew, then forgets the salts. So secrets are
            // read before a segment and leaves behind it, and what was erased meanwhile is all one or all the other.
            if let indices = cursor.unreadSegment { secrets.load(indices.clamped(to: 0..<limit)) }
            let openedCount = cursor.openedCount
            guard var piece = cursor.next() else { return nil }
            if cursor.openedCount > openedCount {
                do throws(EvidenceError) { try erased?.list() } catch { wrong.append(error) }
            }
            if piece.indices.upperBound <= limit, case let events = piece.events {
                if case .unknown = events { return piece }
                piece.secrets = secrets.secrets(of: piece.indices)
                do throws(EvidenceError) { piece.erased = try erased?.events(in: piece.indices) ?? [:] } catch {
                    wrong.append(error)
                }
            }
            return piece
        } work: { piece in
            piece.run()
        } take: { result in
            run.take(result, signed: signed, limit: limit, into: &joiner)
            let end = result.indices.upperBound
            let done = end - min(end, start)
            progress(
                VerificationProgress(
                    eventCount: run.report.eventCount,
                    byteCount: run.report.byteCount,
                    fraction: min(1, Double(done) / Double(max(1, total)))
                )
            )
        }
        self = run
        roots.eventsEnd = cursor.nextIndex
        roots.floor = cursor.manifest.floorIndex
        if !cursor.unreadable.isEmpty {
            // Nobody can say that the events behind are missing.
            joiner.appendUnknown(upTo: limit)
            roots.eventsEnd = max(roots.eventsEnd, limit)
        }
        joiner.finish()
        self.joiner = joiner
        let own = secrets.takeFindings()
        erased?.check(endIndex: roots.eventsEnd)
        for finding in cursor.findings + (erased?.findings ?? []) { report.add(finding) }
        // A log that has signed nothing needs no secrets.
        if limit > 0 {
            for finding in own.findings { report.add(finding) }
            for error in own.unreadable { report.add(error) }
        }
        for error in cursor.unreadable + wrong { report.add(error) }
        for gap in cursor.gaps { report.add(gap) }
    }

    /// Erased events; files in their directory that are none are told by `ErasedNames`.
    private mutating func readErasedNames() -> ErasedNames? {
        do throws(EvidenceError) { return try ErasedNames(source) } catch {
            report.add(error)
            return nil
        }
    }

    private mutating func listTiles(_ signed: UInt64) {
        do throws(EvidenceError) {
            let found = try TileListing(tiles, size: signed, isPublished: false)
            for finding in found.findings { report.add(finding) }
            if !found.isComplete {
                report.add(VerificationGap(.notListed, "log/tile", nil, "not all names were looked at"))
            }
            listing = found
        } catch { report.add(error) }
    }

    private mutating func take(_ result: LogPieceResult, signed: UInt64, limit: UInt64, into joiner: inout TreeJoiner) {
        for finding in result.findings { report.add(finding) }
        report.byteCount += result.byteCount
        if let file = result.file, places.last?.file != file { places.append((result.indices.lowerBound, file)) }
        addTotals(result)
        if let stretch = result.stretch {
            joiner.append(stretch)
            report.eventCount += result.eventCount
        } else {
            joiner.appendUnknown(upTo: min(result.indices.upperBound, limit))
        }
        if result.indices.upperBound <= signed, let received = result.lastReceived { report.newestReceived = received }
        report.erasedCount += UInt64(result.erased.count)
        report.erased += result.erased.prefix(max(0, 1000 - report.erased.count))
    }

    private mutating func addTotals(_ result: LogPieceResult) {
        guard let segment = result.segment else { return }
        if totals?.description != segment { totals = SegmentTotals(segment) }
        totals?.add(result)
        if let finding = totals?.contradiction { report.add(finding) }
    }

    // MARK: - Conclusion

    mutating func conclude() {
        for finding in checkpoints.findings { report.add(finding) }
        for tile in listing?.beyond ?? [] where tile.leaves.upperBound > roots.eventsEnd {
            report.add(Finding(.extraFile, tile.file, tile.leaves, "the log has no such events"))
        }
        guard let joiner else { return }
        for error in joiner.unreadable { report.add(error) }
        let places = places
        roots.judgeDifferences(joiner, tiles, in: &report) { index in
            places.last { $0.first <= index }?.file ?? JournalWalk.directory
        }
        for finding in joiner.findings { report.add(finding) }
        roots.judgeMilestones(joiner, in: &report)
        describeGaps()
    }

    private mutating func describeGaps() {
        let floor = roots.floor
        if floor > 0 {
            let reason = "retention removed these events; the tree has their hashes"
            report.add(VerificationGap(.removedByRetention, LogCursor.manifestName, 0..<floor, reason))
            if !floor.isMultiple(of: UInt64(LogLimits.tileWidth)) {
                report.add(Finding(.damaged, LogCursor.manifestName, "the floor \(floor) is no multiple of 256"))
            }
        }
        if report.erasedCount > 0 {
            let reason = "\(report.erasedCount) events were erased; their leaves are in the tree"
            report.add(VerificationGap(.erased, ErasedEvent.directory, nil, reason))
        }
        if roots.eventsEnd > report.size {
            let indices = report.size..<roots.eventsEnd
            report.add(VerificationGap(.notYetCovered, LogVerifier.checkpointName, indices, "not signed yet"))
        }
    }
}
