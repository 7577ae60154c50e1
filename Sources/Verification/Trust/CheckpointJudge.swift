// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Decides whose checkpoints count.
struct CheckpointJudge: Sendable {
    /// What is known of a note once it was looked at.
    struct Verdict: Sendable {
        /// Nil when the text is no checkpoint.
        var checkpoint: Checkpoint?
        var findings: [Finding] = []
        /// Whether a key of the log signed it.
        var isSigned = false
        /// The policy's witnesses that cosigned it, by place, and when last.
        var witnesses: [Int: Int64] = [:]
        var isQuorumMet = false
    }

    let keyOrigin: VerificationReport.KeyOrigin
    private let keys: [NoteVerifier]
    private let policy: TrustPolicy?
    private let origin: String?
    private let now: Int64?

    /// Takes the caller's keys, or those of the directory when there are none.
    init(_ options: VerificationOptions, directoryKeys: [NoteVerifier]) {
        policy = options.policy
        origin = options.origin
        now = options.now
        let given = options.keys + (policy?.logs.map(\.verifier) ?? [])
        let logKeys = given.contains { $0.kind == .ed25519 } ? given : given + directoryKeys
        keyOrigin = given.contains { $0.kind == .ed25519 } ? .given : directoryKeys.isEmpty ? .none : .directory
        // One key may be in several lists; the same name and ID with another key stays, and is refused as ambiguous.
        var all: [NoteVerifier] = []
        for key in logKeys + (policy?.witnesses.map(\.verifier) ?? []) where !all.contains(key) { all.append(key) }
        keys = all
    }

    func judge(_ bytes: [UInt8], file: String) -> Verdict {
        do throws(LogError) { return judge(try SignedNote(parsing: bytes), file: file) } catch {
            return Verdict(findings: [Finding(.malformedCheckpoint, file, error.message)])
        }
    }

    func judge(_ note: SignedNote, file: String) -> Verdict {
        var verdict = Verdict()
        let checkpoint: Checkpoint
        do throws(LogError) { checkpoint = try Checkpoint(parsing: note.text) } catch {
            verdict.findings.append(Finding(.malformedCheckpoint, file, error.message))
            return verdict
        }
        verdict.checkpoint = checkpoint
        if let origin, !origin.hasSameBytes(as: checkpoint.origin) {
            let reason = "it is of the log \(quoted(checkpoint.origin)), \(quoted(origin)) was expected"
            verdict.findings.append(Finding(.wrongOrigin, file, reason))
        }
        guard keyOrigin != .none else { return verdict }
        do throws(LogError) {
            let verified = try note.verified(by: keys)
            checkSigners(verified, checkpoint, file, &verdict)
            checkTimes(verified, file, &verdict)
            countWitnesses(verified, &verdict)
        } catch { verdict.findings.append(Finding(.wrongSignature, file, error.message)) }
        return verdict
    }

    /// A key is trusted for the log in whose name it is, and for no other.
    private func checkSigners(
        _ verified: [VerifiedSignature],
        _ checkpoint: Checkpoint,
        _ file: String,
        _ verdict: inout Verdict
    ) {
        let logs = verified.filter { $0.kind == .ed25519 }.map { keys[$0.verifierIndex] }
        verdict.isSigned = logs.contains { $0.name.hasSameBytes(as: checkpoint.origin) }
        if let other = logs.first, !verdict.isSigned {
            let reason = "it is of the log \(quoted(checkpoint.origin)), and signed by \(quoted(other.name))"
            verdict.findings.append(Finding(.wrongOrigin, file, reason))
        } else if !verdict.isSigned {
            verdict.findings.append(Finding(.wrongSignature, file, "no key of the log signed it"))
        }
    }

    private func checkTimes(_ verified: [VerifiedSignature], _ file: String, _ verdict: inout Verdict) {
        guard let now else { return }
        for signature in verified {
            guard let time = signature.time?.seconds, time - VerificationLimits.clockLeeway > now else { continue }
            let name = quoted(keys[signature.verifierIndex].name)
            let reason = "\(name) cosigned it \(time - now) seconds from now"
            verdict.findings.append(Finding(.futureTime, file, reason))
        }
    }

    private func countWitnesses(_ verified: [VerifiedSignature], _ verdict: inout Verdict) {
        guard let policy else { return }
        for signature in verified {
            guard let time = signature.time?.seconds,
                let place = policy.witnesses.firstIndex(where: { $0.verifier == keys[signature.verifierIndex] })
            else { continue }
            verdict.witnesses[place] = max(verdict.witnesses[place] ?? 0, time)
        }
        verdict.isQuorumMet = verdict.isSigned && policy.isQuorumMet(by: Set(verdict.witnesses.keys))
    }

    /// Names in messages: they come from outside.
    private func quoted(_ name: String) -> String { Quoted.text(name.utf8) }
}

/// Text from outside as messages may have it.
enum Quoted {
    /// At most 80 characters, ASCII only, in quotes.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        let text = bytes.prefix(80).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return "\"\(String(decoding: text, as: UTF8.self))\(bytes.count > 80 ? "…" : "")\""
    }
}

/// Keys in a text file, one a line.
enum KeyList {
    static let name = "log/vkeys"

    /// - Throws: what is wrong with a line.
    static func parse(_ bytes: [UInt8]) throws(LogError) -> [NoteVerifier] {
        var keys: [NoteVerifier] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let key = try NoteVerifier(vkey: String(decoding: line, as: UTF8.self))
            if !keys.contains(key) { keys.append(key) }
        }
        return keys
    }
}
