// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import JournalFormat
import SystemPackage

/// How far the journal is known to reach: written beside its directory whenever a file is begun, and when the store is closed.
///
/// A file can be lost or emptied, and what is left looks like a shorter journal. A journal that ends before this record is
/// not opened, because it would give out indices again that were given out before. What was written after the last record,
/// by a process that did not close the store, is not covered.
///
/// The file `journal-end` has two lines: `martlet-journal-end 1`, and the log's id and the index, with a space between.
struct JournalEnd {
    private static let fileName = "journal-end"
    private static let firstLine = "martlet-journal-end 1"
    private static let maximumByteCount = 4096

    let path: FilePath
    let fileSystem: any FileSystem
    let logID: LogID

    init(journal: FilePath, fileSystem: any FileSystem, logID: LogID) {
        path = journal.removingLastComponent().appending(Self.fileName)
        self.fileSystem = fileSystem
        self.logID = logID
    }

    /// Writes the record; it never names an index that is not durable.
    func write(_ endIndex: UInt64) throws(FileError) {
        let text = "\(Self.firstLine)\n\(logID) \(endIndex)\n"
        try fileSystem.replaceAtomically(path, with: Array(text.utf8), mode: .ownerReadWrite)
    }

    /// The index that the journal had reached; 0 without a record.
    ///
    /// - Throws: `damaged` when the record can't be read.
    func read() throws(StoreError) -> UInt64 {
        guard fileSystem.exists(path) else { return 0 }
        let contents: [UInt8]
        do {
            contents = try fileSystem.contents(of: path, maximumByteCount: Self.maximumByteCount)
        } catch {
            throw StoreError(error)
        }
        let lines = String(decoding: contents, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0] == Self.firstLine, case let words = lines[1].split(separator: " "),
            words.count == 2, words[0] == logID.description, let recorded = UInt64(words[1])
        else { throw StoreError(.damaged, "\(path) is damaged or belongs to another log", path: path) }
        return recorded
    }

    /// Compares a record with what was found.
    ///
    /// - Throws: `damaged` when the journal ends before it.
    func check(_ recorded: UInt64, foundEndIndex: UInt64) throws(StoreError) {
        guard recorded <= foundEndIndex else {
            throw StoreError(
                .damaged,
                """
                the log ends before event \(foundEndIndex), and it had reached event \(recorded): files of the journal, or the \
                manifest, are missing, cut or old. Restore them; or, to go on with what is left, remove \(path)
                """,
                path: path
            )
        }
    }
}
