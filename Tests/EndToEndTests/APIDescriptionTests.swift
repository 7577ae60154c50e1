// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// The API against its own description, as Schemathesis reads it.
    @Suite struct APIDescriptionTests {
        private let scratch: Scratch

        init() throws {
            scratch = try Scratch()
        }

        private static let schemathesis: String? = EndToEnd.environment["MARTLET_PYTHON"].map {
            URL(filePath: $0).deletingLastPathComponent().appending(path: "st").path
        }

        @Test(.enabled(if: schemathesis != nil, "MARTLET_PYTHON is not set; make test sets it"))
        func `answers are those that the description promises`() async throws {
            let server = try await RunningServer(data: scratch.path("data"))
            let file = EndToEnd.root.appending(path: "Examples/day/kafka.ndjson").path
            try await martlet("ingest", file, "--server", server.url, expecting: 0)

            // A tail has no end.
            let result = try await run(
                try #require(Self.schemathesis),
                [
                    "run", "\(server.url)/openapi.json", "--exclude-path", "/v1/tail",
                    "--checks",
                    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                    "--phases", "examples,coverage,fuzzing", "--max-examples", EndToEnd.isLong ? "200" : "20",
                    "--seed", "1", "--generation-with-security-parameters", "false",
                    "--generation-database", "none", "--no-color",
                ]
            )

            #expect(result.status == 0, "\(result.text)\n\(result.error)")
            #expect(try await server.request("GET", "/health/ready").status == 200)
        }
    }
}
