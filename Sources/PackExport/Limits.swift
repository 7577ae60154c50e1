// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// What one pack may cost.
///
/// A limit that strikes ends the pack there, and its signed manifest says so.
package struct PackOptions: Sendable {
    /// Events of a pack, unless fewer are asked for.
    package var maximumEventCount = 1_000_000

    /// Bytes of a pack's events: half of what an entry of the archive can hold.
    package var maximumEventByteCount = 4 << 30

    /// How long finding and reading events may take together.
    package var deadline = Duration.seconds(3600)

    /// How long to wait for a checkpoint that covers the newest event; one comes every second.
    package var checkpointWait = Duration.seconds(30)

    /// Where what is written before its size is known lies meanwhile, in files without names.
    package var temporaryDirectory: FilePath

    /// - Parameter temporaryDirectory: should have room for a pack and not be where the log is, which a full disk stops.
    package init(temporaryDirectory: FilePath = "/var/tmp") { self.temporaryDirectory = temporaryDirectory }

    /// Bytes that are collected before they are written, and read at once.
    static let pieceByteCount = 1 << 18
}
