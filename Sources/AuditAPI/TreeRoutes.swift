// SPDX-License-Identifier: Apache-2.0

import Access
import AuditStore
import HTTPTypes
import Hummingbird
import Ingest
import NIOCore
import NIOPosix
import TransparencyLog

/// What auditors ask for: `GET /checkpoint`, `GET /tile/…` as c2sp.org/tlog-tiles has them, `GET /v1/log`, proofs and receipts.
///
/// Checkpoints and tiles say when events came and which have one source, and nothing of what they are; they need the scope
/// `verify`, or nothing where the operator publishes them. A receipt opens a leaf only to who may read the event.
struct TreeRoutes {
    let services: APIServices

    /// - Parameters:
    ///   - open: where nobody is asked who he is.
    ///   - known: where everybody is.
    func add(to open: RouterGroup<MartletContext>, known: RouterGroup<MartletContext>) {
        let group = services.publishesTree ? open : known
        group.get("checkpoint") { _, context in try checkpoint(context) }
        group.get("tile/**") { request, context in try await tile(request, context) }
        group.get("v1/log") { _, context in try description(context) }
        group.get("v1/log/consistency") { request, context in try await consistency(request, context) }
        known.get("v1/events/:index/receipt") { _, context in try await receipt(context) }
        known.post("v1/log/rotate-key") { _, context in try await rotateKey(context) }
    }

    // MARK: - Parts

    private func check(_ context: MartletContext) throws {
        if !services.publishesTree { _ = try context.require(.verify) }
    }

    private func reader() throws -> TreeReader {
        guard let tree = services.store.tree else {
            throw Problem(.notFound, "no-tree", "this log keeps no tree")
        }
        guard let reader = tree.reader else {
            var problem = Problem(
                .serviceUnavailable,
                "no-checkpoint",
                tree.status.failure?.message ?? "nothing is signed yet; ask again in a second"
            )
            problem.retryAfterSeconds = 1
            throw problem
        }
        return reader
    }

    /// Does what blocks on a thread that may.
    private func read<Result: Sendable>(
        _ body: @escaping @Sendable (TreeReader) throws -> Result
    ) async throws -> Result {
        let reader = try reader()
        return try await NIOThreadPool.singleton.runIfActive { try body(reader) }
    }

    private static func bytes(_ bytes: [UInt8], type: String, caching: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type, .cacheControl: caching],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    // MARK: - Routes

    private func checkpoint(_ context: MartletContext) throws -> Response {
        try check(context)
        return Self.bytes(
            try reader().view.checkpoint.encoded(),
            type: "text/plain; charset=utf-8",
            caching: "no-cache"
        )
    }

    private func tile(_ request: Request, _ context: MartletContext) async throws -> Response {
        try check(context)
        // The path as it was sent: whoever encodes it has not read the specification.
        guard let tile = TileCoordinate.parse(request.uri.path.utf8.dropFirst()) else {
            throw Problem(.badRequest, "tile", "that is no path of a tile; see c2sp.org/tlog-tiles")
        }
        guard let bytes = try await read({ try $0.bytes(of: tile) }) else {
            throw Problem(
                .notFound,
                "no-such-tile",
                "the tree does not have that tile yet, or its events were deleted: GET /v1/log says where it begins and ends"
            )
        }
        return Self.bytes(bytes, type: "application/octet-stream", caching: "private, max-age=31536000, immutable")
    }

    private func description(_ context: MartletContext) throws -> Response {
        try check(context)
        return .json(TreeDocument(try reader(), failure: services.store.tree?.status.failure))
    }

    private func consistency(_ request: Request, _ context: MartletContext) async throws -> Response {
        try check(context)
        func size(_ name: String) throws -> UInt64? {
            guard let text = request.uri.queryParameters.get(name) else { return nil }
            guard let size = UInt64(text) else {
                throw Problem(.badRequest, name, "\(name)=\(text): it is a size of the tree")
            }
            return size
        }
        guard let from = try size("from") else { throw Problem(.badRequest, "from", "say from which size: from=…") }
        let to = try size("to") ?? reader().view.size
        guard from <= to else { throw Problem(.badRequest, "from", "from=\(from) is larger than to=\(to)") }
        let size = try reader().view.size
        guard to <= size else { throw Problem(.notFound, "no-such-proof", "the tree has \(size) leaves, not \(to)") }
        guard let hashes = try await read({ try $0.consistencyProof(from: from, to: to) }) else {
            throw Problem(
                .notFound,
                "no-such-proof",
                "there is no proof from \(from) to \(to) any more: the events around \(from) were deleted"
            )
        }
        struct Answer: Encodable {
            let from: UInt64
            let to: UInt64
            let hashes: [String]
        }
        return .json(Answer(from: from, to: to, hashes: hashes.map(\.base64)))
    }

    private func receipt(_ context: MartletContext) async throws -> Response {
        let identity = try context.require(.verify)
        let name = try context.parameters.require("index")
        guard let index = UInt64(name) else { throw Problem(.badRequest, "index", "\"\(name)\" is no index") }
        let mayRead = identity.scopes.permits(.read)
        guard let receipt = try await read({ try $0.receipt(of: index, withSalts: mayRead) }) else {
            throw Problem(
                .notFound,
                "no-receipt",
                "no checkpoint covers event \(index): there is no such event, it is not a second old yet, or it was deleted"
            )
        }
        return Self.bytes(receipt.encoded(), type: "text/plain; charset=utf-8", caching: "no-store")
    }

    private func rotateKey(_ context: MartletContext) async throws -> Response {
        let identity = try context.require(.admin)
        guard let tree = services.store.tree else { throw Problem(.notFound, "no-tree", "this log keeps no tree") }
        // The log is told first, so that no key signs without its event.
        try await services.admission.record(
            services.systemEvents.make(.keyRotated, method: "RotateKey", principal: identity.principal)
        )
        let keys = try await NIOThreadPool.singleton.runIfActive { try tree.rotateKey() }
        return .json(["verifierKeys": keys])
    }
}
