// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The witnesses that a server asks, and how many are enough: a file as c2sp.org/tlog-policy has it.
struct WitnessPolicy: Sendable {
    struct Witness: Sendable {
        let name: String
        let verifier: NoteVerifier
        /// nil for a witness that counts, and that somebody else would have to ask.
        let client: WitnessClient?
    }

    let witnesses: [Witness]
    private let policy: TrustPolicy

    /// - Throws: `CommandFailure` for a file that is none, or that can't be fulfilled.
    init(path: String) throws {
        do {
            policy = try TrustPolicy(parsing: SmallFile.bytes(of: path))
        } catch let error as LogError {
            throw CommandFailure(.usage, "tree.witnesses: \(path): \(error.message)")
        }
        witnesses = try policy.witnesses.map { witness in
            Witness(
                name: String(decoding: witness.name, as: UTF8.self),
                verifier: witness.verifier,
                client: try witness.url.map { try WitnessClient(url: $0) }
            )
        }
        guard !policy.isQuorumMet(by: []) else {
            throw CommandFailure(
                .usage,
                "tree.witnesses: \(path): a quorum of none makes every checkpoint a witnessed one"
            )
        }
        guard policy.isQuorumMet(by: Set(witnesses.indices.filter { witnesses[$0].client != nil })) else {
            throw CommandFailure(
                .usage,
                "tree.witnesses: \(path): the witnesses that have a URL are too few for the quorum"
            )
        }
    }

    /// Whether these of `witnesses` are enough.
    func isQuorumMet(by witnesses: some Sequence<Int>) -> Bool { policy.isQuorumMet(by: Set(witnesses)) }
}
