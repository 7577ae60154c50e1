// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Testing
import TransparencyLog

@Suite struct OpaqueSourceTests {
    @Test func `a source has one pseudonym in a log and others in others`() throws {
        let secret = try SourceSecret(Samples.sourceSecret)
        let source = try secret.source(submitter: "User:alice", origin: "kafka:k1")

        #expect("\(source)" == "6fbf8fc9bf3b8edb548f8ad1bc6ad37a")
        #expect(try secret.source(submitter: "User:alice", origin: "kafka:k1") == source)
        #expect(try secret.source(submitter: "User:alicek", origin: "afka:k1") != source)
        #expect(try secret.source(submitter: "User:alice", origin: "") != source)
        #expect(try SourceSecret(Samples.spanKey).source(submitter: "User:alice", origin: "kafka:k1") != source)
    }

    @Test func `bytes come back, 16 of them`() throws {
        let bytes = [UInt8](0..<17)
        for count in 0...17 where count != 16 {
            #expect(Samples.source(Array(bytes.prefix(count))) == nil)
        }
        #expect(Samples.source(Array(bytes.prefix(16)))?.bytes == Array(0..<16))
    }

    @Test func `the secret is 32 bytes and is not printed`() throws {
        #expect(throws: LeafError.self) { try SourceSecret([1, 2, 3]) }
        let secret = try SourceSecret(Samples.sourceSecret)
        #expect("\(secret)" == "SourceSecret(redacted)")
        #expect(Mirror(reflecting: secret).children.isEmpty)
    }

    @Test func `labels that are too long have no pseudonym`() throws {
        let longer = String(repeating: "x", count: LeafLimits.maximumLabelByteCount + 1)
        let secret = try SourceSecret(Samples.sourceSecret)
        #expect(throws: LeafError.self) { try secret.source(submitter: longer, origin: "") }
        #expect(throws: LeafError.self) { try secret.source(submitter: "", origin: longer) }
    }
}
