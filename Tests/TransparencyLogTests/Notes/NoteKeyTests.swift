// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct NoteKeyTests {
    private let log: NoteSigner
    private let witness: NoteSigner

    init() throws {
        log = try LogSamples.log()
        witness = try LogSamples.witness()
    }

    @Test func `keys are written as they are read`() throws {
        #expect(try NoteVerifier(vkey: LogSamples.logVkey).vkey == LogSamples.logVkey)
        #expect(try NoteVerifier(vkey: LogSamples.witnessVkey) == witness.verifier)
        #expect(try NoteSigner(skey: witness.skey).skey == witness.skey)
        #expect(try NoteSigner(skey: witness.skey).kind == .cosignature)
        #expect(log.kind == .ed25519 && log.name == "audit.example/test" && log.keyID == 0x7249_D966)
    }

    /// The key and the note of c2sp.org/signed-note.
    @Test func `the example of the specification verifies`() throws {
        let verifier = try NoteVerifier(vkey: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
        let text = """
            This is an example message.

            — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

            """
        #expect(try SignedNote(parsing: Array(text.utf8)).verified(by: [verifier]).count == 1)
    }

    @Test(
        arguments: [
            ("", .malformedKey), ("a", .malformedKey), ("a+7249d966", .malformedKey),
            ("+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/test+7249d967+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/other+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/test+7249D966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/test+249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/test+7249d966+AQOhB7_zzhC-HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/test+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n", .malformedKey),
            ("audit.example/test+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4 ", .malformedKey),
            (" audit.example/test+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/test+7249d966+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVQ==", .malformedKey),
            ("audit.example/test+7249d966+", .malformedKey), ("audit.example/test+7249d966+AQ==", .malformedKey),
            ("audit.example/test+7249d966+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .malformedKey),
            ("audit.example/test+7249d966+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .unsupportedKey),
            ("audit.example/test+7249d966+BgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", .unsupportedKey),
        ] as [(String, LogError.Code)]
    )
    func `other texts are no keys`(text: String, code: LogError.Code) {
        #expect(LogSamples.refusal { _ = try NoteVerifier(vkey: text) } == code)
        let secret = "PRIVATE+KEY+\(text)"
        #expect(LogSamples.refusal { _ = try NoteSigner(skey: secret) } == code)
    }

    @Test func `a private key is no public one`() {
        #expect(LogSamples.refusal { _ = try NoteVerifier(vkey: LogSamples.logSkey) } == .malformedKey)
        #expect(LogSamples.refusal { _ = try NoteSigner(skey: LogSamples.logVkey) } == .malformedKey)
    }

    @Test func `errors do not quote a private key`() {
        // The key ID is wrong, the seed is there.
        let text = "PRIVATE+KEY+audit.example/test+7249d967+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
        do throws(LogError) {
            _ = try NoteSigner(skey: text)
            Issue.record("read")
        } catch {
            #expect(!error.message.contains("AQABAgME"))
        }
    }

    @Test(arguments: [0, 16, 31, 33, 64])
    func `a seed of other than 32 bytes is refused`(count: Int) {
        let seed = [UInt8](repeating: 1, count: count)
        #expect(LogSamples.refusal { _ = try NoteSigner(name: "a", seed: seed) } == .malformedKey)
        #expect(
            LogSamples.refusal { _ = try NoteVerifier(name: "a", publicKey: seed, kind: .ed25519) } == .malformedKey
        )
    }

    @Test func `a signer prints no seed`() throws {
        #expect("\(log)" == "NoteSigner(\(LogSamples.logVkey), seed redacted)")
        #expect(String(reflecting: log) == "NoteSigner(\(LogSamples.logVkey), seed redacted)")
        #expect(Mirror(reflecting: log).children.isEmpty)
        var dumped = ""
        dump(log, to: &dumped)
        #expect(!dumped.contains("AQABAgME"))
    }

    @Test func `a text has one signature`() throws {
        #expect(try log.sign(LogSamples.checkpointText) == log.sign(LogSamples.checkpointText))
    }

    // MARK: - Kinds

    @Test func `a key signs what it is for`() throws {
        let text = LogSamples.checkpointText
        #expect(LogSamples.refusal { _ = try witness.sign(text) } == .unsupportedKey)
        #expect(LogSamples.refusal { _ = try log.cosign(text, time: 1) } == .unsupportedKey)
        #expect(LogSamples.refusal { _ = try witness.cosign(text, time: -1) } == .outOfRange)
        #expect(LogSamples.refusal { _ = try witness.cosign(Array("a\n".utf8), time: 1) } == .malformedCheckpoint)
        #expect(LogSamples.refusal { _ = try witness.cosign(Array("a".utf8), time: 1) } == .malformedNote)
    }

    @Test func `no kind of key stands for the other`() throws {
        let text = LogSamples.checkpointText
        let plain = try NoteSigner(name: "k", seed: LogSamples.witnessSeed, kind: .ed25519)
        let cosigner = try NoteSigner(name: "k", seed: LogSamples.witnessSeed, kind: .cosignature)
        #expect(plain.keyID != cosigner.keyID && plain.verifier.publicKey == cosigner.verifier.publicKey)
        let signature = try plain.sign(text)
        let cosignature = try cosigner.cosign(text, time: 5)

        for (from, to) in [(signature, cosigner), (cosignature, plain)] {
            #expect(LogSamples.refusal { _ = try to.verifier.check(from, of: text) } == .unknownKey)
            // With the other's key ID, and in the other's length.
            for bytes in [
                from.bytes, Array(from.bytes.suffix(64)), [UInt8](repeating: 0, count: 8) + from.bytes.suffix(64),
            ] {
                let renamed = try NoteSignature(name: "k", keyID: to.keyID, bytes: bytes)
                #expect(LogSamples.refusal { _ = try to.verifier.check(renamed, of: text) } == .wrongSignature)
            }
        }
        // A plain signature of what a cosigner signs is one of that text, and of no checkpoint.
        let message = Array("cosignature/v1\ntime 5\n".utf8) + text
        let forged = try NoteSignature(name: "k", keyID: plain.keyID, bytes: Array(cosignature.bytes.dropFirst(8)))
        #expect(try plain.verifier.check(forged, of: message) == nil)
        #expect(LogSamples.refusal { _ = try Checkpoint(parsing: message) } == .malformedCheckpoint)
    }

    @Test(arguments: [0, 1, LogSamples.cosignedAt, .max] as [Int64])
    func `a cosignature says when`(seconds: Int64) throws {
        let cosignature = try witness.cosign(LogSamples.checkpointText, time: seconds)
        #expect(try witness.verifier.check(cosignature, of: LogSamples.checkpointText)?.seconds == seconds)
    }

    @Test func `another time is another cosignature`() throws {
        let text = LogSamples.checkpointText
        let bytes = try witness.cosign(text, time: 5).bytes
        for bit in 0..<(8 * bytes.count) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            let signature = try NoteSignature(name: witness.name, keyID: witness.keyID, bytes: flipped)
            #expect(LogSamples.refusal { _ = try witness.verifier.check(signature, of: text) } == .wrongSignature)
        }
    }

    @Test(arguments: [1, 63, 65, 71, 72, 73, 100])
    func `signatures of other lengths are wrong`(count: Int) throws {
        let bytes = [UInt8](repeating: 0, count: count)
        for signer in [log, witness] {
            let signature = try NoteSignature(name: signer.name, keyID: signer.keyID, bytes: bytes)
            #expect(
                LogSamples.refusal { _ = try signer.verifier.check(signature, of: LogSamples.checkpointText) }
                    == .wrongSignature
            )
        }
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `damaged keys are refused, or others`(seed: UInt64) {
        let vkeys = [LogSamples.logVkey, LogSamples.witnessVkey].map { Array($0.utf8) }
        let result = Mutations.check(vkeys, rounds: 2000, seed: seed) {
            Array(try NoteVerifier(vkey: String(decoding: $0, as: UTF8.self)).vkey.utf8)
        }
        #expect(result.failure == nil)
    }
}
