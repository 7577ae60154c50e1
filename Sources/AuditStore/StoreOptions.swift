// SPDX-License-Identifier: Apache-2.0

/// What can be chosen about a store, and what comes from outside.
package struct StoreOptions: Sendable {
    /// Bytes of one journal file.
    ///
    /// Reserved when the file is made; 64 MiB are read and checked in under 0.1 s at start.
    package var journalFileByteCount = 64 << 20

    /// Repeated events are recognised among at least so many of the newest.
    ///
    /// Memory: 32 bytes for each.
    package var repeatWindowEventCount = 1 << 20

    /// Batches that may wait for the disk.
    ///
    /// Beyond it `append` throws `busy`, so that memory stays bounded.
    package var maximumQueuedBatchCount = 4096

    /// Bytes of batches that may wait for the disk.
    package var maximumQueuedByteCount = 256 << 20

    /// Most bytes of one group commit: enough to reach the disk's best speed, little enough to wait for.
    package var maximumGroupByteCount = 16 << 20

    /// Bytes of committed batches that are held in memory until their columns are made; beyond it they are read again.
    package var maximumSealingByteCount = 32 << 20

    /// Whether batches wait for sealing when it falls behind by `maximumSealingByteCount`.
    ///
    /// For bulk loads, which are done when all is sealed: nothing has to be read from the journal again. A server's senders
    /// never wait for it.
    package var waitsForSealing = false

    /// Bytes of the disk that are kept for saying in the log that the disk is full.
    package var reserveByteCount = 64 << 10

    /// Segments that are kept open.
    package var openSegmentCount = 256

    /// Bytes of dictionaries and pages that open segments keep together.
    package var openSegmentByteCount = 96 << 20

    /// When events of the journal become segments.
    package var sealing = SealPolicy()

    /// What is deleted, and when; nothing unless it is said.
    package var retention = RetentionPolicy()

    /// The tree that proves what is in the log; nil keeps none.
    package var tree: TreeOptions?

    /// Nanoseconds since 1970.
    ///
    /// Order never depends on it: that is what the index is for.
    package var now: @Sendable () -> Int64

    /// Random words for the id of a new log and its secret seed.
    package var random: @Sendable () -> UInt64

    package init(
        now: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) {
        self.now = now
        self.random = random
    }
}
