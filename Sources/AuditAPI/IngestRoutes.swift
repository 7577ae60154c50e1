// SPDX-License-Identifier: Apache-2.0

import Access
import AuditStore
import Hummingbird
import Ingest

/// Accepting: `POST /v1/events`.
struct IngestRoutes {
    let services: APIServices

    func add(to group: RouterGroup<MartletContext>) {
        group.post("events") { request, context in try await accept(request, context) }
    }

    /// What became of a batch.
    private struct Answer: Encodable {
        let accepted: Int
        let firstIndex: UInt64?
        let lastIndex: UInt64?
        /// What the log promises of these events now: `durable`, `integrated`, or `witnessed`.
        var durability = EventStanding.durable.rawValue
        let repeated: [Repeated]
        let conflicts: [Int]
        var lines: Int?
        var quarantined: [Quarantined]?

        struct Repeated: Encodable {
            let position: Int
            let index: UInt64
        }

        struct Quarantined: Encodable {
            let line: Int
            let byteOffset: Int
            let code: String
            let detail: String
        }

        init(_ acknowledgement: Acknowledgement) {
            accepted = acknowledgement.acceptedCount
            firstIndex = acknowledgement.indices?.lowerBound
            lastIndex = acknowledgement.indices.map { $0.upperBound - 1 }
            repeated = acknowledgement.repeated.map { Repeated(position: $0.place, index: $0.index) }
            conflicts = acknowledgement.conflicts
        }
    }

    private func accept(_ request: Request, _ context: MartletContext) async throws -> Response {
        let identity = try context.require(.ingest)
        let source = request.uri.queryParameters.get("source") ?? "http"
        guard source.utf8.count <= 256 else {
            throw Problem(.badRequest, "source", "the parameter source may have 256 bytes")
        }
        let wait = try Wait(request, services)
        let body = try await EventBody.read(request)
        switch request.uri.queryParameters.get("invalid") ?? "reject" {
        case "reject":
            let acknowledgement = try await services.admission.accept(
                body.bytes,
                body.layout,
                from: identity.principal,
                source: source
            )
            return .json(await wait.settle(Answer(acknowledgement), acknowledgement))
        case "quarantine":
            return try await acceptPart(body, request, from: identity, source: source, wait)
        case let other:
            throw Problem(.badRequest, "invalid", "invalid=\(other): it is reject or quarantine")
        }
    }

    /// A place in a stream; so far below the largest number that adding the place in a body never overflows.
    private static func number(_ name: String, in request: Request, atLeast least: Int) throws -> Int {
        guard let text = request.uri.queryParameters.get(name) else { return least }
        guard let number = Int(text), (least...1 << 53).contains(number) else {
            throw Problem(.badRequest, name, "\(name)=\(text): it is a whole number from \(least) to \(1 << 53)")
        }
        return number
    }

    private func acceptPart(
        _ body: EventBody,
        _ request: Request,
        from identity: Identity,
        source: String,
        _ wait: Wait
    ) async throws -> Response {
        let report = try await services.admission.acceptPart(
            body.bytes,
            body.layout,
            from: identity.principal,
            source: source,
            firstLine: try Self.number("line", in: request, atLeast: 1),
            byteOffset: try Self.number("offset", in: request, atLeast: 0)
        )
        var answer = Answer(report.acknowledgement)
        answer.lines = report.lineCount
        answer.quarantined = report.quarantined.map {
            Answer.Quarantined(line: $0.line, byteOffset: $0.byteOffset, code: $0.code, detail: $0.message)
        }
        return .json(await wait.settle(answer, report.acknowledgement))
    }

    /// What the sender wants to wait for: `wait=integrated&waitSeconds=5`.
    private struct Wait {
        let standing: EventStanding
        let limit: Duration
        let store: LogStore

        init(_ request: Request, _ services: APIServices) throws {
            store = services.store
            let text = request.uri.queryParameters.get("wait") ?? EventStanding.durable.rawValue
            guard let standing = EventStanding(rawValue: text) else {
                throw Problem(.badRequest, "wait", "wait=\(text): it is durable, integrated or witnessed")
            }
            guard standing == .durable || store.tree != nil else {
                throw Problem(.badRequest, "wait", "wait=\(text): this log keeps no tree")
            }
            guard standing != .witnessed || services.witnesses != nil else {
                throw Problem(.badRequest, "wait", "wait=witnessed: this log has no witnesses; see tree.witnesses")
            }
            self.standing = standing
            let seconds = request.uri.queryParameters.get("waitSeconds") ?? "\(APILimits.defaultWaitSeconds)"
            guard let number = Int(seconds), (0...APILimits.maximumWaitSeconds).contains(number) else {
                throw Problem(
                    .badRequest,
                    "waitSeconds",
                    "waitSeconds=\(seconds): it is a whole number from 0 to \(APILimits.maximumWaitSeconds)"
                )
            }
            limit = .seconds(number)
        }

        /// Waits until the events are what the sender wants, or for as long as he said, and says what they are.
        func settle(_ answer: Answer, _ acknowledgement: Acknowledgement) async -> Answer {
            guard let tree = store.tree else { return answer }
            let last =
                (acknowledgement.repeated.map { $0.index + 1 } + [acknowledgement.indices?.upperBound ?? 0]).max() ?? 0
            var answer = answer
            if last > 0 { answer.durability = await tree.wait(for: last, toBe: standing, atMost: limit).rawValue }
            return answer
        }
    }
}
