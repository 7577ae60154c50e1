// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// What can be chosen about the tree of a log.
package struct TreeOptions: Sendable {
    /// The name under which the log signs, for all time: a URL without its scheme; nil takes one from the log's id.
    ///
    /// Only asked for when the signer is made.
    package var origin: String?

    /// Where the keys and the record of what was signed are; nil for `signer` in the data directory.
    ///
    /// On another volume than the data, and in other backups, it notices that the data was put back to an older state.
    package var signerDirectory: FilePath?

    /// Nanoseconds between two checkpoints while events arrive.
    package var checkpointInterval: Int64 = 1_000_000_000

    /// Nanoseconds after which a checkpoint is kept in the history of checkpoints.
    package var historyInterval: Int64 = 3_600_000_000_000

    /// Bytes of committed batches that are held in memory until they are in the tree; beyond it they are read again.
    package var maximumByteCount = 16 << 20

    /// How long the key before signs beside a new one, in nanoseconds: a week, in which readers learn of the new one.
    package var rotationOverlap: Int64 = 7 * 86_400 * 1_000_000_000

    package init() {}
}
