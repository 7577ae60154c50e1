// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import Crypto
package import DurableFiles
package import SystemPackage
import TransparencyLog

/// The files of a witness.
///
/// ```
/// DIR/LOCK                          held while a process is the witness
/// DIR/key                           PRIVATE+KEY+…, of the kind 0x04; mode 0600; made once
/// DIR/logs/<hash>                   the record of a log; <hash> is SHA-256 of its origin in hexadecimal
/// DIR/contradictions/<hash>-<root>  a checkpoint that was refused because another of its size was signed
/// ```
///
/// A record is a line `martlet-witness 1 <time>` and a note: the newest checkpoint that was signed, or was about to be, with the
/// log's signatures, and when in seconds since 1970. The cosignature is not kept: it follows from key, text and time.
package struct WitnessState: Sendable {
    package let directory: FilePath
    let fileSystem: any FileSystem
    let signer: NoteSigner
    private let lock: any FileLock

    /// What a log's record says.
    struct Record: Equatable {
        let note: SignedNote
        let checkpoint: Checkpoint
        let time: Int64
    }

    private static let keyByteCount = 4096
    private static let recordName = "martlet-witness 1 "

    /// Takes a directory, and makes the key when there is none.
    ///
    /// - Parameters:
    ///   - directory: made when missing.
    ///   - fileSystem: where it is.
    ///   - name: the key's; nil to take that of the key that is there.
    ///   - seed: 32 bytes for a new key.
    /// - Throws: `locked`; `wrongName` when the key has another name, or there is none and no name for one; `damaged` when there are
    ///   records and no key, or the key is none; `inputOutput`, `noSpace`.
    package init(
        directory: FilePath,
        fileSystem: any FileSystem,
        name: String?,
        seed: @autoclosure () -> [UInt8]
    ) throws(WitnessError) {
        self.directory = directory
        self.fileSystem = fileSystem
        do {
            try fileSystem.createDirectory(directory)
            lock = try fileSystem.lock(directory.appending("LOCK"))
            try fileSystem.createDirectory(directory.appending("logs"))
        } catch {
            throw WitnessError(error)
        }
        if let signer = try Self.key(in: directory, fileSystem) {
            self.signer = signer
        } else {
            signer = try Self.makeKey(in: directory, fileSystem, name: name, seed: seed())
        }
        guard name.map({ $0.hasSameBytes(as: signer.name) }) ?? true else {
            throw WitnessError(
                .wrongName,
                "the key in \(directory) is that of \(signer.name): a witness keeps its name"
            )
        }
    }

    // MARK: - Key

    /// The verifier key of a witness, which may be running; nil when it has none yet.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    package static func vkey(in directory: FilePath, _ fileSystem: any FileSystem) throws(WitnessError) -> String? {
        try key(in: directory, fileSystem)?.vkey
    }

    private static func key(in directory: FilePath, _ fileSystem: any FileSystem) throws(WitnessError) -> NoteSigner? {
        let path = directory.appending("key")
        guard fileSystem.exists(path) else { return nil }
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.contents(of: path, maximumByteCount: keyByteCount)
        } catch {
            throw WitnessError(error)
        }
        guard bytes.last == UInt8(ascii: "\n"), let text = String(validating: bytes.dropLast(), as: UTF8.self),
            let signer = try? NoteSigner(skey: text), signer.kind == .cosignature
        else { throw WitnessError(.damaged, "\(path) is no key of a witness") }
        return signer
    }

    private static func makeKey(
        in directory: FilePath,
        _ fileSystem: any FileSystem,
        name: String?,
        seed: [UInt8]
    ) throws(WitnessError) -> NoteSigner {
        guard let name else { throw WitnessError(.wrongName, "a new witness needs a name, such as witness.example/w1") }
        let signer: NoteSigner
        do {
            signer = try NoteSigner(name: name, seed: seed, kind: .cosignature)
        } catch {
            throw WitnessError(.wrongName, error.message)
        }
        do {
            // With another key it would sign what the lost one has signed against.
            guard try fileSystem.names(in: directory.appending("logs")).isEmpty else {
                throw WitnessError(.damaged, "\(directory) has records and no key: put the key back")
            }
            try fileSystem.replaceAtomically(
                directory.appending("key"),
                with: Array("\(signer.skey)\n".utf8),
                mode: .ownerReadWrite
            )
        } catch let error as WitnessError {
            throw error
        } catch {
            throw (error as? FileError).map(WitnessError.init) ?? WitnessError(.inputOutput, "\(error)")
        }
        return signer
    }

    // MARK: - Records

    /// Under which name a log is kept, and asked for.
    package static func hash(of origin: String) -> String {
        Hex.encode(Array(SHA256.hash(data: Array(origin.utf8))))
    }

    private func path(of origin: String) -> FilePath {
        directory.appending("logs").appending(Self.hash(of: origin))
    }

    /// What was signed last of a log; nil when nothing was.
    ///
    /// Durable when this returns: an earlier process may have ended before it was, and what is told of it must not be forgotten.
    ///
    /// - Throws: `damaged`, `inputOutput`.
    func record(of origin: String) throws(WitnessError) -> Record? {
        let path = path(of: origin)
        guard fileSystem.exists(path) else { return nil }
        let bytes: [UInt8]
        do {
            let file = try fileSystem.openForRecovery(path)
            bytes = try file.bytes(in: 0..<min(file.byteCount(), WitnessLimits.maximumRecordByteCount))
            try fileSystem.syncDirectory(directory.appending("logs"))
        } catch {
            throw WitnessError(error)
        }
        guard let record = Self.record(bytes), record.checkpoint.origin.hasSameBytes(as: origin) else {
            throw WitnessError(.damaged, "\(path) is no record of \(origin)")
        }
        return record
    }

    private static func record(_ bytes: [UInt8]) -> Record? {
        guard bytes.starts(with: recordName.utf8), let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let seconds = UInt64(decimal: bytes[recordName.utf8.count..<end]), let time = Int64(exactly: seconds),
            let note = try? SignedNote(parsing: Array(bytes[(end + 1)...])),
            let checkpoint = try? Checkpoint(parsing: note.text)
        else { return nil }
        return Record(note: note, checkpoint: checkpoint, time: time)
    }

    /// Replaces what was signed last of a log; durable when this returns.
    func write(_ record: Record) throws(FileError) {
        try fileSystem.replaceAtomically(
            path(of: record.checkpoint.origin),
            with: Array("\(Self.recordName)\(record.time)\n".utf8) + record.note.encoded(),
            mode: .ownerReadWrite
        )
    }

    // MARK: - Contradictions

    /// Keeps a checkpoint that its log signed although it had signed another of that size: with the record, a proof of it.
    ///
    /// As far as there is room; nothing depends on it.
    func keepContradiction(_ note: SignedNote, _ checkpoint: Checkpoint) {
        let directory = directory.appending("contradictions")
        let origin = Self.hash(of: checkpoint.origin)
        let path = directory.appending("\(origin)-\(checkpoint.root)")
        try? fileSystem.createDirectory(directory)
        guard let names = try? fileSystem.names(in: directory), !fileSystem.exists(path),
            names.count(where: { $0.hasPrefix(origin) }) < WitnessLimits.maximumContradictionCount
        else { return }
        try? fileSystem.replaceAtomically(path, with: note.encoded(), mode: .ownerReadWrite)
    }
}
