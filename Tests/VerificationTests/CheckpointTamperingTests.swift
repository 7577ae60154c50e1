// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

@testable import Verification

/// Checkpoints that are not what the log signed.
@Suite struct CheckpointTamperingTests {
    private static let log = SampleLog(5, segments: [3])
    private static let files = (try? log.files()) ?? [:]

    private static func report(
        _ note: [UInt8],
        _ options: VerificationOptions = SampleLog.options
    ) async throws -> VerificationReport {
        var files = Self.files
        files["log/checkpoint"] = note
        return try await SampleLog.verify(files, options)
    }

    private static func checkpoint(_ origin: String = SampleLog.origin) throws -> Checkpoint {
        try Checkpoint(origin: origin, size: 5, root: SampleLog.root(log.leafHashes(), 5))
    }

    private static func signed(_ text: [UInt8], _ signers: [NoteSigner]) throws -> [UInt8] {
        try SignedNote(text: text, signatures: signers.map { try $0.sign(text) }).encoded()
    }

    private static func signer(_ name: String, _ first: UInt8 = 0) throws -> NoteSigner {
        try NoteSigner(name: name, seed: (0..<32).map { first + UInt8($0) }, kind: .ed25519)
    }

    @Test func `every flipped bit of a checkpoint is found`() async throws {
        let whole = try #require(Self.files["log/checkpoint"])
        for bit in 0..<whole.count * 8 {
            var note = whole
            note[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(try await Self.report(note).outcome == .tampered, "bit \(bit)")
        }
    }

    @Test func `every cut and every byte more is found`() async throws {
        let whole = try #require(Self.files["log/checkpoint"])
        for count in 0..<whole.count { #expect(try await Self.report(Array(whole.prefix(count))).outcome == .tampered) }
        for bytes in [[0], [10], [32], Array("\n\n".utf8), whole] {
            #expect(try await Self.report(whole + bytes).outcome == .tampered)
        }
    }

    @Test func `other lines of a checkpoint are refused, even when they are signed`() async throws {
        let root = try Self.checkpoint().root.base64
        for text in [
            "log.example/test\n05\n\(root)\n", "log.example/test\n+5\n\(root)\n", "log.example/test\n 5\n\(root)\n",
            "log.example/test\n5 \n\(root)\n", "log.example/test\n٥\n\(root)\n", "log.example/test\n-5\n\(root)\n",
            "log.example/test\n5\n\(root.dropLast())\n", "log.example/test\n5\n\(root.dropLast(2))9=\n",
            "log.example/test\n5\n\(root)=\n", "log.example/test\n5\n_\(root.dropFirst())\n", "\n5\n\(root)\n",
            "log.example/test\n18446744073709551616\n\(root)\n", "log.example/test\n5\n\(root)\n\nmore\n",
        ] {
            let report = try await Self.report(Self.signed(Array(text.utf8), [SampleLog.signer]))
            #expect(report.outcome == .tampered, "\(text)")
            #expect(report.findings.contains { $0.kind == .malformedCheckpoint }, "\(text): \(report.findings)")
        }
        let note = try Self.signed(Self.checkpoint().text, [SampleLog.signer])
        let lines = String(decoding: note, as: UTF8.self).replacing("\n", with: "\r\n")
        #expect(try await Self.report(Array(lines.utf8)).outcome == .tampered)
        #expect(try await Self.report([UInt8](repeating: 0x61, count: 10_000_000)).outcome == .tampered)
    }

    @Test func `extension lines are signed and mean nothing`() async throws {
        let text = try Self.checkpoint().text + Array("witnessed by everybody\n".utf8)
        #expect(try await Self.report(Self.signed(text, [SampleLog.signer])).outcome == .verified)
    }

    // MARK: - Names and keys

    @Test func `another origin is another log`() async throws {
        for origin in ["log.example/test2", "log.example/tes", "LOG.example/test", "log.example/te\u{301}st"] {
            let text = try Self.checkpoint(origin).text
            // Signed by the key that is known, and by one that has the name.
            var report = try await Self.report(Self.signed(text, [SampleLog.signer]))
            #expect(report.findings.map(\.kind) == [.wrongOrigin], "\(report.findings)")
            report = try await Self.report(Self.signed(text, [Self.signer(origin)]))
            #expect(report.findings.map(\.kind) == [.wrongSignature], "\(report.findings)")
        }
    }

    @Test func `names in other bytes are other names`() async throws {
        let composed = "log.example/t\u{E9}st"
        let decomposed = "log.example/te\u{301}st"
        var options = SampleLog.options
        options.keys = [try NoteVerifier(vkey: Self.signer(composed).vkey)]
        var report = try await Self.report(
            Self.signed(Self.checkpoint(composed).text, [Self.signer(composed)]),
            options
        )
        #expect(report.outcome == .verified, "\(report.findings)")
        report = try await Self.report(Self.signed(Self.checkpoint(decomposed).text, [Self.signer(composed)]), options)
        #expect(report.findings.map(\.kind) == [.wrongOrigin])
        report = try await Self.report(
            Self.signed(Self.checkpoint(decomposed).text, [Self.signer(decomposed)]),
            options
        )
        #expect(report.findings.map(\.kind) == [.wrongSignature])
    }

    @Test func `the caller may know the origin`() async throws {
        var options = SampleLog.options
        options.origin = SampleLog.origin
        #expect(try await Self.log.verify(options).outcome == .verified)
        options.origin = "log.example/other"
        #expect(try await Self.log.verify(options).findings.map(\.kind) == [.wrongOrigin])
    }

    @Test func `a name with another key is another key`() async throws {
        let other = try Self.signer(SampleLog.origin, 0x60)
        let text = try Self.checkpoint().text
        // Alone it is unknown; with the known ID it does not fit; beside the known one it does not matter.
        #expect(try await Self.report(Self.signed(text, [other])).findings.map(\.kind) == [.wrongSignature])
        let forged = try NoteSignature(
            name: SampleLog.origin,
            keyID: SampleLog.signer.keyID,
            bytes: other.sign(text).bytes
        )
        let note = try SignedNote(text: text, signatures: [forged])
        #expect(try await Self.report(note.encoded()).findings.map(\.kind) == [.wrongSignature])
        #expect(try await Self.report(Self.signed(text, [other, SampleLog.signer])).outcome == .verified)

        let both = try SignedNote(text: text, signatures: [SampleLog.signer.sign(text), forged])
        #expect(try await Self.report(both.encoded()).findings.map(\.kind) == [.wrongSignature])
    }

    @Test func `a cosignature is no signature of the log`() async throws {
        let seed = (0..<32).map { UInt8($0) }
        let cosigner = try NoteSigner(name: SampleLog.origin, seed: seed, kind: .cosignature)
        let text = try Self.checkpoint().text
        let cosignature = try cosigner.cosign(text, time: SampleLog.now)
        var options = SampleLog.options
        options.keys = [try NoteVerifier(vkey: cosigner.vkey)]
        let note = try SignedNote(text: text, signatures: [cosignature]).encoded()
        #expect(try await Self.report(note, options).outcome == .tampered)
        options.keys.append(try NoteVerifier(vkey: SampleLog.signer.vkey))
        #expect(try await Self.report(note, options).findings.map(\.kind) == [.wrongSignature])

        // The key of a cosigner, used to sign plainly, and the other way round.
        let plain = try NoteSignature(
            name: cosigner.name,
            keyID: cosigner.keyID,
            bytes: SampleLog.signer.sign(text).bytes
        )
        let turned = try NoteSignature(
            name: SampleLog.origin,
            keyID: SampleLog.signer.keyID,
            bytes: cosignature.bytes
        )
        for signature in [plain, turned] {
            let note = try SignedNote(text: text, signatures: [SampleLog.signer.sign(text), signature]).encoded()
            #expect(try await Self.report(note, options).findings.map(\.kind) == [.wrongSignature])
        }
    }

    @Test func `a cosignature of another checkpoint is none`() async throws {
        let text = try Self.checkpoint().text
        let other = try Checkpoint(origin: SampleLog.origin, size: 4, root: SampleLog.root(Self.log.leafHashes(), 4))
            .text
        let stolen = try SampleLog.witness.cosign(other, time: SampleLog.now)
        var options = SampleLog.options
        let note = try SignedNote(text: text, signatures: [SampleLog.signer.sign(text), stolen]).encoded()
        #expect(try await Self.report(note, options).outcome == .verified)
        options.keys.append(try NoteVerifier(vkey: SampleLog.witness.vkey))
        #expect(try await Self.report(note, options).findings.map(\.kind) == [.wrongSignature])
    }

    @Test func `keys of the directory do not replace those of the caller`() async throws {
        var log = Self.log
        log.sign = { [try SampleLog.otherSigner.sign($0)] }
        var files = try log.files()
        files["log/vkeys"] = Array("\(SampleLog.otherSigner.vkey)\n".utf8)
        #expect(try await SampleLog.verify(files, VerificationOptions()).outcome == .verified)
        #expect(try await SampleLog.verify(files).findings.map(\.kind) == [.wrongSignature])
        // Keys of witnesses alone are none of the log.
        var options = VerificationOptions()
        options.keys = [try NoteVerifier(vkey: SampleLog.witness.vkey)]
        let report = try await SampleLog.verify(files, options)
        #expect(report.keyOrigin == .directory)
        for contents in ["x\n", "\(SampleLog.witness.vkey)x\n"] {
            files["log/vkeys"] = Array(contents.utf8)
            #expect(try await SampleLog.verify(files, VerificationOptions()).outcome == .tampered)
        }
    }

    @Test func `one key twice is refused when the two differ`() async throws {
        var options = SampleLog.options
        options.keys += options.keys
        #expect(try await Self.log.verify(options).outcome == .verified)
    }

    // MARK: - The list of older ones

    @Test func `the list of older checkpoints is read strictly`() async throws {
        var log = Self.log
        log.olderSizes = [1, 3]
        let whole = try log.files()
        let list = try #require(whole["log/checkpoints"])
        for prefix in ["x", "0", "+", " ", "\n", "99999999\n", "00000000000"] {
            var files = whole
            files["log/checkpoints"] = Array(prefix.utf8) + list
            #expect(try await SampleLog.verify(files).outcome == .tampered, "\(prefix)")
        }
        for count in 0..<list.count {
            var files = whole
            files["log/checkpoints"] = Array(list.prefix(count))
            let report = try await SampleLog.verify(files)
            #expect(report.outcome == .verified, "\(count): \(report.findings)")
            #expect(report.olderCheckpointCount == (count < list.count / 2 ? 0 : count < list.count ? 1 : 2))
        }
    }

    @Test func `every flipped bit of an older checkpoint is found`() async throws {
        var log = Self.log
        log.olderSizes = [3]
        let whole = try log.files()
        let list = try #require(whole["log/checkpoints"])
        for bit in 0..<list.count * 8 {
            var files = whole
            files["log/checkpoints"]?[bit / 8] ^= 1 << UInt8(bit % 8)
            let report = try await SampleLog.verify(files)
            // A longer length makes it a record that is cut off.
            let isCut = report.gaps.contains { $0.kind == .tornEnd }
            #expect(report.outcome == .tampered || (bit < 32 && isCut), "bit \(bit)")
        }
    }
}
