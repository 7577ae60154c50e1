// SPDX-License-Identifier: Apache-2.0

/// Bounds of what is read of a log at once.
package enum LogReaderLimits {
    /// A longer line is set aside; lines of request logs have tens of kilobytes.
    package static let lineByteCount = 1 << 20

    /// Bytes kept of a line that is too long: enough to see when and whose it was, and not enough for a request's secrets.
    package static let longLineHeadByteCount = 64

    /// Bytes read at a time: as many as the longest line, so that a part holds one at least.
    ///
    /// What they become fits a frame.
    package static let partByteCount = lineByteCount

    /// Logs beside the one that is followed; more are not looked at, the newest names first.
    package static let siblingCount = 4096

    /// Looks at a file that cannot be read before things go on without it: some seconds, for whoever is moving or packing it.
    package static let attemptCount = 20

    /// How often a log is looked at that has nothing new.
    package static let pollInterval = Duration.milliseconds(250)

    /// How often how far a log was read is written down while it becomes no events.
    package static let cursorInterval: Int64 = 60_000_000_000

    /// Between attempts to store something while that is not possible.
    package static let retryInterval = Duration.seconds(1)
}
