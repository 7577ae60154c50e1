// SPDX-License-Identifier: Apache-2.0

package import TransparencyLog

/// Checks everything that a pack can prove, reading it once, in bounded memory, without asking its log anything.
///
/// No byte of a pack is left out: of the archive only the headers and the padding that a writer makes are accepted, every
/// file is hashed, and the manifest with the hashes is signed.
package struct PackVerifier: Sendable {
    private let trust: PackTrust
    private let latest: CosignatureTime?

    /// - Parameters:
    ///   - trust: whose signatures are believed
    ///   - latest: cosignatures of a later time do not count; nil to count all
    package init(_ trust: PackTrust, latest: CosignatureTime? = nil) {
        self.trust = trust
        self.latest = latest
    }

    /// Verifies a pack.
    ///
    /// - Parameters:
    ///   - source: where it is
    ///   - progress: is told of bytes as they were checked
    /// - Returns: what was found, also when nothing is right.
    /// - Throws: `unreadable` when the source fails; then nothing is known.
    package func verify(
        _ source: some PackSource,
        progress: (_ byteCount: Int) -> Void = { _ in }
    ) throws(PackError) -> PackReport {
        var check = PackCheck(source, trust, latest)
        do throws(PackStop) {
            try check.run(progress)
        } catch {
            switch error {
            case .tampered(let finding): check.report.add(finding)
            case .failed(let error): throw error
            }
        }
        return check.report
    }
}

/// One verification under way.
private struct PackCheck<Source: PackSource> {
    private let source: Source
    private let trust: PackTrust
    private let latest: CosignatureTime?
    private var ranges: [PackFile: Range<Int>] = [:]
    private var digests: [PackFile: LogHash] = [:]
    var report = PackReport()

    init(_ source: Source, _ trust: PackTrust, _ latest: CosignatureTime?) {
        self.source = source
        self.trust = trust
        self.latest = latest
        report.byteCount = source.byteCount
    }

    mutating func run(_ progress: (Int) -> Void) throws(PackStop) {
        try readArchive()
        let manifestText = try contents(.manifest)
        let manifestNote = try note(.manifestNote)
        // What is not signed is not even read.
        guard manifestNote.text.starts(with: PackStatement.text(origin: "", manifest: manifestText).dropLast()) else {
            throw PackStop(.wrongDigest, .manifest, "it is not the manifest that was signed")
        }
        let manifest: PackManifest
        do throws(PackError) {
            manifest = try PackManifest(parsing: manifestText)
        } catch {
            throw PackStop(.malformed, .manifest, error.message)
        }
        report.manifest = manifest
        let checkpointNote = try note(.checkpoint)
        let own = try ownKeys()
        let checkpoint: Checkpoint
        do throws(LogError) {
            checkpoint = try Checkpoint(parsing: checkpointNote.text)
        } catch {
            throw PackStop(.malformed, .checkpoint, error.message)
        }
        report.checkpoint = checkpoint
        guard checkpoint.size <= LogLimits.maximumTreeSize else {
            throw PackStop(.malformed, .checkpoint, "a tree of \(checkpoint.size) leaves")
        }
        checkStatement(manifestNote, manifestText, manifest, own)
        checkTrust(checkpointNote, manifestNote, checkpoint, own)
        check(manifest, checkpoint)
        for file in [PackFile.readme, .schema, .ledger] {
            var reader = reader(of: file)
            try reader.drain()
            digests[file] = reader.value
        }
        try checkEvents(manifest, checkpoint, progress)
        compareFiles(manifest)
    }

    // MARK: - Archive

    /// Finds the files, and compares everything around them with what a writer makes.
    private mutating func readArchive() throws(PackStop) {
        var offset = 0
        for file in PackFile.allCases {
            let header = try bytes(offset..<offset + TarHeader.blockByteCount, "the header of \(file.name)")
            guard let count = TarHeader.byteCount(of: header), header == TarHeader.encode(file.name, byteCount: count)
            else {
                throw PackStop(.wrongArchive, file, "its header is not the one that a pack has here")
            }
            guard count <= file.maximumByteCount else {
                throw PackStop(.wrongArchive, file, "\(count) bytes, \(file.maximumByteCount) are allowed")
            }
            let start = offset + TarHeader.blockByteCount
            let end = start + count
            guard end <= source.byteCount else { throw PackStop(.wrongArchive, file, "the pack ends within it") }
            let padding = try bytes(
                end..<end + TarHeader.paddingByteCount(behind: count),
                "what is behind \(file.name)"
            )
            guard padding == [UInt8](repeating: 0, count: padding.count) else {
                throw PackStop(.wrongArchive, file, "what fills its last block is not zero")
            }
            ranges[file] = start..<end
            offset = end + padding.count
        }
        let end = try bytes(offset..<offset + TarHeader.endByteCount, "the end")
        guard end.allSatisfy({ $0 == 0 }) else {
            throw PackStop(.wrongArchive, nil, "the end of the archive is not zero")
        }
        offset += end.count
        guard offset == source.byteCount else {
            throw PackStop(.wrongArchive, nil, "\(source.byteCount - offset) bytes behind the end of the archive")
        }
    }

    private func bytes(_ range: Range<Int>, _ what: String) throws(PackStop) -> [UInt8] {
        guard range.upperBound <= source.byteCount else {
            throw PackStop(.wrongArchive, nil, "the pack ends before \(what)")
        }
        do throws(PackError) {
            let bytes = try source.bytes(range)
            guard bytes.count == range.count else { throw PackError(.unreadable, "fewer bytes than asked for") }
            return bytes
        } catch {
            throw .failed(error)
        }
    }

    private func reader(of file: PackFile) -> SectionReader<Source> {
        SectionReader(source, file, ranges[file] ?? 0..<0)
    }

    /// A small file, as a whole.
    private mutating func contents(_ file: PackFile) throws(PackStop) -> [UInt8] {
        let contents = try bytes(ranges[file] ?? 0..<0, file.name)
        digests[file] = PackDigest.of(contents)
        return contents
    }

    // MARK: - Signatures

    private mutating func note(_ file: PackFile) throws(PackStop) -> SignedNote {
        let bytes = try contents(file)
        do throws(LogError) {
            return try SignedNote(parsing: bytes)
        } catch {
            throw PackStop(.malformed, file, error.message)
        }
    }

    /// The keys that the pack brings along, one a line.
    private mutating func ownKeys() throws(PackStop) -> [NoteVerifier] {
        let text = try contents(.keys)
        guard text.last == UInt8(ascii: "\n") else { throw PackStop(.malformed, .keys, "the last line has no end") }
        var keys: [NoteVerifier] = []
        for line in text.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard keys.count < LogLimits.maximumSignatureCount, let line = String(validating: line, as: UTF8.self)
            else {
                throw PackStop(.malformed, .keys, "too many keys, or no text")
            }
            do throws(LogError) {
                let key = try NoteVerifier(vkey: line)
                guard key.kind == .ed25519 else { throw LogError(.unsupportedKey, "the key \(key.name) is no log's") }
                keys.append(key)
            } catch {
                throw PackStop(.malformed, .keys, error.message)
            }
        }
        return keys
    }

    /// What is signed is this manifest, and every signature is by a key that the pack brings along.
    ///
    /// That catches a changed signature of a key that the caller does not know; whom to believe is another question.
    private mutating func checkStatement(
        _ note: SignedNote,
        _ manifestText: [UInt8],
        _ manifest: PackManifest,
        _ own: [NoteVerifier]
    ) {
        if note.text != PackStatement.text(origin: manifest.origin, manifest: manifestText) {
            report.add(PackFinding(.wrongOrigin, .manifestNote, "what is signed is a pack of another log"))
        }
        do throws(LogError) {
            let signatures = try note.verified(by: own)
            guard signatures.count == note.signatures.count,
                Set(signatures.map(\.verifierIndex)).count == signatures.count
            else {
                throw LogError(.unknownKey, "it has a signature twice, or by a key that is not in vkeys")
            }
        } catch {
            report.add(PackFinding(Self.kind(error), .manifestNote, error.message))
        }
    }

    /// Checkpoint and manifest are signed by who is believed.
    private mutating func checkTrust(
        _ checkpointNote: SignedNote,
        _ manifestNote: SignedNote,
        _ checkpoint: Checkpoint,
        _ own: [NoteVerifier]
    ) {
        var trust = trust
        if case .own = trust {
            trust = .keys(own)
            report.usesOwnKeys = true
        }
        do throws(LogError) {
            let signers = try trust.signers(of: checkpointNote, origin: checkpoint.origin, latest: latest)
            report.checkpointKeys = signers.logs.map(\.vkey)
            report.witnesses = signers.witnesses.map { PackReport.Witnessed(name: $0.name, time: $1) }
            report.isQuorumMet = trust.isMet(by: checkpointNote, latest: latest)
        } catch {
            report.add(PackFinding(Self.kind(error), .checkpoint, error.message))
        }
        do throws(LogError) {
            let signers = try trust.signers(of: manifestNote, origin: checkpoint.origin, latest: latest)
            report.manifestKeys = signers.logs.map(\.vkey)
        } catch {
            report.add(PackFinding(Self.kind(error), .manifestNote, error.message))
        }
    }

    private static func kind(_ error: LogError) -> PackFinding.Kind {
        switch error.code {
        case .unknownKey: .unknownKey
        case .wrongOrigin: .wrongOrigin
        case .wrongSignature: .wrongSignature
        default: .malformed
        }
    }

    // MARK: - Manifest

    /// What the manifest says of the checkpoint and of itself.
    private mutating func check(_ manifest: PackManifest, _ checkpoint: Checkpoint) {
        if !manifest.origin.hasSameBytes(as: checkpoint.origin) {
            report.add(PackFinding(.wrongOrigin, .manifest, "the manifest and the checkpoint are of different logs"))
        }
        if manifest.checkpointSize != checkpoint.size {
            let reason =
                "a checkpoint of \(manifest.checkpointSize) events is listed, there is one of \(checkpoint.size)"
            report.add(PackFinding(.wrongManifest, .manifest, reason))
        }
        let isInRange =
            switch (manifest.firstIndex, manifest.lastIndex) {
            case (let first?, let last?): manifest.startIndex <= first && first <= last && last < manifest.endIndex
            case (nil, nil): manifest.startIndex <= manifest.endIndex
            default: false
            }
        if !isInRange {
            report.add(PackFinding(.wrongManifest, .manifest, "the indices are not within those that were looked at"))
        }
        if manifest.ledger == nil, manifest.ledgerReason == nil {
            report.add(PackFinding(.wrongManifest, .manifest, "no statement of the ledger, and no reason"))
        }
    }

    /// The files are those that the manifest lists.
    private mutating func compareFiles(_ manifest: PackManifest) {
        guard manifest.files.map(\.name) == PackFile.listed.map(\.name) else {
            return report.add(PackFinding(.wrongManifest, .manifest, "the list of files is not that of a pack"))
        }
        for (file, listed) in zip(PackFile.listed, manifest.files) {
            let count = ranges[file]?.count ?? 0
            guard listed.byteCount == UInt64(count), digests[file] == listed.sha256 else {
                report.add(PackFinding(.wrongDigest, file, "it is not the file that the manifest lists"))
                continue
            }
        }
    }

    // MARK: - Events

    /// Each event leads to its leaf, and the leaves and hashes to the root that was signed.
    private mutating func checkEvents(
        _ manifest: PackManifest,
        _ checkpoint: Checkpoint,
        _ progress: (Int) -> Void
    ) throws(PackStop) {
        var events = reader(of: .events)
        var proofs = reader(of: .proofs)
        var hashes = reader(of: .hashes)
        var cover = TreeCover()
        var tree = CompactRange()
        var count: UInt64 = 0
        var byteCount: UInt64 = 0
        var indices: (first: UInt64, last: UInt64)?
        while let line = try proofs.line(atMost: PackLimits.maximumProofLineByteCount) {
            let proof: ProofLine
            do throws(PackError) {
                proof = try ProofLine(parsing: line)
            } catch {
                throw PackStop(.malformed, .proofs, "line \(count + 1): \(error.message)")
            }
            guard proof.index >= cover.position, proof.index < checkpoint.size else {
                throw PackStop(
                    .wrongProof,
                    .proofs,
                    index: proof.index,
                    "it is twice, out of order, or not in the tree"
                )
            }
            try check(proof, &events)
            try append(cover.nodes(upTo: proof.index), to: &tree, from: &hashes)
            tree.append(proof.opening.leaf.hash)
            cover.skipLeaf()
            count += 1
            byteCount += proof.byteCount
            indices = (indices?.first ?? proof.index, proof.index)
            if count.isMultiple(of: 4096) {
                progress(events.consumedByteCount + proofs.consumedByteCount + hashes.consumedByteCount)
            }
        }
        guard events.isAtEnd else {
            throw PackStop(.wrongProof, .events, "bytes behind the last event that has a proof")
        }
        try append(cover.nodes(upTo: checkpoint.size), to: &tree, from: &hashes)
        guard hashes.isAtEnd else { throw PackStop(.wrongProof, .hashes, "hashes that no proof needs") }
        if tree.root != checkpoint.root {
            report.add(PackFinding(.wrongRoot, .hashes, "events and hashes do not lead to the root that was signed"))
        }
        // A file of no bytes was not begun.
        for reader in [events, proofs, hashes] { digests[reader.file] = reader.value }
        progress(source.byteCount)
        let isAsListed =
            manifest.eventCount == count && manifest.eventByteCount == byteCount
            && manifest.erasedCount == report.erasedCount && manifest.firstIndex == indices?.first
            && manifest.lastIndex == indices?.last
        if !isAsListed {
            report.add(PackFinding(.wrongManifest, .manifest, "there are not as many events as it says, or others"))
        }
    }

    /// The event stands where the line says, and is what the leaf commits to.
    private mutating func check(_ proof: ProofLine, _ events: inout SectionReader<Source>) throws(PackStop) {
        guard proof.offset == UInt64(events.consumedByteCount), proof.byteCount <= PackLimits.maximumEventByteCount,
            let body = try events.take(Int(proof.byteCount) + 1)
        else {
            throw PackStop(.wrongProof, .proofs, index: proof.index, "there is no event where the line says")
        }
        guard events.buffer[body.upperBound - 1] == UInt8(ascii: "\n") else {
            throw PackStop(.wrongProof, .events, index: proof.index, "no line end behind it")
        }
        do throws(LogError) {
            if proof.isErased {
                report.erasedCount += 1
                if proof.opening.sender != nil { try proof.opening.checkSender() }
            } else {
                try proof.opening.check(event: unsafe events.buffer.span.bytes.extracting(body.dropLast()))
                report.checkedCount += 1
            }
        } catch {
            report.add(PackFinding(.changedEvent, .events, index: proof.index, error.message))
        }
    }

    private mutating func append(
        _ nodes: [NodeCoordinate],
        to tree: inout CompactRange,
        from hashes: inout SectionReader<Source>
    ) throws(PackStop) {
        for node in nodes {
            guard let line = try hashes.line(atMost: PackLimits.maximumNodeLineByteCount) else {
                throw PackStop(.wrongProof, .hashes, "the hash of level \(node.level), index \(node.index) is missing")
            }
            let hash: LogHash
            do throws(PackError) {
                hash = try NodeLine(parsing: line, of: node).hash
            } catch {
                throw PackStop(.wrongProof, .hashes, error.message)
            }
            do throws(LogError) {
                try tree.append(subtree: hash, level: node.level)
            } catch {
                throw PackStop(.wrongProof, .hashes, error.message)
            }
        }
    }
}
