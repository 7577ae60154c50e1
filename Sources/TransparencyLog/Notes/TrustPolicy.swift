// SPDX-License-Identifier: Apache-2.0

/// Whose checkpoints are believed: logs, witnesses, and how many of those are enough (c2sp.org/tlog-policy).
///
/// A checkpoint is believed when a log of the list signed it in its own name, and witnesses cosigned it as the quorum asks.
/// Only keys of type 0x01 are logs', only keys of type 0x04 are witnesses'; with any other the policy is refused as a
/// whole, because a policy of which a part is left out is another policy.
package struct TrustPolicy: Sendable {
    package struct Log: Equatable, Sendable {
        package let verifier: NoteVerifier
        package let url: String?
    }

    package struct Witness: Equatable, Sendable {
        /// What the policy calls it, any bytes but spaces; its key has a name of its own.
        package let name: [UInt8]
        package let verifier: NoteVerifier
        package let url: String?
    }

    /// What the quorum is made of: a witness, or a group of what stands before it.
    private enum Member: Sendable {
        case witness(Int)
        case group(threshold: Int, members: [Int])
    }

    package let logs: [Log]
    package let witnesses: [Witness]

    /// In the order of the file: a group's members are before it.
    private let members: [Member]

    /// Place in `members`; nil for a quorum of none.
    private let quorum: Int?

    /// A log and no witnesses, which is less than what a witness could catch.
    ///
    /// - Throws: `unsupportedKey` for a key that signs no checkpoints.
    package init(log: NoteVerifier) throws(LogError) {
        guard log.kind == .ed25519 else { throw LogError(.unsupportedKey, "the key \(log.name) is no log's") }
        logs = [Log(verifier: log, url: nil)]
        witnesses = []
        members = []
        quorum = nil
    }

    /// Reads a policy file.
    ///
    /// - Throws: `malformedPolicy`, `tooLarge`, `malformedKey`, `unsupportedKey`, `ambiguousKey` for a key that is there
    ///   twice.
    package init(parsing bytes: [UInt8]) throws(LogError) {
        var parser = try TrustPolicyParser(bytes)
        try parser.parse()
        logs = parser.logs
        witnesses = parser.witnesses
        members = parser.groups.map {
            $0.witness.map { .witness($0) } ?? .group(threshold: $0.threshold, members: $0.members)
        }
        quorum = parser.quorum?.place
    }

    /// What a policy says of a note.
    package struct Verdict: Equatable, Sendable {
        package let checkpoint: Checkpoint

        /// Which of `logs` signed it; at least one.
        package let logs: [Int]

        /// Which of `witnesses` cosigned it, each once, and when last.
        package let witnesses: [Witnessed]

        /// Whether those witnesses are enough.
        package let isQuorumMet: Bool
    }

    package struct Witnessed: Hashable, Sendable {
        /// Place in `witnesses`.
        package let index: Int
        package let time: CosignatureTime
    }

    /// Checks the signatures of a note.
    ///
    /// - Parameters:
    ///   - note: the note of a checkpoint
    ///   - latest: cosignatures of a later time do not count; nil to count all
    /// - Returns: who signed, when the log did; the quorum may lack witnesses all the same.
    /// - Throws: what the checkpoint throws; `wrongSignature` when a known key's does not fit, `unknownKey` when none of
    ///   the logs signed, `wrongOrigin` when one signed that is not the checkpoint's.
    package func evaluate(_ note: SignedNote, latest: CosignatureTime? = nil) throws(LogError) -> Verdict {
        let checkpoint = try Checkpoint(parsing: note.text)
        let verified = try note.verified(by: logs.map(\.verifier) + witnesses.map(\.verifier))
        let signers = Set(verified.map(\.verifierIndex).filter { $0 < logs.count }).sorted()
        guard !signers.isEmpty else { throw LogError(.unknownKey, "none of the policy's logs signed the checkpoint") }
        // A key is trusted for the log in whose name it is, and for no other.
        let own = signers.filter { logs[$0].verifier.name.hasSameBytes(as: checkpoint.origin) }
        guard !own.isEmpty else {
            throw LogError(
                .wrongOrigin,
                "a checkpoint of \(checkpoint.origin), signed by \(logs[signers[0]].verifier.name)"
            )
        }
        var times: [Int: CosignatureTime] = [:]
        for signature in verified {
            guard let time = signature.time, latest.map({ time <= $0 }) ?? true else { continue }
            let index = signature.verifierIndex - logs.count
            times[index] = max(times[index] ?? time, time)
        }
        return Verdict(
            checkpoint: checkpoint,
            logs: own,
            witnesses: times.keys.sorted().compactMap { index in times[index].map { Witnessed(index: index, time: $0) }
            },
            isQuorumMet: isQuorumMet(by: Set(times.keys))
        )
    }

    /// Whether these of `witnesses` are enough.
    package func isQuorumMet(by witnesses: Set<Int>) -> Bool {
        guard let quorum else { return true }
        var isMet: [Bool] = []
        for member in members {
            switch member {
            case .witness(let index): isMet.append(witnesses.contains(index))
            case .group(let threshold, let members): isMet.append(members.count { isMet[$0] } >= threshold)
            }
        }
        return isMet[quorum]
    }
}
