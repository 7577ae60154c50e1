// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
package import SystemPackage

/// Items on disk that wait for being delivered elsewhere, in files of a directory, in order.
///
/// A file is written until it is large or a write failed, and removed when all of it was delivered. What is behind the last whole
/// frame of a file was never acknowledged to anybody: it is passed over. After a restart, items of a file that was delivered in
/// part are delivered again.
///
/// Not safe for two threads; calls block.
package struct RecordSpool {
    private struct File {
        let number: UInt64
        /// Bytes of whole frames.
        var byteCount: Int
    }

    private let directory: FilePath
    private let fileSystem: any FileSystem
    private let maximumByteCount: Int
    private var files: [File] = []
    /// Whether the last of the files may be appended to.
    private var isOpen = false
    private var nextNumber: UInt64 = 1
    /// Where the next item to deliver begins in the first file.
    private var offset = 0
    private let lock: any FileLock

    /// Bytes that were behind the last whole frame of files when the spool was opened.
    package private(set) var cutByteCount = 0

    /// Bytes of whole frames that were not delivered yet, and those before them in the same file.
    package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// Opens a spool, which is made when there is none.
    ///
    /// - Throws: `FileError`, of code `locked` when another process has it.
    package init(
        _ directory: FilePath,
        _ fileSystem: any FileSystem,
        maximumByteCount: Int = GatewayLimits.spoolByteCount
    ) throws(FileError) {
        self.directory = directory
        self.fileSystem = fileSystem
        self.maximumByteCount = maximumByteCount
        try fileSystem.createDirectory(directory)
        lock = try fileSystem.lock(directory.appending("lock"))
        let numbers = try fileSystem.names(in: directory).compactMap(Self.number)
        nextNumber = (numbers.last ?? 0) + 1
        for number in numbers { try recover(number, isLast: number == numbers.last) }
    }

    /// Takes the whole frames of a file.
    ///
    /// The last file may end in what was never acknowledged; another one that holds nothing whole is left for people to look at.
    private mutating func recover(_ number: UInt64, isLast: Bool) throws(FileError) {
        let path = path(number)
        let file = try fileSystem.openForRecovery(path)
        let bytes = try file.bytes(in: 0..<file.byteCount())
        var end = 0
        while let frame = SpoolFrame.decode(bytes[end...]) { end += frame.byteCount }
        cutByteCount += bytes.count - end
        if end == 0 {
            if isLast || bytes.isEmpty { try fileSystem.remove(path) }
        } else {
            files.append(File(number: number, byteCount: end))
        }
    }

    // MARK: - In

    /// Appends an item.
    ///
    /// When this returns, the item survives a power cut.
    ///
    /// - Throws: `GatewayError.spoolFull`; `FileError`. The item may then be delivered all the same.
    package mutating func append(_ item: RecordedItem) throws {
        let frame = SpoolFrame.encode(item)
        guard byteCount + frame.count <= maximumByteCount else {
            throw GatewayError(.spoolFull, "the spool has \(byteCount) of \(maximumByteCount) bytes")
        }
        if !isOpen || (files.last?.byteCount ?? 0) >= GatewayLimits.spoolFileByteCount {
            files.append(File(number: nextNumber, byteCount: 0))
            nextNumber += 1
            isOpen = true
        }
        guard let last = files.indices.last else { return }
        do {
            try fileSystem.appendDurably(path(files[last].number), frame)
        } catch {
            // Nobody knows what is at its end: the next item begins a file of its own.
            isOpen = false
            if files[last].byteCount == 0 { files.removeLast() }
            throw error
        }
        files[last].byteCount += frame.count
    }

    // MARK: - Out

    /// The oldest item that was not delivered; nil when there is none.
    package mutating func next() throws -> RecordedItem? {
        guard let file = files.first, offset < file.byteCount else { return nil }
        let opened = try fileSystem.openForReading(path(file.number))
        let header = try opened.bytes(in: offset..<offset + SpoolFrame.headerByteCount)
        let count = header.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) } + SpoolFrame.headerByteCount
        let bytes = try opened.bytes(in: offset..<min(file.byteCount, offset + count))
        guard let frame = SpoolFrame.decode(bytes[...]) else {
            throw GatewayError(.spoolDamaged, "\(path(file.number)) is damaged at byte \(offset)")
        }
        return frame.item
    }

    /// Forgets the item that `next` gave.
    package mutating func acknowledge() throws {
        guard let file = files.first, offset < file.byteCount else { return }
        let opened = try fileSystem.openForReading(path(file.number))
        let length = try opened.bytes(in: offset..<offset + 4)
        offset += length.reversed().reduce(0) { $0 << 8 | Int($1) } + SpoolFrame.headerByteCount
        guard offset >= file.byteCount else { return }
        // The file's name may come back after a power cut: then its items are delivered again.
        files.removeFirst()
        offset = 0
        if files.isEmpty { isOpen = false }
        try fileSystem.remove(path(file.number))
        try fileSystem.syncDirectory(directory)
    }

    // MARK: - Names

    private func path(_ number: UInt64) -> FilePath {
        let digits = String(number)
        return directory.appending(String(repeating: "0", count: max(0, 20 - digits.count)) + digits + ".spool")
    }

    private static func number(of name: String) -> UInt64? {
        guard name.hasSuffix(".spool"), name.count == 26 else { return nil }
        return UInt64(name.dropLast(6))
    }
}
