// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import Synchronization
import SystemPackage

/// A file system before each of whose reading operations a test may do something, or whose place for one file it takes.
final class InterposedFileSystem: FileSystem {
    private let base: any FileSystem
    private let before = Mutex<(@Sendable () -> Void)?>(nil)
    private let replacement = Mutex<MemoryFile?>(nil)
    private let count = Mutex(0)

    init(_ base: any FileSystem) {
        self.base = base
    }

    /// Reading operations so far.
    var operationCount: Int { count.withLock { $0 } }

    /// Calls `body` before the operation that is so many further.
    func interrupt(after operations: Int, _ body: @escaping @Sendable () -> Void) {
        let due = operationCount + operations
        before.withLock { before in
            before = { [weak self] in
                guard let self, self.operationCount == due else { return }
                body()
            }
        }
    }

    /// Has every file that is opened for reading hold these bytes.
    func replace(with bytes: [UInt8]) {
        replacement.withLock { $0 = MemoryFile(bytes) }
    }

    private func step() {
        let body = before.withLock { $0 }
        body?()
        count.withLock { $0 += 1 }
    }

    func openForReading(_ path: FilePath) throws(FileError) -> any DurableFile {
        step()
        if let file = replacement.withLock({ $0 }) { return file }
        return InterposedFile(try base.openForReading(path)) { [weak self] in self?.step() }
    }

    func contents(of path: FilePath, maximumByteCount: Int) throws(FileError) -> [UInt8] {
        step()
        return try base.contents(of: path, maximumByteCount: maximumByteCount)
    }

    func names(in directory: FilePath) throws(FileError) -> [String] {
        step()
        return try base.names(in: directory)
    }

    func exists(_ path: FilePath) -> Bool {
        step()
        return base.exists(path)
    }

    // MARK: - Passed on

    func number(of path: FilePath) throws(FileError) -> UInt64 { try base.number(of: path) }

    func createForDurableWrites(
        _ path: FilePath,
        preallocatedByteCount: Int
    ) throws(FileError) -> any DurableFile {
        try base.createForDurableWrites(path, preallocatedByteCount: preallocatedByteCount)
    }

    func openForRecovery(_ path: FilePath) throws(FileError) -> any DurableFile { try base.openForRecovery(path) }

    func replaceAtomically(_ path: FilePath, with contents: [UInt8], mode: FilePermissions) throws(FileError) {
        try base.replaceAtomically(path, with: contents, mode: mode)
    }

    func appendDurably(_ path: FilePath, _ contents: [UInt8]) throws(FileError) {
        try base.appendDurably(path, contents)
    }

    func createDirectory(_ path: FilePath) throws(FileError) { try base.createDirectory(path) }

    func remove(_ path: FilePath) throws(FileError) { try base.remove(path) }

    func syncDirectory(_ path: FilePath) throws(FileError) { try base.syncDirectory(path) }

    func lock(_ path: FilePath) throws(FileError) -> any FileLock { try base.lock(path) }

    func availableByteCount(at path: FilePath) throws(FileError) -> Int { try base.availableByteCount(at: path) }
}

/// An open file that tells of each read.
private final class InterposedFile: DurableFile {
    private let base: any DurableFile
    private let step: @Sendable () -> Void

    init(_ base: any DurableFile, _ step: @escaping @Sendable () -> Void) {
        self.base = base
        self.step = step
    }

    var path: FilePath { base.path }
    func byteCount() throws(FileError) -> Int { try base.byteCount() }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
        step()
        return try base.read(into: buffer, at: offset)
    }
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileError) {
        try base.write(buffers, at: offset)
    }
    func sync() throws(FileError) { try base.sync() }
    func truncate(to byteCount: Int) throws(FileError) { try base.truncate(to: byteCount) }
}

/// An open file in memory that nobody writes.
private final class MemoryFile: DurableFile {
    private let bytes: [UInt8]
    let path: FilePath = "/memory"

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    func byteCount() throws(FileError) -> Int { bytes.count }
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
        let part = bytes.dropFirst(offset).prefix(buffer.count)
        part.withUnsafeBytes { buffer.copyMemory(from: $0) }
        return part.count
    }
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileError) { throw unwritable }
    func sync() throws(FileError) { throw unwritable }
    func truncate(to byteCount: Int) throws(FileError) { throw unwritable }

    private var unwritable: FileError { FileError(.permissionDenied, "not for writing", path: path) }
}
