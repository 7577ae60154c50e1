// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// Whose signatures are believed.
package enum PackTrust: Sendable {
    case policy(TrustPolicy)
    /// Keys of the log, and of witnesses, none of which is asked for.
    case keys([NoteVerifier])
    /// Those that the pack brings along, which says no more than that the pack agrees with itself.
    case own

    /// The keys of logs.
    var logs: [NoteVerifier] {
        switch self {
        case .policy(let policy): policy.logs.map(\.verifier)
        case .keys(let keys): keys.filter { $0.kind == .ed25519 }
        case .own: []
        }
    }

    var witnesses: [NoteVerifier] {
        switch self {
        case .policy(let policy): policy.witnesses.map(\.verifier)
        case .keys(let keys): keys.filter { $0.kind == .cosignature }
        case .own: []
        }
    }

    /// Who of them signed a note in the name of a log.
    ///
    /// - Returns: keys of the log, at least one; witnesses, each with its newest time.
    /// - Throws: `wrongSignature`, `unknownKey`, `wrongOrigin`, `ambiguousKey`.
    func signers(
        of note: SignedNote,
        origin: String,
        latest: CosignatureTime?
    ) throws(LogError) -> (logs: [NoteVerifier], witnesses: [(NoteVerifier, CosignatureTime)]) {
        let all = logs + witnesses
        let signatures = try note.verified(by: all)
        let signers = signatures.filter { $0.kind == .ed25519 }.map { all[$0.verifierIndex] }
        guard let other = signers.first else {
            throw LogError(.unknownKey, "it is not signed by any key of a log that is known")
        }
        let own = signers.filter { $0.name.hasSameBytes(as: origin) }
        guard !own.isEmpty else { throw LogError(.wrongOrigin, "of \(origin), signed by \(other.name)") }
        var times: [NoteVerifier: CosignatureTime] = [:]
        for signature in signatures {
            guard let time = signature.time, latest.map({ time <= $0 }) ?? true else { continue }
            let key = all[signature.verifierIndex]
            times[key] = max(times[key] ?? time, time)
        }
        return (own, witnesses.compactMap { key in times[key].map { (key, $0) } })
    }

    /// Whether those who signed are enough.
    func isMet(by note: SignedNote, latest: CosignatureTime?) -> Bool {
        guard case .policy(let policy) = self else { return true }
        return (try? policy.evaluate(note, latest: latest))?.isQuorumMet ?? false
    }
}
