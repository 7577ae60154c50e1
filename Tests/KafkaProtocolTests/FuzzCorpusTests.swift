// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzChecks
import Testing

@Suite struct FuzzCorpusTests {
    @Test func `whatever the fuzzer was given keeps the decoder's promises`() throws {
        let corpus = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fuzz/Corpus/KafkaProtocol").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(at: corpus, includingPropertiesForKeys: nil)
        var decodedCount = 0
        for file in files {
            let input = Array(try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") {
                if try MessageFuzz.check(input) { decodedCount += 1 }
            }
        }
        #expect(decodedCount > 100)
    }
}
