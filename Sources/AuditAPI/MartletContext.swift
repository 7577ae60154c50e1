// SPDX-License-Identifier: Apache-2.0

import Access
import Hummingbird
import Logging
import NIOCore

/// What travels with a request: who sends it, once that is known, and from where.
struct MartletContext: RequestContext {
    var coreContext: CoreRequestContextStorage

    /// The peer's address; not what a header claims.
    let remoteAddress: SocketAddress?
    private let channel: any Channel

    /// Set by `AuthenticationMiddleware`; routes behind it always have one.
    var identity: Identity?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
        channel = source.channel
    }

    /// Whether the peer has closed the connection; for any thread.
    var isGone: @Sendable () -> Bool {
        { [channel] in !channel.isActive }
    }

    /// Whether the peer is on this machine.
    var isLoopback: Bool {
        guard let address = remoteAddress?.ipAddress else { return false }
        return address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }

    /// The caller, if it has the scope.
    ///
    /// - Throws: `Problem` 401 without an identity, 403 without the scope.
    func require(_ scope: Scope) throws -> Identity {
        guard let identity else { throw Problem.notAuthenticated }
        guard identity.scopes.permits(scope) else {
            throw Problem(.forbidden, "missing-scope", "this token lacks the scope \"\(scope)\"")
        }
        return identity
    }
}
