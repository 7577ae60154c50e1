// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzChecks
import Testing

/// Replays what the fuzzer starts from and what it found.
@Suite struct FuzzCorpusTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fuzz/Corpus/QueryLanguage").standardizedFileURL

    /// Names, sorted; the folder always holds some.
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? []).sorted()

    @Test(arguments: names)
    func `every promise holds for every input of the corpus`(_ name: String) throws {
        let input = [UInt8](try Data(contentsOf: Self.corpus.appending(path: name)))

        let error = try QueryFuzz.check(input)

        if name.hasPrefix("valid-") { #expect(error == nil) }
        if name.hasPrefix("invalid-") { #expect(error != nil) }
    }

    @Test func `the corpus is there`() {
        #expect(Self.names.count >= 40)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `every promise holds for pieces put together at random`(_ seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        let pieces = [
            " | ", "|", "count", " by ", " every 1h", "top 3 ", "distinct ", "facets ", "fields ", "sort -", "limit 7",
            "timeline ", "join-request", "sessions gap 30m", "time", "count", "method", "ip", ", ", " desc", "data.a",
            "method:/", "/", "a*", "(b|c)", "[^d]", "{2,3}", "\\d", "/i", "ip:", "10.0.0.0/8", "::/0", " ", " OR ", "-",
            "\\", "\"", "é",
        ]
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0...12, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            try QueryFuzz.check(Array(text.utf8))
        }
    }
}
