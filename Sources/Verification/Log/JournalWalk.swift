// SPDX-License-Identifier: Apache-2.0

import JournalFormat

/// Goes through the frames of a journal, and tells what is damaged from what is being written.
///
/// The rules are those of docs/formats/journal.md: a bad place is damage when something says that it was durable once, and a
/// torn write, which nobody was answered for, when nothing does.
struct JournalWalk {
    enum Step {
        /// Frames with these events; the first may begin before them.
        case frames([FrameReader], Range<UInt64>, file: String)
        /// Events up to this index cannot be read.
        case unknown(UInt64)
        case end
    }

    static let directory = "journal"
    static let endName = "journal-end"
    private static let fileExtension = ".journal"
    private static let endFirstLine = "martlet-journal-end 1"
    /// Bytes that are read at once.
    private static let windowByteCount = 1 << 20

    private(set) var findings: [Finding] = []
    private(set) var gaps: [VerificationGap] = []

    private let source: any EvidenceSource
    private let logID: LogID
    /// First indices of the files that are left, in order; the first of them is being read.
    private var files: [UInt64]
    private let recordedEnd: UInt64
    private var file: OpenFile?
    private var window: (offset: Int, bytes: [UInt8]) = (0, [])

    private struct OpenFile {
        let name: String
        let byteCount: Int
        var offset: Int
        /// A shorter file was finished or cut, so nothing in it is being written.
        var reservedByteCount: UInt64 = 0
    }

    /// Finds the files behind the last segment.
    ///
    /// - Throws: `EvidenceError`.
    init(_ source: any EvidenceSource, logID: LogID, from index: UInt64) throws(EvidenceError) {
        self.source = source
        self.logID = logID
        // First, because what it names was durable before it was written.
        let record = try Self.readEnd(source, logID)
        recordedEnd = record.end
        if let finding = record.finding { findings.append(finding) }
        let names = try source.names(in: Self.directory) ?? []
        let indices = names.compactMap { name in
            name.hasSuffix(Self.fileExtension) ? Digits.number(name.dropLast(Self.fileExtension.count)) : nil
        }.sorted()
        // The last that begins no later has the event, if any has.
        let first = indices.lastIndex { $0 <= index } ?? 0
        files = Array(indices.dropFirst(first))
    }

    /// Whether no file begins early enough to have an event.
    func lacks(_ index: UInt64) -> Bool { files.first.map { $0 > index } ?? true }

    private static func readEnd(
        _ source: any EvidenceSource,
        _ logID: LogID
    ) throws(EvidenceError) -> (end: UInt64, finding: Finding?) {
        let limit = VerificationLimits.maximumSmallFileByteCount
        guard let bytes = try source.contents(of: endName, maximumByteCount: limit) else { return (0, nil) }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2, lines[0] == endFirstLine, case let words = lines[1].split(separator: " "),
            words.count == 2, words[0] == logID.description, let end = UInt64(words[1])
        else { return (0, Finding(.damaged, endName, "it is no record of the end of this log")) }
        return (end, nil)
    }

    // MARK: - Steps

    /// Some frames from an index on.
    ///
    /// - Throws: `EvidenceError`; with `missing` when a file is gone, as when its events are in segments by now.
    mutating func next(from index: UInt64, cuts: [UInt64]) throws(EvidenceError) -> Step {
        while true {
            guard let current = files.first else {
                checkEnd(index)
                return .end
            }
            if file == nil {
                guard current <= index else { return gap(index..<current, Self.name(current)) }
                try open(current)
            }
            if file != nil, let step = try frames(from: index, cuts: cuts) { return step }
            if file == nil { files.removeFirst() }
        }
    }

    /// Events that the journal should have and does not; told once, however it is cut.
    private mutating func gap(_ indices: Range<UInt64>, _ file: String) -> Step {
        if findings.last?.indices?.upperBound != indices.upperBound {
            let reason = "it goes on with event \(indices.upperBound), \(indices.lowerBound) was expected"
            findings.append(Finding(.missingEvents, file, indices, reason))
        }
        return .unknown(indices.upperBound)
    }

    private static func name(_ firstIndex: UInt64) -> String {
        "\(directory)/\(Digits.text(firstIndex))\(fileExtension)"
    }

    private var isNewest: Bool { files.count == 1 }

    private mutating func checkEnd(_ index: UInt64) {
        guard recordedEnd > index else { return }
        let reason = "the log ends before event \(index), and had reached event \(recordedEnd)"
        findings.append(Finding(.missingEvents, Self.endName, index..<recordedEnd, reason))
    }

    private mutating func open(_ firstIndex: UInt64) throws(EvidenceError) {
        let name = Self.name(firstIndex)
        guard let count = try source.byteCount(of: name) else {
            throw EvidenceError(.missing, "the file is gone", name: name)
        }
        window = (0, [])
        file = OpenFile(name: name, byteCount: count, offset: JournalFileHeader.byteCount)
        let bytes = try bytes(0..<min(count, JournalFileHeader.byteCount), name, count)
        do throws(JournalError) {
            let header = try JournalFileHeader(from: unsafe bytes.span.bytes)
            guard header.logID == logID, header.firstIndex == firstIndex else {
                findings.append(Finding(.damaged, name, "its header is of another log, or of another file"))
                return
            }
            file?.reservedByteCount = header.reservedByteCount
        } catch {
            // A file that was just begun has no header yet. The frames say for themselves whose they are and where they belong.
            let isEmpty = bytes.allSatisfy { $0 == 0 }
            if !(isNewest && isEmpty) { findings.append(Finding(.damaged, name, error.message)) }
        }
    }

    /// Whole frames from the place on; nil when the file is at its end.
    private mutating func frames(from index: UInt64, cuts: [UInt64]) throws(EvidenceError) -> Step? {
        var found: [FrameReader] = []
        var end = index
        var byteCount = 0
        let stop = cuts.first { $0 > index } ?? .max
        while let current = file, end < stop, end - index < UInt64(VerificationLimits.eventsPerPiece),
            byteCount < VerificationLimits.bytesPerPiece
        {
            guard let frame = try frame(at: current.offset, of: current) else {
                if !found.isEmpty { break }
                return try endOfFrames(current, index)
            }
            let header = frame.header
            guard header.firstIndex <= end else {
                if !found.isEmpty { break }
                return gap(index..<header.firstIndex, current.name)
            }
            if header.endIndex > end {
                found.append(frame)
                byteCount += header.byteCount
                end = header.endIndex
                // What is behind the cut is read again with the next piece.
                if end > stop {
                    end = stop
                    break
                }
            }
            file?.offset += JournalLimits.padded(header.byteCount)
        }
        guard let name = file?.name, !found.isEmpty else { return nil }
        return .frames(found, index..<end, file: name)
    }

    private mutating func frame(at offset: Int, of file: OpenFile) throws(EvidenceError) -> FrameReader? {
        let end = min(file.byteCount, offset + FrameHeader.maximumByteCount)
        guard offset < end else { return nil }
        let start = try bytes(offset..<end, file.name, file.byteCount)
        guard let header = try? FrameHeader(from: unsafe start.span.bytes, logID: logID, fileOffset: offset),
            header.byteCount <= file.byteCount - offset
        else { return nil }
        let whole = try bytes(offset..<offset + header.byteCount, file.name, file.byteCount)
        return try? FrameReader(whole, logID: logID, fileOffset: offset)
    }

    // MARK: - Behind the last frame

    /// Decides what the bytes behind the last whole frame are.
    private mutating func endOfFrames(_ current: OpenFile, _ index: UInt64) throws(EvidenceError) -> Step? {
        var usedEnd = current.offset
        var offset = current.offset
        while offset < current.byteCount {
            let block = try bytes(
                offset..<min(current.byteCount, offset + JournalLimits.blockByteCount),
                current.name,
                current.byteCount
            )
            if let last = block.lastIndex(where: { $0 != 0 }) { usedEnd = offset + last + 1 }
            if offset > current.offset, let later = try laterFrame(at: offset, of: current),
                later.durableByteOffset > UInt64(current.offset)
            {
                let reason =
                    "no whole batch is at byte \(current.offset), which was durable; the next is at byte \(offset)"
                let end = max(later.firstIndex, index)
                findings.append(Finding(.damaged, current.name, index..<end, reason))
                file?.offset = offset
                return end > index ? .unknown(end) : nil
            }
            offset += JournalLimits.blockByteCount
        }
        file = nil
        guard usedEnd > current.offset else { return nil }
        if isNewest, UInt64(current.byteCount) >= current.reservedByteCount {
            let reason = "\(usedEnd - current.offset) bytes from byte \(current.offset) on are no whole batch"
            gaps.append(VerificationGap(.tornEnd, current.name, nil, reason))
        } else {
            let reason = "no whole batch is at byte \(current.offset), and the file is finished"
            findings.append(Finding(.damaged, current.name, reason))
        }
        return nil
    }

    private mutating func laterFrame(at offset: Int, of file: OpenFile) throws(EvidenceError) -> FrameHeader? {
        let end = min(file.byteCount, offset + FrameHeader.maximumByteCount)
        let start = try bytes(offset..<end, file.name, file.byteCount)
        return try? FrameHeader(from: unsafe start.span.bytes, logID: logID, fileOffset: offset)
    }

    private mutating func bytes(_ range: Range<Int>, _ name: String, _ byteCount: Int) throws(EvidenceError) -> [UInt8]
    {
        if range.lowerBound < window.offset || range.upperBound > window.offset + window.bytes.count {
            let end = min(byteCount, max(range.upperBound, range.lowerBound + Self.windowByteCount))
            window = (range.lowerBound, try source.bytes(range.lowerBound..<end, of: name))
        }
        return Array(window.bytes[range.lowerBound - window.offset..<range.upperBound - window.offset])
    }
}
