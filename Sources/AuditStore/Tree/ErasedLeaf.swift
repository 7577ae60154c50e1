// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import ManifestFormat
import SystemPackage
import TransparencyLog

/// What stays of an event whose bytes were erased: its leaf, and the tombstone.
///
/// The file `log/erased/<index in 20 digits>`: the leaf's 96 bytes, then the tombstone's JSON. It is durable before the
/// event's bytes and salts go.
struct ErasedLeaf: Equatable {
    let leaf: LogLeaf
    /// The event that stands in the place of the one that was erased.
    let tombstone: [UInt8]

    private static let maximumByteCount = LogLeaf.byteCount + (1 << 20)

    private static let directoryName = "erased"

    private static func path(_ index: UInt64, in directory: FilePath) -> FilePath {
        directory.appending(directoryName).appending(SegmentDescription.digits(index))
    }

    /// The indices of which there is one, in rising order.
    ///
    /// - Parameters:
    ///   - directory: `log` of the data directory; may be missing.
    ///   - fileSystem: where it is.
    /// - Returns: the events' indices.
    /// - Throws: `inputOutput`.
    static func indices(in directory: FilePath, _ fileSystem: any FileSystem) throws(StoreError) -> [UInt64] {
        let erased = directory.appending(directoryName)
        guard fileSystem.exists(erased) else { return [] }
        do {
            return try fileSystem.names(in: erased).filter { $0.utf8.count == 20 }.compactMap { UInt64($0) }.sorted()
        } catch {
            throw StoreError(error)
        }
    }

    /// Whether there is one of an event.
    static func exists(_ index: UInt64, in directory: FilePath, _ fileSystem: any FileSystem) -> Bool {
        fileSystem.exists(path(index, in: directory))
    }

    /// Removes those of events that retention has deleted.
    ///
    /// - Throws: `inputOutput`.
    static func remove(below floor: UInt64, in directory: FilePath, _ fileSystem: any FileSystem) throws(StoreError) {
        for index in try indices(in: directory, fileSystem) where index < floor {
            do {
                try fileSystem.remove(path(index, in: directory))
            } catch {
                throw StoreError(error)
            }
        }
    }

    /// - Parameters:
    ///   - index: the event's.
    ///   - directory: `log` of the data directory.
    ///   - fileSystem: where it is.
    /// - Returns: what was written.
    /// - Throws: `damaged` when it is missing or no leaf; `inputOutput`.
    static func read(
        _ index: UInt64,
        in directory: FilePath,
        _ fileSystem: any FileSystem
    ) throws(StoreError) -> ErasedLeaf {
        let path = path(index, in: directory)
        do {
            guard fileSystem.exists(path) else {
                throw StoreError(.damaged, "\(path) is missing, the leaf of an erased event; restore it", path: path)
            }
            let bytes = try fileSystem.contents(of: path, maximumByteCount: maximumByteCount)
            guard bytes.count > LogLeaf.byteCount else {
                throw StoreError(.damaged, "\(path) has only \(bytes.count) bytes", path: path)
            }
            let leaf = try LogLeaf(decoding: bytes.span.bytes.extracting(0..<LogLeaf.byteCount))
            return ErasedLeaf(leaf: leaf, tombstone: Array(bytes[LogLeaf.byteCount...]))
        } catch let error as StoreError {
            throw error
        } catch let error as FileError {
            throw StoreError(error)
        } catch {
            throw StoreError(.damaged, "\(path) is damaged: \(error)", path: path)
        }
    }

    /// Writes it; it is durable when this returns.
    ///
    /// - Throws: `noSpace`, `inputOutput`.
    func write(_ index: UInt64, in directory: FilePath, _ fileSystem: any FileSystem) throws(StoreError) {
        let path = Self.path(index, in: directory)
        do {
            try fileSystem.createDirectory(path.removingLastComponent())
            try fileSystem.replaceAtomically(path, with: leaf.encoded() + tombstone, mode: .ownerReadWrite)
        } catch {
            throw StoreError(error)
        }
    }
}
