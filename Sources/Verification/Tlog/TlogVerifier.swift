// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Verifies a published log as c2sp.org/tlog-tiles describes it: a checkpoint, tiles of hashes, entry bundles; in a directory or
/// on a server.
///
/// Every entry is hashed, every tile compared with what is below it, the root with that of the checkpoint. Entries are leaves of
/// ours, or any: what they are about is not looked at.
package struct TlogVerifier: Sendable {
    private let source: any EvidenceSource
    private let options: VerificationOptions
    private let minimumIndex: UInt64
    private let entriesAreLeaves: Bool

    static let checkpointName = "checkpoint"

    /// - Parameters:
    ///   - source: the log's files.
    ///   - options: what the caller knows; the signer's record is not looked for.
    ///   - minimumIndex: tiles and bundles that end at or before it may be missing, as the log's own policy says.
    ///   - entriesAreLeaves: whether every entry has to be a leaf of ours.
    package init(
        _ source: any EvidenceSource,
        _ options: VerificationOptions,
        minimumIndex: UInt64 = 0,
        entriesAreLeaves: Bool = true
    ) {
        self.source = source
        self.options = options
        self.minimumIndex = minimumIndex
        self.entriesAreLeaves = entriesAreLeaves
    }

    /// Verifies everything.
    ///
    /// - Parameter progress: called in the caller's task, often.
    /// - Returns: what was found.
    /// - Throws: `EvidenceError` with `notALog` or `unreadable` when there is no checkpoint to begin with,
    ///   `CancellationError`.
    package func verify(progress: (VerificationProgress) -> Void = { _ in }) async throws -> VerificationReport {
        var report = VerificationReport()
        var roots = RootComparison(
            options: options,
            judge: CheckpointJudge(options, directoryKeys: []),
            newestFile: Self.checkpointName
        )
        roots.describeKeys(in: &report)
        let limit = LogLimits.maximumNoteByteCount
        guard let note = try source.contents(of: Self.checkpointName, maximumByteCount: limit) else {
            throw EvidenceError(.notALog, "there is no checkpoint", name: Self.checkpointName)
        }
        let verdict = roots.judge.judge(note, file: Self.checkpointName)
        var checkpoints = CheckpointSet()
        checkpoints.append(verdict, origin: &report.origin, file: Self.checkpointName)
        for finding in checkpoints.findings { report.add(finding) }
        roots.newest = verdict.checkpoint
        roots.describe(verdict, checkpoints, in: &report)
        roots.addTrusted(to: &report)
        if let checkpoint = verdict.checkpoint {
            roots.eventsEnd = checkpoint.size
            roots.floor = min(minimumIndex, checkpoint.size)
            try await verifyTree(of: checkpoint, checkpoints, roots, &report, progress)
        }
        return report
    }

    private func verifyTree(
        of checkpoint: Checkpoint,
        _ checkpoints: CheckpointSet,
        _ roots: RootComparison,
        _ report: inout VerificationReport,
        _ progress: (VerificationProgress) -> Void
    ) async throws {
        let tiles = StoredTiles(source: source, prefix: "")
        let size = checkpoint.size
        let listing = list(tiles, size, &report)
        let expected = (1...7).compactMap { level in
            let width = TileCoordinate.width(ofLevel: level, size: size)
            return width == 0 ? nil : TileCoordinate(level: level, index: size >> UInt64(8 * (level + 1)), width: width)
        }
        let known = listing?.partials.filter { $0.level > 0 } ?? []
        var joiner = TreeJoiner(
            tiles,
            requiredSize: size,
            minimumIndex: minimumIndex,
            milestones: checkpoints.milestones + roots.trustedMilestones,
            partials: Array(Set(known + expected)),
            required: Set(expected)
        )
        var cursor = BundleCursor(tiles, size: size, minimumIndex: minimumIndex, listing)
        let entriesAreLeaves = entriesAreLeaves
        var result = report
        try await OrderedTasks.run(concurrency: options.concurrency) {
            cursor.next()
        } work: { piece in
            piece.run(entriesAreLeaves: entriesAreLeaves)
        } take: { found in
            for finding in found.findings { result.add(finding) }
            result.byteCount += found.byteCount
            result.eventCount += found.entryCount
            if let received = found.lastReceived { result.newestReceived = received }
            for stretch in found.stretches {
                if stretch.first > joiner.size { joiner.appendUnknown(upTo: stretch.first) }
                joiner.append(stretch)
            }
            progress(
                VerificationProgress(
                    eventCount: result.eventCount,
                    byteCount: result.byteCount,
                    fraction: Double(found.end) / Double(max(1, size))
                )
            )
        }
        // What is missing or could not be read, which is told.
        joiner.appendUnknown(upTo: size)
        joiner.finish()
        for error in cursor.unreadable + joiner.unreadable { result.add(error) }
        roots.judgeDifferences(joiner, tiles, in: &result) { index in
            TileRequest.entries(index: index >> 8, width: LogLimits.tileWidth).path
        }
        for finding in joiner.findings { result.add(finding) }
        roots.judgeMilestones(joiner, in: &result)
        if cursor.removedEnd > 0 {
            let reason = "the log keeps no entries of these indices; the tree has their hashes"
            result.add(VerificationGap(.removedByRetention, "tile/entries", 0..<cursor.removedEnd, reason))
        }
        report = result
    }

    private func list(_ tiles: StoredTiles, _ size: UInt64, _ report: inout VerificationReport) -> TileListing? {
        do throws(EvidenceError) {
            let listing = try TileListing(tiles, size: size, isPublished: true)
            for finding in listing.findings { report.add(finding) }
            if !listing.isComplete {
                report.add(VerificationGap(.notListed, "tile", nil, "not all names can be listed"))
            }
            // Tiles are published before the checkpoint that needs them.
            if let end = listing.beyond.map(\.leaves.upperBound).max() {
                let reason = "there are tiles for more entries than the checkpoint has"
                report.add(VerificationGap(.notYetCovered, "tile", size..<max(size, end), reason))
            }
            return listing
        } catch {
            report.add(error)
            return nil
        }
    }
}
