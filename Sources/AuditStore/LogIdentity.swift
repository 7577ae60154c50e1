// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import DurableFiles
import JournalFormat
import SystemPackage

/// What a log is given once, when its directory is made, and keeps: its id, and the secret seed of its key hashes.
///
/// The file `identity` has three lines: `martlet-log 1`, `id <32 hex digits>`, `key-seed <16 hex digits>`. It is readable
/// by its owner alone: whoever knows the seed can choose ids that make repeated events slow to find.
struct LogIdentity: Equatable {
    let logID: LogID
    let keySeed: UInt64

    static let fileName = "identity"
    private static let firstLine = "martlet-log 1"
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

    init(logID: LogID, keySeed: UInt64) {
        self.logID = logID
        self.keySeed = keySeed
    }

    private var text: String {
        var seed = ByteWriter(capacity: 8)
        seed.append(keySeed)
        return "\(Self.firstLine)\nid \(logID)\nkey-seed \(Hex.encode(seed.bytes))\n"
    }

    private init?(text: String) {
        let lines = text.split(separator: "\n")
        guard lines.count == 3, lines[0] == Self.firstLine, lines[1].hasPrefix("id "), lines[2].hasPrefix("key-seed "),
            let id = Hex.decode(lines[1].dropFirst(3)).flatMap(LogID.init(bytes:)),
            let seed = Hex.decode(lines[2].dropFirst(9)), seed.count == 8
        else { return nil }
        self.init(logID: id, keySeed: seed.reversed().reduce(0) { $0 << 8 | UInt64($1) })
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
