// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
package import SystemPackage

/// Items on disk that wait for being delivered elsewhere, in files of a directory, in order.
///
/// A file is written until it is large or a write failed, and removed when all of it was delivered. What can't be read is passed over,
/// told in `takeDamage`, and kept in a copy of its file, `….damaged`: it may be what a power cut left of an item that nobody was told
/// of, and it may be one that counted. After a restart, items of a file that was delivered in part are delivered again.
///
/// Not safe for two threads; calls block.
package struct RecordSpool {
    private struct File {
        let number: UInt64
        /// To the end of the last whole frame.
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
    /// Of the item that `next` gave.
    private var nextByteCount = 0
    private var damage: [Damage] = []
    /// Numbers of files whose damage was told and copied.
    private var damaged: Set<UInt64> = []
    private let lock: any FileLock

    /// Bytes that could not be read.
    package struct Damage: Equatable, Sendable {
        /// Where the first of them was.
        package let place: String
        package let byteCount: Int
        /// A copy of all bytes of the file.
        package let copy: FilePath
    }

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
    private mutating func recover(_ number: UInt64, isLast: Bool) throws(FileError) {
        let path = path(number)
        let file = try fileSystem.openForRecovery(path)
        let bytes = try file.bytes(in: 0..<file.byteCount())
        var (at, end, wholeByteCount) = (0, 0, 0)
        var firstDamage: Int?
        while at < bytes.count {
            if let frame = SpoolFrame.decode(bytes[at...]) {
                at += frame.byteCount
                end = at
                wholeByteCount += frame.byteCount
            } else {
                firstDamage = firstDamage ?? at
                guard let length = SpoolFrame.byteCount(bytes[at...]) else { break }
                at += length
            }
        }
        cutByteCount += bytes.count - wholeByteCount
        if let firstDamage { try keep(number, bytes, at: firstDamage, bytes.count - wholeByteCount) }
        if end == 0 { try fileSystem.remove(path) } else { files.append(File(number: number, byteCount: end)) }
    }

    private mutating func keep(
        _ number: UInt64,
        _ bytes: [UInt8],
        at offset: Int,
        _ byteCount: Int
    ) throws(FileError) {
        guard damaged.insert(number).inserted else { return }
        let copy = FilePath(path(number).string + ".damaged")
        if !fileSystem.exists(copy) { try fileSystem.replaceAtomically(copy, with: bytes, mode: .ownerReadWrite) }
        damage.append(Damage(place: "\(path(number)), byte \(offset)", byteCount: byteCount, copy: copy))
    }

    /// What could not be read since this was asked last.
    package mutating func takeDamage() -> [Damage] {
        defer { damage = [] }
        return damage
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
            if files[last].byteCount == 0 {
                try? fileSystem.remove(path(files[last].number))
                files.removeLast()
            }
            throw error
        }
        files[last].byteCount += frame.count
    }

    // MARK: - Out

    /// The oldest item that was not delivered and can be read; nil when there is none.
    package mutating func next() throws(FileError) -> RecordedItem? {
        while let file = files.first {
            guard offset < file.byteCount else {
                guard file.number != files.last?.number || !isOpen else { return nil }
                try finish(file)
                continue
            }
            let bytes = try fileSystem.openForReading(path(file.number)).bytes(in: offset..<file.byteCount)
            if let frame = SpoolFrame.decode(bytes[...]) {
                nextByteCount = frame.byteCount
                return frame.item
            }
            let skipped = SpoolFrame.byteCount(bytes[...]) ?? bytes.count
            try keep(file.number, try wholeBytes(of: file), at: offset, skipped)
            offset += skipped
        }
        return nil
    }

    private func wholeBytes(of file: File) throws(FileError) -> [UInt8] {
        try fileSystem.openForReading(path(file.number)).bytes(in: 0..<file.byteCount)
    }

    /// Forgets the item that `next` gave.
    package mutating func acknowledge() throws(FileError) {
        guard let file = files.first, nextByteCount > 0 else { return }
        offset += nextByteCount
        nextByteCount = 0
        if offset >= file.byteCount { try finish(file) }
    }

    /// Removes a file of which everything was delivered or passed over.
    private mutating func finish(_ file: File) throws(FileError) {
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
