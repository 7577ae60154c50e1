// SPDX-License-Identifier: Apache-2.0

import AuditModel
package import JournalFormat

/// What the manifest says of one segment: which events it holds, and what its bytes have to be.
package struct SegmentDescription: Equatable, Sendable {
    /// A range of the file, from the end of the range before it to `endOffset`.
    ///
    /// One for each column, and one for everything behind the last column.
    package struct Part: Equatable, Sendable {
        package let endOffset: Int
        /// CRC-32C.
        package let checksum: UInt32

        package init(endOffset: Int, checksum: UInt32) {
            self.endOffset = endOffset
            self.checksum = checksum
        }
    }

    /// Where the file is, below the data directory: `segments/<day>/<first>-<last>.parquet`, with `.e<generation>` before the
    /// extension when it was written anew to erase events.
    package let name: String
    package let firstIndex: UInt64
    package let eventCount: Int
    /// Bytes of the events themselves, as they came in.
    package let eventByteCount: Int
    /// Earliest and latest time of receipt, nanoseconds since 1970.
    package let receivedRange: ClosedRange<Int64>
    /// Earliest and latest time by which the events are ordered: their own, or that of receipt where they have none.
    package let timeRange: ClosedRange<Int64>
    /// The streams that the segment has events of.
    package let streams: Set<LogStream>
    /// All bytes of the file, without a gap.
    package let parts: [Part]

    package var indices: Range<UInt64> { firstIndex..<firstIndex + UInt64(eventCount) }
    /// Bytes of the file.
    package var byteCount: Int { parts.last?.endOffset ?? 0 }

    package init(
        name: String,
        firstIndex: UInt64,
        eventCount: Int,
        eventByteCount: Int,
        receivedRange: ClosedRange<Int64>,
        timeRange: ClosedRange<Int64>,
        streams: Set<LogStream>,
        parts: [Part]
    ) {
        self.name = name
        self.firstIndex = firstIndex
        self.eventCount = eventCount
        self.eventByteCount = eventByteCount
        self.receivedRange = receivedRange
        self.timeRange = timeRange
        self.streams = streams
        self.parts = parts
    }
}

// MARK: - Names

extension SegmentDescription {
    package static let directoryName = "segments"
    package static let fileExtension = "parquet"
    package static let indexExtension = "index"

    /// The name of a segment's file below the data directory.
    ///
    /// - Parameters:
    ///   - indices: which events it holds; not empty.
    ///   - received: when the first of them was received, nanoseconds since 1970; gives the day.
    ///   - generation: how often the segment was written anew because events of it were erased.
    /// - Returns: `segments/<day>/<first>-<last>.parquet`, or `segments/<day>/<first>-<last>.e<generation>.parquet`.
    package static func name(of indices: Range<UInt64>, received: Int64, generation: Int = 0) -> String {
        let day = Timestamp(nanosecondsSinceEpoch: received).description.prefix("2026-11-22".count)
        let stem = "\(directoryName)/\(day)/\(digits(indices.lowerBound))-\(digits(indices.upperBound - 1))"
        return "\(stem)\(generation > 0 ? ".\(generationMark)\(generation)" : "").\(fileExtension)"
    }

    private static let generationMark: Character = "e"

    /// How often the segment was written anew because events of it were erased, as its name says.
    package var generation: Int {
        let words = name.split(separator: "/").last?.split(separator: ".") ?? []
        return words.count == 3 ? Self.generation(words[1]) ?? 0 : 0
    }

    /// The number behind the mark: 1 or more, without leading zeros.
    private static func generation(_ word: Substring) -> Int? {
        let digits = word.dropFirst()
        guard word.first == generationMark, (1...9).contains(digits.utf8.count), digits.first != "0",
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(digits)
    }

    /// An index in 20 digits, so that names sort as indices do.
    package static func digits(_ index: UInt64) -> String {
        let digits = String(index)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }

    /// The name of the index beside the segment.
    package var indexName: String { String(name.dropLast(Self.fileExtension.count)) + Self.indexExtension }

    /// Whether a file's name, without its directory, is one that a store gives to segments, indexes and what becomes them.
    ///
    /// Only such files are removed when no manifest names them.
    package static func isOurs(_ fileName: String) -> Bool {
        var stem = fileName[...]
        if stem.hasSuffix(".new") { stem = stem.dropLast(".new".count) }
        let words = stem.split(separator: ".", omittingEmptySubsequences: false)
        guard words.count == 2 || words.count == 3 && generation(words[1]) != nil, let type = words.last else {
            return false
        }
        let indices = words[0].split(separator: "-", omittingEmptySubsequences: false)
        return (type == fileExtension || type == indexExtension) && indices.count == 2
            && indices.allSatisfy { $0.utf8.count == 20 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// The index of the first event, as the name of a segment's file or of its index says.
    package static func firstIndex(ofFileName fileName: String) -> UInt64? {
        isOurs(fileName) ? UInt64(fileName.prefix(20)) : nil
    }

    /// The index of the last event, as the name of a segment's file or of its index says.
    package static func lastIndex(ofFileName fileName: String) -> UInt64? {
        guard isOurs(fileName), let dash = fileName.firstIndex(of: "-") else { return nil }
        return UInt64(fileName[fileName.index(after: dash)...].prefix(20))
    }
}
