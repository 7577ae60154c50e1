// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TransparencyLog

/// The worked bytes of docs/formats/evidence.md and docs/formats/receipt.md are those of the code.
@Suite struct FormatPagesTests {
    @Test func `the page of the evidence has the sample log`() throws {
        let page = try Self.page("evidence.md")
        let log = try LogSamples.log()
        for text in [log.skey, log.vkey, try LogSamples.witness().vkey] + LogSamples.roots.dropFirst() {
            #expect(page.contains("`\(text)`"))
        }
        #expect(page.contains("\n```\n\(LogSamples.checkpoint)```\n"))
        #expect(page.contains("\n```\n\(LogSamples.consistency.joined(separator: "\n"))\n```\n"))
    }

    @Test func `the page of the evidence has the limits`() throws {
        let page = try Self.page("evidence.md")
        #expect(LogLimits.maximumNoteByteCount == 1_048_576 && LogLimits.maximumPolicyByteCount == 1_048_576)
        #expect(page.contains("| bytes of a note, policy, or answer of a witness | 1,048,576 |"))
        #expect(page.contains("| signatures of a note | \(LogLimits.maximumSignatureCount) |"))
        #expect(page.contains("| hashes of a proof | \(LogLimits.maximumProofHashCount) |"))
        #expect(page.contains("| entries of a bundle, hashes of a tile | \(LogLimits.tileWidth) |"))
        #expect(page.contains("| logs, witnesses, groups of a policy, each | \(LogLimits.maximumPolicyNameCount) |"))
        #expect(LogLimits.maximumEntryByteCount == 65_535 && LogLimits.maximumTreeSize == 1 << 62)
    }

    @Test func `the page of the receipt has a receipt, and an opening`() throws {
        let page = try Self.page("receipt.md")
        let receipt = try Receipt(
            index: 2,
            hashes: LogSamples.inclusion.map(LogSamples.hash),
            checkpoint: SignedNote(parsing: LogSamples.checkpointBytes)
        )
        #expect(page.contains("\n```\n\(String(decoding: receipt.encoded(), as: UTF8.self))```\n"))

        let (leaf, salts) = try Samples.leaf()
        let opening = try LeafOpening(
            leaf: leaf,
            bodySalt: salts.body,
            sender: LeafOpening.Sender(
                salt: salts.provenance,
                submitter: "User:alice",
                origin: "kafka:k1",
                position: [1, 2, 3]
            )
        )
        let text = String(decoding: CanonicalBase64.encode(opening.encoded()), as: UTF8.self)
        #expect(page.contains("\n```\nextra \(text)\n```\n"))
    }

    private static func page(_ name: String) throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/formats/\(name)"), encoding: .utf8)
    }
}
