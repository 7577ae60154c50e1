// SPDX-License-Identifier: Apache-2.0

import Access
import AuditAPI
import AuditStore
import DurableFiles
import Glibc
import Ingest
import KafkaGateway
import Ledger
import Logging
import Metrics
import MetricsExport
import NIOCore
import NIOPosix
import PackExport
import QueryEngine
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// Puts a server together from its settings and runs it to its end.
struct Server {
    private let settings: Settings
    private let directory: String

    init(_ settings: Settings, directory: String) {
        self.settings = settings
        self.directory = directory
    }

    /// Runs to the end; without the API it only captures.
    func run(withAPI: Bool = true) async throws {
        let logger = Self.logger(level: settings.text(.logLevel), format: settings.text(.logFormat))
        let metrics = MetricsRegistry(help: MetricsHelp.texts)
        MetricsSystem.bootstrap(metrics)
        let witnesses = try settings.text(.treeWitnesses).map { try WitnessPolicy(path: $0) }
        let standing = WitnessKeeper.Standing()
        let status: @Sendable () -> WitnessStatus = { standing.current }
        let topics = TopicStandings()
        let services = try services(
            logger: logger,
            metrics: metrics,
            witnesses: witnesses == nil ? nil : status,
            topics: topics
        )
        if withAPI { try await checkAccess(services.tokens) }
        let capture = try CaptureParts(settings, services, directory: FilePath(directory))
        // Ended in reverse: first the API takes nothing new and answers what it has, then the journal is closed.
        var parts: [any Service] = [
            LogService(services, startDetails: startDetails), StoreKeeper(services: services),
        ]
        if let interval = settings.heartbeatInterval {
            parts.append(HeartbeatKeeper(services: services, interval: interval))
        }
        if let witnesses {
            parts.append(
                WitnessKeeper(
                    services: services,
                    policy: witnesses,
                    interval: settings.witnessInterval,
                    standing: standing
                )
            )
        }
        try await capture.recordWeakenings()
        parts += try capture.parts()
        parts += try topicParts(services, topics)
        if withAPI { parts.append(api(services)) }
        let group = ServiceGroup(
            configuration: .init(
                services: parts.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let error as GatewayError {
            throw CommandFailure(error.code == .configuration ? .usage : .couldNotRun, error.message)
        } catch let error as IOError where [EADDRINUSE, EADDRNOTAVAIL, EACCES].contains(error.errnoCode) {
            let place = "\(settings.text(.host) ?? "127.0.0.1"), port \(settings.integer(.port))"
            throw CommandFailure(
                .couldNotRun,
                "cannot listen on \(place): \(String(cString: strerror(error.errnoCode))); choose another with --host and --port"
            )
        }
    }

    // MARK: - Parts

    private func api(_ services: APIServices) -> APIServer {
        let host = settings.text(.host) ?? "127.0.0.1"
        return APIServer(
            services,
            host: host,
            port: settings.integer(.port),
            allowsAnonymousLoopback: settings.boolean(.allowsAnonymousLoopback)
        ) { port in
            // Also for programs that start a server on a free port and read where it is.
            Terminal.writeError("listening on http://\(host.contains(":") ? "[\(host)]" : host):\(port)\n")
        }
    }

    private func services(
        logger: Logger,
        metrics: MetricsRegistry,
        witnesses: (@Sendable () -> WitnessStatus)?,
        topics: TopicStandings
    ) throws -> APIServices {
        let path = FilePath(directory)
        let store = try LogStore(directory: path, options: settings.storeOptions)
        let quarantine = try Quarantine(
            directory: path,
            fileSystem: RealFileSystem(),
            now: System.nanosecondsSinceEpoch
        )
        let pool = NIOThreadPool(numberOfThreads: System.coreCount)
        pool.start()
        let events = SystemEventMaker(now: System.now)
        return APIServices(
            store: store,
            admission: Admission(
                store: store,
                quarantine: quarantine,
                events: events,
                limits: settings.scanLimits
            ),
            engine: Engine(
                catalog: try CatalogChoice.load(settings.text(.catalogFile)),
                pool: pool,
                threadCount: System.coreCount,
                maximumViewByteCount: settings.queryViewByteCount
            ),
            tokens: try TokenStore.open(in: directory),
            metrics: metrics,
            ledger: LedgerMaker(pool: pool, threadCount: System.coreCount),
            systemEvents: events,
            logger: logger,
            version: MartletCommand.version,
            publishesTree: settings.boolean(.treePublic),
            packs: PackOptions(temporaryDirectory: System.temporaryDirectory),
            allowsErasure: settings.boolean(.erasure),
            witnesses: witnesses,
            topics: { topics.current }
        )
    }

    /// What reads topics into the log, and writes the log to topics.
    private func topicParts(_ services: APIServices, _ standings: TopicStandings) throws -> [any Service] {
        var parts: [any Service] = []
        let source = try settings.kafkaSource().map { source in
            try TopicSource(
                source.options,
                source.properties,
                services,
                maximumAge: settings.text(.sourceMaximumUnreadAge).flatMap(Quantity.nanoseconds)
            )
        }
        if let source {
            standings.add { source.status }
            parts.append(source)
        }
        if let sink = try settings.kafkaSink() {
            let part = try TopicSink(
                sink.options,
                sink.properties,
                services,
                directory: FilePath(directory).appending("sinks"),
                source: source
            )
            standings.add { part.status }
            parts.append(part)
        }
        return parts
    }

    /// Refuses to start a server that nobody could use.
    private func checkAccess(_ tokens: TokenStore) async throws {
        let host = settings.text(.host) ?? ""
        let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
        if isLoopback, settings.boolean(.allowsAnonymousLoopback) { return }
        let now = Duration.nanoseconds(System.nanosecondsSinceEpoch())
        guard try await tokens.list().contains(where: { $0.standing(at: now) == .active }) else {
            throw CommandFailure(
                .couldNotRun,
                """
                nobody could use this server: it has no token. Make one:
                  martlet token create --data \(directory) --name admin --scopes admin
                or, for this machine only, let everybody in: --allow-anonymous-loopback
                """
            )
        }
    }

    /// What the log keeps of how the server was started.
    private var startDetails: [(name: String, value: String)] {
        [("version", MartletCommand.version)]
            + Setting.all.compactMap { setting in
                settings.value(of: setting).map { (setting.key, "\($0.text) (\($0.origin))") }
            }
    }

    /// The program's logger; to be made once.
    static func logger(level: String?, format: String?) -> Logger {
        let level = level.flatMap(Logger.Level.init(rawValue:)) ?? .info
        let isJSON = format == "json"
        LoggingSystem.bootstrap { label in
            var handler: any LogHandler = isJSON ? JSONLogHandler() : StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "martlet")
    }
}
