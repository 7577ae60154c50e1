// SPDX-License-Identifier: Apache-2.0

import Access
import AuditModel
import AuditStore
import Hummingbird
import Ingest
import ManifestFormat
import MetricsExport

/// `/health/live`, `/health/ready`, `/metrics`, `/v1/status` and the front page.
struct StatusRoutes {
    let services: APIServices

    /// What needs no token: whether the process is alive and able, and where to go.
    func addOpen(to router: Router<MartletContext>) {
        router.get("health/live") { _, _ in Response.text("alive\n") }
        router.get("health/ready") { _, _ in ready() }
        router.get("/") { _, _ in Response.text(frontPage) }
    }

    func add(to group: RouterGroup<MartletContext>) {
        group.get("v1/status") { _, context in try status(context) }
        group.get("metrics") { _, context in
            _ = try context.require(.read)
            return Response.text(services.metrics.exposition(), type: MetricsRegistry.contentType)
        }
    }

    /// Ready means: a batch sent now would be stored, and no topic waits longer than it may.
    private func ready() -> Response {
        if let failure = services.store.failure {
            return .text("not ready: \(failure.code.rawValue)\n", status: .serviceUnavailable)
        }
        let topics = services.topics()
        let lines = topics.map(Self.line).joined()
        guard topics.contains(where: \.isTooLate) else { return .text("ready\n\(lines)") }
        return .text("not ready: a topic waits too long\n\(lines)", status: .serviceUnavailable)
    }

    /// What a person who asks wants to know of a topic; nothing that is not for everybody, as names and errors are.
    private static func line(_ topic: TopicStatus) -> String {
        let age = topic.lagSeconds.map { ", the oldest for \($0) s" } ?? ""
        let trouble = topic.trouble == nil ? "" : "; in trouble, see /v1/status"
        return "kafka \(topic.direction.rawValue): \(topic.lag) wait\(age)\(trouble)\n"
    }

    private struct Status: Encodable {
        let version: String
        let log: String
        let endIndex: UInt64
        let floorIndex: UInt64
        let segments: Int
        let sealedEvents: UInt64
        let journalEvents: UInt64
        let damagedSegments: [String]
        let firstReceived: String?
        let lastReceived: String?
        let quarantined: Int
        let failure: String?
        let sealingFailure: String?
        let integratedSize: UInt64?
        let witnessedSize: UInt64?
        let signingFailure: String?
        let unwitnessedSince: String?
        let unwitnessedSeconds: Int64?
        let witnesses: [WitnessStatus.Witness]?
        let topics: [TopicStatus]?
    }

    private func status(_ context: MartletContext) throws -> Response {
        _ = try context.require(.read)
        let snapshot = services.store.snapshot
        let witnesses = services.witnesses?()
        let topics = services.topics()
        let now = services.systemEvents.now().nanosecondsSinceEpoch
        func text(_ received: Int64?) -> String? {
            received.map { Timestamp(nanosecondsSinceEpoch: $0).description }
        }
        return .json(
            Status(
                version: services.version,
                log: services.store.logName,
                endIndex: snapshot.endIndex,
                floorIndex: snapshot.floorIndex,
                segments: snapshot.segments.count,
                sealedEvents: snapshot.liveStart - snapshot.floorIndex,
                journalEvents: snapshot.endIndex - snapshot.liveStart,
                damagedSegments: snapshot.segments.filter { $0.damage != nil }.map(\.description.name),
                firstReceived: text(snapshot.firstReceived),
                lastReceived: text(snapshot.lastReceived),
                quarantined: services.admission.quarantine.count,
                failure: services.store.failure?.message,
                sealingFailure: services.store.sealingFailure?.message,
                integratedSize: services.store.tree?.status.integratedSize,
                witnessedSize: services.store.tree?.status.witnessedSize,
                signingFailure: services.store.tree?.status.failure?.message,
                unwitnessedSince: text(witnesses?.unwitnessedSince),
                unwitnessedSeconds: witnesses?.unwitnessedSince.map { max(0, now - $0) / 1_000_000_000 },
                witnesses: witnesses?.witnesses,
                topics: topics.isEmpty ? nil : topics
            )
        )
    }

    private var frontPage: String {
        """
        Martlet \(services.version), an audit log for streaming platforms.

        POST /v1/events           hand in events (CloudEvents: structured, batched, binary; NDJSON)
        GET  /v1/events           find them: ?filter=outcome:denied&from=now-1d&limit=20&order=newest
        GET  /v1/events/{index}   one of them
        POST /v1/query            ask with pipes: {"query": "outcome:denied | count by method"}
        GET  /v1/fields           what can be asked for
        GET  /v1/ledger           whether everything is there, by source and hour
        GET  /v1/tail             follow them (server-sent events): ?filter=…
        GET  /v1/status           how the log stands
        GET  /v1/events/{index}/receipt   the proof that it is in the log
        GET  /checkpoint, /tile/…  the log's signed tree (c2sp.org/tlog-tiles); GET /v1/log says who signs
        GET  /metrics             Prometheus text
        GET  /health/live, /health/ready
        GET  /openapi.json        all of this for programs

        On the command line: martlet query 'outcome:denied', martlet tail, martlet --help

        """
    }
}
