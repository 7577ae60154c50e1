// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// What whoever verifies knows and wants, none of it from the evidence.
package struct VerificationOptions: Sendable {
    /// Keys of the log, and of witnesses beyond those of the policy.
    ///
    /// With none, and no policy, those of the directory are taken, and the report says so.
    package var keys: [NoteVerifier] = []

    /// Logs and witnesses that are believed, and how many of the witnesses.
    package var policy: TrustPolicy?

    /// The name that the log has to have; nil for any that a key is named as.
    package var origin: String?

    /// Earlier checkpoints of the log that the caller kept: the log has to continue each.
    package var trustedCheckpoints: [SignedNote] = []

    /// The caller's clock, seconds since 1970; nil when there is none to be relied on.
    package var now: Int64?

    /// Pieces of work that run at the same time.
    package var concurrency = 2

    /// Where the signer's record is, below the directory; nil when it is somewhere else.
    package var signerRecordName: String? = "signer/record"

    package init() {}
}
