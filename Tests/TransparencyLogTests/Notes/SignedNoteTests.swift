// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct SignedNoteTests {
    private let log: NoteSigner
    private let witness: NoteSigner
    private let note: SignedNote

    init() throws {
        log = try LogSamples.log()
        witness = try LogSamples.witness()
        note = try SignedNote(parsing: LogSamples.checkpointBytes)
    }

    // MARK: - Bytes

    @Test func `a note is read and written`() throws {
        #expect(note.text == LogSamples.checkpointText)
        #expect(note.signatures.map(\.name) == ["audit.example/test", "witness.example/w1"])
        #expect(note.signatures.map(\.keyID) == [0x7249_D966, 0x2032_4ABE])
        #expect(note.signatures.map(\.bytes.count) == [64, 72])
        #expect(note.encoded() == LogSamples.checkpointBytes)
    }

    @Test(arguments: ["a\n", "\n", "a\n\nb\n", "a\n\n", "\n\n\n", "— a AAAAAAA=\n", "a\n\n— a AAAAAAA=\n", "é — €\n"])
    func `the text ends at the last empty line`(text: String) throws {
        let signature = try log.sign(Array(text.utf8))
        let note = try SignedNote(text: Array(text.utf8), signatures: [signature])
        let read = try SignedNote(parsing: note.encoded())
        #expect(read.text == Array(text.utf8) && read == note)
        #expect(try read.verified(by: [log.verifier]).count == 1)
    }

    @Test(arguments: [
        "", "\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "a\n— n AAAAAAA=\n", "a\n\n— n AAAAAAA=", "a\n\n— n AAAAAAA=\n\n",
        "a\n\n— n AAAAAAA=\nb\n", "a\n\n- n AAAAAAA=\n", "a\n\n—n AAAAAAA=\n", "a\n\n— n  AAAAAAA=\n",
        "a\n\n—  AAAAAAA=\n",
        "a\n\n— AAAAAAA=\n", "a\n\n— n AAAAAAA= \n", "a\n\n— n\tAAAAAAA=\n", "a\n\n— n+m AAAAAAA=\n",
        "a\n\n— n m AAAAAAA=\n",
        "a\n\n— n\u{A0}m AAAAAAA=\n", "a\n\n— n\u{3000} AAAAAAA=\n", "a\n\n— \u{2028} AAAAAAA=\n",
        "a\n\n— n AAAAAAB=\n",
        "a\n\n— n AAAAAAA\n", "a\n\n— n AAAAAA==\n", "a\n\n— n AAAA\n", "a\n\n— n \n", "a\n\n— n\n",
        "a\n\n— n AAAA-AA=\n",
        "a\r\n\r\n— n AAAAAAA=\r\n", "a\n\n— n AAAAAAA=\r\n", "a\r\n\n— n AAAAAAA=\n", "a\tb\n\n— n AAAAAAA=\n",
        "a\0\n\n— n AAAAAAA=\n", "a\u{1B}\n\n— n AAAAAAA=\n", "a\n\n\u{FEFF}— n AAAAAAA=\n",
        "a\n\n— n AAAAAAA=\n\n— n AAAAAAB=\n",
    ])
    func `what is no note is refused`(text: String) {
        #expect(LogSamples.refusal { _ = try SignedNote(parsing: Array(text.utf8)) } == .malformedNote)
    }

    @Test func `a note that is no UTF-8 is refused`() {
        for bad in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x80]] as [[UInt8]] {
            let inText = bad + Array("\n\n— n AAAAAAA=\n".utf8)
            let inName = Array("a\n\n— n".utf8) + bad + Array(" AAAAAAA=\n".utf8)
            #expect(LogSamples.refusal { _ = try SignedNote(parsing: inText) } == .malformedNote)
            #expect(LogSamples.refusal { _ = try SignedNote(parsing: inName) } == .malformedNote)
        }
    }

    @Test func `every prefix of a note is refused`() {
        let bytes = LogSamples.checkpointBytes
        for count in bytes.indices {
            let refusal = LogSamples.refusal { _ = try SignedNote(parsing: Array(bytes.prefix(count))) }
            // With the first signature whole, a note is there.
            let isWhole = bytes[count...].starts(with: "— witness".utf8)
            #expect(refusal == (isWhole ? nil : .malformedNote), "\(count)")
        }
    }

    @Test func `a hundred signatures are read, and not one more`() throws {
        let line = String(decoding: note.signatures[0].line, as: UTF8.self)
        let hundred = Array(("a\n\n" + String(repeating: line, count: 100)).utf8)
        let more = Array(("a\n\n" + String(repeating: line, count: 101)).utf8)
        #expect(try SignedNote(parsing: hundred).signatures.count == 100)
        #expect(LogSamples.refusal { _ = try SignedNote(parsing: more) } == .tooLarge)
        let signatures = [NoteSignature](repeating: note.signatures[0], count: 101)
        #expect(LogSamples.refusal { _ = try SignedNote(text: note.text, signatures: signatures) } == .tooLarge)
    }

    @Test func `large notes are refused`() throws {
        let line = Array("\n— n AAAAAAA=\n".utf8)
        let fitting = [UInt8](repeating: 0x61, count: 1 << 20 - line.count - 1) + [0x0A] + line
        #expect(fitting.count == 1 << 20)
        #expect(try SignedNote(parsing: fitting).encoded() == fitting)
        #expect(LogSamples.refusal { _ = try SignedNote(parsing: [0x61] + fitting) } == .tooLarge)
        let huge = [UInt8](repeating: 0x61, count: 10_000_000) + [0x0A] + line
        #expect(LogSamples.refusal { _ = try SignedNote(parsing: huge) } == .tooLarge)
        let newlines = [UInt8](repeating: 0x0A, count: 1 << 20)
        #expect(LogSamples.refusal { _ = try SignedNote(parsing: newlines) } == .malformedNote)
    }

    @Test(arguments: ["", "a", "a\r\n", "a\0\n"])
    func `no note is made of what is no text`(text: String) throws {
        let text = Array(text.utf8)
        #expect(LogSamples.refusal { _ = try SignedNote(text: text, signatures: note.signatures) } == .malformedNote)
        #expect(LogSamples.refusal { _ = try log.sign(text) } == .malformedNote)
    }

    @Test func `no note is made without signatures`() {
        #expect(LogSamples.refusal { _ = try SignedNote(text: note.text, signatures: []) } == .malformedNote)
    }

    @Test func `signatures are added once`() throws {
        let alone = try SignedNote(text: note.text, signatures: [note.signatures[0]])
        #expect(try alone.adding([note.signatures[1], note.signatures[0], note.signatures[1]]) == note)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `damaged notes are refused, or others`(seed: UInt64) throws {
        let other = Array("a\n\nb\n\n— n\u{E9} AAAAAAA=\n".utf8)
        let result = Mutations.check([LogSamples.checkpointBytes, other], rounds: 10_000, seed: seed) {
            try SignedNote(parsing: $0).encoded()
        }
        #expect(result.failure == nil && result.readCount > 100)
    }

    // MARK: - Signatures

    @Test func `no flipped bit passes`() throws {
        let policy = try TrustPolicy(
            parsing: Array("log \(log.vkey)\nwitness w \(witness.vkey)\nquorum w\n".utf8)
        )
        #expect(try policy.evaluate(note).isQuorumMet)
        for bit in 0..<(8 * LogSamples.checkpointBytes.count) {
            var bytes = LogSamples.checkpointBytes
            bytes[bit / 8] ^= 1 << (bit % 8)
            let isAccepted = (try? policy.evaluate(SignedNote(parsing: bytes)))?.isQuorumMet ?? false
            #expect(!isAccepted, "bit \(bit)")
        }
    }

    @Test func `signatures by unknown keys are left out`() throws {
        let verified = try note.verified(by: [witness.verifier])
        #expect(verified.map(\.verifierIndex) == [0] && verified[0].signature == note.signatures[1])
        #expect(verified[0].kind == .cosignature)
        let other = try NoteSigner(name: "other.example", seed: [UInt8](repeating: 9, count: 32))
        #expect(LogSamples.refusal { _ = try note.verified(by: [other.verifier]) } == .unknownKey)
        #expect(LogSamples.refusal { _ = try note.verified(by: []) } == .unknownKey)
    }

    @Test func `a right name with another key is unknown`() throws {
        let other = try NoteSigner(name: log.name, seed: [UInt8](repeating: 9, count: 32))
        #expect(other.keyID != log.keyID)
        #expect(LogSamples.refusal { _ = try note.verified(by: [other.verifier]) } == .unknownKey)
        let otherName = try NoteSigner(name: "other.example", seed: LogSamples.logSeed)
        #expect(LogSamples.refusal { _ = try note.verified(by: [otherName.verifier]) } == .unknownKey)
    }

    @Test func `one bad signature of a known key rejects the note`() throws {
        let forged = try NoteSignature(name: log.name, keyID: log.keyID, bytes: [UInt8](repeating: 1, count: 64))
        for signatures in [[note.signatures[0], forged], [forged, note.signatures[0]], note.signatures + [forged]] {
            let note = try SignedNote(text: note.text, signatures: signatures)
            #expect(LogSamples.refusal { _ = try note.verified(by: [log.verifier]) } == .wrongSignature)
            #expect(
                LogSamples.refusal { _ = try note.verified(by: [log.verifier, witness.verifier]) } == .wrongSignature
            )
        }
        let unknown = try NoteSignature(name: witness.name, keyID: witness.keyID, bytes: [1])
        let withUnknown = try SignedNote(text: note.text, signatures: [unknown, note.signatures[0]])
        #expect(try withUnknown.verified(by: [log.verifier]).count == 1)
    }

    @Test func `a signature of another text is wrong`() throws {
        let other = try Checkpoint(origin: "audit.example/test", size: 4, root: LogSamples.leaf(0))
        let moved = try SignedNote(text: other.text, signatures: note.signatures)
        #expect(LogSamples.refusal { _ = try moved.verified(by: [log.verifier]) } == .wrongSignature)
        #expect(LogSamples.refusal { _ = try moved.verified(by: [witness.verifier]) } == .wrongSignature)
    }

    @Test func `two keys of one name and key ID are an error`() throws {
        #expect(LogSamples.refusal { _ = try note.verified(by: [log.verifier, log.verifier]) } == .ambiguousKey)
        let both = [log.verifier, witness.verifier, log.verifier]
        #expect(LogSamples.refusal { _ = try note.verified(by: both) } == .ambiguousKey)
    }

    @Test func `names that look alike are other keys`() throws {
        let composed = try NoteSigner(name: "caf\u{E9}", seed: LogSamples.logSeed)
        let decomposed = try NoteVerifier(name: "cafe\u{301}", publicKey: composed.verifier.publicKey, kind: .ed25519)
        #expect(composed.verifier != decomposed && composed.keyID != decomposed.keyID)
        // Even with the same key ID.
        let signature = try composed.sign(note.text)
        let renamed = try NoteSignature(name: "cafe\u{301}", keyID: signature.keyID, bytes: signature.bytes)
        #expect(renamed != signature && !composed.verifier.isNamed(by: renamed))
        let signed = try SignedNote(text: note.text, signatures: [renamed])
        #expect(LogSamples.refusal { _ = try signed.verified(by: [composed.verifier]) } == .unknownKey)
        #expect(LogSamples.refusal { _ = try signed.verified(by: [decomposed]) } == .unknownKey)
    }

    @Test func `lines of a witness are read alone`() throws {
        let lines = note.signatures.flatMap(\.line)
        #expect(try NoteSignature.parse(lines: lines) == note.signatures)
        #expect(LogSamples.refusal { _ = try NoteSignature.parse(lines: []) } == .malformedNote)
        #expect(LogSamples.refusal { _ = try NoteSignature.parse(lines: lines.dropLast()) } == .malformedNote)
        #expect(LogSamples.refusal { _ = try NoteSignature.parse(lines: [0x0A] + lines) } == .malformedNote)
        #expect(LogSamples.refusal { _ = try NoteSignature.parse(lines: [0xFF, 0x0A]) } == .malformedNote)
        let many = [UInt8](repeating: 0x0A, count: 2_000_000)
        #expect(LogSamples.refusal { _ = try NoteSignature.parse(lines: many) } == .tooLarge)
    }

    @Test(arguments: ["", " ", "a b", "a+b", "a\u{A0}b", "a\u{2003}", "\u{85}", "a\n", "\u{3000}"])
    func `no key has such a name`(name: String) {
        #expect(LogSamples.refusal { _ = try NoteSigner(name: name, seed: LogSamples.logSeed) } == .malformedKey)
        #expect(LogSamples.refusal { _ = try NoteSignature(name: name, keyID: 1, bytes: [1]) } == .malformedNote)
    }
}
