// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import EventScanner

extension Settings {
    var storeOptions: StoreOptions {
        var options = StoreOptions(now: System.nanosecondsSinceEpoch)
        options.journalFileByteCount = integer(.journalFileBytes)
        options.repeatWindowEventCount = integer(.repeatWindow)
        options.sealing.eventCount = integer(.segmentEvents)
        options.sealing.age = text(.sealAfter).flatMap(Quantity.nanoseconds) ?? options.sealing.age
        options.retention.age = text(.retentionAge).flatMap(Quantity.nanoseconds)
        options.retention.byteCount = text(.retentionSize).flatMap(Quantity.bytes)
        share(text(.memory).flatMap(Quantity.bytes) ?? 512 << 20, &options)
        return options
    }

    /// Divides what memory there is.
    ///
    /// An eighth for batches that wait for the disk, a thirty-second for those that wait to be sealed, an eighth for open
    /// segments, which take about 8 MiB each. The rest is for the segment that is being made, the table of repeated events,
    /// and what queries hold.
    private func share(_ byteCount: Int, _ options: inout StoreOptions) {
        options.maximumQueuedByteCount = byteCount / 8
        options.maximumSealingByteCount = byteCount / 32
        options.openSegmentCount = max(2, byteCount / 8 / (8 << 20))
    }

    var scanLimits: ScanLimits {
        var limits = ScanLimits()
        limits.maximumByteCount = integer(.maximumEventBytes)
        return limits
    }

    /// The settings of a command that opens a data directory itself: from the environment and the file that it names.
    static func ofEnvironment() throws -> Settings {
        try ConfigurationOptions.parse([]).settings().checked()
    }

    /// The settings themselves, when nothing is wrong with them.
    func checked() throws -> Settings {
        guard faults.isEmpty else {
            throw CommandFailure(.usage, "the configuration is wrong:\n  " + faults.joined(separator: "\n  "))
        }
        return self
    }
}
