// SPDX-License-Identifier: Apache-2.0

import ByteCoding
import JournalFormat
import ManifestFormat
import SegmentFormat

/// Goes through the events of a data directory in order, segments first and then the journal, while a server may be writing
/// there.
///
/// A segment that is gone or other than expected is looked up again in the manifest before it counts as missing: it may have
/// been merged or deleted since. So it is with a journal file.
struct LogCursor {
    private(set) var manifest: Manifest
    private(set) var findings: [Finding] = []
    private(set) var gaps: [VerificationGap] = []
    private(set) var unreadable: [EvidenceError] = []

    /// Index of the event that comes next.
    private(set) var nextIndex: UInt64 = 0

    private let source: any EvidenceSource
    private let logID: LogID
    /// Indices at which pieces end, in rising order.
    private let cuts: [UInt64]
    /// Segments that were read so far.
    private(set) var openedCount = 0
    private var segment: OpenSegment?
    private var segmentEnd: UInt64 = 0
    private var journal: JournalWalk?
    private var isAtEnd = false

    static let manifestName = "manifest"

    /// - Throws: `EvidenceError`.
    init(_ source: any EvidenceSource, logID: LogID, cuts: [UInt64]) throws(EvidenceError) {
        self.source = source
        self.logID = logID
        self.cuts = cuts.sorted()
        manifest = Manifest(logID: logID)
        if let wrong = try readManifest() { findings.append(wrong) }
    }

    /// Reads the manifest again.
    ///
    /// - Returns: what is wrong with it; then the one before is kept.
    private mutating func readManifest() throws(EvidenceError) -> Finding? {
        let limit = VerificationLimits.maximumManifestByteCount
        guard let bytes = try source.contents(of: Self.manifestName, maximumByteCount: limit) else {
            guard manifest.segments.isEmpty else { return Finding(.missing, Self.manifestName, "it was there before") }
            return nil
        }
        do {
            let read = try ManifestText.decode(bytes)
            guard read.logID == logID else {
                return Finding(.damaged, Self.manifestName, "it belongs to another log, \(read.logID)")
            }
            manifest = read
            return nil
        } catch ManifestText.Failure.damaged(let line, let expected) {
            return Finding(.damaged, Self.manifestName, "line \(line) is not \(expected)")
        } catch { return Finding(.damaged, Self.manifestName, "it is of another version") }
    }

    /// The next piece without its secrets; nil behind the last event.
    mutating func next() -> LogPiece? {
        while !isAtEnd {
            if nextIndex < manifest.floorIndex { return unknown(upTo: manifest.floorIndex) }
            if let segment { return rows(of: segment) }
            do throws(EvidenceError) {
                if let description = nextSegment {
                    if let gone = try open(description) { return gone }
                } else if let piece = try nextOfJournal() {
                    return piece
                }
            } catch {
                unreadable.append(error)
                isAtEnd = true
            }
        }
        return nil
    }

    /// The events of the segment that `next` will read; nil while one is being handed out, and in the journal.
    var unreadSegment: Range<UInt64>? { segment == nil ? nextSegment?.indices : nil }

    /// The segment that has the next event.
    private var nextSegment: SegmentDescription? {
        // Segments are in order and without a gap, and there may be a hundred thousand.
        var low = 0
        var high = manifest.segments.count
        while low < high {
            let middle = (low + high) / 2
            if manifest.segments[middle].indices.upperBound > nextIndex { high = middle } else { low = middle + 1 }
        }
        return low < manifest.segments.count ? manifest.segments[low] : nil
    }

    /// A stretch that nobody can read, up to the next cut.
    private mutating func unknown(upTo end: UInt64) -> LogPiece {
        let end = cut(end)
        defer { nextIndex = end }
        return LogPiece(indices: nextIndex..<end, events: .unknown)
    }

    private func cut(_ end: UInt64) -> UInt64 { cuts.first { $0 > nextIndex && $0 < end } ?? end }

    // MARK: - Segments

    private mutating func rows(of segment: OpenSegment) -> LogPiece {
        let size = UInt64(VerificationLimits.rowsPerPiece)
        // Along the pages of the segment, which are read once then.
        let page = (nextIndex - segment.description.firstIndex) / size + 1
        let end = cut(min(segmentEnd, segment.description.firstIndex + page * size))
        let rows = Int(nextIndex - segment.description.firstIndex)..<Int(end - segment.description.firstIndex)
        defer {
            nextIndex = end
            if end == segmentEnd { self.segment = nil }
        }
        return LogPiece(indices: nextIndex..<end, events: .rows(segment, rows))
    }

    /// Opens a segment, or says that nobody can read it.
    private mutating func open(_ description: SegmentDescription) throws(EvidenceError) -> LogPiece? {
        let wrong: Finding
        do throws(OpenFailure) {
            segment = try opened(description)
            openedCount += 1
            segmentEnd = description.indices.upperBound
            return nil
        } catch {
            switch error {
            case .finding(let finding): wrong = finding
            case .unreadable(let error):
                unreadable.append(error)
                return unknown(upTo: description.indices.upperBound)
            }
        }
        if let finding = try readManifest() { findings.append(finding) }
        guard nextSegment == description else { return nil }
        findings.append(wrong)
        return unknown(upTo: description.indices.upperBound)
    }

    private enum OpenFailure: Error {
        case finding(Finding)
        case unreadable(EvidenceError)
    }

    private func opened(_ description: SegmentDescription) throws(OpenFailure) -> OpenSegment {
        let bytes: [UInt8]
        do throws(EvidenceError) {
            let limit = VerificationLimits.maximumSegmentByteCount
            guard let found = try source.contents(of: description.name, maximumByteCount: limit) else {
                throw EvidenceError(.missing, "the manifest names it, and it is not there", name: description.name)
            }
            bytes = found
        } catch {
            switch error.code {
            case .missing: throw .finding(Finding(.missing, error.name, description.indices, error.message))
            case .notAFile: throw .finding(Finding(.notAFile, error.name, description.indices, error.message))
            case .tooLarge: throw .finding(Finding(.damaged, error.name, description.indices, error.message))
            case .unreadable, .notALog: throw .unreadable(error)
            }
        }
        if let reason = Self.damage(bytes, description) {
            throw .finding(Finding(.damaged, description.name, description.indices, reason))
        }
        do throws(SegmentError) {
            let reader = try SegmentRowReader(ParquetBytes(bytes))
            guard reader.rowCount == description.eventCount else {
                let reason = "it has \(reader.rowCount) rows, the manifest says \(description.eventCount)"
                throw SegmentError(.inconsistent, reason)
            }
            return OpenSegment(description: description, reader: reader)
        } catch { throw .finding(Finding(.damaged, description.name, description.indices, error.message)) }
    }

    /// What of a file is not what the manifest says.
    private static func damage(_ bytes: [UInt8], _ description: SegmentDescription) -> String? {
        guard bytes.count == description.byteCount else {
            return "it has \(bytes.count) bytes, the manifest says \(description.byteCount)"
        }
        var start = 0
        for part in description.parts {
            let checksum = unsafe CRC32C.checksum(bytes.span.bytes.extracting(start..<part.endOffset))
            guard checksum == part.checksum else {
                return "the checksum of bytes \(start) to \(part.endOffset - 1) is not the manifest's"
            }
            start = part.endOffset
        }
        return nil
    }

    // MARK: - Journal

    /// Frames of the journal; nil when there are none, or when events have been sealed meanwhile.
    private mutating func nextOfJournal() throws(EvidenceError) -> LogPiece? {
        var walk: JournalWalk
        if let journal {
            walk = journal
        } else {
            // What was sealed while segments were read is read from its segment.
            if let finding = try readManifest() { findings.append(finding) }
            guard nextSegment == nil, nextIndex >= manifest.floorIndex else { return nil }
            walk = try JournalWalk(source, logID: logID, from: nextIndex)
            if walk.lacks(nextIndex) {
                // Sealed between the two looks; or it is missing.
                if let finding = try readManifest() { findings.append(finding) }
                guard nextSegment == nil, nextIndex >= manifest.floorIndex else { return nil }
            }
        }
        do throws(EvidenceError) {
            let step = try walk.next(from: nextIndex, cuts: cuts)
            journal = walk
            switch step {
            case .frames(let frames, let indices, let file):
                nextIndex = indices.upperBound
                return LogPiece(indices: indices, events: .frames(frames, file: file))
            case .unknown(let end): return unknown(upTo: end)
            case .end:
                findings += walk.findings
                gaps += walk.gaps
                isAtEnd = true
                return nil
            }
        } catch {
            guard error.code == .missing else { throw error }
            // The store removes a journal file once its events are in segments.
            let before = nextSegment
            if let finding = try readManifest() { findings.append(finding) }
            guard nextSegment == before, nextIndex >= manifest.floorIndex else {
                journal = nil
                return nil
            }
            findings += walk.findings + [Finding(.missing, error.name, error.message)]
            isAtEnd = true
            return nil
        }
    }
}
