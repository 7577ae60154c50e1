// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import KafkaClient
import KafkaIngest
import Logging
import ServiceLifecycle
import Synchronization

/// Reads topics into the log of a server, which goes on whatever happens to them.
struct TopicSource: Service {
    private let reader: TopicReader
    private let topics: [String]
    private let logger: Logger
    private let now: @Sendable () -> Int64
    /// Nanoseconds; nil for none.
    private let maximumAge: Int64?
    private let failure = Failure()

    /// Why the reading ended although nobody ended it.
    private final class Failure: Sendable {
        let text = Mutex<String?>(nil)
    }

    /// While a record is unread for longer than `maximumAge`, in nanoseconds, the server is not ready; nil for no bound.
    ///
    /// - Throws: `CommandFailure` for properties that can't be used.
    init(
        _ options: TopicReader.Options,
        _ properties: KafkaProperties,
        _ services: APIServices,
        maximumAge: Int64?
    ) throws {
        topics = options.topics
        logger = services.logger
        now = System.nanosecondsSinceEpoch
        self.maximumAge = maximumAge
        do {
            reader = try TopicReader(options, properties, admission: services.admission, logger: services.logger)
        } catch {
            throw CommandFailure(.usage, "kafkaSource: \(error.message)")
        }
    }

    func run() async throws {
        do {
            try await reader.run()
        } catch {
            logger.critical(
                "topics are no longer read: restart the server when this is mended",
                metadata: ["error": "\(error)"]
            )
            failure.text.withLock { $0 = "\(error)" }
        }
        // A part of a server that ends takes the server with it.
        try? await gracefulShutdown()
    }

    /// Whether it reads a topic of a cluster, by the id that brokers say.
    func reads(_ topic: String, ofCluster cluster: String) -> Bool { reader.reads(topic, ofCluster: cluster) }

    /// How far it is.
    var status: TopicStatus {
        let state = reader.state
        var status = TopicStatus(.source, topics: topics)
        status.partitions = state.partitionCount
        status.records = state.recordCount
        status.recordsPerSecond = Int(state.rate)
        status.lag = state.lag
        let age = state.unreadSince.map { max(0, now() - $0 &* 1_000_000) }
        status.lagSeconds = age.map { Int($0 / 1_000_000_000) }
        status.setAside = state.setAsideCount
        status.trouble = failure.text.withLock { $0 } ?? state.trouble?.message
        if let maximumAge {
            // Brokers that can't be asked say of no record that it is unread.
            let trouble = state.troubleSince.map { ContinuousClock.now - $0 } ?? .zero
            status.isTooLate = (age ?? 0) > maximumAge || trouble > .nanoseconds(maximumAge)
        }
        return status
    }
}

/// How far the parts of a server are that read or write topics.
final class TopicStandings: Sendable {
    private let parts = Mutex<[@Sendable () -> TopicStatus]>([])

    func add(_ part: @escaping @Sendable () -> TopicStatus) { parts.withLock { $0.append(part) } }

    var current: [TopicStatus] { parts.withLock { $0 }.map { $0() } }
}
