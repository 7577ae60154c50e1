// SPDX-License-Identifier: Apache-2.0

/// What a log sends to a witness: its checkpoint, and the proof that it goes on from the one that the witness has seen
/// (c2sp.org/tlog-witness v1.0.0).
///
/// Lines: `old` and the size of the tree that was seen; the consistency proof's hashes in Base64; an empty line; the
/// checkpoint's note. One value has one text.
package struct AddCheckpointRequest: Equatable, Sendable {
    /// Size of the tree that the witness has seen last; 0 for none.
    package let old: UInt64

    /// From the old tree to that of the checkpoint, at most 63 hashes; not checked.
    package let proof: [LogHash]

    package let checkpoint: SignedNote

    /// - Throws: `tooLarge`.
    package init(old: UInt64, proof: [LogHash], checkpoint: SignedNote) throws(LogError) {
        guard proof.count <= LogLimits.maximumProofHashCount else {
            throw LogError(
                .tooLarge,
                "a proof of \(proof.count) hashes, \(LogLimits.maximumProofHashCount) are allowed"
            )
        }
        self.old = old
        self.proof = proof
        self.checkpoint = checkpoint
    }

    /// Reads a request that is exactly these bytes.
    ///
    /// - Throws: `malformedRequest`, `tooLarge`, and what the note throws.
    package init(parsing bytes: [UInt8]) throws(LogError) {
        let (lines, note) = try ProofHead.split(bytes, lineLimit: 1, .malformedRequest)
        guard let line = lines.first, let number = NoteText.rest(of: line, behind: "old "),
            let old = UInt64(decimal: number)
        else {
            throw LogError(.malformedRequest, "no old size")
        }
        let proof = try ProofHead.hashes(lines.dropFirst(), .malformedRequest)
        try self.init(old: old, proof: proof, checkpoint: SignedNote(parsing: note))
    }

    package func encoded() -> [UInt8] {
        var text = "old \(old)\n"
        for hash in proof { text += "\(hash.base64)\n" }
        return Array(text.utf8) + [NoteText.newline] + checkpoint.encoded()
    }
}
