// SPDX-License-Identifier: Apache-2.0

import DurableFiles
package import JournalFormat
import ManifestFormat
import SegmentFormat

/// What is written beside events, for a stretch of the log, without the events.
///
/// For those who count: reading it takes the headers of frames, or a few columns of a segment.
package struct LabelRuns: Sendable {
    /// Who handed events in, and where they came from as the submitter said.
    package struct Origin: Hashable, Sendable {
        package let submitter: String
        package let source: String

        package init(submitter: String, source: String) {
            self.submitter = submitter
            self.source = source
        }
    }

    /// Consecutive events that share their labels.
    package struct Run: Sendable {
        package let indices: Range<UInt64>
        /// Nanoseconds since 1970.
        package let received: Int64
        package let stream: LogStream
        /// Its place in `origins`.
        package let origin: Int
        fileprivate let position: UInt32
    }

    package fileprivate(set) var origins: [Origin] = []

    /// In order, without a gap.
    package fileprivate(set) var runs: [Run] = []

    private var positions: Positions

    private enum Positions: Sendable {
        case ofSegment(SegmentLabels)
        case list([[UInt8]])
    }

    /// How far the source was read behind a run, in its own form; empty when it did not say.
    package func position(of run: Run) -> [UInt8] {
        switch positions {
        case .ofSegment(let labels): labels.position(run.position)
        case .list(let list): list[Int(run.position)]
        }
    }
}

extension LabelRuns {
    fileprivate init(_ labels: SegmentLabels, firstIndex: UInt64) {
        positions = .ofSegment(labels)
        let submitters = labels.submitters
        let sources = labels.origins
        let streams = labels.streams.map { $0 == LogStream.system.name ? LogStream.system : .audit }
        var places: [UInt64: Int] = [:]
        runs.reserveCapacity(labels.runs.count)
        for run in labels.runs {
            let key = UInt64(run.submitter) << 32 | UInt64(run.origin)
            let place = places[key] ?? origins.count
            if place == origins.count {
                places[key] = place
                origins.append(Origin(submitter: submitters[Int(run.submitter)], source: sources[Int(run.origin)]))
            }
            runs.append(
                Run(
                    indices: firstIndex + UInt64(run.rows.lowerBound)..<firstIndex + UInt64(run.rows.upperBound),
                    received: run.received,
                    stream: streams[Int(run.stream)],
                    origin: place,
                    position: run.position
                )
            )
        }
    }

    fileprivate init(_ headers: some Sequence<(FrameHeader, from: UInt64)>) {
        var list: [[UInt8]] = []
        var places: [Origin: Int] = [:]
        for (header, first) in headers {
            let origin = Origin(submitter: header.submitter, source: header.source)
            let place = places[origin] ?? origins.count
            if place == origins.count {
                places[origin] = place
                origins.append(origin)
            }
            runs.append(
                Run(
                    indices: max(first, header.firstIndex)..<header.endIndex,
                    received: header.received,
                    stream: header.stream,
                    origin: place,
                    position: UInt32(list.count)
                )
            )
            list.append(header.position)
        }
        positions = .list(list)
    }
}

extension SealedSegment {
    /// Reads the labels of all rows.
    ///
    /// - Throws: as `events`.
    package func labels() throws(StoreError) -> LabelRuns {
        let labels = try read { reader throws(SegmentError) in
            try SegmentLabels(of: reader, using: ZstdDecompressor())
        }
        return LabelRuns(labels, firstIndex: description.firstIndex)
    }
}

extension StoreSnapshot {
    /// Bytes that are read where a frame begins: more than nearly every header has.
    private static let usualHeaderByteCount = 512

    /// Reads the labels of some frames of the journal, by their positions in `frames`.
    ///
    /// The headers are checked; the events are not looked at.
    ///
    /// - Throws: `damaged` when what is on disk is not what was written; `inputOutput`.
    package func labels(ofFrames positions: Range<Int>) throws(StoreError) -> LabelRuns {
        var headers: [(FrameHeader, from: UInt64)] = []
        headers.reserveCapacity(positions.count)
        let liveStart = liveStart
        for position in positions { headers.append((try header(of: frames[position]), liveStart)) }
        return LabelRuns(headers)
    }

    private func header(of reference: FrameReference) throws(StoreError) -> FrameHeader {
        let start = reference.fileOffset
        for byteCount in [Self.usualHeaderByteCount, FrameHeader.maximumByteCount] {
            let bytes: [UInt8]
            do {
                bytes = try reference.file.bytes(in: start..<start + min(byteCount, reference.byteCount))
            } catch {
                throw StoreError(.inputOutput, error.message, path: reference.file.path)
            }
            do {
                return try FrameHeader(from: bytes.span.bytes, logID: logID, fileOffset: start)
            } catch {
                guard error.code == .truncated, byteCount < FrameHeader.maximumByteCount else {
                    throw StoreError(error, path: reference.file.path)
                }
            }
        }
        throw StoreError(.damaged, "a frame's header is longer than one may be", path: reference.file.path)
    }
}
