// SPDX-License-Identifier: Apache-2.0

import AuditModel
import DurableFiles
import EventMapping
import Ingest
import KafkaClient
import KafkaGateway
import Logging
import Metrics
import MetricsExport
import NIOCore
import ServiceLifecycle
import SystemPackage
import UnixSignals

/// A gateway whose log is on another machine: it hands what it saw to a server, or to a topic that a server reads.
///
/// What was seen counts as recorded once it is in the spool on this machine, and goes on from there, in order, for as long as that takes.
///
/// | in the spool's directory | what |
/// |---|---|
/// | `events/` | what waits |
/// | `numbers` | of the records to a topic |
/// | `gateway/` | the nodes that were learnt, and whether a gateway runs |
struct RemoteGateway {
    /// Where events go.
    enum Target {
        case server(ServerClient)
        case topic(String, KafkaProperties, gatewayName: String)
    }

    private let settings: Settings
    private let target: Target
    private let spool: FilePath

    init(_ settings: Settings, to target: Target, spool: String) {
        self.settings = settings
        self.target = target
        self.spool = FilePath(spool)
    }

    /// Runs until SIGTERM or Ctrl-C.
    ///
    /// What did not arrive by then stays in the spool for the next run.
    ///
    /// - Throws: `CommandFailure`.
    func run() async throws {
        let logger = Server.logger(level: settings.text(.logLevel), format: settings.text(.logFormat))
        MetricsSystem.bootstrap(MetricsRegistry(help: MetricsHelp.texts))
        guard let options = try settings.kafkaGatewayOptions() else {
            throw CommandFailure(.usage, "say where clients find the gateway: --listen HOST:PORT")
        }
        let policy = try PolicyFile.policy(settings.text(.kafkaPolicy))
        let events = SystemEventMaker(now: System.now)
        let deliver = try delivery(cluster: options.cluster.description, events, logger)
        let destination = try destination(deliver, events, logger)
        if let weakened = policy.weakened(by: settings.text(.kafkaPolicy), events, logger) {
            try await destination.record(.system(weakened))
        }
        let gateway = KafkaGateway(
            options,
            policy: policy,
            destination: destination,
            submitter: CaptureParts.gatewaySubmitter,
            directory: spool.appending("gateway"),
            fileSystem: RealFileSystem(),
            events: events,
            logger: logger,
            listening: CaptureParts.tellListening
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: gateway)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let error as GatewayError {
            throw CommandFailure(error.code == .configuration ? .usage : .couldNotRun, error.message)
        }
    }

    private func delivery(
        cluster: String,
        _ events: SystemEventMaker,
        _ logger: Logger
    ) throws -> @Sendable (RecordedItem) async throws -> Void {
        switch target {
        case .server(let client):
            let delivery = DeliveryToServer(client, cluster: cluster, events)
            return { try await delivery.deliver($0) }
        case .topic(let topic, let properties, let name):
            let delivery = try DeliveryToTopic(
                topic: topic,
                properties,
                name: name,
                path: spool.appending("numbers"),
                RealFileSystem(),
                events,
                logger
            )
            return { try await delivery.deliver($0) }
        }
    }

    private func destination(
        _ deliver: @escaping @Sendable (RecordedItem) async throws -> Void,
        _ events: SystemEventMaker,
        _ logger: Logger
    ) throws -> RemoteDestination {
        do {
            let spooled = try SpooledDestination(
                spool.appending("events"),
                RealFileSystem(),
                logger: logger,
                deliver: deliver
            )
            return RemoteDestination(spooled, events)
        } catch let error as FileError where error.code == .locked {
            throw CommandFailure(.couldNotRun, "another gateway uses the spool \(spool); give each its own --spool")
        } catch let error as FileError {
            throw CommandFailure(.couldNotRun, "the spool \(spool) can't be used: \(error)")
        }
    }
}

/// The spool, with every item an event that has its id before it is delivered: then a second delivery is a repeat, which the server knows.
private struct RemoteDestination: RecordDestination {
    private let spooled: SpooledDestination
    private let events: SystemEventMaker

    init(_ spooled: SpooledDestination, _ events: SystemEventMaker) {
        self.spooled = spooled
        self.events = events
    }

    func record(_ item: RecordedItem) async throws {
        guard case .gap(let gap) = item else { return try await spooled.record(item) }
        let event = events.make(.gap, method: "RecordGap", principal: "martlet", details: gap.details)
        try await spooled.record(.system(event))
    }

    func run() async throws { try await spooled.run() }
    func flush() async { await spooled.flush() }
}

/// Hands items to a server as any sender would.
///
/// The gateway's own events go the same way, so they are in the stream of the token's events and not in `system`, where only the log
/// itself writes: whoever has the token can say something of this gateway, and nothing of the log.
private struct DeliveryToServer: Sendable {
    /// Of one request: well below what servers take.
    private static let requestByteCount = 4 << 20

    private let client: ServerClient
    private let cluster: String
    private let events: SystemEventMaker

    init(_ client: ServerClient, cluster: String, _ events: SystemEventMaker) {
        self.client = client
        self.cluster = cluster
        self.events = events
    }

    func deliver(_ item: RecordedItem) async throws {
        switch item {
        case .events(let lines, _):
            var rest = lines[...]
            while !rest.isEmpty {
                let part = Self.part(of: rest)
                rest = rest[part.endIndex...]
                try await send(Array(part))
            }
        case .system(let event): try await send(event.encoded(logID: "gateway"))
        case .gap(let gap):
            // Of the spool itself: it has no id from before, so that after a lost answer it may be there twice.
            let event = events.make(.gap, method: "RecordGap", principal: "martlet", details: gap.details)
            try await send(event.encoded(logID: "gateway"))
        }
    }

    /// The first lines, as many as fit, at least one.
    private static func part(of lines: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard lines.count > requestByteCount else { return lines }
        let newline = UInt8(ascii: "\n")
        let limit = lines.startIndex + requestByteCount
        let end = lines[..<limit].lastIndex(of: newline) ?? lines[limit...].firstIndex(of: newline)
        return end.map { lines[...$0] } ?? lines
    }

    private func send(_ lines: [UInt8]) async throws {
        // An event that the server finds wrong is kept there, in the quarantine, and keeps no other out.
        let response = try await client.send(
            .post,
            "/v1/events",
            query: [("invalid", "quarantine"), ("source", cluster)],
            headers: [("Content-Type", "application/x-ndjson")],
            body: lines
        )
        _ = try await client.collect(response)
    }
}
