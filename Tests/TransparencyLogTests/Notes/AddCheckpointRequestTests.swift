// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct AddCheckpointRequestTests {
    private let checkpoint: SignedNote
    private let proof: [LogHash]

    init() throws {
        checkpoint = try SignedNote(parsing: LogSamples.checkpointBytes)
        proof = try LogSamples.consistency.map(LogSamples.hash)
    }

    @Test func `a request is its lines`() throws {
        let request = try AddCheckpointRequest(old: 3, proof: proof, checkpoint: checkpoint)
        let text = "old 3\n\(LogSamples.consistency.joined(separator: "\n"))\n\n\(LogSamples.checkpoint)"
        #expect(request.encoded() == Array(text.utf8))
        #expect(try AddCheckpointRequest(parsing: request.encoded()) == request)

        let first = try AddCheckpointRequest(old: 0, proof: [], checkpoint: checkpoint)
        #expect(first.encoded() == Array("old 0\n\n\(LogSamples.checkpoint)".utf8))
        #expect(try AddCheckpointRequest(parsing: first.encoded()) == first)
    }

    @Test func `63 hashes are read, and not one more`() throws {
        let hashes = (0..<63).map { LogSamples.leaf($0) }
        let request = try AddCheckpointRequest(old: 3, proof: hashes, checkpoint: checkpoint)
        #expect(try AddCheckpointRequest(parsing: request.encoded()).proof == hashes)
        let more = hashes + [LogSamples.leaf(0)]
        #expect(
            LogSamples.refusal { _ = try AddCheckpointRequest(old: 3, proof: more, checkpoint: checkpoint) }
                == .tooLarge
        )
        let text = "old 3\n" + more.map { $0.base64 + "\n" }.joined() + "\n" + LogSamples.checkpoint
        #expect(LogSamples.refusal { _ = try AddCheckpointRequest(parsing: Array(text.utf8)) } == .tooLarge)
        let lines = "old 3\n" + String(repeating: "a\n", count: 1_000_000)
        #expect(LogSamples.refusal { _ = try AddCheckpointRequest(parsing: Array(lines.utf8)) } == .tooLarge)
    }

    @Test(
        arguments: [
            ("", .malformedRequest), ("old 3", .malformedRequest), ("old 3\n", .malformedRequest),
            ("\n", .malformedRequest), ("\nC", .malformedRequest), ("old\n\nC", .malformedRequest),
            ("old \n\nC", .malformedRequest), ("old 03\n\nC", .malformedRequest), ("old +3\n\nC", .malformedRequest),
            ("old  3\n\nC", .malformedRequest), ("old 3 \n\nC", .malformedRequest), ("old 3\r\n\nC", .malformedRequest),
            ("Old 3\n\nC", .malformedRequest), ("old 3\nAAAA\n\nC", .malformedRequest),
            ("old 18446744073709551616\n\nC", .malformedRequest), ("old 3\n\n", .malformedNote),
            ("old 3\n\n\nC", .malformedNote), ("old 3\nold 3\n\nC", .malformedRequest), ("C", .malformedRequest),
        ] as [(String, LogError.Code)]
    )
    func `anything else is refused`(text: String, code: LogError.Code) {
        let text = text.hasSuffix("C") ? text.dropLast() + LogSamples.checkpoint : text[...]
        let refusal = LogSamples.refusal { _ = try AddCheckpointRequest(parsing: Array(text.utf8)) }
        // An empty line before the note is the beginning of its text.
        #expect(refusal == (text.utf8.starts(with: "old 3\n\n\n".utf8) ? nil : code))
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `damaged requests are refused, or others`(seed: UInt64) throws {
        let samples = [
            try AddCheckpointRequest(old: 3, proof: proof, checkpoint: checkpoint).encoded(),
            try AddCheckpointRequest(old: 0, proof: [], checkpoint: checkpoint).encoded(),
        ]
        let result = Mutations.check(samples, seed: seed) { try AddCheckpointRequest(parsing: $0).encoded() }
        #expect(result.failure == nil && result.readCount > 50)
    }
}
