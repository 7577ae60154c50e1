// SPDX-License-Identifier: Apache-2.0

import AuditStore
import ManifestFormat
import SystemPackage

/// Reads all of a log, beside a server or not, and finds what is not what was written.
struct StoreCheck {
    /// Something that is damaged.
    struct Finding {
        let file: String
        /// Where in the file; nil when that is not known.
        let bytes: Range<Int>?
        let column: String?
        /// The events that are in it, or some of which are.
        let indices: Range<UInt64>
        let message: String
    }

    struct Progress {
        let fraction: Double
        let eventCount: Int
        let byteCount: Int
    }

    private var log: MovingLog
    private(set) var segmentCount = 0
    private(set) var frameCount = 0
    /// Events that were read, and their bytes.
    private(set) var eventCount = 0
    private(set) var byteCount = 0
    private(set) var findingCount = 0

    init(_ log: ReadOnlyLog) {
        self.log = MovingLog(log)
    }

    /// Goes through the log as it was in the beginning.
    ///
    /// - Throws: `StoreError` when it can't be read at all.
    mutating func run(progress: (Progress) -> Void, damaged: (Finding) -> Void) async throws {
        let start = log.snapshot
        let total = start.eventCount
        var nextIndex = start.floorIndex
        func tell(_ check: borrowing StoreCheck, upTo index: UInt64) {
            let done = Int(clamping: index - min(index, start.floorIndex))
            progress(
                Progress(
                    fraction: min(1, Double(done) / Double(max(1, total))),
                    eventCount: check.eventCount,
                    byteCount: check.byteCount
                )
            )
        }
        // Segments of the snapshot as it is by then: what was merged meanwhile is checked as what it became.
        while let segment = log.snapshot.segments.first(where: { $0.description.indices.upperBound > nextIndex }) {
            let found = try await check(segment) { tell($0, upTo: $1) }
            if !found.isEmpty, try log.hasReplaced(segment) {
                nextIndex = max(nextIndex, log.snapshot.floorIndex)
                continue
            }
            segmentCount += 1
            findingCount += found.count
            found.forEach(damaged)
            nextIndex = segment.description.indices.upperBound
        }
        // Journal files are held open, so that what is sealed meanwhile can still be read.
        let frames = start.parts.filter { part in
            if case .frame = part { part.indices.upperBound > nextIndex } else { false }
        }
        try await check(frames, start, { tell($0, upTo: $1) }, damaged)
    }

    // MARK: - Segments

    /// What is wrong with a segment: its bytes, or the events that come of them.
    private mutating func check(
        _ segment: SealedSegment,
        _ tell: (borrowing StoreCheck, UInt64) -> Void
    ) async throws -> [Finding] {
        let description = segment.description
        let damage = try segment.findDamage()
        guard damage.isEmpty else {
            return damage.map { damage in
                Finding(
                    file: description.name,
                    bytes: damage.bytes,
                    column: damage.column,
                    indices: description.indices,
                    message: damage.message
                )
            }
        }
        var found: [Finding] = []
        let (eventsBefore, bytesBefore) = (eventCount, byteCount)
        let rows = stride(from: 0, to: description.eventCount, by: LogPart.rowsPerPart).map { first in
            first..<min(description.eventCount, first + LogPart.rowsPerPart)
        }
        try await OrderedWork.run(on: rows) { rows in
            let run = try segment.events(rows)
            return (indices: run.indices, byteCount: run.ranges.reduce(0) { $0 + $1.count })
        } take: { rows, result in
            let first = description.firstIndex + UInt64(rows.lowerBound)
            let expected = first..<first + UInt64(rows.count)
            do {
                let run = try result.get()
                eventCount += run.indices.count
                byteCount += run.byteCount
                if run.indices != expected {
                    let message = "events \(run.indices) are in their place"
                    found.append(Finding(description, expected, message))
                }
            } catch let error as StoreError where error.code == .damaged {
                // Once one stretch is damaged the segment is set aside, and says the same of all others.
                if found.isEmpty {
                    found.append(
                        Finding(
                            file: description.name,
                            bytes: error.byteOffset.map { $0..<$0 + 1 },
                            column: nil,
                            indices: expected,
                            message: error.message
                        )
                    )
                }
            }
            tell(self, expected.upperBound)
        }
        if found.isEmpty, byteCount - bytesBefore != description.eventByteCount {
            let message =
                "its events have \(byteCount - bytesBefore) bytes, the manifest says \(description.eventByteCount)"
            found.append(Finding(description, description.indices, message))
        }
        if !found.isEmpty { (eventCount, byteCount) = (eventsBefore, bytesBefore) }
        return found
    }

    // MARK: - Journal

    /// Frames that are read by one thread at once; most are small.
    private static let framesPerPiece = 64

    private mutating func check(
        _ frames: [LogPart],
        _ snapshot: StoreSnapshot,
        _ tell: (borrowing StoreCheck, UInt64) -> Void,
        _ damaged: (Finding) -> Void
    ) async throws {
        let pieces = stride(from: 0, to: frames.count, by: Self.framesPerPiece).map { first in
            Array(frames[first..<min(frames.count, first + Self.framesPerPiece)])
        }
        try await OrderedWork.run(on: pieces) { frames in
            frames.map { part in
                Result { try snapshot.events(of: part).ranges.reduce(0) { $0 + $1.count } }
            }
        } take: { frames, result in
            for (part, read) in zip(frames, try result.get()) {
                frameCount += 1
                do {
                    byteCount += try read.get()
                    eventCount += part.eventCount
                } catch let error as StoreError where error.code == .damaged {
                    findingCount += 1
                    damaged(Finding(part, error))
                }
            }
            tell(self, frames.last?.indices.upperBound ?? 0)
        }
    }
}

extension StoreCheck.Finding {
    fileprivate init(_ segment: SegmentDescription, _ indices: Range<UInt64>, _ message: String) {
        self.init(file: segment.name, bytes: nil, column: nil, indices: indices, message: message)
    }

    fileprivate init(_ part: LogPart, _ error: StoreError) {
        var file = error.path?.string ?? "journal"
        if let name = error.path?.lastComponent?.string { file = "journal/\(name)" }
        self.init(
            file: file,
            bytes: error.byteOffset.map { $0..<$0 + 1 },
            column: nil,
            indices: part.indices,
            message: error.message
        )
    }
}
