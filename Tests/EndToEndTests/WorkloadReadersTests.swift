// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    /// Sealed events in the hands of engines that are not ours: `workload_readers.py` asks what `Benchmarks/WORKLOAD.md`
    /// asks, and compares every answer.
    @Suite struct WorkloadReadersTests {
        private let scratch: Scratch

        init() throws {
            scratch = try Scratch()
        }

        @Test(.enabled(if: Scripts.python != nil, "MARTLET_PYTHON is not set; make test sets it"))
        func `other engines answer the workload from the segments`() async throws {
            let corpus = scratch.path("corpus.ndjson")
            let data = scratch.path("data")
            _ = try await script("Benchmarks/gen_events.py", "--events", "40000", "--seed", "1", "--out", corpus)
            let truth = try await scratch.file("truth.json", script("Benchmarks/truth.py", corpus).output)
            try await martlet(
                "ingest",
                "--data",
                data,
                "--seal",
                corpus,
                environment: ["MARTLET_STORE_SEGMENT_EVENTS": "8192"],
                expecting: 0
            )

            let answers = try await script("Tests/EndToEndTests/workload_readers.py", corpus, truth, data)

            #expect(answers.lines.first == Array("5 segments".utf8))
        }

        /// Runs a script of the project and shows all that it wrote when it fails.
        private func script(_ path: String, _ arguments: String...) async throws -> CommandResult {
            let file = EndToEnd.root.appending(path: path).path
            let result = try await run(#require(Scripts.python), [file] + arguments)
            try #require(result.status == 0, "\(path):\n\(result.text)\(result.error)")
            return result
        }
    }
}

private enum Scripts {
    /// The interpreter with the packages of `Tests/requirements.txt`, when `make` runs the tests.
    static let python = EndToEnd.environment["MARTLET_PYTHON"]
}
