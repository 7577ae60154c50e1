// SPDX-License-Identifier: Apache-2.0

import AuditStore
import EvidencePack
import SystemPackage
import TransparencyLog

/// Writes events, their proofs and the hashes that these need, in the order of the log.
final class PackSpools {
    let events: SpoolFile
    let proofs: SpoolFile
    let hashes: SpoolFile

    private(set) var eventCount = 0
    private(set) var erasedCount = 0
    private(set) var firstIndex: UInt64?
    private(set) var lastIndex: UInt64?
    /// When the first and the last were received, nanoseconds since 1970.
    private(set) var received: (first: Int64, last: Int64)?
    private var cover = TreeCover()
    private let reader: TreeReader
    private let size: UInt64

    /// - Parameters:
    ///   - directory: where temporary files go.
    ///   - reader: of the tree.
    ///   - size: leaves of the checkpoint's tree.
    /// - Throws: `PackExportError`.
    init(in directory: FilePath, _ reader: TreeReader, size: UInt64) throws(PackExportError) {
        events = try SpoolFile(in: directory)
        proofs = try SpoolFile(in: directory)
        hashes = try SpoolFile(in: directory)
        self.reader = reader
        self.size = size
    }

    /// Bytes of the events, without the line ends behind them.
    var eventByteCount: Int { events.byteCount - eventCount }

    /// Writes the events of a bundle.
    ///
    /// - Throws: `PackExportError`, `StoreError`.
    func write(_ bundle: OpenedBundle) throws {
        let nodes = BundleNodes(bundle: bundle, reader: reader)
        for event in bundle.events {
            try writeNodes(upTo: event.index, from: nodes)
            cover.skipLeaf()
            let line = ProofLine(
                index: event.index,
                offset: UInt64(events.byteCount),
                byteCount: UInt64(event.bytes.count),
                opening: event.opening
            )
            try proofs.write(line.encoded())
            try events.write(event.bytes + [UInt8(ascii: "\n")])
            eventCount += 1
            if line.isErased { erasedCount += 1 }
            firstIndex = firstIndex ?? event.index
            lastIndex = event.index
            received = (received?.first ?? event.received, event.received)
        }
    }

    /// Writes the hashes behind the last event.
    ///
    /// - Throws: `PackExportError`, `StoreError`.
    func finish() throws {
        try writeNodes(upTo: size, from: reader)
        for file in [events, proofs, hashes] { try file.flush() }
    }

    private func writeNodes(upTo index: UInt64, from source: some NodeSource) throws {
        for node in cover.nodes(upTo: index) { try hashes.write(NodeLine(node, source.hash(of: node)).encoded()) }
    }
}

/// Nodes within a bundle whose leaves are known; all others from the tree.
private struct BundleNodes: NodeSource {
    let bundle: OpenedBundle
    let reader: TreeReader

    func hash(of node: NodeCoordinate) throws -> LogHash {
        let end = bundle.firstIndex + UInt64(bundle.leafHashes.count)
        guard node.firstLeaf >= bundle.firstIndex, node.lastLeaf < end else { return try reader.hash(of: node) }
        let first = Int(node.firstLeaf - bundle.firstIndex)
        return .ofPerfectTree(Array(bundle.leafHashes[first..<first + (1 << node.level)]))
    }
}
