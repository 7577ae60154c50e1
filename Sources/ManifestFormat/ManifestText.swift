// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat

/// The manifest as text; normative: docs/formats/manifest.md.
///
/// Lines of words with one space between. The last line has a checksum of all before it, so that no changed bit is read.
package enum ManifestText {
    private static let firstLine = "martlet-manifest 1"
    private static let firstWord = "martlet-manifest"

    package enum Failure: Error {
        /// Of a version that this program does not know.
        case unsupportedVersion
        /// Line, and what was expected there.
        case damaged(line: Int, String)
    }

    // MARK: - Writing

    package static func encode(_ manifest: Manifest) -> [UInt8] {
        var text = "\(firstLine)\nlog \(manifest.logID)\nfloor \(manifest.floorIndex)\n"
        for position in manifest.positions {
            let names = [position.submitter, position.source].map { Hex.encode(Array($0.utf8)) }
            text +=
                "position \(word(names[0])) \(word(names[1])) \(position.index) \(word(Hex.encode(position.position)))\n"
        }
        for segment in manifest.segments { text += line(of: segment) }
        let body = Array(text.utf8)
        return body + Array("end \(Hex.encode(checksum(body[...])))\n".utf8)
    }

    private static func line(of segment: SegmentDescription) -> String {
        let streams = LogStream.allCases.filter(segment.streams.contains).map(\.name).joined(separator: "+")
        let parts = segment.parts.map { "\($0.endOffset):\(Hex.encode(bytes($0.checksum)))" }.joined(separator: ",")
        let received = segment.receivedRange
        let time = segment.timeRange
        return """
            segment \(segment.name) \(segment.firstIndex) \(segment.eventCount) \(segment.eventByteCount) \
            \(received.lowerBound) \(received.upperBound) \(time.lowerBound) \(time.upperBound) \(streams) \(parts)\n
            """
    }

    /// A word is never empty.
    private static func word(_ text: String) -> String { text.isEmpty ? "-" : text }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }

    private static func checksum(_ body: ArraySlice<UInt8>) -> [UInt8] {
        unsafe bytes(CRC32C.checksum(Array(body).span.bytes))
    }

    // MARK: - Reading

    /// - Throws: `Failure`.
    package static func decode(_ contents: [UInt8]) throws -> Manifest {
        guard contents.starts(with: firstLine.utf8), contents.dropFirst(firstLine.utf8.count).first == lineEnd else {
            throw contents.starts(with: firstWord.utf8) ? Failure.unsupportedVersion : .damaged(line: 1, "its name")
        }
        let endLineCount = "end 00000000\n".utf8.count
        let body = contents.dropLast(endLineCount)
        guard contents.suffix(endLineCount) == Array("end \(Hex.encode(checksum(body)))\n".utf8)[...] else {
            throw Failure.damaged(line: contents.count { $0 == lineEnd }, "the checksum of the lines before")
        }
        var manifest: Manifest?
        for (place, line) in body.split(separator: lineEnd).enumerated().dropFirst() {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
            guard read(words, into: &manifest) else { throw Failure.damaged(line: place + 1, "what a manifest has") }
        }
        guard let manifest, manifest.isConsistent else { throw Failure.damaged(line: 2, "segments without a gap") }
        return manifest
    }

    private static let lineEnd = UInt8(ascii: "\n")

    private static func read(_ words: [Substring], into manifest: inout Manifest?) -> Bool {
        switch (words.first, words.count) {
        case ("log", 2):
            guard manifest == nil, let logID = LogID(words[1]) else { return false }
            manifest = Manifest(logID: logID)
        case ("floor", 2):
            guard let floor = UInt64(words[1]) else { return false }
            manifest?.floorIndex = floor
        case ("position", 5):
            guard let position = position(words) else { return false }
            manifest?.positions.append(position)
        case ("segment", 11):
            guard let segment = segment(words) else { return false }
            manifest?.segments.append(segment)
        default: return false
        }
        return manifest != nil
    }

    private static func position(_ words: [Substring]) -> Manifest.SourcePosition? {
        func bytes(_ word: Substring) -> [UInt8]? {
            if word == "-" { return [] }
            return word.isEmpty ? nil : Hex.decode(word)
        }
        guard let submitter = bytes(words[1]), let source = bytes(words[2]), let index = UInt64(words[3]),
            let position = bytes(words[4])
        else { return nil }
        return Manifest.SourcePosition(
            submitter: String(decoding: submitter, as: UTF8.self),
            source: String(decoding: source, as: UTF8.self),
            index: index,
            position: position
        )
    }

    private static func segment(_ words: [Substring]) -> SegmentDescription? {
        guard let firstIndex = UInt64(words[2]), let eventCount = Int(words[3]), eventCount > 0,
            firstIndex <= UInt64.max - UInt64(eventCount), let eventByteCount = Int(words[4]),
            let received = range(words[5], words[6]), let time = range(words[7], words[8]),
            let parts = parts(words[10]), isSafe(words[1])
        else { return nil }
        let names = words[9].split(separator: "+")
        let streams = names.compactMap { name in LogStream.allCases.first { $0.name == name } }
        guard !streams.isEmpty, streams.count == names.count else { return nil }
        return SegmentDescription(
            name: String(words[1]),
            firstIndex: firstIndex,
            eventCount: eventCount,
            eventByteCount: eventByteCount,
            receivedRange: received,
            timeRange: time,
            streams: Set(streams),
            parts: parts
        )
    }

    /// Whether a name stays below the directory of segments, whoever wrote the manifest.
    private static func isSafe(_ name: Substring) -> Bool {
        let names = name.split(separator: "/", omittingEmptySubsequences: false)
        return names.count == 3 && names[0] == SegmentDescription.directoryName && !names[1].isEmpty
            && names[1].utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
            && SegmentDescription.isOurs(String(names[2]))
    }

    private static func range(_ lower: Substring, _ upper: Substring) -> ClosedRange<Int64>? {
        guard let lower = Int64(lower), let upper = Int64(upper), lower <= upper else { return nil }
        return lower...upper
    }

    private static func parts(_ word: Substring) -> [SegmentDescription.Part]? {
        var parts: [SegmentDescription.Part] = []
        for part in word.split(separator: ",") {
            let halves = part.split(separator: ":")
            guard halves.count == 2, let end = Int(halves[0]), end > parts.last?.endOffset ?? 0,
                halves[1].utf8.count == 8, let checksum = UInt32(halves[1], radix: 16)
            else { return nil }
            parts.append(SegmentDescription.Part(endOffset: end, checksum: checksum))
        }
        return parts.isEmpty ? nil : parts
    }
}
