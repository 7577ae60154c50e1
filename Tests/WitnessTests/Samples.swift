// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
import Testing
import TransparencyLog
import Witness

/// Logs that grow, and that lie.
struct SampleLog {
    let signer: NoteSigner
    private(set) var leaves: [LogHash]

    /// A log whose leaves differ from those of another variant.
    init(_ origin: String = "log.example/a", variant: String = "", size: Int = 0) throws {
        signer = try NoteSigner(name: origin, seed: [UInt8](repeating: origin.utf8.last ?? 0, count: 32))
        leaves = []
        grow(to: size, variant: variant)
    }

    mutating func grow(to size: Int, variant: String = "") {
        while leaves.count < size { leaves.append(Self.leaf("\(variant)\(leaves.count)")) }
    }

    /// Any hash will do; the one of a node is one.
    private static func leaf(_ text: String) -> LogHash {
        var seed: LogHash = .ofEmptyTree
        for byte in text.utf8 {
            for bit in 0..<8 { seed = byte >> bit & 1 == 1 ? .ofNode(seed, .ofEmptyTree) : .ofNode(.ofEmptyTree, seed) }
        }
        return seed
    }

    private struct Nodes: NodeSource {
        let leaves: [LogHash]

        func hash(of node: NodeCoordinate) throws -> LogHash { root(leaves[Int(node.firstLeaf)...Int(node.lastLeaf)]) }

        func root(_ leaves: ArraySlice<LogHash>) -> LogHash {
            guard leaves.count > 1 else { return leaves.first ?? .ofEmptyTree }
            var half = 1
            while half * 2 < leaves.count { half *= 2 }
            return .ofNode(root(leaves.prefix(half)), root(leaves.dropFirst(half)))
        }
    }

    func root(_ size: Int? = nil) -> LogHash { Nodes(leaves: leaves).root(leaves.prefix(size ?? leaves.count)) }

    func checkpoint(_ size: Int? = nil, by other: NoteSigner? = nil) throws -> SignedNote {
        let size = size ?? leaves.count
        let text = try Checkpoint(origin: signer.name, size: UInt64(size), root: root(size)).text
        return try SignedNote(text: text, signatures: [(other ?? signer).sign(text)])
    }

    func proof(from old: Int, to size: Int? = nil) throws -> [LogHash] {
        guard old > 0 else { return [] }
        let size = size ?? leaves.count
        return try TreeProof.consistency(
            from: UInt64(old),
            to: UInt64(size),
            from: Nodes(leaves: Array(leaves.prefix(size)))
        )
    }

    func request(from old: Int, to size: Int? = nil) throws -> AddCheckpointRequest {
        try AddCheckpointRequest(old: UInt64(old), proof: proof(from: old, to: size), checkpoint: checkpoint(size))
    }
}

/// A witness on files of its own.
struct SampleWitness {
    static let directory: FilePath = "/witness"
    static let now: Int64 = 1_790_000_000

    let fileSystem: SimulatedFileSystem

    init(_ fileSystem: SimulatedFileSystem = SimulatedFileSystem()) {
        self.fileSystem = fileSystem
    }

    /// Starts the witness.
    func start(knowing logs: [SampleLog]? = nil) throws -> CheckpointWitness {
        let logs = try logs ?? [SampleLog()]
        let lines = logs.map { "log \($0.signer.vkey)\n" }.joined()
        return try CheckpointWitness(state(), logs: WitnessedLogs(parsing: Array(lines.utf8)))
    }

    func state(name: String? = "witness.example/w1") throws -> WitnessState {
        try WitnessState(
            directory: Self.directory,
            fileSystem: fileSystem,
            name: name,
            seed: [UInt8](repeating: 9, count: 32)
        )
    }

    static func verifier() throws -> NoteVerifier {
        try NoteSigner(name: "witness.example/w1", seed: [UInt8](repeating: 9, count: 32), kind: .cosignature).verifier
    }
}

extension CheckpointWitness {
    func add(_ request: AddCheckpointRequest) -> WitnessReply { add(request, now: SampleWitness.now) }
}

extension WitnessReply {
    /// Whether it has one signature, of this text.
    func cosigns(_ note: SignedNote) throws -> Bool {
        guard case .cosigned(let signatures) = self else { return false }
        #expect(signatures.count == 1)
        return try signatures.allSatisfy { try SampleWitness.verifier().check($0, of: note.text) != nil }
    }
}
