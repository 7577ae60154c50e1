// SPDX-License-Identifier: Apache-2.0

package import DurableFiles
import JournalFormat
package import SystemPackage

/// A log that is looked at without owning its directory, while a server may be writing there.
///
/// Nothing is changed, cut or locked. What a crash left half-written is not shown, and is not judged either: that is for
/// whoever opens the store.
package struct ReadOnlyLog: Sendable {
    private let journal: FilePath
    private let fileSystem: any FileSystem
    private let logID: LogID

    /// Frames found so far; `refresh` reads on behind them.
    private var frames = FrameList()
    private var nextIndex: UInt64 = 0

    /// The file of the last frame, and where the next one would be.
    private var position: (name: String, byteOffset: Int)?

    /// Bytes read for a header: its fixed part and the longest labels.
    private static let headerWindow = FrameHeader.fixedByteCount + 3 * JournalLimits.maximumLabelByteCount + 8

    /// Finds what the directory holds now.
    ///
    /// - Throws: `notADataDirectory` when it is none; `inputOutput`.
    package init(directory: FilePath, fileSystem: any FileSystem = RealFileSystem()) throws(StoreError) {
        journal = directory.appending("journal")
        self.fileSystem = fileSystem
        guard fileSystem.exists(directory.appending(LogIdentity.fileName)) else {
            throw StoreError(.notADataDirectory, "\(directory) is not a data directory of Martlet", path: directory)
        }
        logID = try LogIdentity.load(from: directory, in: fileSystem, hasJournal: true, random: { 0 }).logID
        try refresh()
    }

    /// The log as far as it was found.
    package var snapshot: StoreSnapshot {
        StoreSnapshot(frames: frames, endIndex: nextIndex, logID: logID, fileSystem: fileSystem)
    }

    /// Reads on from where the last look ended.
    package mutating func refresh() throws(StoreError) {
        do {
            let names = try fileSystem.names(in: journal).filter { $0.hasSuffix(".journal") }
            for name in names where position.map({ name >= $0.name }) ?? true {
                let isSameFile = position?.name == name
                try readFile(name, from: isSameFile ? position?.byteOffset : nil, checkingBodies: name == names.last)
            }
        } catch let error as FileError {
            // A file that was removed between listing and reading held nothing.
            guard error.code != .notFound else { return }
            throw StoreError(error)
        } catch {
            throw StoreError(.inputOutput, "cannot read \(journal): \(error)", path: journal)
        }
    }

    /// Reads one file.
    ///
    /// `checkingBodies` is for the file that a server may be writing just now: there a frame counts when all of it is there.
    private mutating func readFile(_ name: String, from start: Int?, checkingBodies: Bool) throws {
        let file = try fileSystem.openForReading(journal.appending(name))
        let byteCount = try file.byteCount()
        var offset = start ?? JournalFileHeader.byteCount
        while offset < byteCount {
            let window = try file.bytes(in: offset..<offset + Self.headerWindow)
            guard let header = try? FrameHeader(from: window.span.bytes, logID: logID, fileOffset: offset),
                header.firstIndex == nextIndex
            else { return }
            if checkingBodies {
                let bytes = try file.bytes(in: offset..<offset + header.byteCount)
                guard (try? FrameReader(bytes, logID: logID, fileOffset: offset)) != nil else { return }
            }
            frames.append(FrameReference(header, path: file.path, fileOffset: offset))
            nextIndex = header.endIndex
            offset += JournalLimits.padded(header.byteCount)
            position = (name, offset)
        }
    }
}
