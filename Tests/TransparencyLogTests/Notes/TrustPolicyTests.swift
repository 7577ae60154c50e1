// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@Suite struct TrustPolicyTests {
    private static let log = "log \(LogSamples.logVkey)\n"

    // MARK: - Quorums

    /// Witnesses are a to f, of which `cosigners` have cosigned.
    @Test(
        arguments: [
            ("quorum none\n", "", true),
            ("quorum a\n", "a", true), ("quorum a\n", "bcdef", false),
            ("group g any a b\nquorum g\n", "", false), ("group g any a b\nquorum g\n", "b", true),
            ("group g all a b\nquorum g\n", "a", false), ("group g all a b\nquorum g\n", "ab", true),
            ("group g 2 a b c\nquorum g\n", "c", false), ("group g 2 a b c\nquorum g\n", "ac", true),
            ("group g 2 a b c\nquorum g\n", "adef", false), ("group g 1 a\nquorum g\n", "a", true),
            ("group x 2 a b c\ngroup y any d e f\ngroup z all x y\nquorum z\n", "abd", true),
            ("group x 2 a b c\ngroup y any d e f\ngroup z all x y\nquorum z\n", "abc", false),
            ("group x 2 a b c\ngroup y any d e f\ngroup z all x y\nquorum z\n", "adef", false),
            ("group x 2 a b c\ngroup z any x d\nquorum z\n", "ac", true),
            ("group x 2 a b c\ngroup z any x d\nquorum z\n", "a", false),
            ("group x 2 a b c\ngroup z any x d\nquorum x\n", "d", false),
        ]
    )
    func `the quorum is met or not`(rules: String, cosigners: String, isMet: Bool) throws {
        let names = "abcdef".map { String($0) }
        let witnesses = try names.enumerated().map { try Self.witness($0.element, seed: UInt8($0.offset)) }
        let lines = witnesses.map { "witness \($0.name) \($0.vkey)\n" }.joined()
        let policy = try Self.policy(Self.log + lines + rules)
        let text = LogSamples.checkpointText
        var signatures = [try LogSamples.log().sign(text)]
        for witness in witnesses where cosigners.contains(witness.name) {
            signatures.append(try witness.cosign(text, time: 7))
        }
        let note = try SignedNote(text: text, signatures: signatures)

        let verdict = try policy.evaluate(note)

        #expect(verdict.isQuorumMet == isMet)
        #expect(verdict.logs == [0])
        #expect(verdict.witnesses.map { names[$0.index] } == cosigners.map { String($0) })
        #expect(verdict.witnesses.allSatisfy { $0.time.seconds == 7 })
        #expect(verdict.checkpoint.size == 5)
    }

    @Test func `one witness counts once, with its last time`() throws {
        let witness = try LogSamples.witness()
        let other = try Self.witness("other", seed: 3)
        let policy = try Self.policy(
            Self.log + "witness a \(witness.vkey)\nwitness b \(other.vkey)\ngroup g 2 a b\nquorum g\n"
        )
        let text = LogSamples.checkpointText
        let signatures = [
            try LogSamples.log().sign(text), try witness.cosign(text, time: 9), try witness.cosign(text, time: 8),
        ]
        let verdict = try policy.evaluate(SignedNote(text: text, signatures: signatures))
        #expect(!verdict.isQuorumMet)
        #expect(verdict.witnesses.map(\.time.seconds) == [9])
    }

    @Test func `cosignatures of the future do not count`() throws {
        let policy = try Self.policy(Self.log + "witness w \(LogSamples.witnessVkey)\nquorum w\n")
        let note = try SignedNote(parsing: LogSamples.checkpointBytes)
        let before = try #require(CosignatureTime(seconds: LogSamples.cosignedAt - 1))
        let at = try #require(CosignatureTime(seconds: LogSamples.cosignedAt))
        #expect(try policy.evaluate(note, latest: at).isQuorumMet)
        let verdict = try policy.evaluate(note, latest: before)
        #expect(!verdict.isQuorumMet && verdict.witnesses.isEmpty)
    }

    // MARK: - Signatures

    @Test func `a checkpoint of another log is refused`() throws {
        let log = try LogSamples.log()
        let other = try NoteSigner(name: "other.example", seed: [UInt8](repeating: 5, count: 32))
        let policy = try Self.policy(Self.log + "log \(other.vkey)\nquorum none\n")
        // Signed by a log of the policy, in the name of another of its logs.
        let text = try Checkpoint(origin: "other.example", size: 5, root: LogSamples.leaf(0)).text
        let foreign = try SignedNote(text: text, signatures: [try log.sign(text)])
        #expect(LogSamples.refusal { _ = try policy.evaluate(foreign) } == .wrongOrigin)
        let own = try SignedNote(text: text, signatures: [try log.sign(text), try other.sign(text)])
        #expect(try policy.evaluate(own).logs == [1])
    }

    @Test func `an origin that only looks like a log's is refused`() throws {
        let log = try NoteSigner(name: "caf\u{E9}", seed: LogSamples.logSeed)
        let policy = try Self.policy("log \(log.vkey)\nquorum none\n")
        let text = try Checkpoint(origin: "cafe\u{301}", size: 5, root: LogSamples.leaf(0)).text
        let note = try SignedNote(text: text, signatures: [try log.sign(text)])
        #expect(LogSamples.refusal { _ = try policy.evaluate(note) } == .wrongOrigin)
    }

    @Test func `cosignatures alone are not enough`() throws {
        let policy = try Self.policy(Self.log + "witness w \(LogSamples.witnessVkey)\nquorum w\n")
        let text = LogSamples.checkpointText
        let note = try SignedNote(text: text, signatures: [try LogSamples.witness().cosign(text, time: 1)])
        #expect(LogSamples.refusal { _ = try policy.evaluate(note) } == .unknownKey)
    }

    @Test func `a cosignature of another checkpoint rejects the note`() throws {
        let policy = try Self.policy(Self.log + "witness w \(LogSamples.witnessVkey)\nquorum w\n")
        let copied = try SignedNote(parsing: LogSamples.checkpointBytes).signatures[1]
        let text = try Checkpoint(origin: "audit.example/test", size: 6, root: LogSamples.leaf(0)).text
        let note = try SignedNote(text: text, signatures: [try LogSamples.log().sign(text), copied])
        #expect(LogSamples.refusal { _ = try policy.evaluate(note) } == .wrongSignature)
    }

    @Test func `a signed text that is no checkpoint is refused`() throws {
        let policy = try Self.policy(Self.log + "quorum none\n")
        let text = Array("audit.example/test\n05\n\(LogHash.ofEmptyTree.base64)\n".utf8)
        let note = try SignedNote(text: text, signatures: [try LogSamples.log().sign(text)])
        #expect(LogSamples.refusal { _ = try policy.evaluate(note) } == .malformedCheckpoint)
    }

    @Test func `a log alone is a policy`() throws {
        let policy = try TrustPolicy(log: LogSamples.log().verifier)
        #expect(try policy.evaluate(SignedNote(parsing: LogSamples.checkpointBytes)).isQuorumMet)
        #expect(LogSamples.refusal { _ = try TrustPolicy(log: LogSamples.witness().verifier) } == .unsupportedKey)
    }

    @Test func `a policy without logs believes nothing`() throws {
        let policy = try Self.policy("quorum none\n")
        #expect(
            LogSamples.refusal { _ = try policy.evaluate(SignedNote(parsing: LogSamples.checkpointBytes)) }
                == .unknownKey
        )
    }

    // MARK: - Text

    @Test func `spaces, tabs, comments and empty lines do not matter`() throws {
        let policy = try Self.policy(
            """
            # é \u{FFFD} anything
             \t
            \t log \t\(LogSamples.logVkey)  https://audit.example/\t

              # witness x
            witness  \u{212A}  \(LogSamples.witnessVkey) https://witness.example/
            quorum \u{212A}

            """
        )
        #expect(policy.logs.map(\.url) == ["https://audit.example/"])
        #expect(policy.logs.map(\.verifier.vkey) == [LogSamples.logVkey])
        #expect(policy.witnesses.map(\.name) == [Array("\u{212A}".utf8)])
        #expect(policy.witnesses.map(\.url) == ["https://witness.example/"])
        #expect(try policy.evaluate(SignedNote(parsing: LogSamples.checkpointBytes)).isQuorumMet)
    }

    @Test func `a name is its bytes, and may be no UTF-8`() throws {
        let line = Array("witness ".utf8) + [0xFF, 0xFE] + Array(" \(LogSamples.witnessVkey)\nquorum ".utf8)
        let policy = try TrustPolicy(parsing: line + [0xFF, 0xFE, 0x0A])
        #expect(policy.witnesses.map(\.name) == [[0xFF, 0xFE]])
        // KELVIN SIGN is equal to K for `String`.
        let kelvin = "witness \u{212A} \(LogSamples.witnessVkey)\nquorum K\n"
        #expect(LogSamples.refusal { _ = try Self.policy(kelvin) } == .malformedPolicy)
    }

    /// L, W: a log's and a witness's key; V: another witness's.
    @Test(
        arguments: [
            ("", .malformedPolicy), ("quorum none", .malformedPolicy), ("log L\n", .malformedPolicy),
            ("quorum\n", .malformedPolicy), ("quorum none none\n", .malformedPolicy),
            ("quorum none\nquorum none\n", .malformedPolicy), ("quorum w\nwitness w W\n", .malformedPolicy),
            ("quorum x\n", .malformedPolicy), ("Quorum none\n", .malformedPolicy),
            ("trust L\nquorum none\n", .malformedPolicy),
            ("log\nquorum none\n", .malformedPolicy), ("log L a b\nquorum none\n", .malformedPolicy),
            ("log W\nquorum none\n", .unsupportedKey), ("witness w L\nquorum none\n", .unsupportedKey),
            ("log x\nquorum none\n", .malformedKey), ("log L\nlog L\nquorum none\n", .ambiguousKey),
            ("witness w W\nwitness v W\nquorum none\n", .ambiguousKey),
            ("witness w W\nwitness w V\nquorum none\n", .malformedPolicy),
            ("witness none W\nquorum none\n", .malformedPolicy), ("witness w W a b\nquorum none\n", .malformedPolicy),
            ("witness w\nquorum none\n", .malformedPolicy),
            ("witness w W\ngroup w any w\nquorum none\n", .malformedPolicy),
            ("witness w W\ngroup none any w\nquorum none\n", .malformedPolicy),
            ("group g any g\nquorum g\n", .malformedPolicy),
            ("group g any none\nquorum g\n", .malformedPolicy),
            ("group g any w\nwitness w W\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g any\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g 0 w\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g 2 w\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g 01 w\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g +1 w\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g most w\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g 18446744073709551616 w\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g 1 w w\nquorum g\n", .malformedPolicy),
            ("witness w W\ngroup g any w\ngroup h any w\nquorum g\n", .malformedPolicy),
            ("witness w W\nwitness v V\ngroup g any w\ngroup h any g\ngroup i any g v\nquorum i\n", .malformedPolicy),
            ("quorum none\r\n", .malformedPolicy), ("quorum none\n\0\n", .malformedPolicy),
            ("quorum none\n#\u{7F}\n", .malformedPolicy),
            ("quorum\u{A0}none\n", .malformedPolicy),
        ] as [(String, LogError.Code)]
    )
    func `what is no policy is refused`(text: String, code: LogError.Code) throws {
        let other = try Self.witness("v", seed: 1)
        var filled = text.replacing(" L", with: " \(LogSamples.logVkey)")
        filled = filled.replacing(" W", with: " \(LogSamples.witnessVkey)").replacing(" V", with: " \(other.vkey)")
        #expect(LogSamples.refusal { _ = try Self.policy(filled) } == code)
    }

    @Test func `an error says which line`() {
        do throws(LogError) {
            _ = try Self.policy("# first\nlog x\nquorum none\n")
            Issue.record("read")
        } catch {
            #expect(error.message.hasPrefix("line 2: "))
        }
    }

    @Test func `256 witnesses in a chain of groups are read, and not one more`() throws {
        var text = ""
        for number in 0..<256 {
            let witness = try NoteSigner(
                name: "w\(number)",
                seed: [UInt8](repeating: UInt8(number), count: 32),
                kind: .cosignature
            )
            text += "witness w\(number) \(witness.vkey)\n"
            text += number == 0 ? "group g0 all w0\n" : "group g\(number) all g\(number - 1) w\(number)\n"
        }
        let policy = try Self.policy(text + "quorum g255\n")
        #expect(policy.isQuorumMet(by: Set(0..<256)))
        for missing in [0, 100, 255] { #expect(!policy.isQuorumMet(by: Set(0..<256).subtracting([missing]))) }

        let group = text + "group more any g255\nquorum none\n"
        #expect(LogSamples.refusal { _ = try Self.policy(group) } == .tooLarge)
        let witness = text + "witness more \(LogSamples.witnessVkey)\nquorum none\n"
        #expect(LogSamples.refusal { _ = try Self.policy(witness) } == .tooLarge)
        let huge = String(repeating: "#", count: 1 << 20) + "\nquorum none\n"
        #expect(LogSamples.refusal { _ = try Self.policy(huge) } == .tooLarge)
    }

    @Test func `damaged policies make nothing crash`() {
        var random = SeededNumbers(seed: 12)
        let sample = Array(
            (Self.log + "witness w \(LogSamples.witnessVkey)\ngroup g 1 w\ngroup h all g\nquorum h\n").utf8
        )
        for _ in 0..<3000 { _ = try? TrustPolicy(parsing: Mutations.damaged(sample, using: &random)) }
    }

    private static func policy(_ text: String) throws(LogError) -> TrustPolicy {
        try TrustPolicy(parsing: Array(text.utf8))
    }

    private static func witness(_ name: String, seed: UInt8) throws -> NoteSigner {
        try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32), kind: .cosignature)
    }
}
