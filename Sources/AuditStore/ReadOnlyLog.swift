// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
import JournalFormat
import ManifestFormat
package import SystemPackage

/// A log that is looked at without owning its directory, while a server may be writing there.
///
/// Nothing is changed, cut or locked. What a crash left half-written is not shown, and is not judged either: that is for
/// whoever opens the store.
package struct ReadOnlyLog: Sendable {
    private let directory: FilePath
    private let journal: FilePath
    private let fileSystem: any FileSystem
    private let logID: LogID
    private let cache = SegmentCache(maximumCount: 256, maximumByteCount: 128 << 20)
    private var manifest: Manifest
    private var segments: [SealedSegment] = []

    /// Frames found so far; `refresh` reads on behind them.
    private var frames = FrameList()
    private var nextIndex: UInt64 = 0

    /// The file of the last frame, and where the next one would be.
    private var position: (file: JournalFile, byteOffset: Int)?

    /// How often a look is taken anew, because the owner has sealed and removed what was just listed.
    private static let maximumAttemptCount = 5

    /// Finds what the directory holds now.
    ///
    /// - Throws: `notADataDirectory` when it is none; `damaged` when its manifest is; `inputOutput`.
    package init(directory: FilePath, fileSystem: any FileSystem = RealFileSystem()) throws(StoreError) {
        self.directory = directory
        journal = directory.appending("journal")
        self.fileSystem = fileSystem
        guard fileSystem.exists(directory.appending(LogIdentity.fileName)) else {
            throw StoreError(.notADataDirectory, "\(directory) is not a data directory of Martlet", path: directory)
        }
        logID = try LogIdentity.load(from: directory, in: fileSystem, hasLog: true, random: { 0 }).logID
        manifest = Manifest(logID: logID)
        try refresh()
    }

    /// The log as far as it was found.
    package var snapshot: StoreSnapshot {
        StoreSnapshot(
            segments: segments,
            frames: frames.suffix(from: manifest.liveStart),
            floorIndex: manifest.floorIndex,
            endIndex: nextIndex,
            logID: logID
        )
    }

    /// Reads on from where the last look ended.
    ///
    /// - Throws: `damaged` when the log had reached further than what is there; `inputOutput`.
    package mutating func refresh() throws(StoreError) {
        let end = JournalEnd(journal: journal, fileSystem: fileSystem, logID: logID)
        for attempt in 1... {
            // First, because what it names was durable before it was written.
            let recorded = try end.read()
            try readManifest()
            do {
                try readJournal()
                if recorded > nextIndex, attempt < Self.maximumAttemptCount { continue }
                try end.check(recorded, foundEndIndex: nextIndex)
                return
            } catch let error as StoreError {
                throw error
            } catch let error as FileError {
                // The owner removes a journal file once a manifest names its segments: that one says what is there now.
                guard error.code == .notFound, attempt < Self.maximumAttemptCount else { throw StoreError(error) }
            } catch {
                throw StoreError(.inputOutput, "cannot read \(journal): \(error)", path: journal)
            }
        }
    }

    private mutating func readManifest() throws(StoreError) {
        guard let found = try manifestOnDisk(), found != manifest else { return }
        let known = Dictionary(uniqueKeysWithValues: segments.map { ($0.description.name, $0) })
        segments = found.segments.map { description in
            if let segment = known[description.name], segment.description == description { return segment }
            return SealedSegment(description, in: directory, fileSystem, cache)
        }
        manifest = found
    }

    private func manifestOnDisk() throws(StoreError) -> Manifest? {
        try ManifestFile(directory: directory, fileSystem: fileSystem).read(logID: logID)
    }

    private mutating func readJournal() throws {
        if nextIndex < manifest.liveStart {
            nextIndex = manifest.liveStart
            position = nil
        }
        frames = frames.suffix(from: manifest.liveStart)
        let files = try fileSystem.names(in: journal).filter { JournalFile.firstIndex(ofName: $0) != nil }
            .map { JournalFile(journal.appending($0), in: fileSystem) }
        // Without a file that begins early enough all may be in segments; or the owner has sealed and removed what the manifest,
        // when it was read, said is in the journal.
        if !files.contains(where: { $0.firstIndex <= nextIndex }), let now = try manifestOnDisk(),
            now.liveStart > nextIndex
        {
            throw FileError(.notFound, "\(journal) has no file with event \(nextIndex)", path: journal)
        }
        // The files that can hold the next event: the last that begins no later, and those behind it.
        let first = files.lastIndex { $0.firstIndex <= nextIndex } ?? 0
        for (place, file) in files.enumerated().dropFirst(first) {
            let isSameFile = position?.file.path == file.path
            let source = isSameFile ? position?.file ?? file : file
            // Held open, so that it can still be read when the owner has removed it.
            try source.hold()
            try read(source, from: isSameFile ? position?.byteOffset : nil, checkingBodies: place == files.count - 1)
        }
    }

    /// Reads one file.
    ///
    /// `checkingBodies` is for the file that a server may be writing just now: there a frame counts when all of it is there.
    private mutating func read(_ file: JournalFile, from start: Int?, checkingBodies: Bool) throws {
        var offset = start ?? JournalFileHeader.byteCount
        while true {
            let window = try file.bytes(in: offset..<offset + FrameHeader.maximumByteCount)
            guard let header = try? FrameHeader(from: window.span.bytes, logID: logID, fileOffset: offset),
                header.firstIndex <= nextIndex
            else { return }
            if checkingBodies {
                let bytes = try file.bytes(in: offset..<offset + header.byteCount)
                guard (try? FrameReader(bytes, logID: logID, fileOffset: offset)) != nil else { return }
            }
            if header.endIndex > nextIndex {
                frames.append(FrameReference(header, file: file, fileOffset: offset))
                nextIndex = header.endIndex
            }
            offset += JournalLimits.padded(header.byteCount)
            position = (file, offset)
        }
    }
}
