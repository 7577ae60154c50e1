// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// Why a check of a pack goes no further.
enum PackStop: Error {
    case tampered(PackFinding)
    case failed(PackError)

    init(_ kind: PackFinding.Kind, _ file: PackFile?, index: UInt64? = nil, _ reason: String) {
        self = .tampered(PackFinding(kind, file, index: index, reason))
    }
}

/// Reads one file of a pack from its beginning to its end, and hashes it on the way.
///
/// Holds a piece of it, and as much more as is asked for at once.
struct SectionReader<Source: PackSource> {
    private let source: Source
    let file: PackFile
    private var rest: Range<Int>
    /// What was read and not consumed yet is behind `place`.
    private(set) var buffer: [UInt8] = []
    private var place = 0
    private var digest = PackDigest()
    /// Bytes that were consumed.
    private(set) var consumedByteCount = 0

    private static var pieceByteCount: Int { 1 << 20 }

    init(_ source: Source, _ file: PackFile, _ range: Range<Int>) {
        self.source = source
        self.file = file
        rest = range
    }

    var isAtEnd: Bool { rest.isEmpty && place == buffer.count }

    /// The hash of the whole file, once it was read to its end.
    var value: LogHash { digest.value }

    /// Reads on, so that there are more bytes than before; false at the end.
    private mutating func load(atLeast count: Int) throws(PackStop) -> Bool {
        guard !rest.isEmpty else { return false }
        let end = rest.lowerBound + min(rest.count, max(count, Self.pieceByteCount))
        let bytes: [UInt8]
        do throws(PackError) {
            bytes = try source.bytes(rest.lowerBound..<end)
        } catch {
            throw .failed(error)
        }
        guard bytes.count == end - rest.lowerBound else {
            throw .failed(PackError(.unreadable, "fewer bytes than asked for"))
        }
        digest.update(bytes)
        buffer.removeFirst(place)
        place = 0
        buffer += bytes
        rest = end..<rest.upperBound
        return true
    }

    /// Where the next bytes stand in `buffer`, until more is read; nil when there are fewer.
    mutating func take(_ count: Int) throws(PackStop) -> Range<Int>? {
        while buffer.count - place < count {
            guard rest.count >= count - (buffer.count - place), try load(atLeast: count) else { return nil }
        }
        defer {
            place += count
            consumedByteCount += count
        }
        return place..<place + count
    }

    /// The next line, without its newline; nil at the end.
    ///
    /// - Throws: `malformed` for a line that is longer, or the last without a newline.
    mutating func line(atMost limit: Int) throws(PackStop) -> [UInt8]? {
        var searched = 0
        while true {
            if let end = buffer[(place + searched)...].firstIndex(of: UInt8(ascii: "\n")), end - place <= limit {
                defer {
                    consumedByteCount += end + 1 - place
                    place = end + 1
                }
                return Array(buffer[place..<end])
            }
            searched = buffer.count - place
            guard searched <= limit else { throw PackStop(.malformed, file, "a line of more than \(limit) bytes") }
            guard try load(atLeast: limit) else {
                guard searched == 0 else { throw PackStop(.malformed, file, "the last line has no end") }
                return nil
            }
        }
    }

    /// Hashes what is left.
    mutating func drain() throws(PackStop) {
        repeat {
            consumedByteCount += buffer.count - place
            place = buffer.count
        } while try load(atLeast: 1)
    }
}
