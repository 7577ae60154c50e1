// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct CheckpointTests {
    private static let root = LogSamples.leaf(0)

    @Test func `a checkpoint is its lines`() throws {
        let checkpoint = try Checkpoint(origin: "audit.example/é", size: 42, root: Self.root)
        #expect(checkpoint.text == Array("audit.example/é\n42\n\(Self.root.base64)\n".utf8))
        #expect(try Checkpoint(parsing: checkpoint.text) == checkpoint)
    }

    @Test func `further lines are kept and mean nothing`() throws {
        let lines = ["a", "b c — d", "42"].map { Array($0.utf8) }
        let checkpoint = try Checkpoint(origin: "o", size: 1, root: Self.root, extensions: lines)
        let read = try Checkpoint(parsing: checkpoint.text)
        #expect(read.extensions == lines && read == checkpoint)
        #expect(read != (try Checkpoint(origin: "o", size: 1, root: Self.root)))
    }

    @Test(arguments: [
        "o\n5\nR\n", "o b+c\n18446744073709551615\nR\n", "o\n0\nE\n", "o\n5\nR\nextension\n", "o\n5\nR\na\nb\n",
    ])
    func `what is read is written as the same bytes`(text: String) throws {
        let bytes = Self.bytes(text)
        #expect(try Checkpoint(parsing: bytes).text == bytes)
    }

    @Test(
        arguments: [
            ("", .malformedCheckpoint), ("\n", .malformedCheckpoint), ("o\n5\nR", .malformedCheckpoint),
            ("o\n5\n", .malformedCheckpoint), ("\n5\nR\n", .malformedCheckpoint), ("o\n\nR\n", .malformedCheckpoint),
            ("o\n05\nR\n", .malformedCheckpoint), ("o\n+5\nR\n", .malformedCheckpoint),
            ("o\n 5\nR\n", .malformedCheckpoint), ("o\n-5\nR\n", .malformedCheckpoint),
            ("o\n٥\nR\n", .malformedCheckpoint), ("o\n5.0\nR\n", .malformedCheckpoint),
            ("o\n18446744073709551616\nR\n", .malformedCheckpoint), ("o\n5\nR\n\n", .malformedCheckpoint),
            ("o\n5\nR\n\na\n", .malformedCheckpoint), ("o\r\n5\r\nR\r\n", .malformedCheckpoint),
            ("o\n5\r\nR\n", .malformedCheckpoint), ("o\n5\nR\r\n", .malformedCheckpoint),
            ("o\n5\n R\n", .malformedCheckpoint), ("o\t\n5\nR\n", .malformedCheckpoint),
            ("o\n5\nAAAA\n", .malformedCheckpoint), ("o\n5\n\n", .malformedCheckpoint),
            ("o\n5\nR\na\tb\n", .malformedCheckpoint), ("o\n0\nR\n", .wrongRoot),
        ] as [(String, LogError.Code)]
    )
    func `anything else is refused`(text: String, code: LogError.Code) {
        #expect(LogSamples.refusal { _ = try Checkpoint(parsing: Self.bytes(text)) } == code)
    }

    @Test func `an origin or extension that is no UTF-8 is refused`() {
        for bytes in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]] {
            let origin = bytes + Self.bytes("\n5\nR\n")
            #expect(LogSamples.refusal { _ = try Checkpoint(parsing: origin) } == .malformedCheckpoint)
            let line = Self.bytes("o\n5\nR\n") + bytes + [0x0A]
            #expect(LogSamples.refusal { _ = try Checkpoint(parsing: line) } == .malformedCheckpoint)
        }
    }

    @Test func `a root with spare bits, without padding, or in the URL's alphabet is refused`() throws {
        let root = Array(LogHash.ofEmptyTree.base64.utf8)
        // The 43rd character has two bits that no byte needs.
        #expect(root[42] == UInt8(ascii: "U"))
        let variants = [
            Array(root.dropLast(2)) + Array("V=".utf8), Array(root.dropLast()), root + [UInt8(ascii: "=")],
            root.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 },
        ]
        for variant in variants where variant != root {
            let text = Array("o\n0\n".utf8) + variant + [0x0A]
            #expect(LogSamples.refusal { _ = try Checkpoint(parsing: text) } == .malformedCheckpoint)
        }
    }

    @Test func `names that look alike are other logs`() throws {
        let composed = try Checkpoint(origin: "\u{E9}", size: 1, root: Self.root)
        let decomposed = try Checkpoint(origin: "e\u{301}", size: 1, root: Self.root)
        #expect(composed != decomposed && composed.text != decomposed.text)
        #expect(try Checkpoint(parsing: decomposed.text).origin.hasSameBytes(as: "e\u{301}"))
    }

    @Test(arguments: ["", "a\nb", "a\rb", "\t"])
    func `no checkpoint is made of what is no line`(line: String) {
        #expect(
            LogSamples.refusal { _ = try Checkpoint(origin: line, size: 1, root: Self.root) } == .malformedCheckpoint
        )
        let extensions = [Array(line.utf8)]
        let code = LogSamples.refusal {
            _ = try Checkpoint(origin: "o", size: 1, root: Self.root, extensions: extensions)
        }
        #expect(code == .malformedCheckpoint)
    }

    @Test func `ten megabytes are refused`() {
        let text = Self.bytes("o\n5\nR\n") + [UInt8](repeating: UInt8(ascii: "a"), count: 10_000_000) + [0x0A]
        #expect(LogSamples.refusal { _ = try Checkpoint(parsing: text) } == .tooLarge)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `damaged checkpoints are refused, or others`(seed: UInt64) {
        let samples = ["o\n5\nR\n", "audit.example/é\n123456\nR\na\nb\n", "o\n0\nE\n"].map(Self.bytes)
        let result = Mutations.check(samples, seed: seed) { try Checkpoint(parsing: $0).text }
        #expect(result.failure == nil && result.readCount > 50)
    }

    /// A line `R` is a root, a line `E` that of the empty tree.
    private static func bytes(_ text: String) -> [UInt8] {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        let filled = lines.map {
            $0.replacing("R", with: root.base64).replacing("E", with: LogHash.ofEmptyTree.base64)
        }
        return Array(filled.joined(separator: "\n").utf8)
    }
}
