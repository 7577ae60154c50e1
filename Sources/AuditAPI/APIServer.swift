// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// The HTTP API as a service: starts listening when run, drains and ends at graceful shutdown.
package struct APIServer: Service {
    private let services: APIServices
    private let host: String
    private let port: Int
    private let allowsAnonymousLoopback: Bool
    private let onReady: @Sendable (_ port: Int) async -> Void

    /// Serves on `port`, 0 for one that is free; `onReady` is called once with it, when connections are taken.
    ///
    /// With `allowsAnonymousLoopback` peers on this machine get in without a token.
    package init(
        _ services: APIServices,
        host: String,
        port: Int,
        allowsAnonymousLoopback: Bool,
        onReady: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        self.services = services
        self.host = host
        self.port = port
        self.allowsAnonymousLoopback = allowsAnonymousLoopback
        self.onReady = onReady
    }

    package func run() async throws {
        let application = Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    idleTimeout: APILimits.idleTimeout,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: APILimits.maximumHeaderByteCount,
                        maxHeaderListSize: APILimits.maximumHeaderByteCount,
                        maxHeaderFieldCount: APILimits.maximumHeaderCount
                    )
                )
            ),
            configuration: .init(
                address: .hostname(host, port: port),
                serverName: "martlet",
                availableConnectionsDelegate: MaximumAvailableConnections(APILimits.maximumConnectionCount)
            ),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: services.logger
        )
        try await application.run()
    }

    /// All routes; those behind `known` find out who asks.
    func router() -> Router<MartletContext> {
        let router = Router(context: MartletContext.self)
        router.add(middleware: ProblemMiddleware(logger: services.logger))
        let status = StatusRoutes(services: services)
        status.addOpen(to: router)
        APIDescription.addOpen(to: router)
        let known = router.group()
            .add(
                middleware: AuthenticationMiddleware(
                    tokens: services.tokens,
                    allowsAnonymousLoopback: allowsAnonymousLoopback
                )
            )
        status.add(to: known)
        TreeRoutes(services: services).add(to: router.group(), known: known)
        let api = known.group("v1")
        IngestRoutes(services: services).add(to: api)
        QueryRoutes(services: services).add(to: api)
        AnswerRoute(services: services).add(to: api)
        FieldRoutes(services: services).add(to: api)
        LedgerRoute(services: services).add(to: api)
        PackRoutes(services: services).add(to: api)
        TailRoute(services: services).add(to: api)
        TokenRoutes(services: services).add(to: api)
        QuarantineRoutes(services: services).add(to: api)
        ErasureRoute(services: services).add(to: api)
        return router
    }
}
