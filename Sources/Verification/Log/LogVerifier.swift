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
    package func verify(
        progress: (VerificationProgress) -> Void = { _ in }
    ) async throws -> VerificationReport {
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
    let judge: CheckpointJudge
    let tiles: StoredTiles

    var report = VerificationReport()
    var checkpoints = CheckpointSet()
    var newest: Checkpoint?
    var record: Checkpoint?
    var joiner: TreeJoiner?
    var secrets: SecretsReader?
    /// Where events are, for findings: the first index of each file.
    var places: [(first: UInt64, file: String)] = []
    var totals: SegmentTotals?
    var eventsEnd: UInt64 = 0
    var floor: UInt64 = 0

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
                do throws(LogError) {
                    keys = try KeyList.parse(bytes)
                } catch {
                    report.add(Finding(.damaged, KeyList.name, error.message))
                }
            }
        } catch {
            report.add(error)
        }
        judge = CheckpointJudge(options, directoryKeys: keys)
        report.keyOrigin = judge.keyOrigin
    }

    // MARK: - Checkpoints

    /// First, so that none of them can be newer than the newest.
    mutating func readOlderCheckpoints() async throws {
        do throws(EvidenceError) {
            guard var history = try CheckpointHistory(source) else { return }
            var failure: EvidenceError?
            var set = checkpoints
            var origin: String?
            let judge = judge
            do {
                try await OrderedTasks.run(concurrency: options.concurrency) { () -> [CheckpointHistory.Note]? in
                    guard failure == nil else { return nil }
                    do throws(EvidenceError) {
                        return try history.next()
                    } catch {
                        failure = error
                        return nil
                    }
                } work: { notes in
                    notes.map {
                        judge.judge($0.bytes, file: "\(CheckpointHistory.name), byte \($0.byteOffset)")
                    }
                } take: { verdicts in
                    for verdict in verdicts { set.append(verdict, origin: &origin, file: CheckpointHistory.name) }
                }
            } catch {
                throw EvidenceError(.unreadable, "cancelled", name: CheckpointHistory.name)
            }
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
                take(judge.judge(bytes, file: name))
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
        } catch {
            report.add(error)
        }
        addTrusted()
        switch judge.keyOrigin {
        case .given: break
        case .directory:
            let reason = """
                the key was taken from the directory itself: it proves only that nothing changed since signing by whoever \
                holds it
                """
            report.add(VerificationGap(.ownKeys, KeyList.name, nil, reason))
        case .none:
            report.add(VerificationGap(.noKeys, KeyList.name, nil, "no key is known, so no signature was checked"))
        }
    }

    private mutating func take(_ verdict: CheckpointJudge.Verdict) {
        checkpoints.append(verdict, origin: &report.origin, file: LogVerifier.checkpointName)
        guard let checkpoint = verdict.checkpoint else { return }
        newest = checkpoint
        report.origin = checkpoint.origin
        report.size = checkpoint.size
        report.root = checkpoint.root
        guard let policy = options.policy else { return }
        report.witnesses = verdict.witnesses.keys.sorted().map {
            String(decoding: policy.witnesses[$0].name, as: UTF8.self)
        }
        if checkpoints.witnessed == nil {
            let reason = "no checkpoint has the cosignatures that the policy asks for"
            report.add(VerificationGap(.quorumNotMet, LogVerifier.checkpointName, nil, reason))
        }
        report.witnessed = checkpoints.witnessed
    }

    /// The record is written before a signature, so it is never behind the checkpoint that is read before it.
    private mutating func readRecord() throws(EvidenceError) {
        guard let name = options.signerRecordName,
            let bytes = try source.contents(of: name, maximumByteCount: VerificationLimits.maximumSmallFileByteCount)
        else { return }
        let found: Checkpoint
        do throws(LogError) {
            found = try Checkpoint(parsing: bytes)
        } catch {
            return report.add(Finding(.malformedCheckpoint, name, error.message))
        }
        record = found
        guard let newest else { return }
        if !found.origin.hasSameBytes(as: newest.origin) {
            report.add(Finding(.wrongOrigin, name, "it is of the log \(Quoted.text(found.origin.utf8))"))
        } else if found.size < newest.size {
            let reason = "the signer signed size \(found.size) last, and the checkpoint has size \(newest.size)"
            report.add(Finding(.forked, name, found.size..<newest.size, reason))
        } else if found.size == newest.size, found.root != newest.root {
            report.add(Finding(.forked, name, 0..<found.size, "the signer signed another root of size \(found.size)"))
        }
    }

    private mutating func addTrusted() {
        for (place, note) in options.trustedCheckpoints.enumerated() {
            let file = trustedName(place)
            let verdict = judge.judge(note, file: file)
            for finding in verdict.findings { report.add(finding) }
            guard let checkpoint = verdict.checkpoint, let newest else { continue }
            if !checkpoint.origin.hasSameBytes(as: newest.origin) {
                report.add(Finding(.wrongOrigin, file, "it is of the log \(Quoted.text(checkpoint.origin.utf8))"))
            } else if checkpoint.size > newest.size {
                let reason = "the log had \(checkpoint.size) events, its checkpoint has \(newest.size)"
                report.add(Finding(.rolledBack, LogVerifier.checkpointName, newest.size..<checkpoint.size, reason))
            }
        }
    }

    private func trustedName(_ place: Int) -> String {
        options.trustedCheckpoints.count == 1 ? "trusted checkpoint" : "trusted checkpoint \(place + 1)"
    }

    private var milestones: [Milestone] {
        var all = checkpoints.milestones
        if let record, let name = options.signerRecordName {
            all.append(Milestone(size: record.size, root: record.root, file: name))
        }
        for (place, note) in options.trustedCheckpoints.enumerated() {
            guard let checkpoint = try? Checkpoint(parsing: note.text) else { continue }
            all.append(Milestone(size: checkpoint.size, root: checkpoint.root, file: trustedName(place)))
        }
        return all
    }

    // MARK: - Events

    mutating func readEvents(_ progress: (VerificationProgress) -> Void) async throws {
        let signed = newest?.size ?? 0
        // Signed or about to be: so far leaves are made.
        let limit = max(signed, record?.size ?? 0)
        var cursor: LogCursor
        do throws(EvidenceError) {
            cursor = try LogCursor(source, logID: logID, cuts: [signed, limit])
        } catch {
            return report.add(error)
        }
        let partials = readPartials()
        var joiner = TreeJoiner(
            tiles,
            requiredSize: signed,
            milestones: milestones,
            partials: partials
        )
        var secrets = SecretsReader(source)
        var erased = readErasedNames()
        let start = cursor.manifest.floorIndex
        let total = max(signed, cursor.manifest.liveStart) - min(start, max(signed, cursor.manifest.liveStart))
        var run = self
        var wrong: [EvidenceError] = []
        try await OrderedTasks.run(concurrency: options.concurrency) { () -> LogPiece? in
            guard var piece = cursor.next() else { return nil }
            if piece.indices.upperBound <= limit, case let events = piece.events {
                if case .unknown = events { return piece }
                piece.secrets = secrets.secrets(of: piece.indices)
                do throws(EvidenceError) {
                    piece.erased = try erased?.events(in: piece.indices) ?? [:]
                } catch {
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
        eventsEnd = cursor.nextIndex
        floor = cursor.manifest.floorIndex
        joiner.finish()
        self.joiner = joiner
        let own = secrets.takeFindings()
        erased?.check(endIndex: eventsEnd)
        for finding in cursor.findings + (erased?.findings ?? []) { report.add(finding) }
        // A log that has signed nothing needs no secrets.
        if limit > 0 {
            for finding in own.findings { report.add(finding) }
            for error in own.unreadable { report.add(error) }
        }
        for error in cursor.unreadable + wrong { report.add(error) }
        for gap in cursor.gaps { report.add(gap) }
        checkNames()
    }

    /// Erased events; files in their directory that are none are told by `ErasedNames`.
    private mutating func readErasedNames() -> ErasedNames? {
        do throws(EvidenceError) {
            return try ErasedNames(source)
        } catch {
            report.add(error)
            return nil
        }
    }

    /// Partial tiles, which stand for events that retention removed; what cannot be listed is told later.
    private func readPartials() -> [TileCoordinate] {
        (try? TileListing(tiles, size: .max, holdsEverything: false))?.partials ?? []
    }

    private mutating func take(
        _ result: LogPieceResult,
        signed: UInt64,
        limit: UInt64,
        into joiner: inout TreeJoiner
    ) {
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

    /// Files that do not belong.
    private mutating func checkNames() {
        do throws(EvidenceError) {
            let listing = try TileListing(tiles, size: eventsEnd, holdsEverything: false)
            for finding in listing.findings { report.add(finding) }
            if !listing.isListed || listing.isCut {
                report.add(VerificationGap(.notListed, "log/tile", nil, "not all names were looked at"))
            }
        } catch {
            report.add(error)
        }
    }

    // MARK: - Conclusion

    mutating func conclude() {
        for finding in checkpoints.findings { report.add(finding) }
        guard let joiner else { return }
        for error in joiner.unreadable { report.add(error) }
        judgeEvents(joiner)
        for finding in joiner.findings { report.add(finding) }
        judgeMilestones(joiner)
        describeGaps()
    }

    /// What the roots say of events and tiles that do not fit each other.
    private mutating func judgeEvents(_ joiner: TreeJoiner) {
        let own = joiner.milestones.last { $0.file == LogVerifier.checkpointName }
        for indices in joiner.differing {
            let tile = TileCoordinate(level: 1, index: indices.lowerBound >> 16)
            switch (own?.verdict, own?.anchoredVerdict) {
            case (.right?, _):
                let reason = "the tile does not follow from the events, and the signed root does"
                report.add(Finding(.changedTile, tiles.name(tile), indices, reason))
            case (_, .right?):
                let reason = "these events are not those that were signed, or not all"
                report.add(Finding(.changedEvents, file(of: indices.lowerBound), indices, reason))
            default:
                let reason =
                    "events and \(tiles.name(tile)) do not fit each other, and neither leads to the signed root"
                report.add(Finding(.changedEvents, file(of: indices.lowerBound), indices, reason))
            }
        }
    }

    private mutating func judgeMilestones(_ joiner: TreeJoiner) {
        var lastRight: UInt64 = 0
        var uncheckedCount = 0
        for milestone in joiner.milestones {
            let isTrusted = milestone.file.hasPrefix("trusted")
            let isNewest = milestone.file == LogVerifier.checkpointName
            switch milestone.verdict {
            case .right: lastRight = milestone.size
            case .wrong:
                let indices = min(lastRight, milestone.size)..<milestone.size
                let reason = "the events do not lead to the root of size \(milestone.size)"
                // With the tiles the events were told already, when those are right.
                report.add(Finding(isTrusted ? .forked : .wrongRoot, milestone.file, indices, reason))
            case .notReached:
                guard !isTrusted || milestone.size <= newest?.size ?? .max else { continue }
                let indices = min(eventsEnd, milestone.size)..<milestone.size
                let reason = "it has size \(milestone.size), and the log ends before event \(eventsEnd)"
                report.add(Finding(.missingEvents, milestone.file, indices, reason))
            case .unknown:
                if milestone.size < floor, !isTrusted {
                    uncheckedCount += 1
                } else if isTrusted {
                    let reason = "events before its size \(milestone.size) are not there any more"
                    report.add(
                        VerificationGap(.trustedCheckpointNotComparable, milestone.file, 0..<milestone.size, reason)
                    )
                } else if isNewest || report.findingCount == 0 {
                    let reason = "its root could not be computed, because not all events before it can be read"
                    report.add(VerificationGap(.unreadable, milestone.file, 0..<milestone.size, reason))
                }
            }
        }
        if uncheckedCount > 0 {
            let reason = "\(uncheckedCount) older checkpoints are of sizes whose events retention removed"
            report.add(VerificationGap(.checkpointBelowFloor, CheckpointHistory.name, 0..<floor, reason))
        }
    }

    private mutating func describeGaps() {
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
        if eventsEnd > report.size {
            let reason = "the log has not signed these events yet"
            report.add(VerificationGap(.notYetCovered, LogVerifier.checkpointName, report.size..<eventsEnd, reason))
        }
    }

    private func file(of index: UInt64) -> String {
        places.last { $0.first <= index }?.file ?? "journal"
    }
}
