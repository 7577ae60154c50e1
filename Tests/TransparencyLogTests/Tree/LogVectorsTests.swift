// SPDX-License-Identifier: Apache-2.0

import Testing
import TransparencyLog

/// The log of `LogSamples`, bit for bit.
@Suite struct LogVectorsTests {
    @Test func `an empty tree has the hash of nothing`() {
        #expect("\(LogHash.ofEmptyTree)" == LogSamples.roots[0])
        #expect(CompactRange().root == .ofEmptyTree)
    }

    @Test func `roots of growing trees are those of other implementations`() throws {
        var range = CompactRange()
        for (count, hash) in LogSamples.leafHashes.enumerated() {
            #expect("\(range.root)" == LogSamples.roots[count])
            range.append(hash)
        }
        #expect(range.size == 5 && "\(range.root)" == LogSamples.roots[5])
    }

    @Test func `proofs are those of other implementations`() throws {
        let tree = NaiveTree(LogSamples.leafHashes)
        let inclusion = try TreeProof.inclusion(of: 2, size: 5, from: tree)
        let consistency = try TreeProof.consistency(from: 3, to: 5, from: tree)

        #expect(inclusion.map(\.base64) == LogSamples.inclusion)
        #expect(consistency.map(\.base64) == LogSamples.consistency)
        try TreeProof.checkInclusion(of: tree.leaves[2], at: 2, size: 5, proof: inclusion, root: tree.root)
        try TreeProof.checkConsistency(
            old: 3,
            oldRoot: NaiveTree.root(tree.leaves[..<3]),
            new: 5,
            newRoot: tree.root,
            proof: consistency
        )
    }

    @Test func `keys are those of other implementations`() throws {
        let log = try LogSamples.log()
        let witness = try LogSamples.witness()

        #expect(log.vkey == LogSamples.logVkey && log.skey == LogSamples.logSkey)
        #expect(witness.vkey == LogSamples.witnessVkey)
        #expect(try NoteSigner(name: "audit.example/test", seed: LogSamples.logSeed).skey == LogSamples.logSkey)
    }

    @Test func `the cosigned checkpoint is that of other implementations`() throws {
        var range = CompactRange()
        for hash in LogSamples.leafHashes { range.append(hash) }
        let checkpoint = try Checkpoint(origin: "audit.example/test", size: range.size, root: range.root)
        let signature = try LogSamples.log().sign(checkpoint.text)
        let cosignature = try LogSamples.witness().cosign(checkpoint.text, time: LogSamples.cosignedAt)
        let note = try SignedNote(text: checkpoint.text, signatures: [signature, cosignature])

        #expect(note.encoded() == LogSamples.checkpointBytes)
        let read = try SignedNote(parsing: LogSamples.checkpointBytes)
        #expect(read == note)
        #expect(try Checkpoint(parsing: read.text) == checkpoint)
        let verified = try read.verified(by: [
            NoteVerifier(vkey: LogSamples.witnessVkey), NoteVerifier(vkey: LogSamples.logVkey),
        ])
        #expect(verified.map(\.verifierIndex) == [1, 0])
        #expect(verified.map { $0.time?.seconds } == [nil, LogSamples.cosignedAt])
    }
}
