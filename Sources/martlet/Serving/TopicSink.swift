// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditModel
import AuditStore
import DurableFiles
import Ingest
import KafkaClient
import KafkaExport
import Logging
import ServiceLifecycle
import Synchronization
import SystemPackage

/// Writes the log of a server to topics; the server goes on whatever happens to them.
struct TopicSink: Service {
    private let writer: TopicWriter
    private let options: TopicWriter.Options
    private let services: APIServices
    private let failure = Failure()

    /// Why the writing ended although nobody ended it.
    private final class Failure: Sendable {
        let text = Mutex<String?>(nil)
    }

    /// The directory is that of the file that says how far it is; none of the topics that the source reads is written.
    ///
    /// - Throws: `CommandFailure` for properties that can't be used.
    init(
        _ options: TopicWriter.Options,
        _ properties: KafkaProperties,
        _ services: APIServices,
        directory: FilePath,
        source: TopicSource?
    ) throws {
        self.options = options
        self.services = services
        do {
            writer = try TopicWriter(
                options,
                properties,
                admission: services.admission,
                engine: services.engine,
                directory: directory,
                fileSystem: RealFileSystem(),
                isRead: { cluster, topic in source?.reads(topic, ofCluster: cluster) ?? false },
                logger: services.logger
            )
        } catch {
            throw CommandFailure(.usage, "kafkaSink: \(error.message)")
        }
    }

    func run() async throws {
        do {
            try await writer.run()
        } catch {
            services.logger.critical(
                "topics are no longer written: restart the server when this is mended",
                metadata: ["error": "\(error)"]
            )
            failure.text.withLock { $0 = "\(error)" }
        }
        // A part of a server that ends takes the server with it.
        try? await gracefulShutdown()
    }

    /// How far it is.
    var status: TopicStatus {
        let state = writer.state
        let snapshot = services.store.snapshot
        var status = TopicStatus(.sink, topics: options.topics)
        status.records = state.recordCount
        status.recordsPerSecond = Int(state.rate)
        if let next = state.nextIndex, next < snapshot.endIndex {
            status.lag = Int(clamping: snapshot.endIndex - next)
            let now = services.systemEvents.now().nanosecondsSinceEpoch
            let received = snapshot.part(holding: max(next, snapshot.floorIndex))?.receivedRange.lowerBound
            status.lagSeconds = received.map { Int(max(0, now - $0) / 1_000_000_000) }
        }
        status.trouble = failure.text.withLock { $0 } ?? state.trouble?.message
        return status
    }
}
