// SPDX-License-Identifier: Apache-2.0

import JournalFormat
import ManifestFormat
import SegmentFormat
import TransparencyLog

/// A stretch of the log on its way to a core: read already, or readable without touching a file.
struct LogPiece: Sendable {
    enum Events: Sendable {
        /// Rows of a segment whose bytes are in memory, and were compared with the manifest.
        case rows(OpenSegment, Range<Int>)
        /// Whole frames; of the first only the events from the piece's first index on.
        case frames([FrameReader], file: String)
        /// Nobody can read them any more.
        case unknown
    }

    let indices: Range<UInt64>
    let events: Events
    /// What its leaves are made with; nil when none are to be made.
    var secrets: LogSecrets?
    var erased: [UInt64: ErasedEvent] = [:]
}

/// A segment in memory.
struct OpenSegment: Sendable {
    let description: SegmentDescription
    let reader: SegmentRowReader<ParquetBytes>
}

/// What became of a piece.
struct LogPieceResult: Sendable {
    let indices: Range<UInt64>
    /// Nil when no leaves were to be made, or none could be.
    var stretch: LeafStretch?
    var findings: [Finding] = []
    var erased: [UInt64] = []
    var eventCount: UInt64 = 0
    var byteCount: UInt64 = 0
    /// When the last event was received.
    var lastReceived: Int64?

    /// The segment or the file of the journal that the events were in.
    var file: String?
    var segment: SegmentDescription?
    var receivedRange: ClosedRange<Int64>?
    var streams: Set<LogStream> = []
}

extension LogPiece {
    /// Reads the events and makes their leaves: nearly all of the time of a verification.
    func run() -> LogPieceResult {
        var result = LogPieceResult(indices: indices)
        switch events {
        case .unknown: break
        case .rows(let segment, let rows):
            do throws(SegmentError) {
                try run(segment, rows, &result)
                result.segment = segment.description
            } catch {
                result = LogPieceResult(indices: indices)
                result.findings = [Finding(.damaged, segment.description.name, indices, error.message)]
            }
        case .frames(let frames, let file):
            run(frames, file, &result)
            result.file = file
        }
        result.file = result.file ?? result.segment?.name
        return result
    }

    private var maker: LeafMaker? {
        secrets.map { LeafMaker(first: indices.lowerBound, count: indices.count, $0, erased) }
    }

    private func finish(_ maker: LeafMaker?, _ result: inout LogPieceResult) {
        result.eventCount = UInt64(indices.count)
        guard let maker else { return }
        result.stretch = maker.finish()
        result.findings += maker.findings
        result.erased = maker.erasedIndices
    }

    // MARK: - Segments

    private func run(_ segment: OpenSegment, _ rows: Range<Int>, _ result: inout LogPieceResult) throws(SegmentError) {
        let decompressor = ZstdDecompressor()
        let events = try segment.reader.events(rows, using: decompressor)
        let labels = try segment.reader.labels(rows, using: decompressor)
        guard labels.firstIndex == indices.lowerBound, labels.rowCount == rows.count, events.count == rows.count else {
            throw SegmentError(.inconsistent, "its rows are not the events \(indices.lowerBound) and on")
        }
        var maker = maker
        var flags = labels.flags[...]
        var row = 0
        for run in labels.runs {
            guard let stream = LogStream.allCases.first(where: { $0.name == run.stream }),
                let leafStream = LeafStream(rawValue: stream.rawValue)
            else { throw SegmentError(.inconsistent, "an event is of no known stream") }
            result.note(run.received, stream)
            maker?.set(
                EventLabels(
                    stream: leafStream,
                    received: run.received,
                    submitter: run.submitter,
                    origin: run.origin,
                    position: run.position
                ),
                file: segment.description.name
            )
            for place in row..<row + run.rowCount {
                var eventFlags = EventFlags()
                if let next = flags.first, next.row == place {
                    eventFlags = EventFlags(rawValue: next.flags)
                    flags = flags.dropFirst()
                }
                let range = events.range(of: place)
                result.byteCount += UInt64(range.count)
                maker?.append(
                    unsafe events.bytes.span.bytes.extracting(range),
                    eventFlags,
                    file: segment.description.name
                )
            }
            row += run.rowCount
        }
        finish(maker, &result)
    }

    // MARK: - Frames

    private func run(_ frames: [FrameReader], _ file: String, _ result: inout LogPieceResult) {
        var maker = maker
        var index = indices.lowerBound
        for frame in frames {
            let header = frame.header
            result.note(header.received, header.stream)
            maker?.set(
                EventLabels(
                    stream: LeafStream(rawValue: header.stream.rawValue) ?? .audit,
                    received: header.received,
                    submitter: header.submitter,
                    origin: header.source,
                    position: header.position
                ),
                file: file
            )
            for (place, range) in frame.ranges().enumerated() where header.firstIndex + UInt64(place) >= index {
                guard index < indices.upperBound else { break }
                result.byteCount += UInt64(range.count)
                maker?.append(unsafe frame.bytes.span.bytes.extracting(range), frame.entry(place).flags, file: file)
                index += 1
            }
        }
        finish(maker, &result)
    }
}

extension LogPieceResult {
    fileprivate mutating func note(_ received: Int64, _ stream: LogStream) {
        streams.insert(stream)
        lastReceived = received
        let range = receivedRange ?? received...received
        receivedRange = min(range.lowerBound, received)...max(range.upperBound, received)
    }
}
