// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AuditStore
import EventScanner
import KafkaClient
import SystemPackage

extension Settings {
    var storeOptions: StoreOptions {
        var options = StoreOptions(now: System.nanosecondsSinceEpoch)
        options.journalFileByteCount = integer(.journalFileBytes)
        options.repeatWindowEventCount = integer(.repeatWindow)
        options.sealing.eventCount = integer(.segmentEvents)
        options.sealing.age = text(.sealAfter).flatMap(Quantity.nanoseconds) ?? options.sealing.age
        options.retention.age = text(.retentionAge).flatMap(Quantity.nanoseconds)
        options.retention.byteCount = text(.retentionSize).flatMap(Quantity.bytes)
        options.tree = boolean(.treeEnabled) ? treeOptions : nil
        share(memoryByteCount, &options)
        return options
    }

    private var treeOptions: TreeOptions {
        var tree = TreeOptions()
        tree.origin = text(.treeOrigin)
        tree.signerDirectory = text(.treeSigner).map { FilePath($0) }
        return tree
    }

    /// How long a log may be silent before it says that it lives; nil when it never does.
    var heartbeatInterval: Duration? {
        text(.heartbeat).flatMap(Quantity.nanoseconds).map { .nanoseconds($0) }
    }

    /// Bytes that the log and the queries may take.
    private var memoryByteCount: Int { text(.memory).flatMap(Quantity.bytes) ?? 512 << 20 }

    /// Bytes of columns and indexes that are kept between queries: three eighths.
    var queryViewByteCount: Int { memoryByteCount / 8 * 3 }

    /// Divides what memory there is.
    ///
    /// An eighth for batches that wait for the disk, a thirty-second each for those that wait to be sealed and to
    /// be in the tree, an eighth for pages of
    /// segments; `queryViewByteCount` for columns. The rest is for the segment that is being made, the table of repeated
    /// events, and what queries hold.
    private func share(_ byteCount: Int, _ options: inout StoreOptions) {
        options.maximumQueuedByteCount = byteCount / 8
        options.maximumSealingByteCount = byteCount / 32
        options.openSegmentByteCount = byteCount / 8
        options.tree?.maximumByteCount = byteCount / 32
    }

    /// How long at least between two checkpoints that are sent to the witnesses.
    var witnessInterval: Duration {
        .nanoseconds(text(.treeWitnessInterval).flatMap(Quantity.nanoseconds) ?? 5_000_000_000)
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

    /// What is wrong with the files that settings name, and with settings beside each other: sentences; a server would not start.
    var deepFaults: [String] {
        let parts: [() throws -> Void] = [
            { _ = try kafkaGatewayOptions() }, { _ = try PolicyFile.policy(text(.kafkaPolicy)) },
            { try kafkaSource()?.properties.check() }, { try kafkaSink()?.properties.check() },
        ]
        return parts.compactMap { part in
            do {
                try part()
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    /// The settings themselves, when nothing is wrong with them.
    func checked() throws -> Settings {
        guard faults.isEmpty else {
            throw CommandFailure(.usage, "the configuration is wrong:\n  " + faults.joined(separator: "\n  "))
        }
        return self
    }
}
