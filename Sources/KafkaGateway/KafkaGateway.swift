// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import DurableFiles
package import EventMapping
package import Ingest
package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
package import SystemPackage

/// Stands in front of the brokers of a cluster: carries every byte, changes the addresses that clients learn, and records what
/// was done by whom.
///
/// It ends in this order: no more connections are taken, those that there are get a little time, what they left is stored, and what
/// could not be is said at the next start.
package struct KafkaGateway: Service {
    private let options: KafkaGatewayOptions
    private let policy: CapturePolicy
    private let destination: any RecordDestination
    private let recorder: Recorder
    private let files: GatewayFiles
    private let cluster: KafkaCluster
    private let events: SystemEventMaker
    private let group: any EventLoopGroup
    private let logger: Logger
    private let random: @Sendable () -> UInt64
    private let listening: @Sendable (SocketAddress) -> Void

    /// - Parameters:
    ///   - options: where it stands, in front of whom, and what it bears.
    ///   - policy: what is captured, and what happens when it can't be recorded.
    ///   - destination: where events go.
    ///   - submitter: under which they are handed over.
    ///   - queueByteCount: bytes of events that wait in memory.
    ///   - correlator: told what events say was checked; nil where no logs of the brokers are read.
    ///   - directory: of the gateway's own state: its nodes, and whether it runs.
    ///   - fileSystem: with the directory.
    ///   - events: makes Martlet's own events, and has the clock.
    ///   - group: all of whose loops carry connections.
    ///   - logger: for operators.
    ///   - random: makes connections' ids.
    ///   - listening: told of the bootstrap address when it is listened at.
    package init(
        _ options: KafkaGatewayOptions,
        policy: CapturePolicy,
        destination: any RecordDestination,
        submitter: String,
        queueByteCount: Int = GatewayLimits.queueByteCount,
        correlator: AuthorizationCorrelator? = nil,
        directory: FilePath,
        fileSystem: any FileSystem,
        events: SystemEventMaker,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
        listening: @escaping @Sendable (SocketAddress) -> Void = { _ in }
    ) {
        self.options = options
        self.policy = policy
        self.destination = destination
        self.events = events
        self.group = group
        self.logger = logger
        self.random = random
        self.listening = listening
        files = GatewayFiles(directory, fileSystem)
        cluster = KafkaCluster(crn: options.cluster, interbrokerPrincipals: options.interbrokerPrincipals)
        var recording = Recorder.Options(submitter: submitter, source: options.cluster.description) {
            policy.whenUnavailable($0) == .pass
        }
        recording.capacity = queueByteCount
        recording.correlator = correlator
        recorder = Recorder(
            destination,
            options: recording,
            timers: group,
            now: { events.now().nanosecondsSinceEpoch },
            logger: logger
        )
    }

    package func run() async throws {
        let unclean = try await files.begin(events.now(), recorder.options)
        if let unclean {
            logger.warning("the gateway's last run did not end well: what it held in memory is lost")
            recorder.record(unclean)
        }
        let lost = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await destination.run() }
            async let lost = recorder.run()
            do {
                try await serve()
            } catch {
                recorder.finish(by: .now + options.times.record)
                let remainder = await lost
                group.cancelAll()
                // It never listened, so nothing was lost of what it never saw.
                try await files.end(events.now(), lost: remainder)
                throw error
            }
            recorder.finish(by: .now + options.times.record)
            let remainder = await lost
            await destination.flush()
            group.cancelAll()
            return remainder
        }
        if let lost {
            logger.error("events could not be stored", metadata: ["count": "\(lost.lostCount ?? 0)"])
        }
        try await files.end(events.now(), lost: lost)
        logger.info("gateway ended")
    }

    // MARK: - Serving

    private func serve() async throws {
        let listeners = try await listen()
        let shared = listeners.shared
        defer { shared.logger.debug("listeners closed") }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await files.keep(shared.nodes, recorder, events) }
            group.addTask { await flushFailures() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
        await shared.ports.close()
        await drain(shared)
        recordFailures(until: .max)
        recorder.record(
            events.make(
                .gatewayStopped,
                method: "StopGateway",
                principal: "martlet",
                details: [("cluster", options.cluster.description)]
            )
        )
        await files.save(shared.nodes)
    }

    /// Records repeats of failed logins, whose connections are gone, until the task is cancelled.
    private func flushFailures() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
            recordFailures(until: events.now().nanosecondsSinceEpoch)
        }
    }

    private func recordFailures(until time: Int64) {
        guard cluster.nextFlush != nil else { return }
        var due: [MappedEvent] = []
        cluster.flush(time: time, into: &due)
        recorder.record(due)
        GatewayTelemetry.mapped(due)
    }

    /// Gives connections a little time to get their answers, and ends them then.
    private func drain(_ shared: GatewayShared) async {
        let connections = shared.counts.close()
        for connection in connections { connection.tell(.drain) }
        let end = group.next().scheduleTask(in: TimeAmount(options.times.drain)) {
            for connection in connections { connection.tell(.end) }
        }
        for connection in connections { try? await connection.ended.get() }
        end.cancel()
    }
}

extension KafkaGateway {
    private struct Listeners {
        let shared: GatewayShared
    }

    /// Listens at the bootstrap port and at those of nodes that are known.
    private func listen() async throws -> Listeners {
        if case .names = options.addressing, options.clientTLS == nil {
            throw GatewayError(.configuration, "nodes can have names only where clients speak TLS")
        }
        guard !options.bootstrapServers.isEmpty else {
            throw GatewayError(.configuration, "no bootstrap server is named")
        }
        if case .ports(let nodeIDs) = options.addressing, options.listenPort > 0,
            NodeTable.port(nodeIDs.upperBound, bootstrap: options.listenPort) == nil
        {
            throw GatewayError(
                .configuration,
                "node \(nodeIDs.upperBound) would have the port \(options.listenPort + 1 + Int(nodeIDs.upperBound)), and the last one is 65535"
            )
        }
        let clientTLS = try options.clientTLS?.context()
        let brokerTLS = try options.brokerTLS?.context()
        if options.brokerTLS?.verification == .insecureNone {
            logger.warning("brokers need not prove who they are: whoever stands between may read and change everything")
        }
        // Connections come when the rest of what they share is known, which needs the bootstrap port.
        let acceptor = LateAcceptor()
        let bootstrap: any Channel
        do {
            bootstrap = try await listen(options.listenPort, node: nil, acceptor).get()
        } catch {
            throw GatewayError(
                .unavailablePort,
                "can't listen at \(options.listenHost):\(options.listenPort): \(error)"
            )
        }
        let port = bootstrap.localAddress?.port ?? options.listenPort
        let nodes = NodeTable(
            options.addressing,
            advertisedHost: options.advertisedHost,
            advertisedPort: options.advertisedPort ?? port
        )
        await files.restore(nodes, logger)
        nodes.learn(options.knownNodes)
        let ports = NodePorts(group, nodes: nodes, logger: logger) { node in
            guard let port = NodeTable.port(node, bootstrap: port) else {
                return group.next().makeFailedFuture(GatewayError(.unavailablePort, "node \(node) is beyond the ports"))
            }
            return listen(port, node: node, acceptor)
        }
        ports.add(bootstrap)
        let shared = GatewayShared(
            options: options,
            policy: policy,
            captured: CapturedAPIs(policy),
            cluster: cluster,
            recorder: recorder,
            events: events,
            nodes: nodes,
            ports: ports,
            counts: ConnectionCounts(options.limits),
            clientTLS: clientTLS,
            brokerTLS: brokerTLS,
            logger: logger,
            random: random
        )
        acceptor.open(shared)
        try? await ports.open(nodes.nodes, on: group.next()).get()
        sayStarted(nodes, bootstrap.localAddress)
        return Listeners(shared: shared)
    }

    private func listen(_ port: Int, node: Int32?, _ acceptor: LateAcceptor) -> EventLoopFuture<any Channel> {
        ServerBootstrap(group: group)
            .gatewayOptions()
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try acceptor.accept(channel, node: node) }
            }
            .bind(host: options.listenHost, port: port)
    }

    private func sayStarted(_ nodes: NodeTable, _ address: SocketAddress?) {
        var details = [
            ("cluster", options.cluster.description), ("listen", address.map { "\($0)" } ?? ""),
            ("bootstrapServers", options.bootstrapServers.map(\.description).joined(separator: ",")),
            ("clientTLS", options.clientTLS == nil ? "off" : "on"),
            ("brokerTLS", options.brokerTLS.map { "on, verification \($0.verification.rawValue)" } ?? "off"),
        ]
        for category in CaptureCategory.allCases {
            details.append(("whenUnavailable.\(category.rawValue)", "\(policy.whenUnavailable(category))"))
        }
        recorder.record(
            events.make(.gatewayStarted, method: "StartGateway", principal: "martlet", details: details)
        )
        logger.info(
            "gateway listens",
            metadata: [
                "kafka.cluster": "\(options.cluster)", "net.address": "\(address.map { "\($0)" } ?? "")",
                "kafka.nodes": "\(nodes.nodes)",
            ].merging(
                CaptureCategory.allCases.map {
                    ("policy.unavailable.\($0.rawValue)", "\(policy.whenUnavailable($0))")
                },
                uniquingKeysWith: { $1 }
            )
        )
        if let address { listening(address) }
    }
}

/// Lets connections in once everything that they share is there; those that come before are closed.
///
/// `Mutex`: what they share.
private final class LateAcceptor: Sendable {
    private let shared = Mutex<GatewayShared?>(nil)

    func open(_ shared: GatewayShared) {
        self.shared.withLock { $0 = shared }
    }

    func accept(_ channel: any Channel, node: Int32?) throws {
        guard let shared = shared.withLock({ $0 }) else {
            throw GatewayError(.configuration, "the gateway is not ready")
        }
        try Acceptor(shared: shared, node: node).accept(channel)
    }
}
