// SPDX-License-Identifier: Apache-2.0

/// The files of a pack, in the order in which they stand in it.
///
/// What is needed to judge the rest comes first: manifest, signature, checkpoint.
package enum PackFile: String, Sendable, CaseIterable {
    case readme = "README.md"
    case manifest = "manifest.json"
    case manifestNote = "manifest.note"
    case checkpoint = "checkpoint"
    case keys = "vkeys"
    case schema = "schema.json"
    case ledger = "ledger.json"
    case events = "events.ndjson"
    case proofs = "proofs.ndjson"
    case hashes = "hashes"

    /// Those that the manifest lists: all but itself and what signs it.
    package static let listed = allCases.filter { $0 != .manifest && $0 != .manifestNote }

    package var name: String { rawValue }

    /// Bytes that it may have.
    package var maximumByteCount: Int {
        switch self {
        case .manifest, .manifestNote, .checkpoint, .keys: PackLimits.maximumSmallByteCount
        case .readme, .schema, .ledger: PackLimits.maximumDocumentByteCount
        case .events, .proofs, .hashes: PackLimits.maximumEntryByteCount
        }
    }
}
