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
///
/// While the pieces of one fetch are stored, those of the next are scanned, and the next are fetched. Fetches are stored in their order, and
/// of a partition one piece at a time.
package final class TopicReader: Service {
    package struct Options: Sendable {
        package var topics: [String]
        /// As frames, gaps and the quarantine name it; the id that the brokers say when nil.
        ///
        /// Another name is another source, which is read from its start.
        package var cluster: String?
        /// The same for everybody who reads into a log: positions are kept under it.
        package var submitter = "kafka"
        package var start = TopicStart.earliest
        /// Ends when every partition was read to its end once; otherwise it goes on.
        package var endsAtEnd = false
        /// Ends with an error when the brokers refuse what is asked before anything was read; otherwise tries again and again.
        package var givesUp = false
        /// How often it is asked for new partitions.
        package var refreshInterval: Duration = .seconds(60)

        package init(topics: [String]) {
            self.topics = topics
        }
    }

    /// Fetches that are scanned and stored while the next is fetched: one that is stored, one that is scanned, one that waits.
    private static let maximumUnderWayCount = 3

    private let options: Options
    private let consumer: KafkaConsumer
    private let admission: Admission
    private let storing: PieceStore
    private let logger: Logger
    private let log: String
    private let progress = Mutex(TopicProgress())
    private let brokersCluster = Mutex<String?>(nil)

    /// - Parameters:
    ///   - options: what is read.
    ///   - properties: of the connection.
    ///   - admission: of the log that takes the events.
    ///   - logger: for what an operator should look at.
    /// - Throws: `KafkaClientError.configuration`.
    package init(
        _ options: Options,
        _ properties: KafkaProperties,
        admission: Admission,
        logger: Logger
    ) throws(KafkaClientError) {
        self.options = options
        self.logger = logger
        consumer = try KafkaConsumer(properties, headers: TopicPiece.headers, logger: logger)
        self.admission = admission
        storing = PieceStore(admission, submitter: options.submitter, logger: logger)
        log = admission.store.logName
    }

    /// What is read, and where.
    private struct Reading {
        let places: TopicPlaces
        var table = PartitionTable()
    }

    /// How far it is, for metrics, health and progress bars.
    package var state: TopicProgress {
        var state = progress.withLock { $0 }
        storing.addTotals(to: &state)
        return state
    }

    /// Whether it reads a topic of a cluster, by the id that brokers say; false as long as none has said it.
    package func reads(_ topic: String, ofCluster cluster: String) -> Bool {
        options.topics.contains(topic) && brokersCluster.withLock { $0 } == cluster
    }

    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { [self] in
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await self.watch() }
                    try await read()
                    tasks.cancelAll()
                }
            }
        } catch is CancellationError {
        } catch {
            await consumer.close()
            throw error
        }
        if let ends = try? await consumer.knownEnds() { look(ends) }
        await consumer.close()
    }

    /// - Throws: when the topics can't be read at all, or the log takes nothing any more.
    private func read() async throws {
        var reading = Reading(places: try await findPlaces())
        var refreshAt = ContinuousClock.now
        let turns = Turns()
        var (fetchCount, underWayCount) = (0, 0)
        try await withThrowingTaskGroup(of: Void.self) { stores in
            while !Task.isCancelled {
                if .now >= refreshAt {
                    try await refresh(&reading)
                    refreshAt = .now + options.refreshInterval
                }
                if options.endsAtEnd, reading.table.isAtEnd { break }
                let pieces = try await fetch(&reading)
                if underWayCount == Self.maximumUnderWayCount {
                    try await stores.next()
                    underWayCount -= 1
                }
                if !pieces.isEmpty {
                    stores.addTask { [storing, number = fetchCount] in
                        try await storing.store(pieces, number, of: turns)
                    }
                    (fetchCount, underWayCount) = (fetchCount + 1, underWayCount + 1)
                }
            }
            try await stores.waitForAll()
        }
    }

    // MARK: - Partitions

    private func findPlaces() async throws -> TopicPlaces {
        var delays = Backoff()
        while true {
            let id = try await consumer.clusterID()
            if let id { brokersCluster.withLock { $0 = id } }
            if let cluster = options.cluster ?? id {
                return TopicPlaces(
                    options: options,
                    cluster: cluster,
                    consumer: consumer,
                    admission: admission,
                    logger: logger
                )
            }
            let error = consumer.error ?? KafkaClientError(.unreachable, "no broker says which cluster it is of")
            try meet(error, "the brokers can't be asked", options.topics.joined(separator: ","), isFirst: true)
            try await Task.sleep(for: delays.next())
        }
    }

    /// Begins to read what is new.
    ///
    /// While nobody answers it waits: a broker that goes away comes back.
    private func refresh(_ reading: inout Reading) async throws {
        var delays = Backoff()
        for topic in options.topics {
            while true {
                do {
                    let found = try await consumer.partitions(of: topic)
                    try await begin(found.filter { !reading.table.has($0) }, &reading)
                    break
                } catch let error as KafkaClientError {
                    try meet(error, "a topic can't be read", topic, isFirst: reading.table.isEmpty)
                    if !reading.table.isEmpty { break }
                    try await Task.sleep(for: delays.next())
                }
            }
        }
        let count = reading.table.count
        progress.withLock { $0.partitionCount = count }
    }

    private func begin(_ partitions: [KafkaPartition], _ reading: inout Reading) async throws {
        guard !partitions.isEmpty else { return }
        let ranges = try await consumer.ranges(of: partitions)
        // A partition that came while this ran is read whole, wherever the others began.
        let fresh = ranges.filter { reading.places.stored($0.key) == nil }
        let starts = reading.table.isEmpty ? try await reading.places.starts(fresh) : [:]
        for partition in partitions {
            guard let range = ranges[partition] else { continue }
            let position = reading.places.stored(partition) ?? TopicPosition(offset: starts[partition] ?? 0)
            try await begin(partition, at: position, in: range, &reading)
        }
        logger.info("partitions are read", metadata: ["kafka.partitions": "\(partitions.count)"])
    }

    private func begin(
        _ partition: KafkaPartition,
        at position: TopicPosition,
        in range: Range<Int64>,
        _ reading: inout Reading
    ) async throws {
        let offset = try await reading.places.place(position, of: partition, in: range)
        try await consumer.read(partition, from: offset)
        let place = TopicPosition(offset: offset, gateways: position.gateways)
        reading.table.begin(partition, at: place, end: range.upperBound)
        storing.begin(partition, at: offset)
    }

    /// A partition that librdkafka gave up is begun anew.
    private func mend(
        _ partition: KafkaPartition,
        _ error: KafkaClientError,
        _ reading: inout Reading
    ) async throws {
        try meet(error, "a partition can't be read", "\(partition)", isFirst: state.recordCount == 0)
        do {
            let position = reading.table.position(of: partition)
            guard let range = try await consumer.ranges(of: [partition])[partition] else { return }
            try await begin(partition, at: position, in: range, &reading)
        } catch is KafkaClientError {
            // The next look for partitions finds it.
            reading.table.forget(partition)
        }
    }

    /// Keeps and tells an error; throws it when nothing was read yet, nobody waits, and it does not pass by itself.
    private func meet(
        _ error: KafkaClientError,
        _ what: Logger.Message,
        _ whose: String,
        isFirst: Bool = false
    ) throws(KafkaClientError) {
        if isFirst, options.givesUp, error.isRefusal { throw error }
        progress.withLock { $0.meet(error) }
        logger.warning(what, metadata: ["kafka.topic": "\(whose)", "error": "\(error)"])
    }

    // MARK: - Records

    /// What comes next, of each partition in order.
    private func fetch(_ reading: inout Reading) async throws -> [TopicPiece] {
        var pieces: [TopicPiece] = []
        for delivery in try await consumer.next() {
            switch delivery {
            case .records(let records):
                let piece = TopicPiece(
                    records,
                    behind: reading.table.position(of: records.partition),
                    source: reading.places.source(records.partition),
                    log: log,
                    submitter: options.submitter
                )
                reading.table.move(records.partition, to: piece.position)
                pieces.append(piece)
                progress.withLock { ($0.trouble, $0.troubleSince) = (nil, nil) }
            case .end(let partition, let offset): reading.table.end(partition, at: offset)
            case .failed(let partition, let error): try await mend(partition, error, &reading)
            }
        }
        return pieces
    }

    // MARK: - Watching

    /// Finds out how fast it goes and how far it is behind.
    ///
    /// While records come fast it asks the brokers often, which keeps them sending.
    private func watch() async throws {
        var counts: [(count: Int, at: ContinuousClock.Instant)] = []
        while true {
            if let ends = try? await consumer.ends() { look(ends) }
            counts.append((state.recordCount, .now))
            counts.removeAll { .now - $0.at > .seconds(10) }
            let rate = Self.rate(counts)
            progress.withLock { progress in
                progress.rate = rate
                if let error = consumer.error, progress.trouble == nil { progress.meet(error) }
            }
            KafkaIngestTelemetry.state(state, topics: options.topics)
            try await Task.sleep(for: state.lag > 10_000 || counts.count < 10 ? .milliseconds(50) : .seconds(1))
        }
    }

    /// Records a second.
    private static func rate(_ counts: [(count: Int, at: ContinuousClock.Instant)]) -> Double {
        guard let first = counts.first, let last = counts.last, last.at > first.at else { return 0 }
        let (seconds, attoseconds) = (last.at - first.at).components
        return Double(last.count - first.count) / (Double(seconds) + Double(attoseconds) / 1e18)
    }

    /// Finds out how far it is behind.
    private func look(_ ends: [KafkaPartition: Int64]) {
        let (lag, since) = storing.lag(ends)
        progress.withLock { ($0.lag, $0.unreadSince) = (lag, since) }
    }
}
