// SPDX-License-Identifier: Apache-2.0

import AuditStore
package import DurableFiles
package import EventMapping
package import Ingest
package import KafkaClient
package import Logging
import NIOPosix
package import QueryEngine
package import QueryLanguage
import ServiceLifecycle
import Synchronization
package import SystemPackage

/// Writes the log to a topic, in its order: everything that came in, or what a filter finds.
///
/// The log itself is what waits while brokers are away. How far it is stands in a file; after a crash it looks in the topic which of the last
/// records arrived, so that none is written again that can be seen there.
package final class TopicWriter: Service {
    package struct Options: Sendable {
        /// Of the file that says how far it is.
        package var name = "kafka"
        /// Unless there are routes.
        package var topic = "confluent-audit-log-events"
        package var mode = RecordMode.structured
        package var key = RecordKey.none
        package var filter: Filter?
        package var routes: EventRoutes?
        /// Begins, when it was never run, behind what the log has then.
        package var startsAtEnd = false

        package init() {}

        package var topics: [String] { routes?.topics ?? [topic] }
    }

    private let options: Options
    private let properties: KafkaProperties
    private let admission: Admission
    private let engine: Engine
    private let path: FilePath
    private let fileSystem: any FileSystem
    private let isRead: @Sendable (_ cluster: String, _ topic: String) -> Bool
    private let logger: Logger
    private let progress = Mutex(WriterProgress())
    private let current = Mutex<KafkaProducer?>(nil)

    /// - Parameters:
    ///   - options: what is written, and where.
    ///   - properties: of the connection.
    ///   - admission: of the log.
    ///   - engine: runs the filter.
    ///   - directory: of the file that says how far it is; made when missing.
    ///   - fileSystem: with the directory.
    ///   - isRead: whether a topic of a cluster is read into the log: then nothing is written to it.
    ///   - logger: for what an operator should look at.
    /// - Throws: `KafkaClientError.configuration`.
    package init(
        _ options: Options,
        _ properties: KafkaProperties,
        admission: Admission,
        engine: Engine,
        directory: FilePath,
        fileSystem: any FileSystem,
        isRead: @escaping @Sendable (_ cluster: String, _ topic: String) -> Bool = { _, _ in false },
        logger: Logger
    ) throws(KafkaClientError) {
        self.options = options
        self.properties = properties
        self.admission = admission
        self.engine = engine
        path = directory.appending("\(options.name).cursor")
        self.fileSystem = fileSystem
        self.isRead = isRead
        self.logger = logger
        try properties.check()
    }

    package var state: WriterProgress { progress.withLock { $0 } }

    /// Writes until it is ended, whatever brokers do meanwhile.
    ///
    /// - Throws: `WriterError` when only somebody can help; `StoreError` when the log can't be read.
    package func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { [self] in
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await self.watch() }
                    try await write()
                    tasks.cancelAll()
                }
            }
        } catch is CancellationError {
        }
    }

    private func write() async throws {
        var delays = Backoff()
        while !Task.isCancelled {
            do {
                try await session()
                delays = Backoff()
            } catch let error as KafkaClientError {
                if Task.isCancelled { return }
                progress.withLock { $0.trouble = error }
                logger.warning("a topic can't be written", metadata: ["error": "\(error)"])
                try await Task.sleep(for: delays.next())
            }
        }
    }

    /// Writes with one producer.
    ///
    /// - Throws: `KafkaClientError` when it takes another one.
    private func session() async throws {
        let producer = try KafkaProducer(properties, logger: logger)
        current.withLock { $0 = producer }
        do {
            var writing = try await begin(producer)
            try await withTaskCancellationHandler {
                try await writing.run()
            } onCancel: {
                // What is under way gets a moment; then the next run looks whether it arrived.
                Task.detached {
                    try? await Task.sleep(for: .seconds(3))
                    producer.abandon()
                }
            }
            await producer.close()
        } catch {
            await producer.close()
            throw error
        }
    }

    /// Finds out where to go on, and what of that the topics have already.
    private func begin(_ producer: KafkaProducer) async throws -> WriterSession {
        let snapshot = admission.store.snapshot
        let stored = try await onThread { [path, fileSystem] in try WriterCursor.load(path, fileSystem) }
        let start = options.startsAtEnd ? snapshot.endIndex : snapshot.floorIndex
        var cursor = stored ?? WriterCursor(nextIndex: start)
        if cursor.nextIndex > snapshot.endIndex {
            logger.error(
                "the sink is ahead of the log, which was put back from a copy; it goes on at the log's end",
                metadata: ["sink.index": "\(cursor.nextIndex)", "log.end_index": "\(snapshot.endIndex)"]
            )
            cursor.nextIndex = snapshot.endIndex
        }
        let written = try await findWritten(stored, &cursor)
        try await save(cursor)
        let nextIndex = cursor.nextIndex
        progress.withLock { $0.nextIndex = nextIndex }
        return WriterSession(self, producer, cursor, written)
    }

    private func findWritten(_ stored: WriterCursor?, _ cursor: inout WriterCursor) async throws -> WrittenEvents {
        let consumer = try KafkaConsumer(properties, headers: WrittenRecords.headers, logger: logger)
        let records = WrittenRecords(consumer: consumer, log: admission.store.logName)
        do {
            if let cluster = try await consumer.clusterID() {
                for topic in options.topics where isRead(cluster, topic) { throw WriterError.loop(topic: topic) }
            }
            if let error = consumer.error { throw error }
            let ends = try await records.ends(of: options.topics)
            var written = WrittenEvents(ends: ends)
            if let stored {
                written.indices = try await records.indices(from: stored.nextIndex, behind: stored.ends, upTo: ends)
            }
            // What was found there has to be found again if this ends before the cursor is behind it.
            if written.indices.isEmpty { cursor.ends = ends } else { cursor.ends.merge(ends) { old, _ in old } }
            await consumer.close()
            return written
        } catch let error as KafkaClientError where error.code == .unauthorized {
            await consumer.close()
            // Who may only write can't look.
            logger.warning(
                "what arrived before the last end can't be looked up, so that some of it may be written a second time",
                metadata: ["error": "\(error)"]
            )
            return WrittenEvents(ends: [:])
        } catch {
            await consumer.close()
            throw error
        }
    }

    // MARK: - What a session needs

    func reader() -> BatchReader {
        BatchReader(
            engine,
            filter: options.filter,
            encoder: RecordEncoder(
                mode: options.mode,
                key: options.key,
                topic: options.topic,
                routes: options.routes,
                log: admission.store.logName
            )
        )
    }

    var snapshot: StoreSnapshot { admission.store.snapshot }
    var growth: AsyncStream<UInt64> { admission.store.growth() }

    func save(_ cursor: WriterCursor) async throws {
        try await onThread { [path, fileSystem] in try cursor.save(path, fileSystem) }
    }

    func arrived(_ batch: EncodedBatch, refusedCount: Int) {
        let count = batch.indices.count - refusedCount
        progress.withLock { progress in
            progress.recordCount += count
            progress.trouble = nil
            progress.nextIndex = batch.nextIndex
        }
        KafkaExportTelemetry.arrived(count)
    }

    func moved(to index: UInt64) { progress.withLock { $0.nextIndex = index } }

    func meet(_ error: KafkaClientError) {
        progress.withLock { $0.trouble = error }
        logger.warning("records did not arrive", metadata: ["error": "\(error)"])
    }

    /// Says in the log what the topic does not get.
    func skip(_ range: Range<UInt64>, _ reason: Gap.Reason, _ why: String) async throws {
        logger.error(
            "events are not written",
            metadata: ["log.index": "\(range.lowerBound)", "count": "\(range.count)", "reason": "\(why)"]
        )
        KafkaExportTelemetry.missing(range.count)
        try await admission.recordGap(
            Gap(
                submitter: "martlet",
                source: "sink:\(options.name)",
                from: "index \(range.lowerBound)",
                to: "index \(range.upperBound - 1)",
                reason: reason,
                lostCount: range.count
            )
        )
    }

    func refuse(_ index: UInt64, _ error: KafkaClientError) async throws {
        KafkaExportTelemetry.refused(1)
        progress.withLock { $0.refusedCount += 1 }
        try await skip(index..<index + 1, .unreadable, error.message)
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(work)
    }

    // MARK: - Watching

    private func watch() async throws {
        var counts: [Int] = []
        while true {
            counts.append(state.recordCount)
            if counts.count > 11 { counts.removeFirst() }
            let rate = Double((counts.last ?? 0) - (counts.first ?? 0)) / Double(max(1, counts.count - 1))
            let error = current.withLock { $0 }?.error
            progress.withLock { progress in
                progress.rate = rate
                if progress.trouble == nil { progress.trouble = error }
            }
            KafkaExportTelemetry.state(state, endIndex: snapshot.endIndex)
            try await Task.sleep(for: .seconds(1))
        }
    }
}
