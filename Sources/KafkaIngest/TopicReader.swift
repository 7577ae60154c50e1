// SPDX-License-Identifier: Apache-2.0

import AuditStore
package import Ingest
package import KafkaClient
package import Logging
import ServiceLifecycle
import Synchronization

/// Where a partition is begun that was never read.
package enum TopicStart: Sendable, Equatable {
    case earliest
    case latest
    /// Milliseconds since 1970, by the records' stamps.
    case time(Int64)
}

/// Reads topics of audit events into the log, each record once.
///
/// How far a partition was read is kept in the journal, in the frames of its events: both survive a power cut or neither. The brokers are
/// asked for no position and given none.
package final class TopicReader: Service {
    package struct Options: Sendable {
        package var topics: [String]
        /// As frames, gaps and the quarantine name it: a part of each partition's source.
        package var cluster: String
        package var submitter = "martlet"
        package var start = TopicStart.earliest
        /// Ends when every partition was read to its end once; otherwise it goes on.
        package var endsAtEnd = false
        /// How often it is asked for new partitions.
        package var refreshInterval: Duration = .seconds(60)

        package init(topics: [String], cluster: String) {
            self.topics = topics
            self.cluster = cluster
        }
    }

    private let options: Options
    private let consumer: KafkaConsumer
    private let admission: Admission
    private let logger: Logger
    private let progress = Mutex(TopicProgress())

    /// - Parameters:
    ///   - options: what is read.
    ///   - consumer: this type's alone, and closed by it.
    ///   - admission: of the log that takes the events.
    ///   - logger: for what an operator should look at.
    package init(_ options: Options, consumer: KafkaConsumer, admission: Admission, logger: Logger) {
        self.options = options
        self.consumer = consumer
        self.admission = admission
        self.logger = logger
    }

    /// How far it is, for metrics, health and progress bars.
    package var state: TopicProgress { progress.withLock { $0 } }

    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { [self] in
                var reading = PartitionTable()
                var refreshAt = ContinuousClock.now
                while !Task.isCancelled {
                    if .now >= refreshAt {
                        try await refresh(&reading)
                        refreshAt = .now + options.refreshInterval
                    }
                    try await step(&reading)
                    if options.endsAtEnd, reading.isAtEnd { return }
                }
            }
        } catch is CancellationError {
        } catch {
            await consumer.close()
            throw error
        }
        await consumer.close()
    }

    // MARK: - Partitions

    /// Begins to read what is new.
    ///
    /// While nobody answers it waits: a broker that goes away comes back. What is wrong with topics or the login it throws only before
    /// anything was read; afterwards it is logged and tried again.
    private func refresh(_ reading: inout PartitionTable) async throws {
        var delays = Backoff()
        for topic in options.topics {
            while true {
                do {
                    let found = try await consumer.partitions(of: topic)
                    try await begin(found.filter { !reading.has($0) }, &reading)
                    break
                } catch let error as KafkaClientError {
                    let isHopeless = [.authentication, .configuration, .tls, .unauthorized, .unknownTopic].contains(error.code)
                    if isHopeless, reading.isEmpty { throw error }
                    progress.withLock { $0.trouble = error }
                    logger.warning("a topic can't be read", metadata: ["kafka.topic": "\(topic)", "error": "\(error)"])
                    if !reading.isEmpty { break }
                    try await Task.sleep(for: delays.next())
                }
            }
        }
        let count = reading.count
        progress.withLock { $0.partitionCount = count }
    }

    private func begin(_ partitions: [KafkaPartition], _ reading: inout PartitionTable) async throws {
        guard !partitions.isEmpty else { return }
        let fresh = partitions.filter { stored($0) == nil }
        // A partition that came while this ran is read whole, wherever the others began.
        let starts = reading.isEmpty ? try await starts(of: fresh) : [:]
        for partition in partitions {
            let offset = try await place(stored(partition) ?? starts[partition] ?? 0, of: partition)
            try await consumer.read(partition, from: offset)
            reading.begin(partition, at: offset)
        }
        logger.info("partitions are read", metadata: ["kafka.partitions": "\(partitions.count)"])
    }

    private func starts(of partitions: [KafkaPartition]) async throws -> [KafkaPartition: Int64] {
        guard case .time(let milliseconds) = options.start, !partitions.isEmpty else {
            var starts: [KafkaPartition: Int64] = [:]
            for partition in partitions {
                let range = try await consumer.offsets(of: partition)
                starts[partition] = options.start == .latest ? range.upperBound : range.lowerBound
            }
            return starts
        }
        var starts = try await consumer.offsets(of: partitions, notBefore: milliseconds)
        for (partition, offset) in starts where offset < 0 {
            starts[partition] = try await consumer.offsets(of: partition).upperBound
        }
        return starts
    }

    /// An offset that is there: the one asked for, or the first one, after a gap was recorded.
    private func place(_ offset: Int64, of partition: KafkaPartition) async throws -> Int64 {
        let range = try await consumer.offsets(of: partition)
        guard !(range.lowerBound...range.upperBound).contains(offset) else { return offset }
        let wasRemoved = offset < range.lowerBound
        // A partition without a position begins where it begins: nobody promised what was removed before.
        if wasRemoved, stored(partition) == nil { return range.lowerBound }
        try await admission.recordGap(
            Gap(
                submitter: options.submitter,
                source: source(partition),
                from: "offset \(offset)",
                to: wasRemoved ? "offset \(range.lowerBound - 1)" : nil,
                reason: wasRemoved ? .retentionTook : .truncated,
                lostCount: wasRemoved ? Int(range.lowerBound - offset) : nil
            )
        )
        logger.error(
            "the topic has not what comes next",
            metadata: [
                "kafka.partition": "\(partition)", "kafka.offset": "\(offset)",
                "kafka.first_offset": "\(range.lowerBound)", "kafka.end_offset": "\(range.upperBound)",
            ]
        )
        return range.lowerBound
    }

    private func source(_ partition: KafkaPartition) -> String {
        "kafka:\(options.cluster)/\(partition.topic)/\(partition.number)"
    }

    /// The next offset by the journal; nil when nothing of the partition is in it.
    private func stored(_ partition: KafkaPartition) -> Int64? {
        admission.position(ofSource: source(partition), from: options.submitter).flatMap(TopicPosition.init)?.offset
    }

    // MARK: - Records

    private func step(_ reading: inout PartitionTable) async throws {
        for delivery in try await consumer.next() {
            switch delivery {
            case .records(let records):
                try await store(records)
                reading.move(records.partition, to: records.endOffset)
                let count = records.records.count
                let byteCount = records.bytes.count
                progress.withLock { $0.add(count, byteCount: byteCount) }
            case .end(let partition, let offset): reading.end(partition, at: offset)
            case .failed(let partition, let error): try await mend(partition, error, &reading)
            }
        }
    }

    private func store(_ records: KafkaRecords) async throws {
        var (events, empty): ([SourceRecord], [SourcePiece]) = ([], [])
        events.reserveCapacity(records.records.count)
        for record in records.records {
            if let value = record.value, !value.isEmpty {
                events.append(SourceRecord(value, offset: record.offset))
            } else {
                empty.append(
                    SourcePiece(
                        bytes: [],
                        code: "emptyRecord",
                        message: "the record has no value",
                        byteOffset: Int(clamping: record.offset)
                    )
                )
            }
        }
        var delays = Backoff()
        while true {
            do {
                let report = try await admission.accept(
                    records.bytes,
                    records: events,
                    settingAside: empty,
                    from: options.submitter,
                    source: source(records.partition),
                    position: TopicPosition(offset: records.endOffset).bytes
                )
                progress.withLock { $0.setAsideCount += report.quarantined.count }
                return
            } catch let error as StoreError where error.code == .noSpace || error.code == .busy {
                logger.warning("the log takes no events", metadata: ["error": "\(error.message)"])
            } catch let error as QuarantineError where error.code == .full {
                logger.warning("the quarantine is full", metadata: ["error": "\(error.message)"])
                // What was set aside before is there already: the rest of the records waits with it.
            }
            try await Task.sleep(for: delays.next())
        }
    }

    /// A partition that librdkafka gave up is begun anew.
    private func mend(
        _ partition: KafkaPartition,
        _ error: KafkaClientError,
        _ reading: inout PartitionTable
    ) async throws {
        progress.withLock { $0.trouble = error }
        logger.warning("a partition can't be read", metadata: ["kafka.partition": "\(partition)", "error": "\(error)"])
        do {
            let offset = try await place(reading.offset(of: partition), of: partition)
            try await consumer.read(partition, from: offset)
            reading.begin(partition, at: offset)
        } catch is KafkaClientError {
            // The next look for partitions finds it.
            reading.forget(partition)
        }
    }
}
