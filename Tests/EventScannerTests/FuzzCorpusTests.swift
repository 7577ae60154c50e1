// SPDX-License-Identifier: Apache-2.0

import EventScanner
import Foundation
import FuzzChecks
import Testing

/// Replays what the fuzzer starts from and what it found.
@Suite struct FuzzCorpusTests {
    private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fuzz/Corpus/EventScanner").standardizedFileURL

    /// Names, sorted; the folder always holds some.
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? []).sorted()

    @Test(arguments: names)
    func `every promise holds for every input of the corpus`(_ name: String) throws {
        let input = [UInt8](try Data(contentsOf: Self.corpus.appending(path: name)))

        let error = try ScannerFuzz.check(input)

        if name.hasPrefix("valid-") { #expect(error == nil) }
        if name.hasPrefix("invalid-") { #expect(error != nil) }
    }

    @Test func `the corpus is there`() {
        #expect(Self.names.count >= 60)
    }

    @Test func `every promise holds for our own tables`() throws {
        for text in RejectedText.all.map(\.text) + AcceptedText.all.map(\.text) {
            try ScannerFuzz.check(Notation(text).bytes)
        }
        for event in WholeEvent.all { try ScannerFuzz.check(event) }
    }

    @Test(arguments: 2000..<2010 as Range<UInt64>)
    func `every promise holds for random texts`(_ seed: UInt64) throws {
        var random = RandomText(seed: seed)
        for _ in 0..<20 {
            let text = random.object()
            try ScannerFuzz.check(text)
            try ScannerFuzz.check(random.mutated(text))
        }
    }
}
