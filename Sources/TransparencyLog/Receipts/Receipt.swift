// SPDX-License-Identifier: Apache-2.0

/// What proves, without the log, that it has an entry: `c2sp.org/tlog-proof@v1`.
///
/// Lines: the format's name; `extra` and Base64, or not; `index` and the index; the proof's hashes in Base64, from the
/// leaf's sibling up; an empty line; the checkpoint's note as it is. One value has one text. What stands in `extra` of
/// ours: docs/formats/receipt.md.
package struct Receipt: Equatable, Sendable {
    package static let name = "c2sp.org/tlog-proof@v1"

    package let index: UInt64

    /// The inclusion proof in the tree of the checkpoint, at most 63 hashes.
    package let hashes: [LogHash]

    /// What helps to make the entry: not signed, and never trusted without being checked against the leaf.
    package let extra: [UInt8]?

    package let checkpoint: SignedNote

    /// - Throws: `tooLarge`, `malformedReceipt` for an `extra` without bytes.
    package init(
        index: UInt64,
        hashes: [LogHash],
        extra: [UInt8]? = nil,
        checkpoint: SignedNote
    ) throws(LogError) {
        guard hashes.count <= LogLimits.maximumProofHashCount else {
            throw LogError(
                .tooLarge,
                "a proof of \(hashes.count) hashes, \(LogLimits.maximumProofHashCount) are allowed"
            )
        }
        if let extra {
            guard !extra.isEmpty else { throw LogError(.malformedReceipt, "an extra of no bytes") }
            guard extra.count <= LogLimits.maximumExtraByteCount else {
                throw LogError(
                    .tooLarge,
                    "an extra of \(extra.count) bytes, \(LogLimits.maximumExtraByteCount) are allowed"
                )
            }
        }
        self.index = index
        self.hashes = hashes
        self.extra = extra
        self.checkpoint = checkpoint
    }

    /// Reads a receipt that is exactly these bytes.
    ///
    /// - Throws: `malformedReceipt`, `tooLarge`, and what the note throws.
    package init(parsing bytes: [UInt8]) throws(LogError) {
        let (head, note) = try ProofHead.split(bytes, lineLimit: 3, .malformedReceipt)
        var lines = head[...]
        guard let first = lines.popFirst(), first.elementsEqual(Self.name.utf8) else {
            throw LogError(.malformedReceipt, "no receipt begins like this")
        }
        var extra: [UInt8]?
        if let line = lines.first, let text = NoteText.rest(of: line, behind: "extra ") {
            guard text.count <= (LogLimits.maximumExtraByteCount + 2) / 3 * 4 else {
                throw LogError(.tooLarge, "an extra of \(text.count) characters")
            }
            guard let decoded = CanonicalBase64.decode(text) else {
                throw LogError(.malformedReceipt, "the extra is no Base64")
            }
            extra = decoded
            lines.removeFirst()
        }
        guard let line = lines.popFirst(), let index = NoteText.rest(of: line, behind: "index "),
            let index = UInt64(decimal: index)
        else {
            throw LogError(.malformedReceipt, "no index")
        }
        let hashes = try ProofHead.hashes(lines, .malformedReceipt)
        try self.init(index: index, hashes: hashes, extra: extra, checkpoint: SignedNote(parsing: note))
    }

    package func encoded() -> [UInt8] {
        var text = "\(Self.name)\n"
        if let extra { text += "extra \(String(decoding: CanonicalBase64.encode(extra), as: UTF8.self))\n" }
        text += "index \(index)\n"
        for hash in hashes { text += "\(hash.base64)\n" }
        return Array(text.utf8) + [NoteText.newline] + checkpoint.encoded()
    }

    /// The opening in `extra`, which is not checked against anything; nil without an `extra`.
    ///
    /// - Throws: `malformedOpening` for an `extra` of others, `tooLarge`.
    package func opening() throws(LogError) -> LeafOpening? {
        guard let extra else { return nil }
        return try LeafOpening(parsing: extra)
    }

    /// Checks that the leaf with this hash is in the tree of the checkpoint, which says nothing of whose checkpoint it is.
    ///
    /// - Throws: `outOfRange`, `wrongProof`, `wrongRoot`, and what the checkpoint throws.
    package func checkInclusion(of leafHash: LogHash) throws(LogError) {
        let checkpoint = try Checkpoint(parsing: self.checkpoint.text)
        try TreeProof.checkInclusion(
            of: leafHash,
            at: index,
            size: checkpoint.size,
            proof: hashes,
            root: checkpoint.root
        )
    }

    /// Checks all that a receipt can prove: the checkpoint is a trusted log's and cosigned as the policy asks, and the
    /// leaf with this hash is in its tree.
    ///
    /// - Throws: as `TrustPolicy.evaluate` and `checkInclusion`, `quorumNotMet`.
    package func check(leafHash: LogHash, policy: TrustPolicy) throws(LogError) -> TrustPolicy.Verdict {
        let verdict = try policy.evaluate(checkpoint)
        guard verdict.isQuorumMet else {
            throw LogError(.quorumNotMet, "\(verdict.witnesses.count) witnesses are not what the policy asks for")
        }
        try checkInclusion(of: leafHash)
        return verdict
    }
}

/// What stands before the checkpoint in a receipt and in a request to cosign: lines, and an empty one.
enum ProofHead {
    /// The lines, and the bytes behind the empty line.
    ///
    /// - Throws: the code when there is no empty line, `tooLarge` for more lines than `lineLimit` and the hashes of a proof.
    static func split(
        _ bytes: [UInt8],
        lineLimit: Int,
        _ code: LogError.Code
    ) throws(LogError) -> (lines: [ArraySlice<UInt8>], note: [UInt8]) {
        var lines: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: NoteText.newline) {
            if end == start { return (lines, Array(bytes[(end + 1)...])) }
            guard lines.count < lineLimit + LogLimits.maximumProofHashCount else {
                throw LogError(.tooLarge, "more lines than a proof of \(LogLimits.maximumProofHashCount) hashes has")
            }
            lines.append(bytes[start..<end])
            start = end + 1
        }
        throw LogError(code, "no empty line before the checkpoint")
    }

    /// - Throws: the code for a line that is no hash, `tooLarge`.
    static func hashes(_ lines: ArraySlice<ArraySlice<UInt8>>, _ code: LogError.Code) throws(LogError) -> [LogHash] {
        guard lines.count <= LogLimits.maximumProofHashCount else {
            throw LogError(
                .tooLarge,
                "a proof of \(lines.count) hashes, \(LogLimits.maximumProofHashCount) are allowed"
            )
        }
        var hashes: [LogHash] = []
        for line in lines {
            guard let hash = LogHash(base64: line) else { throw LogError(code, "no hash: \(NoteText.quoted(line))") }
            hashes.append(hash)
        }
        return hashes
    }
}
