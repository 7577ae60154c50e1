// SPDX-License-Identifier: Apache-2.0

import DurableFiles
import KafkaClient
package import SystemPackage

/// How far a sink has come, in a file: every event in front of `nextIndex` is in its topic, left out, or told to be undeliverable.
///
/// Lines of words with spaces between; readers refuse another first line. A power cut leaves an older state, never a mixture.
///
/// ```
/// martlet-sink 1
/// next 1048576
/// end audit 0 17302
/// ```
///
/// `end`, the topic, the partition and an offset: what this log wrote from `nextIndex` on is at this offset or behind.
struct WriterCursor: Equatable, Sendable {
    private static let firstLine = "martlet-sink 1"
    /// A line for each of ten thousand partitions.
    private static let maximumByteCount = 4 << 20

    var nextIndex: UInt64
    var ends: [KafkaPartition: Int64] = [:]

    init(nextIndex: UInt64) { self.nextIndex = nextIndex }

    init?(_ text: String) {
        var lines = text.split(separator: "\n")
        guard !lines.isEmpty, lines.removeFirst() == Self.firstLine else { return nil }
        var next: UInt64?
        for line in lines {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            switch words.first {
            case "next" where words.count == 2: next = UInt64(words[1])
            case "end" where words.count == 4:
                guard let number = Int32(words[2]), let offset = Int64(words[3]) else { return nil }
                ends[KafkaPartition(String(words[1]), number)] = offset
            default: return nil
            }
        }
        guard let next else { return nil }
        nextIndex = next
    }

    var text: String {
        let ends = ends.sorted { $0.key < $1.key }.map { "end \($0.key.topic) \($0.key.number) \($0.value)\n" }
        return "\(Self.firstLine)\nnext \(nextIndex)\n\(ends.joined())"
    }

    /// - Throws: `FileError`; `WriterError.damaged` for a file that is no cursor.
    static func load(_ path: FilePath, _ fileSystem: any FileSystem) throws -> WriterCursor? {
        guard fileSystem.exists(path) else { return nil }
        let bytes = try fileSystem.contents(of: path, maximumByteCount: maximumByteCount)
        guard let cursor = WriterCursor(String(decoding: bytes, as: UTF8.self)) else {
            throw WriterError.damaged(path)
        }
        return cursor
    }

    /// When this returns, the cursor survives a power cut.
    ///
    /// - Throws: `FileError`.
    func save(_ path: FilePath, _ fileSystem: any FileSystem) throws {
        try fileSystem.createDirectory(path.removingLastComponent())
        try fileSystem.replaceAtomically(path, with: Array(text.utf8), mode: .ownerReadWrite)
    }
}

/// Why a sink can't go on until somebody does something.
package enum WriterError: Error, CustomStringConvertible {
    case damaged(FilePath)
    /// The same cluster and topic are read into the log.
    case loop(topic: String)

    package var description: String {
        switch self {
        case .damaged(let path):
            "\(path) is no cursor of a sink: put it back from a copy, or remove it to begin where the configuration says"
        case .loop(let topic):
            "topic \(topic) is read into this log: what is written to it would come back; choose another topic for one of the two"
        }
    }
}
