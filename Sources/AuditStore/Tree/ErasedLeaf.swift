// SPDX-License-Identifier: Apache-2.0

import DurableFiles
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

    private static func path(_ index: UInt64, in directory: FilePath) -> FilePath {
        let digits = String(index)
        return directory.appending("erased").appending(String(repeating: "0", count: 20 - digits.count) + digits)
    }

    /// - Parameters:
    ///   - index: the event's.
    ///   - directory: `log` of the data directory.
    ///   - fileSystem: where it is.
    /// - Throws: `damaged` when it is missing or no leaf; `inputOutput`.
    static func read(_ index: UInt64, in directory: FilePath, _ fileSystem: any FileSystem) throws(StoreError) -> ErasedLeaf {
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
