// SPDX-License-Identifier: Apache-2.0

import EventMapping
import Glibc
import Ingest
import SystemPackage

/// A log's file, open for reading; packed ones are read from the beginning on.
///
/// Calls block. Belongs to one `LogTail`.
final class LogFile {
    /// Which file it is, as long as it exists.
    struct Number: Hashable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    let path: FilePath
    let number: Number
    private let descriptor: FileDescriptor
    private var packed: Packed?

    /// What was unpacked and not taken.
    private struct Packed {
        var reader: StreamReader
        var bytes: [UInt8] = []
        var byteOffset: UInt64 = 0
        var isAtEnd = false
        /// Why it can't be read on behind the bytes.
        var failure: StreamError?
    }

    /// Opens a file; nil when there is none.
    ///
    /// - Throws: `Errno`; `StreamError`.
    init?(_ path: FilePath) throws {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
        } catch Errno.noSuchFileOrDirectory {
            return nil
        }
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? descriptor.close()
            return nil
        }
        number = Number(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        do {
            let magic = try Self.read(descriptor, from: 0, count: 4)
            if magic.starts(with: [0x1F, 0x8B]) || magic.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
                packed = Packed(
                    reader: try StreamReader(
                        path: path.string,
                        layout: .lines,
                        maximumEventByteCount: LogReaderLimits.lineByteCount
                    )
                )
            }
        } catch {
            try? descriptor.close()
            throw error
        }
    }

    deinit {
        packed?.reader.close()
        try? descriptor.close()
    }

    /// Packed files are whole: nobody writes them any more.
    var isPacked: Bool { packed != nil }

    /// Bytes of the file as it is; of a packed one, packed.
    func byteCount() throws -> UInt64 {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        return UInt64(max(0, status.st_size))
    }

    /// The first bytes, unpacked.
    func head() throws -> [UInt8] {
        guard packed == nil else {
            return try bytes(from: 0, count: MappingLimits.logHeadByteCount)
        }
        return try Self.read(descriptor, from: 0, count: MappingLimits.logHeadByteCount)
    }

    /// By what it is known again; nil when it has no first line yet.
    func identity(isWhole: Bool) throws -> LogIdentity? {
        let head = try head()
        return LogIdentity(head: head.span.bytes, isWhole: isWhole)
    }

    /// So many unpacked bytes from an offset; fewer at the end of what is there.
    ///
    /// Offsets of a packed file only grow, apart from what the last call gave.
    func bytes(from offset: UInt64, count: Int) throws -> [UInt8] {
        guard packed != nil else { return try Self.read(descriptor, from: offset, count: count) }
        return try unpacked(from: offset, count: count)
    }

    private func unpacked(from offset: UInt64, count: Int) throws -> [UInt8] {
        guard var state = packed else { return [] }
        defer { packed = state }
        while !state.isAtEnd, state.byteOffset + UInt64(state.bytes.count) < offset + UInt64(count) {
            let next: StreamReader.Part?
            do throws(StreamError) {
                next = try state.reader.next()
            } catch {
                state.failure = error
                next = nil
            }
            guard let part = next else {
                state.isAtEnd = true
                break
            }
            // What was taken already goes when there is enough of it.
            let end = state.byteOffset + UInt64(state.bytes.count)
            if offset >= end {
                state.bytes = part.bytes
                state.byteOffset = end
            } else {
                let taken = Int(max(offset, state.byteOffset) - state.byteOffset)
                if taken > 0, offset > 0 {
                    state.bytes.removeFirst(taken)
                    state.byteOffset += UInt64(taken)
                }
                state.bytes += part.bytes
            }
        }
        guard offset >= state.byteOffset else { return [] }
        let start = Int(min(offset - state.byteOffset, UInt64(state.bytes.count)))
        let bytes = Array(state.bytes[start..<min(state.bytes.count, start + count)])
        // What is whole before the damage is given out first.
        if let failure = state.failure, !bytes.contains(0x0A) { throw failure }
        return bytes
    }

    private static func read(_ descriptor: FileDescriptor, from offset: UInt64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // SAFETY: `filled` counts what was read into the buffer from its beginning.
            filled = 0
            while filled < count {
                let room = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count]
                )
                let read = try descriptor.read(fromAbsoluteOffset: Int64(offset) + Int64(filled), into: room)
                if read == 0 { break }
                filled += read
            }
        }
    }

    /// The file that a name stands for now; nil when it stands for none.
    static func number(of path: FilePath) -> Number? {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return nil }
        return Number(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// Its size; nil when there is none.
    static func byteCount(of path: FilePath) -> UInt64? {
        var status = stat()
        guard stat(path.string, &status) == 0 else { return nil }
        return UInt64(max(0, status.st_size))
    }
}
