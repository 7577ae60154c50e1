// SPDX-License-Identifier: Apache-2.0

import AuditStore
import ByteCoding
import DurableFiles
import EventMapping
import SystemPackage

/// How far a log was read, in a file of the data directory, for logs whose lines become no events.
///
/// A hint: the journal's word counts where it is further.
struct LogCursor: Sendable {
    private static let directoryName = "log-readers"

    private let fileSystem: any FileSystem
    private let directory: FilePath
    private let path: FilePath

    init(_ store: LogStore, _ source: String) {
        fileSystem = store.fileSystem
        directory = store.directory.appending(Self.directoryName)
        let name = Array(source.utf8)
        let hash = KeyHash(seed: 0x6C6F_6773).hash(name.span.bytes, 0..<name.count)
        path = directory.appending(String(hash, radix: 16))
    }

    /// The position that is further, of this and the journal's.
    func position(journal bytes: [UInt8]?) -> LogPosition? {
        let journal = bytes.flatMap { LogPosition($0) }
        let beside = (try? fileSystem.contents(of: path, maximumByteCount: 4096)).flatMap { LogPosition($0) }
        guard let beside else { return journal }
        guard let journal else { return beside }
        return beside.isBehind(journal) ? beside : journal
    }

    /// When this returns, the position survives a power cut.
    func keep(_ position: LogPosition) throws {
        try fileSystem.createDirectory(directory)
        try fileSystem.replaceAtomically(path, with: position.bytes, mode: .ownerReadWrite)
    }
}
