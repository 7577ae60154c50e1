// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzChecks
import Testing

@Suite struct FuzzCorpusTests {
    @Test func `whatever the fuzzer was given keeps the conversation's promises`() throws {
        let corpus = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fuzz/Corpus/KafkaCapture").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(at: corpus, includingPropertiesForKeys: nil)
        #expect(files.count > 30)
        for file in files {
            let input = Array(try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try ConversationFuzz.check(input) }
        }
    }
}
