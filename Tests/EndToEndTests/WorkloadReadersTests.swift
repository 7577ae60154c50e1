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
            // The last ten alone: a segment of few events must not have other types than the large ones.
            let lines = try String(contentsOfFile: corpus, encoding: .utf8).split(separator: "\n")
            for (name, part) in [("most", lines.dropLast(10)), ("few", lines.suffix(10))] {
                let file = try scratch.file("\(name).ndjson", Data((part.joined(separator: "\n") + "\n").utf8))
                try await martlet(
                    "ingest",
                    "--data",
                    data,
                    "--seal",
                    file,
                    environment: ["MARTLET_STORE_SEGMENT_EVENTS": "8192"],
                    expecting: 0
                )
            }

            let answers = try await script("Tests/EndToEndTests/workload_readers.py", corpus, truth, data)

            #expect(answers.lines.first == Array("6 segments".utf8))
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
