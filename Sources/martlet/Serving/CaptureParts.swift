// SPDX-License-Identifier: Apache-2.0

import AuditAPI
import AuditModel
import DurableFiles
import EventMapping
import Ingest
import KafkaGateway
import LogReaders
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import SystemPackage

/// The parts of a server that capture events themselves: the gateway in front of brokers, and the readers of their logs.
struct CaptureParts {
    /// Names under which they hand their events in.
    static let gatewaySubmitter = "gateway"
    private static let readerSubmitter = "log-reader"

    private let settings: Settings
    private let services: APIServices
    private let directory: FilePath
    let policy: CapturePolicy
    private let gateway: KafkaGatewayOptions?

    /// - Throws: `CommandFailure` for settings that do not go together.
    init(_ settings: Settings, _ services: APIServices, directory: FilePath) throws {
        self.settings = settings
        self.services = services
        self.directory = directory
        policy = try PolicyFile.policy(settings.text(.kafkaPolicy))
        gateway = try settings.kafkaGatewayOptions()
    }

    /// All that the settings ask for; nothing where they ask for none.
    func parts() throws -> [any Service] {
        let authorizerLogs = settings.texts(.authorizerLog)
        // Lines wait a moment for the wire's event, so there is no correlator without a gateway.
        let correlator = gateway != nil && !authorizerLogs.isEmpty ? AuthorizationCorrelator() : nil
        var parts: [any Service] = []
        if let gateway {
            let cluster = gateway.cluster.description
            parts.append(
                KafkaGateway(
                    gateway,
                    policy: policy,
                    destination: AdmissionDestination(
                        services.admission,
                        submitter: Self.gatewaySubmitter,
                        source: cluster
                    ),
                    submitter: Self.gatewaySubmitter,
                    correlator: correlator,
                    directory: directory.appending("gateway"),
                    fileSystem: RealFileSystem(),
                    events: services.systemEvents,
                    logger: services.logger,
                    listening: Self.tellListening
                )
            )
        }
        parts += try readers(authorizerLogs, settings.texts(.requestLog), correlator)
        return parts
    }

    /// Says in the log what the policy leaves out that nobody expects to be left out.
    func recordWeakenings() async throws {
        guard
            let event = policy.weakened(by: settings.text(.kafkaPolicy), services.systemEvents, services.logger)
        else { return }
        try await services.admission.record(event)
    }

    /// Says where the gateway's bootstrap port is, also for programs that start one on a free port.
    static let tellListening: @Sendable (SocketAddress) -> Void = { address in
        let host = address.ipAddress.map { $0.contains(":") ? "[\($0)]" : $0 } ?? ""
        Terminal.writeError("kafka gateway listening on \(host):\(address.port ?? 0)\n")
    }

    private func readers(
        _ authorizerLogs: [String],
        _ requestLogs: [String],
        _ correlator: AuthorizationCorrelator?
    ) throws -> [any Service] {
        guard !authorizerLogs.isEmpty || !requestLogs.isEmpty else { return [] }
        let parsers = try LogParsers(settings, policy: policy)
        return authorizerLogs.map { follower($0, parsers.authorizer(correlator)) }
            + requestLogs.map { follower($0, parsers.request()) }
    }

    private func follower(_ path: String, _ parser: any LogLineParser) -> any Service {
        var options = LogFollower.Options(path: FilePath(path))
        options.submitter = Self.readerSubmitter
        return LogFollower(
            options,
            parser: parser,
            admission: services.admission,
            pool: .singleton,
            now: System.nanosecondsSinceEpoch,
            logger: services.logger
        )
    }
}

extension CapturePolicy {
    /// The event, and warnings to the operator, that say what a policy's file leaves out which nobody expects to be left out.
    ///
    /// Nil where there is no such thing.
    func weakened(by file: String?, _ events: SystemEventMaker, _ logger: Logger) -> SystemEvent? {
        guard !weakenings.isEmpty, let file else { return nil }
        for weakening in weakenings { logger.warning("the policy: \(weakening)") }
        let details = weakenings.enumerated().map { ("weakening.\($0.offset + 1)", $0.element) }
        return events.make(
            .configuration,
            method: "LoadPolicy",
            principal: "martlet",
            details: [("policy", file)] + details
        )
    }
}

/// Makes the parsers of brokers' logs.
struct LogParsers {
    private let zone: TimeZoneRule
    private let cluster: KafkaCluster
    private let policy: CapturePolicy
    /// Shared: a forwarded request is in the logs of two brokers.
    private let forwarded = ForwardedRequests()

    init(_ settings: Settings, policy: CapturePolicy) throws {
        try self.init(
            zone: settings.text(.brokerLogTimeZone) ?? "UTC",
            cluster: settings.clusterName(.kafkaCluster),
            policy: policy
        )
    }

    /// - Parameters:
    ///   - zone: `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`.
    ///   - cluster: as events name it.
    ///   - policy: what is captured.
    /// - Throws: `CommandFailure` for a zone that is none.
    init(zone: String, cluster: CRN, policy: CapturePolicy) throws {
        self.zone = try Self.rule(zone)
        self.cluster = KafkaCluster(crn: cluster)
        self.policy = policy
    }

    func authorizer(_ correlator: AuthorizationCorrelator? = nil) -> any LogLineParser {
        AuthorizerLogParser(cluster: cluster.crn, zone: zone, correlator: correlator)
    }

    func request() -> any LogLineParser {
        let mapping = LoggedRequestMapping(cluster: cluster, policy: policy)
        return RequestLogParser(zone: zone, forwarded: forwarded, captures: { [policy] in policy.captures($0) }) {
            mapping.append($0, to: &$1)
        }
    }

    /// Where Linux keeps the rules of zones.
    private static let zones = "/usr/share/zoneinfo"

    private static func rule(_ name: String) throws -> TimeZoneRule {
        if let rule = TimeZoneRule(fixed: name) { return rule }
        let isName = !name.isEmpty && !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
        guard isName, let bytes = try? SmallFile.bytes(of: "\(zones)/\(name)"), let rule = TimeZoneFile.rule(bytes)
        else {
            throw CommandFailure(
                .usage,
                "\"\(Terminal.harmless(name))\" is no time zone: give UTC, an offset such as +02:00, or a name such as Europe/Berlin (names need Debian's tzdata)"
            )
        }
        return rule
    }
}
