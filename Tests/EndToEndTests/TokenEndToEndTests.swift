// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite struct TokenEndToEndTests {
        private let scratch: Scratch
        private var data: String { scratch.path("data") }

        init() throws {
            scratch = try Scratch()
        }

        // MARK: - Who gets in

        private static let routes: [(method: String, path: String, scope: String)] = [
            ("POST", "/v1/events", "ingest"),
            ("GET", "/v1/events", "read"),
            ("GET", "/v1/events/0", "read"),
            ("GET", "/v1/tail", "read"),
            ("GET", "/v1/status", "read"),
            ("GET", "/v1/ledger", "read"),
            ("GET", "/metrics", "read"),
            ("GET", "/v1/tokens", "admin"),
            ("POST", "/v1/tokens", "admin"),
            ("DELETE", "/v1/tokens/AAAAAAAA", "admin"),
            ("GET", "/v1/quarantine", "admin"),
            ("POST", "/v1/quarantine/retry", "admin"),
            ("POST", "/v1/quarantine/purge", "admin"),
        ]

        @Test func `each route wants a token with its scope`() async throws {
            var tokens: [String: String] = [:]
            for scope in ["ingest", "read", "admin"] { tokens[scope] = try await token(scope) }
            let server = try await RunningServer(data: data, arguments: [])

            for route in Self.routes {
                let name = "\(route.method) \(route.path)"
                #expect(try await status(route, nil, server) == 401, "\(name) without a token")
                for (scope, token) in tokens {
                    let status = try await status(route, token, server)
                    if scope == route.scope || scope == "admin" {
                        #expect(status != 401 && status != 403 && status < 500, "\(name) with \(scope): \(status)")
                    } else {
                        #expect(status == 403, "\(name) with \(scope)")
                    }
                }
            }
            for path in ["/health/live", "/health/ready", "/"] {
                #expect(try await server.request("GET", path).status == 200, "\(path)")
            }
        }

        @Test(arguments: ["", "mrt_", "Basic dTpw", "Bearer", "Bearer x", "Bearer mrt_AAAAAAAA_short_AAAAAA"])
        func `what is no token is nobody's, also on this machine`(authorization: String) async throws {
            try await token("admin")
            let server = try await RunningServer(data: data)

            let response = try await server.request("GET", "/v1/status", headers: [("Authorization", authorization)])

            #expect(response.status == 401)
            #expect(response.headers["www-authenticate"] == "Bearer")
            #expect(response.headers["content-type"] == "application/problem+json")
        }

        @Test func `a revoked token ends at once, and its end is in the log`() async throws {
            let admin = try await token("admin")
            let victim = try await token("read")
            let id = try #require(victim.split(separator: "_").dropFirst().first)
            let server = try await RunningServer(data: data, arguments: [])
            #expect(try await status(("GET", "/v1/status", ""), victim, server) == 200)

            try await martlet(
                "token",
                "revoke",
                String(id),
                "--server",
                server.url,
                environment: ["MARTLET_TOKEN": admin],
                expecting: 0
            )

            #expect(try await status(("GET", "/v1/status", ""), victim, server) == 401)
            let told = try await martlet(
                "query",
                "stream:system martlet.RevokeToken",
                "--output",
                "ndjson",
                "--data",
                data
            )
            #expect(told.lines.count == 1)
            #expect(told.text.contains(id))
        }

        @Test func `an expired token is nobody's`() async throws {
            let brief = try await token("read", "--expires", "2s")
            let lasting = try await token("read", "--expires", "1d")
            let server = try await RunningServer(data: data, arguments: [])

            try await eventually("the token expires", within: .seconds(900)) {
                try await status(("GET", "/v1/status", ""), brief, server) == 401
            }

            #expect(try await status(("GET", "/v1/status", ""), lasting, server) == 200)
        }

        @Test func `tokens are made and listed on a running server, and events name the token that sent them`()
            async throws
        {
            let admin = try await token("admin")
            let server = try await RunningServer(data: data, arguments: [])
            let file = try scratch.file("token", Array("\(admin)\n".utf8))

            let made = try await martlet(
                "token",
                "create",
                "--name",
                "shipper",
                "--scopes",
                "ingest,read",
                "--server",
                server.url,
                "--token-file",
                file,
                expecting: 0
            )
            let text = try #require(made.lines.first.map { String(decoding: $0, as: UTF8.self) })
            let id = try #require(text.split(separator: "_").dropFirst().first)
            let posted = try await server.post(Sample.event("one"), headers: [("Authorization", "bearer \(text)")])
            let listed = try await martlet("token", "list", "--server", server.url, "--token-file", file, expecting: 0)
            let row = try await martlet(
                "query",
                "--output",
                "json",
                "--server",
                server.url,
                environment: ["MARTLET_TOKEN": text],
                expecting: 0
            )

            #expect(posted.status == 200)
            #expect(listed.text.contains("shipper") && listed.text.contains(id))
            #expect(!listed.text.contains(text))
            #expect(row.text.contains("\"submitter\":\"token:\(id)\""))
        }

        // MARK: - Secrets

        @Test func `no secret is in a log, in a file or in an event`() async throws {
            let admin = try await token("admin")
            let server = try await RunningServer(
                data: data,
                arguments: ["--log-level", "trace", "--log-format", "json"]
            )
            let wrong = "mrt_AAAAAAAA_" + String(repeating: "Q", count: 43) + "_AAAAAA"
            for token in [admin, wrong] {
                for route in Self.routes where route.method == "GET" && route.path != "/v1/tail" {
                    _ = try await status(route, token, server)
                }
                _ = try await server.post(Array("no event".utf8), headers: [("Authorization", "Bearer \(token)")])
            }
            let made = try await server.request(
                "POST",
                "/v1/tokens",
                headers: [("Authorization", "Bearer \(admin)"), ("Content-Type", "application/json")],
                body: Array(#"{"name":"made","scopes":"read"}"#.utf8)
            )
            struct Made: Decodable { let token: String }
            let other = try made.decoded(Made.self).token
            let secrets = [admin, other, wrong].map { $0.split(separator: "_")[2] }
            await server.stop()

            let told = try await martlet("query", "stream:*", "--all", "--output", "ndjson", "--data", data).text
            for secret in secrets {
                #expect(!server.log.contains(secret))
                #expect(!told.contains(secret))
            }
            let names = try #require(FileManager.default.enumerator(atPath: data)?.allObjects as? [String])
            for name in names {
                guard let bytes = FileManager.default.contents(atPath: "\(data)/\(name)") else { continue }
                for secret in secrets { #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)") }
            }
            #expect(names.count > 3)
        }

        // MARK: - Off this machine

        @Test(arguments: [
            ["--host", "0.0.0.0"], ["--host", "0.0.0.0", "--allow-anonymous-loopback"], ["--host", "::"], [],
        ])
        func `a server that nobody could use does not start and says what to do`(arguments: [String]) async throws {
            let result = try await run(EndToEnd.binary.path, ["serve", "--data", data, "--port", "0"] + arguments)

            #expect(result.status == 3)
            #expect(result.error.contains("martlet token create --data \(data)"))
            #expect(result.error.contains("--allow-anonymous-loopback"))
            #expect(!result.error.contains("listening on"))
        }

        @Test func `on all addresses a token is wanted from this machine too`() async throws {
            let token = try await token("read")
            let server = try await RunningServer(data: data, arguments: ["--host", "0.0.0.0"])

            #expect(try await status(("GET", "/v1/status", ""), nil, server) == 401)
            #expect(try await status(("GET", "/v1/status", ""), token, server) == 200)
        }

        // MARK: - Browsers

        @Test(arguments: [
            (headers: [("Origin", "https://evil.example")], status: 401),
            (headers: [("Origin", "null")], status: 401),
            (headers: [("Sec-Fetch-Site", "cross-site")], status: 401),
            (headers: [("Sec-Fetch-Site", "same-site")], status: 401),
            (headers: [("Host", "evil.example")], status: 401),
            (headers: [("Host", "evil.example"), ("Sec-Fetch-Site", "same-origin")], status: 401),
            (headers: [("Host", "127.0.0.1.evil.example")], status: 401),
            (headers: [("Host", "localhost.evil.example:8080")], status: 401),
            (headers: [("Host", "localhost:8080"), ("Sec-Fetch-Site", "same-origin")], status: 200),
            (headers: [("Sec-Fetch-Site", "none")], status: 200),
            (headers: [("Host", "[::1]:8080")], status: 200),
            (headers: [], status: 200),
        ])
        func `a page of somebody else is nobody, although the browser runs here`(
            headers: [(String, String)],
            status: Int
        ) async throws {
            let server = try await RunningServer(data: data)

            #expect(try await server.request("GET", "/v1/events", headers: headers).status == status)
            #expect(try await server.post(Sample.event("x"), headers: headers).status == status)
        }

        // MARK: - Parts

        @discardableResult
        private func token(_ scope: String, _ more: String...) async throws -> String {
            let result = try await run(
                EndToEnd.binary.path,
                ["token", "create", "--data", data, "--name", scope, "--scopes", scope] + more
            )
            try #require(result.status == 0, "\(result.error)")
            return result.text.trimmingCharacters(in: .newlines)
        }

        /// The status of a route's answer; of a tail only the head is read.
        private func status(
            _ route: (method: String, path: String, scope: String),
            _ token: String?,
            _ server: RunningServer
        ) async throws -> Int {
            let headers = token.map { [("Authorization", "Bearer \($0)")] } ?? []
            let body: [UInt8]? = route.method == "POST" ? Array("{}".utf8) : nil
            let request = HTTPRequest(
                route.method,
                route.path,
                headers: headers + (body == nil ? [] : [("Content-Type", "application/json")]),
                body: body
            )
            return try await onThread { [port = server.port] in
                let connection = try HTTPConnection(port: port)
                try connection.send(request.bytes)
                let head = String(decoding: try connection.bytes(through: "\r\n\r\n"), as: UTF8.self)
                return head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            }
        }
    }
}
