// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import SystemPackage

/// Appends sealed frames to journal files, a group at a time, durably.
///
/// Never writes to a file that an earlier process wrote, and never twice to the same block: every frame starts a block,
/// so a torn write can't touch bytes that were acknowledged. After a failed write it refuses to go on.
struct JournalWriter {
    private let directory: FilePath
    private let fileSystem: any FileSystem
    private let logID: LogID
    private let fileByteCount: Int

    private var file: (any DurableFile)?
    /// The same file, for those who read it.
    private(set) var current: JournalFile?
    /// Where the next frame goes; everything before is durable.
    private var end = 0
    private var capacity = 0
    /// The index that the record of the journal's end has, as far as this writer wrote it.
    private var recordedEnd: UInt64 = 0

    init(directory: FilePath, fileSystem: any FileSystem, logID: LogID, fileByteCount: Int) {
        self.directory = directory
        self.fileSystem = fileSystem
        self.logID = logID
        self.fileByteCount = fileByteCount
    }

    /// Makes sure that so many bytes fit the current file, by beginning a new one when they don't.
    ///
    /// - Parameters:
    ///   - byteCount: bytes of whole frames.
    ///   - isLast: whether nothing is expected to follow soon, so that a new file has no more room than that.
    ///   - nextIndex: the index of the next event.
    ///   - now: nanoseconds since 1970.
    /// - Throws: `noSpace`, and then nothing has changed; `writeFailed`.
    mutating func makeRoom(
        for byteCount: Int,
        isLast: Bool = false,
        nextIndex: UInt64,
        now: Int64
    ) throws(StoreError) {
        guard file == nil || end + byteCount > capacity else { return }
        let needed = JournalFileHeader.byteCount + byteCount
        try recordEnd(nextIndex)
        let path = directory.appending(JournalFile.name(nextIndex))
        if file != nil, end == JournalFileHeader.byteCount {
            // Nothing was written to the current file, because all that came were repeated events; it has the new one's
            // name and is too small.
            file = nil
            do {
                try fileSystem.remove(path)
            } catch {
                throw StoreError(.writeFailed, "cannot replace \(path): \(error)", path: path)
            }
        }
        // On a nearly full disk a small file is better than none.
        let sizes = isLast ? [needed] : [max(fileByteCount, needed), max(fileByteCount / 16, needed)]
        let (new, wanted) = try createFile(path, sizes)
        do {
            let header = JournalFileHeader(
                logID: logID,
                firstIndex: nextIndex,
                created: now,
                reservedByteCount: UInt64(wanted)
            )
            try Self.writeAligned(header.encoded(), to: new)
            try fileSystem.syncDirectory(directory)
        } catch {
            throw StoreError(.writeFailed, "cannot begin \(path): \(error)", path: path)
        }
        finishFile()
        file = new
        current = JournalFile(path, in: fileSystem)
        end = JournalFileHeader.byteCount
        capacity = wanted
    }

    /// Makes a file of the first of some sizes that the disk has room for.
    private func createFile(
        _ path: FilePath,
        _ sizes: [Int]
    ) throws(StoreError) -> (file: any DurableFile, byteCount: Int) {
        var failure = StoreError(.noSpace, "no size was asked for", path: path)
        for size in sizes {
            do {
                return (try fileSystem.createForDurableWrites(path, preallocatedByteCount: size), size)
            } catch {
                failure = StoreError(error)
                guard failure.code == .noSpace else { break }
            }
        }
        throw failure
    }

    /// Seals frames one after the other, writes them in one go, and returns where each is.
    ///
    /// Requires room for all of them. When this returns, they survive a power cut.
    ///
    /// - Throws: `writeFailed`; what is on disk is then unknown.
    mutating func append(
        _ frames: [(frame: JournalFrame, firstIndex: UInt64)],
        received: Int64
    ) throws(StoreError) -> [FrameReference] {
        guard let file, let current else { preconditionFailure("append needs room made before") }
        var references: [FrameReference] = []
        var offset = end
        for (frame, firstIndex) in frames {
            frame.seal(
                firstIndex: firstIndex,
                received: received,
                durableByteOffset: end,
                fileOffset: offset,
                logID: logID
            )
            references.append(
                FrameReference(frame, firstIndex: firstIndex, received: received, file: current, fileOffset: offset)
            )
            offset += frame.paddedByteCount
        }
        precondition(offset <= capacity, "append needs room made before")
        do {
            // SAFETY: the frames own the memory, are alive to the end of the call, and nobody else touches them.
            try withExtendedLifetime(frames) {
                try file.write(frames.map { $0.frame.withUnsafeBlocks { $0 } }, at: end)
            }
        } catch {
            throw StoreError(
                .writeFailed,
                "the journal could not be written, and what it holds is unknown: \(error)",
                path: file.path
            )
        }
        end = offset
        return references
    }

    /// Notes that everything before an index is durable.
    private mutating func recordEnd(_ index: UInt64) throws(StoreError) {
        guard index > recordedEnd else { return }
        do {
            try JournalEnd(journal: directory, fileSystem: fileSystem, logID: logID).write(index)
        } catch {
            throw StoreError(error)
        }
        recordedEnd = index
    }

    /// Notes how far the journal reaches and gives back what the current file does not need.
    ///
    /// Events are safe without either.
    mutating func close(nextIndex: UInt64) {
        finishFile()
        try? recordEnd(nextIndex)
    }

    /// Has what comes next go to a new file, if the current one has an event.
    mutating func finishFile(holding index: UInt64, nextIndex: UInt64) {
        // One without any frame keeps its name, which is that of the next event.
        guard let current, current.firstIndex <= index, index < nextIndex else { return }
        finishFile()
    }

    /// Gives back the reserved bytes of the current file that were not used.
    ///
    /// A file that is shorter than what was reserved for it counts as whole: from then on a bad place in it is damage,
    /// never a torn write.
    mutating func finishFile() {
        try? file?.truncate(to: end)
        file = nil
        current = nil
    }

    private static func writeAligned(_ bytes: [UInt8], to file: any DurableFile) throws {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: durableWriteAlignment)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        try file.write([UnsafeRawBufferPointer(memory)], at: 0)
    }
}
