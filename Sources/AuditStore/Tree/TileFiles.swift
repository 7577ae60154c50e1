// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
import TransparencyLog

/// The tiles of the tree that are kept: full ones above level 0, and at the log's beginning after a deletion a partial one.
///
/// Tiles of level 0 are made of the events whenever they are asked for: 32 bytes for each event are more than half of what
/// the event itself takes. A file is written once; another tile under its name is refused.
struct TileFiles: Sendable {
    private let directory: FilePath
    private let fileSystem: any FileSystem

    /// - Parameters:
    ///   - directory: `log` of the data directory.
    ///   - fileSystem: where it is.
    init(directory: FilePath, fileSystem: any FileSystem) {
        self.directory = directory
        self.fileSystem = fileSystem
    }

    private func path(_ tile: TileCoordinate) -> FilePath { directory.appending(tile.path) }

    func exists(_ tile: TileCoordinate) -> Bool { fileSystem.exists(path(tile)) }

    /// Writes a tile; it is durable when this returns.
    ///
    /// - Throws: `damaged` when there is another one under its name; `noSpace`, `inputOutput`.
    func write(_ hashes: [LogHash], as tile: TileCoordinate) throws(StoreError) {
        let path = path(tile)
        let bytes = HashTile.encode(hashes)
        do {
            if fileSystem.exists(path) {
                guard try fileSystem.contents(of: path, maximumByteCount: bytes.count) == bytes else {
                    throw StoreError(.damaged, "\(path) is not the tile that the log's events make", path: path)
                }
                // Its name may not be durable yet: a process before this ended, or a sync failed.
                return try fileSystem.syncDirectory(path.removingLastComponent())
            }
            try fileSystem.createDirectory(path.removingLastComponent())
            try fileSystem.replaceAtomically(path, with: bytes, mode: .ownerReadWrite)
        } catch let error as StoreError {
            throw error
        } catch let error as FileError {
            throw error.code == .tooLarge
                ? StoreError(.damaged, "\(path) is not the tile that the log's events make", path: path)
                : StoreError(error)
        } catch {
            throw StoreError(.inputOutput, "\(path): \(error)", path: path)
        }
    }

    /// Removes the tiles that have a leaf at or above an index; they follow from events, and are made again.
    ///
    /// - Throws: `inputOutput`.
    func remove(above floor: UInt64) throws(StoreError) {
        let root = directory.appending("tile")
        do {
            guard fileSystem.exists(root) else { return }
            for level in try fileSystem.names(in: root) { try remove(above: floor, in: [level], of: root) }
        } catch {
            throw StoreError(error)
        }
    }

    private func remove(above floor: UInt64, in components: [String], of root: FilePath) throws(FileError) {
        let directory = components.reduce(root) { $0.appending($1) }
        for name in try fileSystem.names(in: directory) {
            let path = "tile/" + (components + [name]).joined(separator: "/")
            guard case .hashes(let tile)? = TileCoordinate.parse(path.utf8) else {
                // A directory of tiles whose numbers are long; what is neither is not ours.
                if name.hasPrefix("x") || name.hasSuffix(".p") {
                    try remove(above: floor, in: components + [name], of: root)
                }
                continue
            }
            let leaves = UInt64(1) << UInt64(8 * tile.level)
            let end = (tile.index * UInt64(TreeFrontier.width) + UInt64(tile.width)).multipliedReportingOverflow(
                by: leaves
            )
            if end.overflow || end.partialValue > floor { try fileSystem.remove(directory.appending(name)) }
        }
        try fileSystem.syncDirectory(directory)
    }

    /// The hashes of a tile.
    ///
    /// - Throws: `damaged` when it is missing or of another length; `inputOutput`.
    func read(_ tile: TileCoordinate) throws(StoreError) -> [LogHash] {
        let path = path(tile)
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.contents(of: path, maximumByteCount: TreeFrontier.width * LogHash.byteCount)
        } catch {
            guard error.code == .notFound || error.code == .tooLarge else { throw StoreError(error) }
            throw StoreError(.damaged, "\(path) is missing or damaged; restore it", path: path)
        }
        do {
            return try HashTile.parse(bytes.span.bytes, width: tile.width)
        } catch {
            throw StoreError(.damaged, "\(path) is damaged: \(error.message)", path: path)
        }
    }
}
