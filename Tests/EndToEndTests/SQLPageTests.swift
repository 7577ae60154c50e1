// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// The SQL of `docs/sql.md` in the engines that it is for: `sql_page.py` runs it over the example day, and compares
    /// every answer with what the events themselves say.
    @Suite struct SQLPageTests {
        private static let page = EndToEnd.root.appending(path: "docs/sql.md").path
        private static let script = EndToEnd.root.appending(path: "Tests/EndToEndTests/sql_page.py").path
        private static let python = EndToEnd.environment["MARTLET_PYTHON"]

        private let scratch: Scratch

        init() throws {
            scratch = try Scratch()
        }

        @Test(.enabled(if: SQLPageTests.python != nil, "MARTLET_PYTHON is not set; make test sets it"))
        func `the SQL of the page answers as the events do`() async throws {
            let data = scratch.path("data")
            let day = EndToEnd.root.appending(path: "Examples/day")
            let files = try FileManager.default.contentsOfDirectory(at: day, includingPropertiesForKeys: nil)
                .map(\.path).filter { $0.hasSuffix(".ndjson") }.sorted()
            // One after the other, so that there are several segments, of different columns.
            for file in files {
                try await martlet("ingest", "--data", data, "--seal", "--quiet", file, expecting: 0)
            }

            let program = ["--martlet", EndToEnd.binary.path]
            let answers = try await run(#require(Self.python), [Self.script] + program + [Self.page, data] + files)

            #expect(answers.status == 0, "\(answers.text)\(answers.error)")
            #expect(answers.text.hasPrefix("questions: ok\n"))
        }
    }
}
