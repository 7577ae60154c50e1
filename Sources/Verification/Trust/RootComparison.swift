// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Compares a finished tree with everything that was signed of it.
struct RootComparison {
    let options: VerificationOptions
    let judge: CheckpointJudge

    /// The newest checkpoint; nil when there is none that can be read.
    var newest: Checkpoint?
    /// The file that it is in.
    let newestFile: String
    /// Events before it were removed by retention, or pruned.
    var floor: UInt64 = 0
    /// Index behind the last event that there is.
    var eventsEnd: UInt64 = 0

    // MARK: - The caller's own checkpoints

    /// Checks the checkpoints that the caller kept, as far as that needs no tree.
    func addTrusted(to report: inout VerificationReport) {
        for (place, note) in options.trustedCheckpoints.enumerated() {
            let file = trustedName(place)
            let verdict = judge.judge(note, file: file)
            for finding in verdict.findings { report.add(finding) }
            guard let checkpoint = verdict.checkpoint else { continue }
            guard let newest else {
                report.add(
                    Finding(.rolledBack, newestFile, 0..<checkpoint.size, "the log had a checkpoint, and has none")
                )
                continue
            }
            if !checkpoint.origin.hasSameBytes(as: newest.origin) {
                report.add(Finding(.wrongOrigin, file, "it is of the log \(Quoted.text(checkpoint.origin.utf8))"))
            } else if checkpoint.size > newest.size {
                let reason = "the log had \(checkpoint.size) events, its checkpoint has \(newest.size)"
                report.add(Finding(.rolledBack, newestFile, newest.size..<checkpoint.size, reason))
            }
        }
    }

    var trustedMilestones: [Milestone] {
        options.trustedCheckpoints.enumerated().compactMap { place, note in
            guard let checkpoint = try? Checkpoint(parsing: note.text) else { return nil }
            return Milestone(size: checkpoint.size, root: checkpoint.root, file: trustedName(place), isTrusted: true)
        }
    }

    private func trustedName(_ place: Int) -> String {
        options.trustedCheckpoints.count == 1 ? "trusted checkpoint" : "trusted checkpoint \(place + 1)"
    }

    // MARK: - The keys

    func describeKeys(in report: inout VerificationReport) {
        report.keyOrigin = judge.keyOrigin
        switch judge.keyOrigin {
        case .given: break
        case .directory:
            let reason = """
                the key was taken from the directory itself: it proves only that nothing changed since signing by whoever \
                holds it
                """
            report.add(VerificationGap(.ownKeys, KeyList.name, nil, reason))
        case .none:
            report.add(VerificationGap(.noKeys, newestFile, nil, "no key is known, so no signature was checked"))
        }
    }

    /// What the newest checkpoint says, and who witnessed it or an older one.
    func describe(_ verdict: CheckpointJudge.Verdict, _ all: CheckpointSet, in report: inout VerificationReport) {
        guard let checkpoint = verdict.checkpoint else { return }
        report.origin = checkpoint.origin
        report.size = checkpoint.size
        report.root = checkpoint.root
        guard let policy = options.policy else { return }
        report.witnesses = verdict.witnesses.keys.sorted().map {
            String(decoding: policy.witnesses[$0].name, as: UTF8.self)
        }
        report.witnessed = all.witnessed
        guard all.witnessed == nil else { return }
        let reason = "no checkpoint has the cosignatures that the policy asks for"
        report.add(VerificationGap(.quorumNotMet, newestFile, nil, reason))
    }

    // MARK: - The tree

    /// What the roots say of events and tiles that do not fit each other; `file` names where an event is.
    func judgeDifferences(
        _ joiner: TreeJoiner,
        _ tiles: StoredTiles,
        in report: inout VerificationReport,
        file: (UInt64) -> String
    ) {
        let own = joiner.milestones.last { $0.file == newestFile }
        for difference in joiner.differing {
            let indices = difference.indices
            let tile = tiles.name(difference.tile)
            switch (own?.verdict, own?.anchoredVerdict) {
            case (.right?, _):
                let reason = "the tile does not follow from the events, and the signed root does"
                report.add(Finding(.changedTile, tile, indices, reason))
            case (_, .right?):
                let reason = "these events are not those that were signed, or not all of them are"
                report.add(Finding(.changedEvents, file(indices.lowerBound), indices, reason))
            default:
                let reason = "these events and \(tile) do not fit each other, and neither leads to the signed root"
                report.add(Finding(.changedEvents, file(indices.lowerBound), indices, reason))
            }
        }
    }

    /// Roots that do not follow, and those that nobody could compute.
    func judgeMilestones(_ joiner: TreeJoiner, in report: inout VerificationReport) {
        var lastRight: UInt64 = 0
        var uncheckedCount = 0
        for milestone in joiner.milestones {
            switch milestone.verdict {
            case .right: lastRight = milestone.size
            case .wrong:
                let indices = min(lastRight, milestone.size)..<milestone.size
                let reason = "the events do not lead to the root of size \(milestone.size)"
                report.add(Finding(milestone.isTrusted ? .forked : .wrongRoot, milestone.file, indices, reason))
            case .notReached:
                // Of a checkpoint of the caller's that is larger than the newest, that was told already.
                guard !milestone.isTrusted || milestone.size <= newest?.size ?? 0 else { continue }
                let indices = min(eventsEnd, milestone.size)..<milestone.size
                let reason = "it has size \(milestone.size), and the log ends before event \(eventsEnd)"
                report.add(Finding(.missingEvents, milestone.file, indices, reason))
            case .unknown:
                if milestone.isTrusted {
                    let reason = "not all events before its size \(milestone.size) are there"
                    report.add(
                        VerificationGap(.trustedCheckpointNotComparable, milestone.file, 0..<milestone.size, reason)
                    )
                } else if milestone.size < floor, milestone.file != newestFile {
                    uncheckedCount += 1
                } else {
                    let reason = "its root could not be computed, because not all events before it can be read"
                    report.add(VerificationGap(.unreadable, milestone.file, 0..<milestone.size, reason))
                }
            }
        }
        guard uncheckedCount > 0 else { return }
        let reason = "\(uncheckedCount) older checkpoints are of sizes whose events retention removed"
        report.add(VerificationGap(.checkpointBelowFloor, CheckpointHistory.name, 0..<floor, reason))
    }
}
