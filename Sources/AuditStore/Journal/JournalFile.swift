// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import ManifestFormat
import Synchronization
package import SystemPackage

/// A journal file that can be read for as long as somebody holds this, even after its name was removed.
///
/// `Mutex`: owns the open file, which is opened at the first read.
package final class JournalFile: Sendable {
    package let path: FilePath
    private let fileSystem: any FileSystem
    private let opened: Mutex<(any DurableFile)?>

    /// The index of the first event, as the name says.
    let firstIndex: UInt64

    init(_ path: FilePath, in fileSystem: any FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
        firstIndex = path.lastComponent.flatMap { Self.firstIndex(ofName: $0.string) } ?? 0
        opened = Mutex(nil)
    }

    /// Opens the file now, so that it can be read even if somebody else removes it.
    func hold() throws(FileError) { _ = try file() }

    /// The bytes of a range, which may end early at the end of the file.
    func bytes(in range: Range<Int>) throws(FileError) -> [UInt8] {
        try file().bytes(in: range)
    }

    private func file() throws(FileError) -> any DurableFile {
        try opened.withLock { (opened) throws(FileError) in
            if let opened { return opened }
            let file = try fileSystem.openForReading(path)
            opened = file
            return file
        }
    }

    // MARK: - Names

    private static let nameExtension = ".journal"

    /// The name of the file whose first event has an index: 20 digits, so that names sort as indices do.
    static func name(_ firstIndex: UInt64) -> String {
        SegmentDescription.digits(firstIndex) + nameExtension
    }

    /// The index in the name of a journal file; nil for every other name.
    static func firstIndex(ofName name: String) -> UInt64? {
        let digits = name.dropLast(nameExtension.count)
        guard name.hasSuffix(nameExtension), digits.utf8.count == 20,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return UInt64(digits)
    }
}
