// SPDX-License-Identifier: Apache-2.0

import EvidencePack
import TransparencyLog

/// A small log in memory, of which packs are made.
struct SampleLog {
    static let origin = "audit.example/test"

    var bodies: [[UInt8]]
    let openings: [LeafOpening]
    let signer: NoteSigner
    let witness: NoteSigner

    struct Missing: Error {}

    /// - Parameters:
    ///   - count: events.
    ///   - erased: indices of events whose bytes are gone.
    ///   - secret: a number that makes another log of it.
    /// - Throws: never.
    init(count: Int = 11, erased: Set<Int> = [], secret: UInt8 = 0) throws {
        signer = try NoteSigner(name: Self.origin, seed: [UInt8](repeating: secret, count: 32))
        witness = try NoteSigner(name: "witness.example/w1", seed: Array(32..<64), kind: .cosignature)
        let secrets = try SpanSecrets(span: 0, key: [UInt8](repeating: secret &+ 7, count: 32))
        let stamp = try LeafStamp(
            stream: .audit,
            received: 1_795_305_601_000_000_000,
            submitter: "User:alice",
            origin: "kafka:k1",
            position: [1, 2, 3],
            secret: SourceSecret([UInt8](repeating: secret, count: 32))
        )
        var bodies: [[UInt8]] = []
        var openings: [LeafOpening] = []
        for index in 0..<count {
            // Every third has newlines inside.
            let body = Array((index % 3 == 2 ? "{\"id\":\n\"\(index)\"\n}" : "{\"id\":\"\(index)\"}").utf8)
            guard let salts = secrets.salts(at: UInt64(index)) else { throw Missing() }
            let leaf = stamp.leaf(of: body.span.bytes, isConflict: false, salts: salts)
            let sender = LeafOpening.Sender(
                salt: salts.provenance,
                submitter: "User:alice",
                origin: "kafka:k1",
                position: [1, 2, 3]
            )
            let isErased = erased.contains(index)
            bodies.append(isErased ? Array("{\"erased\":true}".utf8) : body)
            openings.append(
                try LeafOpening(leaf: leaf, bodySalt: isErased ? nil : salts.body, sender: isErased ? nil : sender)
            )
        }
        self.bodies = bodies
        self.openings = openings
    }

    func hash(of node: NodeCoordinate) -> LogHash {
        guard node.level > 0 else { return openings[Int(node.index)].leaf.hash }
        return .ofNode(
            hash(of: NodeCoordinate(level: node.level - 1, index: 2 * node.index)),
            hash(of: NodeCoordinate(level: node.level - 1, index: 2 * node.index + 1))
        )
    }

    var root: LogHash {
        var tree = CompactRange()
        for opening in openings { tree.append(opening.leaf.hash) }
        return tree.root
    }

    /// The checkpoint of all, cosigned.
    func checkpoint() throws -> SignedNote {
        let text = try Checkpoint(origin: Self.origin, size: UInt64(openings.count), root: root).text
        return try SignedNote(
            text: text,
            signatures: [signer.sign(text), witness.cosign(text, time: 1_700_000_000)]
        )
    }

    /// A pack of some events.
    func pack(_ indices: [Int] = [1, 2, 6]) throws -> SamplePack {
        var pack = SamplePack(signer: signer)
        pack.files = [
            .readme: Array("read me\n".utf8), .schema: Array("{}\n".utf8), .ledger: Array("null\n".utf8),
            .checkpoint: try checkpoint().encoded(), .keys: Array("\(signer.vkey)\n".utf8), .events: [], .proofs: [],
            .hashes: [],
        ]
        var manifest = PackManifest(
            origin: Self.origin,
            created: "2026-11-23T00:00:00Z",
            principal: "auditor \"A\"",
            query: PackManifest.Query(text: "outcome:denied\n", from: "now-1d", to: nil)
        )
        manifest.ledgerReason = "this log keeps no ledger"
        manifest.endIndex = UInt64(openings.count)
        manifest.checkpointSize = UInt64(openings.count)
        manifest.firstIndex = indices.first.map { UInt64($0) }
        manifest.lastIndex = indices.last.map { UInt64($0) }
        var cover = TreeCover()
        for index in indices {
            let nodes = cover.nodes(upTo: UInt64(index))
            cover.skipLeaf()
            pack.add(nodes.map { NodeLine($0, hash(of: $0)) })
            let line = ProofLine(
                index: UInt64(index),
                offset: UInt64(pack[.events].count),
                byteCount: UInt64(bodies[index].count),
                opening: openings[index]
            )
            pack[.proofs] += line.encoded()
            pack[.events] += bodies[index] + [UInt8(ascii: "\n")]
            manifest.eventCount += 1
            manifest.eventByteCount += UInt64(bodies[index].count)
            if line.isErased { manifest.erasedCount += 1 }
        }
        pack.add(cover.nodes(upTo: UInt64(openings.count)).map { NodeLine($0, hash(of: $0)) })
        pack.manifest = manifest
        return pack
    }
}

/// The files of a pack, to be changed before they are signed.
struct SamplePack {
    let signer: NoteSigner
    var files: [PackFile: [UInt8]] = [:]
    var manifest = PackManifest(
        origin: "",
        created: "",
        principal: "",
        query: PackManifest.Query(text: "", from: nil, to: nil)
    )

    subscript(file: PackFile) -> [UInt8] {
        get { files[file] ?? [] }
        set { files[file] = newValue }
    }

    mutating func add(_ lines: [NodeLine]) {
        for line in lines { self[.hashes] += line.encoded() }
    }

    /// The lines of a file, each with its newline.
    func lines(_ file: PackFile) -> [[UInt8]] {
        self[file].dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            Array($0) + [UInt8(ascii: "\n")]
        }
    }

    /// Lists the files in the manifest, and signs it.
    func signed(by other: NoteSigner? = nil) throws -> SamplePack {
        let signer = other ?? signer
        var pack = self
        pack.manifest.files = PackFile.listed.map {
            PackManifest.File($0, byteCount: self[$0].count, sha256: PackDigest.of(self[$0]))
        }
        pack[.manifest] = pack.manifest.encoded()
        let text = PackStatement.text(origin: manifest.origin, manifest: pack[.manifest])
        pack[.manifestNote] = try SignedNote(text: text, signatures: [signer.sign(text)]).encoded()
        return pack
    }

    /// The archive of these files as they are.
    var archive: [UInt8] {
        PackFile.allCases.flatMap { entry($0.name, self[$0]) } + [UInt8](repeating: 0, count: TarHeader.endByteCount)
    }

    func entry(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        TarHeader.encode(name, byteCount: bytes.count) + bytes
            + [UInt8](repeating: 0, count: TarHeader.paddingByteCount(behind: bytes.count))
    }
}
