// SPDX-License-Identifier: Apache-2.0

/// Sizes of what a witness reads.
package enum WitnessLimits {
    /// Bytes of a request, and of an answer.
    ///
    /// A proof has at most 63 lines of 45 bytes; what is left is enough for 18 post-quantum signatures below the checkpoint,
    /// and for hundreds of Ed25519.
    package static let maximumMessageByteCount = 64 << 10

    /// Bytes of a record: a checkpoint with its log's signatures, and a line before it.
    static let maximumRecordByteCount = maximumMessageByteCount + 128

    /// Bytes of the file of logs.
    package static let maximumLogsByteCount = 1 << 20

    /// Contradictions that are kept of one log: one proves it; more say since when and how.
    static let maximumContradictionCount = 16
}
