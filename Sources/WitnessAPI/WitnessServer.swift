// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TransparencyLog
package import Witness

/// A witness as a service: starts listening when run, drains and ends at graceful shutdown.
package struct WitnessServer: Service {
    private let witness: CheckpointWitness
    private let host: String
    private let port: Int
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let onReady: @Sendable (_ port: Int) async -> Void

    /// Serves on `port`, 0 for one that is free; `onReady` is called once with it, when connections are taken.
    ///
    /// `now` gives seconds since 1970.
    package init(
        _ witness: CheckpointWitness,
        host: String,
        port: Int,
        now: @escaping @Sendable () -> Int64,
        logger: Logger,
        onReady: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.witness = witness
        self.host = host
        self.port = port
        self.now = now
        self.logger = logger
        self.onReady = onReady
    }

    package func run() async throws {
        let application = Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    idleTimeout: WitnessAPILimits.idleTimeout,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: WitnessAPILimits.maximumHeaderByteCount,
                        maxHeaderListSize: WitnessAPILimits.maximumHeaderByteCount,
                        maxHeaderFieldCount: WitnessAPILimits.maximumHeaderCount
                    )
                )
            ),
            configuration: .init(
                address: .hostname(host, port: port),
                serverName: "martlet",
                availableConnectionsDelegate: MaximumAvailableConnections(WitnessAPILimits.maximumConnectionCount)
            ),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: logger
        )
        try await application.run()
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.post("add-checkpoint") { request, _ in try await add(request) }
        router.get(":hash/checkpoint") { _, context in try await latest(try context.parameters.require("hash")) }
        router.get("health/live") { _, _ in Self.text(.ok, "alive\n") }
        router.get("health/ready") { _, _ in
            witness.failure.map { Self.text(.serviceUnavailable, "not ready: \($0.code.rawValue)\n") }
                ?? Self.text(.ok, "ready\n")
        }
        router.get("/") { _, _ in Self.text(.ok, frontPage) }
        return router
    }

    // MARK: - Routes

    private func add(_ request: Request) async throws -> Response {
        let body = try await Self.body(of: request)
        let time = now()
        // What a log sends is answered whether it waits or not: its next request asks for no more than that.
        let reply = try await NIOThreadPool.singleton.runIfActive { [witness] in witness.add(body, now: time) }
        WitnessTelemetry.answered(reply, witness, logger)
        return Response(
            status: .init(code: reply.status),
            headers: [.contentType: reply.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: reply.body))
        )
    }

    /// The body, if it comes in time and is not too long.
    private static func body(of request: Request) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                let buffer = try await request.body.collect(upTo: WitnessLimits.maximumMessageByteCount)
                return Array(buffer.readableBytesView)
            }
            group.addTask {
                try await Task.sleep(for: WitnessAPILimits.bodyDeadline)
                throw HTTPError(.requestTimeout)
            }
            defer { group.cancelAll() }
            guard let body = try await group.next() else { throw HTTPError(.badRequest) }
            return body
        }
    }

    private func latest(_ hash: String) async throws -> Response {
        let note: [UInt8]?
        do {
            note = try await NIOThreadPool.singleton.runIfActive { [witness] in try witness.latest(hash)?.encoded() }
        } catch {
            return Self.text(.serviceUnavailable, "the record cannot be read now\n")
        }
        guard let note else { return Self.text(.notFound, "no checkpoint of a log with this hash was cosigned here\n") }
        return Self.text(.ok, String(decoding: note, as: UTF8.self))
    }

    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: WitnessReply.textType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    private var frontPage: String {
        """
        A witness of transparency logs (c2sp.org/tlog-witness): \(witness.vkey)

        POST /add-checkpoint                      cosigns the checkpoint of a log that is known here
        GET  /<SHA-256 of the origin>/checkpoint  the newest one that was cosigned
        GET  /health/live, /health/ready

        """
    }
}
