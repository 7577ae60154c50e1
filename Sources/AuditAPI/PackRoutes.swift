// SPDX-License-Identifier: Apache-2.0

import Access
import AuditModel
import EvidencePack
import HTTPTypes
import Hummingbird
import Ingest
import NIOCore
import NIOPosix
import PackExport
import QueryEngine
import QueryLanguage
import Synchronization

/// What `POST /v1/packs` is asked with.
package struct PackBody: Codable, Sendable {
    package var query: String?
    package var from: String?
    package var to: String?
    package var limit: Int?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case query, from, to, limit
    }

    /// Any name, to find those that are none of ours.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package init(query: String, from: String?, to: String?) {
        self.query = query
        self.from = from
        self.to = to
    }

    package init(from decoder: any Decoder) throws {
        // A member that is not understood may be one that was meant to narrow the pack.
        let names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
        if let unknown = names.first(where: { CodingKeys(rawValue: $0) == nil }) {
            let known = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(.badRequest, "body", "the body has a member \"\(unknown.prefix(40))\"; it may have \(known)")
        }
        let members = try decoder.container(keyedBy: CodingKeys.self)
        query = try members.decodeIfPresent(String.self, forKey: .query)
        from = try members.decodeIfPresent(String.self, forKey: .from)
        to = try members.decodeIfPresent(String.self, forKey: .to)
        limit = try members.decodeIfPresent(Int.self, forKey: .limit)
    }
}

/// Evidence packs: `POST /v1/packs`.
///
/// The answer begins when the pack is whole and recorded; until then what fails is told as a problem.
struct PackRoutes {
    let services: APIServices
    private let gate = PackGate()

    init(services: APIServices) { self.services = services }

    func add(to group: RouterGroup<MartletContext>) {
        group.post("packs") { request, context in try await make(request, context) }
    }

    private func make(_ request: Request, _ context: MartletContext) async throws -> Response {
        let identity = try context.require(.read)
        let body = try await request.smallJSON(PackBody.self)
        var wanted = try Self.request(body, now: services.systemEvents.now(), principal: identity.principal)
        wanted.isAbandoned = context.isGone
        let pass = try gate.enter()
        let pack = try await services.packs.make(wanted)
        var headers: HTTPFields = [.contentType: "application/x-tar", .cacheControl: "no-store"]
        headers[.contentDisposition] = "attachment; filename=\"martlet-pack.tar\""
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody(contentLength: pack.byteCount) { [logger = services.logger] writer in
                // The pass is let go of with the pack.
                defer { _ = pass }
                do {
                    while let piece = try await NIOThreadPool.singleton.runIfActive({ try pack.nextPiece() }) {
                        try await writer.write(ByteBuffer(bytes: piece))
                    }
                    try await writer.finish(nil)
                } catch {
                    APITelemetry.logBreak(error, logger)
                    throw error
                }
            }
        )
    }

    private static func request(_ body: PackBody, now: Timestamp, principal: String) throws -> PackRequest {
        let text = body.query ?? ""
        let from = try body.from.map { try QueryParameters.time("from", $0, now) }
        let to = try body.to.map { try QueryParameters.time("to", $0, now) }
        guard body.limit.map({ $0 >= 1 }) ?? true else {
            throw Problem(.badRequest, "limit", "limit is at least 1, or left out")
        }
        var request = PackRequest(
            filter: QueryRequest.bounded(
                try QueryParameters.parsed(text, now: now, Query.parseFilter),
                from: from,
                to: to
            ),
            query: PackManifest.Query(text: text, from: body.from, to: body.to),
            principal: principal
        )
        request.from = from
        request.to = to
        request.limit = body.limit
        return request
    }
}

/// Lets in so many at once.
///
/// `Mutex`: owns how many there are.
private final class PackGate: Sendable {
    private let count = Mutex(0)

    /// Who has one is inside until nobody has it any more.
    final class Pass: Sendable {
        private let gate: PackGate

        fileprivate init(_ gate: PackGate) { self.gate = gate }

        deinit { gate.count.withLock { $0 -= 1 } }
    }

    /// - Throws: `Problem` 503 when too many are.
    func enter() throws -> Pass {
        let isIn = count.withLock { count in
            guard count < APILimits.maximumPackCount else { return false }
            count += 1
            return true
        }
        guard isIn else {
            var problem = Problem(
                .serviceUnavailable,
                "busy",
                "\(APILimits.maximumPackCount) packs are being made or read already; try again later"
            )
            problem.retryAfterSeconds = 60
            throw problem
        }
        return Pass(self)
    }
}
