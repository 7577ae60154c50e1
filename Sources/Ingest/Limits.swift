// SPDX-License-Identifier: Apache-2.0

/// What one request or one step of a stream may hold.
package enum IngestLimits {
    /// Bytes of one HTTP body.
    ///
    /// A megabyte is enough for full speed; sixteen let a sender's batch of 10,000 events in.
    package static let maximumBodyByteCount = 16 << 20

    /// Bytes of a stream that are scanned and stored together: large enough that a write is at the disk's best speed,
    /// small enough that a few fit the processor's cache.
    package static let chunkByteCount = 1 << 20

    /// Chunks of a stream that are on their way at once: two being scanned, the rest read ahead or being written.
    package static let chunksInFlight = 6

    /// Bytes kept of one rejected piece of input.
    ///
    /// The longest event there may be fits with its line's rest.
    package static let maximumQuarantinedByteCount = 2 << 20

    /// Bytes of the quarantine as a whole.
    ///
    /// Beyond it streams stop with an error: nothing is dropped unseen, and a file of something else entirely is
    /// noticed before it is copied here. It is listed in one answer.
    package static let maximumQuarantineByteCount = 64 << 20
}
