// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import ManifestFormat
import SystemPackage

extension LogIdentity {
    private static let maximumByteCount = 4096

    /// Reads the identity of a directory, or gives it one when it is new.
    ///
    /// - Throws: `notADataDirectory` when the file is not ours, or when there is a journal or manifest but no identity.
    static func load(
        from directory: FilePath,
        in fileSystem: any FileSystem,
        hasLog: Bool,
        random: () -> UInt64
    ) throws(StoreError) -> LogIdentity {
        let path = directory.appending(fileName)
        guard fileSystem.exists(path) else {
            guard !hasLog else {
                throw StoreError(.notADataDirectory, "\(path) is missing beside a log; restore it", path: path)
            }
            let identity = LogIdentity(logID: LogID(high: random(), low: random()), keySeed: random())
            do {
                try fileSystem.replaceAtomically(path, with: Array(identity.text.utf8), mode: .ownerReadWrite)
            } catch {
                throw StoreError(error)
            }
            return identity
        }
        let contents: [UInt8]
        do {
            contents = try fileSystem.contents(of: path, maximumByteCount: maximumByteCount)
        } catch {
            throw StoreError(error)
        }
        guard let identity = LogIdentity(text: String(decoding: contents, as: UTF8.self)) else {
            throw StoreError(.notADataDirectory, "\(path) is not the identity of a Martlet log", path: path)
        }
        return identity
    }
}

extension StoreError {
    /// A failure of a file outside of the journal's writing.
    init(_ error: FileError) {
        let code: Code =
            switch error.code {
            case .noSpace: .noSpace
            case .locked: .locked
            default: .inputOutput
            }
        self.init(code, error.message, path: error.path)
    }
}
