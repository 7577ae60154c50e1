// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import SystemPackage
import TransparencyLog

/// Signs checkpoints, and never two that contradict each other.
///
/// Files, in a directory of its own with mode 0700: `keys` (`SignerKeys`), mode 0600; `record`, the text of the checkpoint that
/// is being signed or was signed last; `place`, which directory this is, so that a copy of it notices that it is one;
/// `contradiction`, if there is one, a checkpoint by this log's key that is none of this log's.
///
/// What is signed is in the record first, and durable. So after a crash the record is at least as new as every signature that
/// anybody may have, and the tree is compared with it before anything more is signed. The record is trusted: whoever puts an older
/// one in its place, together with the older log, can have two trees signed. Only witnesses notice that, and what they show for it
/// is kept as the contradiction: nothing more is signed under the name.
struct LogSigner {
    private let directory: FilePath
    private let fileSystem: any FileSystem
    private(set) var keys: SignerKeys
    /// What was signed last, or was about to be.
    private(set) var record: Checkpoint?
    /// A checkpoint with this log's signature that is not of its tree.
    private(set) var contradiction: Checkpoint?

    var origin: String { keys.origin }

    private static let maximumByteCount = 64 << 10

    private init(directory: FilePath, fileSystem: any FileSystem, keys: SignerKeys) {
        self.directory = directory
        self.fileSystem = fileSystem
        self.keys = keys
    }

    // MARK: - Files

    private static func keysPath(_ directory: FilePath) -> FilePath { directory.appending("keys") }
    private var keysPath: FilePath { Self.keysPath(directory) }
    private var recordPath: FilePath { directory.appending("record") }
    private var placePath: FilePath { directory.appending("place") }
    private var contradictionPath: FilePath { directory.appending("contradiction") }

    /// Reads a signer.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `damaged` when its files are not what was written; `inputOutput`.
    static func load(from directory: FilePath, in fileSystem: any FileSystem) throws(StoreError) -> LogSigner? {
        let path = keysPath(directory)
        guard fileSystem.exists(path) else { return nil }
        do {
            // Names of files that a process before this did not live to make durable.
            try fileSystem.syncDirectory(directory)
            let text = try fileSystem.contents(of: path, maximumByteCount: maximumByteCount)
            guard let keys = try SignerKeys(text: String(decoding: text, as: UTF8.self)) else {
                throw StoreError(.damaged, "\(path) is not the keys of a log", path: path)
            }
            var signer = LogSigner(directory: directory, fileSystem: fileSystem, keys: keys)
            if fileSystem.exists(signer.recordPath) {
                let bytes = try fileSystem.contents(of: signer.recordPath, maximumByteCount: maximumByteCount)
                let record = try Checkpoint(parsing: bytes)
                // One of another name is from before a fork.
                if record.origin == keys.origin { signer.record = record }
            }
            if fileSystem.exists(signer.contradictionPath) {
                let bytes = try fileSystem.contents(of: signer.contradictionPath, maximumByteCount: 1 << 20)
                let contradiction = try Checkpoint(parsing: SignedNote(parsing: bytes).text)
                if contradiction.origin == keys.origin { signer.contradiction = contradiction }
            }
            return signer
        } catch {
            throw failure(error, path)
        }
    }

    /// Makes the signer of a log that was never signed.
    ///
    /// - Throws: `inputOutput`, `noSpace`; `notADataDirectory` when the origin is no name.
    static func make(
        in directory: FilePath,
        _ fileSystem: any FileSystem,
        origin: String,
        seed: [UInt8]
    ) throws(StoreError) -> LogSigner {
        do {
            let keys = try SignerKeys(origin: origin, seed: seed)
            try fileSystem.createDirectory(directory)
            let signer = LogSigner(directory: directory, fileSystem: fileSystem, keys: keys)
            try signer.claimPlace()
            try signer.writeKeys()
            return signer
        } catch {
            throw failure(error, directory)
        }
    }

    private func writeKeys() throws {
        try fileSystem.replaceAtomically(keysPath, with: Array(keys.text.utf8), mode: .ownerReadWrite)
    }

    // MARK: - Place

    /// Whether this is the directory in which the signer was made, and not a copy of it.
    ///
    /// - Throws: `inputOutput`.
    func isInPlace() throws(StoreError) -> Bool {
        do {
            let bytes = try fileSystem.contents(of: placePath, maximumByteCount: 64)
            return String(decoding: bytes, as: UTF8.self) == (try placeText())
        } catch {
            guard error.code == .notFound else { throw StoreError(error) }
            return false
        }
    }

    private func claimPlace() throws {
        try fileSystem.replaceAtomically(placePath, with: Array(try placeText().utf8), mode: .ownerReadWrite)
    }

    private func placeText() throws(FileError) -> String { "directory \(try fileSystem.number(of: directory))\n" }

    // MARK: - Signing

    /// Signs a checkpoint with all keys of the time.
    ///
    /// - Throws: `forked` when it is smaller than what was signed, or another tree of the same size; `inputOutput`, `noSpace`.
    mutating func sign(size: UInt64, root: LogHash, now: Int64) throws(StoreError) -> SignedNote {
        try checkContradiction()
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(origin: origin, size: size, root: root)
        } catch {
            throw Self.failure(error, recordPath)
        }
        if let record {
            guard size > record.size || record == checkpoint else {
                throw StoreError(
                    .forked,
                    "\(size) events with root \(root.base64) contradict the \(record.size) with \(record.root.base64) that were signed"
                )
            }
        }
        let text = checkpoint.text
        if record != checkpoint {
            do {
                try fileSystem.replaceAtomically(recordPath, with: text, mode: .ownerReadWrite)
            } catch {
                throw StoreError(error)
            }
            record = checkpoint
        }
        return try note(text, now: now)
    }

    /// - Throws: `forked` when somebody has shown a checkpoint by this log's key that is not of its tree.
    func checkContradiction() throws(StoreError) {
        guard let contradiction else { return }
        throw StoreError(
            .forked,
            """
            a witness has shown a checkpoint of \(contradiction.size) events with root \(contradiction.root.base64), signed with this \
            log's key and not of this log: it was put back to an older state, or another one signs with its key. Record the fork: \
            martlet log resume
            """,
            path: contradictionPath
        )
    }

    /// Signs no checkpoint any more, in this process or another: a checkpoint by this log's key is not of its tree.
    ///
    /// - Throws: `inputOutput`, `noSpace`.
    mutating func stop(_ note: SignedNote, _ checkpoint: Checkpoint) throws(StoreError) {
        contradiction = checkpoint
        do {
            try fileSystem.replaceAtomically(contradictionPath, with: note.encoded(), mode: .ownerReadWrite)
        } catch {
            throw StoreError(error)
        }
    }

    /// Signs something that is no checkpoint, such as what a pack of evidence holds.
    ///
    /// - Throws: `damaged` when it could be taken for a checkpoint, or is no text of a note.
    func sign(statement text: [UInt8], now: Int64) throws(StoreError) -> SignedNote {
        guard (try? Checkpoint(parsing: text)) == nil else {
            throw StoreError(.damaged, "a statement that reads as a checkpoint is not signed")
        }
        return try note(text, now: now)
    }

    private func note(_ text: [UInt8], now: Int64) throws(StoreError) -> SignedNote {
        do {
            let signers = keys.active(at: now)
            var signatures: [NoteSignature] = []
            for signer in signers { signatures.append(try signer.sign(text)) }
            return try SignedNote(text: text, signatures: signatures)
        } catch {
            throw Self.failure(error, recordPath)
        }
    }

    /// Has the record say at least what was published: it is lost, or an older one was put in its place.
    mutating func raiseRecord(to published: Checkpoint) {
        if published.size > record?.size ?? 0 || record == nil { record = published }
    }

    // MARK: - Keys

    /// Verifier keys of all keys that may still sign.
    var verifierKeys: [String] { keys.keys.map(\.signer.vkey) }

    /// Signs with a new key from now on, and for a while with the one before as well.
    ///
    /// - Throws: `inputOutput`, `noSpace`.
    mutating func rotate(seed: [UInt8], now: Int64, overlapEnd: Int64) throws(StoreError) {
        let before = keys
        do {
            try keys.rotate(seed: seed, now: now, overlapEnd: overlapEnd)
            try writeKeys()
        } catch {
            keys = before
            throw Self.failure(error, keysPath)
        }
    }

    /// Signs here from now on: the directory was moved, and the tree extends what was signed.
    ///
    /// - Throws: `inputOutput`, `noSpace`.
    func resume() throws(StoreError) {
        do {
            try claimPlace()
        } catch {
            throw Self.failure(error, placePath)
        }
    }

    /// Signs here from now on as another log, under a new name and with a new key: what was signed before is not the beginning of
    /// this tree.
    ///
    /// - Throws: `inputOutput`, `noSpace`.
    mutating func fork(origin: String, seed: [UInt8]) throws(StoreError) {
        do {
            // The keys first: without them the old name could sign what its record speaks against. A record of the old name says
            // nothing to the new one.
            keys = try SignerKeys(origin: origin, seed: seed)
            record = nil
            contradiction = nil
            try writeKeys()
            try claimPlace()
        } catch {
            throw Self.failure(error, keysPath)
        }
    }

    private static func failure(_ error: any Error, _ path: FilePath) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as FileError: StoreError(error)
        case let error as LogError: StoreError(.damaged, "\(path): \(error.message)", path: path)
        default: StoreError(.inputOutput, "\(path): \(error)", path: path)
        }
    }
}
