// SPDX-License-Identifier: Apache-2.0

import Access
import HTTPTypes
import Hummingbird
import Logging

/// Finds out who sends a request.
///
/// A token decides when there is one. Without a token a peer on this machine is `loopback` when the operator allowed
/// that, and everybody else is nobody.
struct AuthenticationMiddleware: RouterMiddleware {
    let tokens: TokenStore
    let allowsAnonymousLoopback: Bool

    func handle(
        _ request: Request,
        context: MartletContext,
        next: @concurrent (Request, MartletContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Problem.notAuthenticated }
            context.identity = try await tokens.authenticate(Secret(String(parts[1])))
        } else if allowsAnonymousLoopback, context.isLoopback, !request.isFromAnotherSite {
            context.identity = .loopback
        }
        return try await next(request, context)
    }
}

extension Request {
    /// Whether a browser may be sending this for a page of somebody else, who must not act as the person at this machine
    /// just because the browser runs here: by its own word, or under a host's name that is not this machine's (a name
    /// can be made to point here).
    fileprivate var isFromAnotherSite: Bool {
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ headers[$0] }) {
            guard site == "same-origin" || site == "none" else { return true }
        } else if headers[.origin] != nil {
            return true
        }
        guard let authority = head.authority else { return false }
        let host = authority.hasPrefix("[") ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        // 127.evil.example is a name like any other: only digits and dots are an address.
        let isAddress = host.hasPrefix("127.") && host.allSatisfy { "0123456789.".contains($0) }
        return !(host == "localhost" || host == "[::1]" || isAddress)
    }
}

/// Turns every error into a problem document, and logs those that are ours.
struct ProblemMiddleware: RouterMiddleware {
    let logger: Logger

    func handle(
        _ request: Request,
        context: MartletContext,
        next: @concurrent (Request, MartletContext) async throws -> Response
    ) async throws -> Response {
        do {
            let response = try await next(request, context)
            APITelemetry.answered(request, response.status)
            return response
        } catch {
            let problem = Problem(error)
            APITelemetry.answered(request, problem.status)
            if problem.status.code >= 500 { APITelemetry.logFailure(error, request, logger) }
            return problem.response
        }
    }
}
