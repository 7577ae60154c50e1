// SPDX-License-Identifier: Apache-2.0

import TransparencyLog

/// The older checkpoints of a directory, `log/checkpoints`: notes one after the other, each behind a line with its length.
struct CheckpointHistory {
    static let name = "log/checkpoints"

    /// Bytes that are read at once.
    private static let windowByteCount = 1 << 20
    /// Notes that are judged at once: some 50 µs each.
    private static let notesPerPiece = 256
    /// The longest length there is, with its newline.
    private static let longestLine = 9

    private let source: any EvidenceSource
    private let byteCount: Int
    private var offset = 0
    private var window: [UInt8] = []
    private var windowOffset = 0

    /// What is behind the last whole note: being written just now, or cut.
    private(set) var restByteCount = 0
    private(set) var findings: [Finding] = []

    /// Nil when there is none.
    ///
    /// - Throws: `EvidenceError`.
    init?(_ source: any EvidenceSource) throws(EvidenceError) {
        guard let count = try source.byteCount(of: Self.name) else { return nil }
        self.source = source
        byteCount = count
    }

    /// Some notes with the place of each; nil behind the last.
    ///
    /// - Throws: `EvidenceError`.
    mutating func next() throws(EvidenceError) -> [Note]? {
        var notes: [Note] = []
        while notes.count < Self.notesPerPiece, offset < byteCount {
            let line = try bytes(offset..<min(byteCount, offset + Self.longestLine))
            guard let end = line.firstIndex(of: UInt8(ascii: "\n")), let count = UInt64(decimal: line[..<end]),
                count <= UInt64(LogLimits.maximumNoteByteCount)
            else {
                if line.count == Self.longestLine || !line.allSatisfy({ (0x30...0x39).contains($0) }) {
                    findings.append(
                        Finding(.malformedCheckpoint, Self.name, "no length of a checkpoint at byte \(offset)")
                    )
                }
                restByteCount = byteCount - offset
                offset = byteCount
                break
            }
            let start = offset + end + 1
            let stop = start + Int(count)
            guard stop <= byteCount else {
                restByteCount = byteCount - offset
                offset = byteCount
                break
            }
            notes.append(Note(byteOffset: start, bytes: try bytes(start..<stop)))
            offset = stop
        }
        return notes.isEmpty ? nil : notes
    }

    struct Note: Sendable {
        let byteOffset: Int
        let bytes: [UInt8]
    }

    private mutating func bytes(_ range: Range<Int>) throws(EvidenceError) -> [UInt8] {
        if range.lowerBound < windowOffset || range.upperBound > windowOffset + window.count {
            let end = min(byteCount, max(range.upperBound, range.lowerBound + Self.windowByteCount))
            window = try source.bytes(range.lowerBound..<end, of: Self.name)
            windowOffset = range.lowerBound
        }
        return Array(window[range.lowerBound - windowOffset..<range.upperBound - windowOffset])
    }
}
