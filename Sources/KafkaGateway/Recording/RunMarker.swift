// SPDX-License-Identifier: Apache-2.0

package import AuditModel
package import DurableFiles
package import Ingest
package import SystemPackage

/// A file that is there while a gateway runs: whoever finds it at the start knows that the last run did not end well.
///
/// It says when all that had come was last known to be stored. Calls block.
package struct RunMarker: Sendable {
    private let path: FilePath
    private let fileSystem: any FileSystem

    package init(_ directory: FilePath, _ fileSystem: any FileSystem) {
        path = directory.appending("running")
        self.fileSystem = fileSystem
    }

    /// Makes the file; it survives a power cut when this returns.
    ///
    /// - Returns: what the last run lost, when it did not end well.
    package func begin(_ now: Timestamp, submitter: String, source: String) throws(FileError) -> Gap? {
        try fileSystem.createDirectory(path.removingLastComponent())
        var gap: Gap?
        if fileSystem.exists(path) {
            let words = String(
                decoding: try fileSystem.contents(of: path, maximumByteCount: 4096),
                as: UTF8.self
            ).split(separator: " ")
            let since = words.first.flatMap { Int64($0) }.map { Timestamp(nanosecondsSinceEpoch: $0) }
            let lost = words.count > 1 ? Int(words[1]) : nil
            gap = Gap(
                submitter: submitter,
                source: source,
                from: nil,
                to: nil,
                reason: .shutdownUnclean,
                lostCount: lost,
                timeRange: since.map { min($0, now)...now }
            )
        }
        // The old time stays until the gap is in the log: a run that ends before has lost no less.
        if gap == nil { try write("\(now.nanosecondsSinceEpoch)") }
        return gap
    }

    /// Notes that all which had come by a time is stored.
    package func stored(until now: Timestamp) throws(FileError) {
        try write("\(now.nanosecondsSinceEpoch)")
    }

    /// Ends the run: well, or with something that was neither stored nor said in the log.
    package func end(_ now: Timestamp, lost: Gap?) throws(FileError) {
        if let lost {
            let since = lost.timeRange?.lowerBound ?? now
            try write("\(since.nanosecondsSinceEpoch) \(lost.lostCount ?? 0)")
        } else if fileSystem.exists(path) {
            try fileSystem.remove(path)
            try fileSystem.syncDirectory(path.removingLastComponent())
        }
    }

    private func write(_ text: String) throws(FileError) {
        try fileSystem.replaceAtomically(path, with: Array(text.utf8), mode: .ownerReadWrite)
    }
}
