// SPDX-License-Identifier: Apache-2.0

package import EvidencePack

/// A pack that is ready to be read, once, from its beginning to its end.
///
/// Holds the temporary files; they are gone with it.
package final class MadePack: @unchecked Sendable {
    // SAFETY: it is handed from one task to the next, and nobody else has its files.
    private enum Part {
        case bytes([UInt8])
        case spool(SpoolFile)

        var byteCount: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .spool(let file): file.byteCount
            }
        }
    }

    package let manifest: PackManifest
    package let byteCount: Int
    private let parts: [Part]
    private var part = 0
    private var offset = 0

    /// - Parameters:
    ///   - manifest: of the pack.
    ///   - documents: its small files.
    ///   - spools: its large ones.
    init(_ manifest: PackManifest, _ documents: [PackFile: [UInt8]], _ spools: [PackFile: SpoolFile]) {
        self.manifest = manifest
        var parts: [Part] = []
        for file in PackFile.allCases {
            let content = spools[file].map { Part.spool($0) } ?? .bytes(documents[file] ?? [])
            let padding = TarHeader.paddingByteCount(behind: content.byteCount)
            parts.append(.bytes(TarHeader.encode(file.name, byteCount: content.byteCount)))
            parts.append(content)
            parts.append(.bytes([UInt8](repeating: 0, count: padding)))
        }
        parts.append(.bytes([UInt8](repeating: 0, count: TarHeader.endByteCount)))
        self.parts = parts
        byteCount = parts.reduce(0) { $0 + $1.byteCount }
    }

    /// The next bytes; nil at the end.
    ///
    /// Blocks.
    ///
    /// - Throws: `PackExportError`.
    package func nextPiece() throws(PackExportError) -> [UInt8]? {
        var piece: [UInt8] = []
        while part < parts.count, piece.count < PackOptions.pieceByteCount {
            let rest = parts[part].byteCount - offset
            let count = min(rest, PackOptions.pieceByteCount - piece.count)
            switch parts[part] {
            case .bytes(let bytes): piece += bytes[offset..<offset + count]
            case .spool(let file): piece += try file.bytes(offset..<offset + count)
            }
            offset += count
            if count == rest { (part, offset) = (part + 1, 0) }
        }
        return piece.isEmpty ? nil : piece
    }
}
