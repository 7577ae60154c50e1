// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import DurableFiles
import JournalFormat
import ManifestFormat
import SystemPackage

/// Reads a journal's files at start: finds every frame, and cuts what a crash left half-written.
///
/// Only the end of the newest file that holds a frame can be torn, because each older one was closed or cut before the
/// next was made. Whether a bad place there is a torn write or damage is decided by evidence, and without evidence of
/// damage it is torn. The evidence: a later frame that says how much of the file was durable when it was written, a newer
/// file that begins with a later index, and a size below what was reserved, which only a whole file has. Damage stops the
/// opening with nothing changed.
///
/// What is left unsure is the last group of a file whose writer never got to close it: when its bytes are damaged before
/// the next start, it looks as a torn write does. The number of bytes cut is reported, so it is not silent.
struct JournalRecovery {
    let directory: FilePath
    let fileSystem: any FileSystem
    let logID: LogID
    /// Index behind the last event that is in a segment, or was deleted: what the journal has before it is not looked at.
    let sealedEnd: UInt64

    /// What was found.
    struct Result {
        /// Frames with an event that is in no segment.
        var frames = FrameList()
        /// All files that are left, oldest first.
        var files: [JournalFile] = []
        var nextIndex: UInt64 = 0
        /// How far sources were read, in the order of the frames that say so.
        var positions: [Manifest.SourcePosition] = []
        /// Bytes behind the last whole frame that were cut from the newest file, up to the last that was not zero.
        ///
        /// None of them was acknowledged, unless they were damaged since.
        var cutByteCount = 0
    }

    /// Bytes read at once in search of frames and of bytes that are not zero.
    private static let searchWindow = 64 * JournalLimits.blockByteCount

    /// - Throws: `damaged` with file and byte; `inputOutput`.
    func run() throws(StoreError) -> Result {
        do {
            return try readAll()
        } catch let error as FileError {
            throw StoreError(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.inputOutput, "cannot read \(directory): \(error)", path: directory)
        }
    }

    private func readAll() throws -> Result {
        let end = JournalEnd(journal: directory, fileSystem: fileSystem, logID: logID)
        let recordedEnd = try end.read()
        let (supersededNames, liveNames) = try journalNames()
        var names = liveNames
        // Files that were begun, and ended before anything in them was acknowledged.
        var unused: [FilePath] = []
        var promisedIndex: UInt64 = 0
        var newest: (any DurableFile)?
        while newest == nil, let name = names.last {
            let file = try fileSystem.openForRecovery(directory.appending(name))
            if try holdsFrame(file, &promisedIndex) {
                newest = file
            } else {
                unused.append(file.path)
                names.removeLast()
            }
        }
        var result = Result()
        result.files = names.map { JournalFile(directory.appending($0), in: fileSystem) }
        result.nextIndex = try firstIndex(of: result.files)
        for (name, file) in zip(names, result.files).dropLast() {
            try readOlder(try fileSystem.openForReading(directory.appending(name)), file, into: &result)
        }
        let cut = try newest.flatMap { newest in
            try result.files.last.flatMap { try readNewest(newest, $0, promisedIndex, into: &result) }
        }
        result.nextIndex = max(result.nextIndex, sealedEnd)
        try end.check(recordedEnd, foundEndIndex: result.nextIndex)
        guard promisedIndex <= result.nextIndex else {
            throw StoreError(
                .damaged,
                "\(unused.first ?? directory) begins with event \(promisedIndex), the journal ends before event \(result.nextIndex)",
                path: unused.first
            )
        }
        // Only now, because what is removed may be the evidence of damage.
        if let newest, let cut {
            // So that nothing half-written is ever behind events that are written next; synced, so that it stays cut.
            try newest.truncate(to: cut)
            try newest.sync()
        }
        let superfluous = supersededNames.map(directory.appending) + unused
        for path in superfluous { try fileSystem.remove(path) }
        if !superfluous.isEmpty { try fileSystem.syncDirectory(directory) }
        return result
    }

    /// Names that a writer gives; anything else in the directory is somebody's own, and left alone.
    ///
    /// - Returns: the files whose events are all in segments, because the next file begins no later than those end, and the
    ///   others. The first were left by a process that ended while it removed them; they may not follow each other.
    private func journalNames() throws -> (superseded: [String], live: [String]) {
        let names = try fileSystem.names(in: directory).filter { JournalFile.firstIndex(ofName: $0) != nil }
        let indices = names.compactMap(JournalFile.firstIndex(ofName:))
        let superseded = indices.dropFirst().prefix { $0 <= sealedEnd }.count
        return (Array(names.prefix(superseded)), Array(names.dropFirst(superseded)))
    }

    /// The index that the journal begins with.
    ///
    /// - Throws: `damaged` when events between the last segment and the first file are missing.
    private func firstIndex(of files: [JournalFile]) throws(StoreError) -> UInt64 {
        guard let first = files.first else { return sealedEnd }
        guard first.firstIndex <= sealedEnd else {
            throw StoreError(
                .damaged,
                "\(first.path) begins with event \(first.firstIndex), \(sealedEnd) was expected: a journal file is missing",
                path: first.path
            )
        }
        return first.firstIndex
    }

    // MARK: - Files

    /// Whether a file begins with a whole frame; if not, `promisedIndex` is raised to the index that the file's header says
    /// was reached before it was made.
    ///
    /// - Throws: `damaged` when it does not and should.
    private func holdsFrame(_ file: any DurableFile, _ promisedIndex: inout UInt64) throws -> Bool {
        let fileByteCount = try file.byteCount()
        let start = JournalFileHeader.byteCount
        let header: JournalFileHeader
        do {
            header = try readFileHeader(of: file)
        } catch let error as JournalError where error.code != .unsupportedVersion {
            if let later = try search(file, from: start, fileByteCount, for: 0).frame {
                throw damage(file, at: 0, "its header is bad, and a frame follows at byte \(later)")
            }
            return false
        } catch let error as JournalError {
            throw StoreError(error, path: file.path)
        }
        if try readFrame(of: file, at: start, checkingBodies: true) != nil { return true }
        if let later = try search(file, from: start, fileByteCount, for: start).frame {
            throw damage(file, at: start, "acknowledged events follow at byte \(later)")
        }
        guard fileByteCount <= start || isUnfinished(header, fileByteCount) else {
            throw damage(file, at: start, "no frame is there in a file that was finished")
        }
        promisedIndex = max(promisedIndex, header.firstIndex)
        return false
    }

    /// Reads a file that was closed or cut before the next was made; its bodies are checked when they are read.
    private func readOlder(_ file: any DurableFile, _ source: JournalFile, into result: inout Result) throws {
        _ = try readHeader(of: file, expecting: result.nextIndex)
        let fileByteCount = try file.byteCount()
        let end = try readFrames(of: file, source, fileByteCount, checkingBodies: false, into: &result)
        guard try search(file, from: end, fileByteCount, for: end).usedEnd <= end else {
            throw damage(file, at: end, "no frame is there, and newer files exist")
        }
    }

    /// Reads the newest file and decides what the bytes behind its last whole frame are: unused, torn, or damaged.
    ///
    /// - Returns: where it is to be cut.
    private func readNewest(
        _ file: any DurableFile,
        _ source: JournalFile,
        _ promisedIndex: UInt64,
        into result: inout Result
    ) throws -> Int? {
        let header = try readHeader(of: file, expecting: result.nextIndex)
        let fileByteCount = try file.byteCount()
        let end = try readFrames(of: file, source, fileByteCount, checkingBodies: true, into: &result)
        guard end < fileByteCount else { return nil }
        guard promisedIndex <= result.nextIndex else {
            throw damage(
                file,
                at: end,
                "events up to \(promisedIndex) were acknowledged, \(result.nextIndex) are there"
            )
        }
        let found = try search(file, from: end, fileByteCount, for: end)
        if let later = found.frame { throw damage(file, at: end, "acknowledged events follow at byte \(later)") }
        guard isUnfinished(header, fileByteCount) else {
            throw damage(file, at: end, "no frame is there in a file that was finished")
        }
        result.cutByteCount = max(0, found.usedEnd - end)
        return end
    }

    private func isUnfinished(_ header: JournalFileHeader, _ fileByteCount: Int) -> Bool {
        UInt64(fileByteCount) >= header.reservedByteCount
    }

    private func readFileHeader(of file: any DurableFile) throws -> JournalFileHeader {
        let bytes = try file.bytes(in: 0..<JournalFileHeader.byteCount)
        let header = try unsafe JournalFileHeader(from: bytes.span.bytes)
        guard header.logID == logID else {
            throw StoreError(.damaged, "\(file.path) belongs to another log, \(header.logID)", path: file.path)
        }
        return header
    }

    private func readHeader(of file: any DurableFile, expecting nextIndex: UInt64) throws -> JournalFileHeader {
        do {
            let header = try readFileHeader(of: file)
            guard header.firstIndex == nextIndex else {
                throw StoreError(
                    .damaged,
                    "\(file.path) begins with event \(header.firstIndex), \(nextIndex) was expected: a journal file is missing or one too many",
                    path: file.path
                )
            }
            return header
        } catch let error as JournalError {
            throw StoreError(error, path: file.path)
        }
    }

    private func damage(_ file: any DurableFile, at byteOffset: Int, _ evidence: String) -> StoreError {
        StoreError(
            .damaged,
            "\(file.path) is damaged at byte \(byteOffset): \(evidence)",
            path: file.path,
            byteOffset: byteOffset
        )
    }

    // MARK: - Frames

    /// Reads frames from the start of a file up to the first place where none is.
    ///
    /// - Returns: that place, at most the end of the file.
    private func readFrames(
        of file: any DurableFile,
        _ source: JournalFile,
        _ fileByteCount: Int,
        checkingBodies: Bool,
        into result: inout Result
    ) throws -> Int {
        var offset = JournalFileHeader.byteCount
        while offset < fileByteCount {
            guard let header = try readFrame(of: file, at: offset, checkingBodies: checkingBodies) else { break }
            guard header.firstIndex == result.nextIndex else {
                throw damage(
                    file,
                    at: offset,
                    "the frame begins with event \(header.firstIndex), \(result.nextIndex) was expected"
                )
            }
            guard offset + header.byteCount <= fileByteCount else { break }
            if !header.position.isEmpty {
                result.positions.append(
                    Manifest.SourcePosition(
                        submitter: header.submitter,
                        source: header.source,
                        index: header.endIndex,
                        position: header.position
                    )
                )
            }
            if header.endIndex > sealedEnd {
                result.frames.append(FrameReference(header, file: source, fileOffset: offset))
            }
            result.nextIndex = header.endIndex
            offset += JournalLimits.padded(header.byteCount)
        }
        return min(offset, fileByteCount)
    }

    /// The header of the frame at an offset, nil when no whole frame is there.
    private func readFrame(
        of file: any DurableFile,
        at offset: Int,
        checkingBodies: Bool
    ) throws -> FrameHeader? {
        do {
            let window = try file.bytes(in: offset..<offset + FrameHeader.maximumByteCount)
            let header = try unsafe FrameHeader(from: window.span.bytes, logID: logID, fileOffset: offset)
            guard checkingBodies else { return header }
            let bytes = try file.bytes(in: offset..<offset + header.byteCount)
            return try FrameReader(bytes, logID: logID, fileOffset: offset).header
        } catch is JournalError {
            return nil
        }
    }

    /// Looks at the blocks from `start` on.
    ///
    /// - Returns: `frame`, the offset of a frame that was written when the byte at `place` was durable already; and
    ///   `usedEnd`, the end of the last byte that is not zero, when there is no such frame.
    private func search(
        _ file: any DurableFile,
        from start: Int,
        _ fileByteCount: Int,
        for place: Int
    ) throws -> (frame: Int?, usedEnd: Int) {
        var usedEnd = start
        var offset = start
        while offset < fileByteCount {
            let bytes = try file.bytes(in: offset..<min(fileByteCount, offset + Self.searchWindow))
            guard !bytes.isEmpty else { break }
            for block in stride(from: 0, to: bytes.count, by: JournalLimits.blockByteCount) {
                let end = min(bytes.count, block + JournalLimits.blockByteCount)
                guard let last = unsafe bytes.span.bytes.extracting(block..<end).lastNonZeroOffset else { continue }
                usedEnd = offset + block + last + 1
                if let header = try readFrame(of: file, at: offset + block, checkingBodies: false),
                    header.durableByteOffset > UInt64(place)
                {
                    return (offset + block, usedEnd)
                }
            }
            offset += bytes.count
        }
        return (nil, usedEnd)
    }
}

extension RawSpan {
    /// Offset of the last byte that is not zero.
    fileprivate var lastNonZeroOffset: Int? {
        var end = byteCount
        while end >= 8, word(at: end - 8) == 0 { end -= 8 }
        while end > 0, byte(at: end - 1) == 0 { end -= 1 }
        return end > 0 ? end - 1 : nil
    }
}
