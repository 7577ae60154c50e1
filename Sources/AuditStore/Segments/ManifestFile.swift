// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import SystemPackage

/// The manifest on disk: `manifest` in the data directory.
struct ManifestFile {
    private static let fileName = "manifest"
    /// A segment takes about a kilobyte; a hundred thousand segments are ten years of a large log.
    private static let maximumByteCount = 256 << 20

    let path: FilePath
    let fileSystem: any FileSystem

    init(directory: FilePath, fileSystem: any FileSystem) {
        path = directory.appending(Self.fileName)
        self.fileSystem = fileSystem
    }

    var exists: Bool { fileSystem.exists(path) }

    /// The manifest of a log; nil when there is none, as before the first segment.
    ///
    /// - Throws: `damaged`, `notADataDirectory` for one of a newer version, `inputOutput`.
    func read(logID: LogID) throws(StoreError) -> Manifest? {
        guard exists else { return nil }
        do {
            let contents = try fileSystem.contents(of: path, maximumByteCount: Self.maximumByteCount)
            let manifest = try ManifestText.decode(contents)
            guard manifest.logID == logID else { throw damaged("it belongs to another log, \(manifest.logID)") }
            return manifest
        } catch let error as FileError {
            throw StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch ManifestText.Failure.damaged(let line, let expected) {
            throw damaged("line \(line) is not \(expected)")
        } catch {
            throw StoreError(.notADataDirectory, "\(path) is of a newer version of Martlet", path: path)
        }
    }

    private func damaged(_ what: String) -> StoreError {
        StoreError(.damaged, "\(path) is damaged: \(what). Restore it from a copy", path: path)
    }

    /// Puts a manifest in the place of the one before; it is durable when this returns.
    ///
    /// After an error either of the two is on disk.
    func replace(with manifest: Manifest) throws(StoreError) {
        do {
            try fileSystem.replaceAtomically(path, with: ManifestText.encode(manifest), mode: .ownerReadWrite)
        } catch {
            throw StoreError(error)
        }
    }
}
