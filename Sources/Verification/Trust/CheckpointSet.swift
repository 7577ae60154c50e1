// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// What the checkpoints of a log say together, in the order in which the log kept them.
struct CheckpointSet {
    private(set) var milestones: [Milestone] = []
    private(set) var findings: [Finding] = []
    private(set) var count = 0
    private(set) var largestSize: UInt64 = 0

    /// The largest that has enough witnesses.
    private(set) var witnessed: (size: UInt64, seconds: Int64?)?

    private var last: (size: UInt64, root: LogHash)?

    /// Takes the next checkpoint in order.
    mutating func append(_ verdict: CheckpointJudge.Verdict, origin: inout String?, file: String) {
        findings += verdict.findings
        guard let checkpoint = verdict.checkpoint else { return }
        if verdict.findings.isEmpty { count += 1 }
        if let known = origin, !known.hasSameBytes(as: checkpoint.origin) {
            let reason = "it is of the log \(Quoted.text(checkpoint.origin.utf8)), others of \(Quoted.text(known.utf8))"
            findings.append(Finding(.wrongOrigin, file, reason))
        } else {
            origin = checkpoint.origin
        }
        if let last {
            if checkpoint.size < last.size {
                let indices = checkpoint.size..<last.size
                findings.append(
                    Finding(.rolledBack, file, indices, "size \(checkpoint.size) follows size \(last.size)")
                )
            } else if checkpoint.size == last.size, checkpoint.root != last.root {
                let reason = "two checkpoints of size \(checkpoint.size) have different roots"
                findings.append(Finding(.forked, file, 0..<checkpoint.size, reason))
            }
        }
        if last == nil || last?.size != checkpoint.size || last?.root != checkpoint.root,
            milestones.count < VerificationLimits.maximumCheckpointCount
        {
            milestones.append(Milestone(size: checkpoint.size, root: checkpoint.root, file: file))
        }
        last = (checkpoint.size, checkpoint.root)
        largestSize = max(largestSize, checkpoint.size)
        if verdict.isQuorumMet, checkpoint.size >= witnessed?.size ?? 0 {
            witnessed = (checkpoint.size, verdict.witnesses.values.max())
        }
    }
}
