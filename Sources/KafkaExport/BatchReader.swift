// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat
import NIOPosix
import QueryEngine
import QueryLanguage

/// Reads the log in order and makes batches of what is to be written.
struct BatchReader: Sendable {
    /// What comes next in the log.
    enum Next {
        case batch(EncodedBatch)
        /// These events are not in the log any more, or can't be read.
        case missing(Range<UInt64>, reason: String?)
    }

    /// Frames of a journal are mostly small: so many events, or bytes of frames, make a batch.
    private static let eventCount = 4_096
    private static let byteCount = 4 << 20

    private let engine: Engine
    private let filter: Filter?
    private let encoder: RecordEncoder

    init(_ engine: Engine, filter: Filter?, encoder: RecordEncoder) {
        self.engine = engine
        self.filter = filter
        self.encoder = encoder
    }

    /// What comes at an index; nil at the end of the log.
    ///
    /// - Throws: `StoreError` of the journal.
    func next(at index: UInt64, of snapshot: StoreSnapshot) async throws -> Next? {
        guard index < snapshot.endIndex else { return nil }
        if index < snapshot.floorIndex { return .missing(index..<snapshot.floorIndex, reason: nil) }
        guard let part = snapshot.part(holding: index) else { return nil }
        do {
            let batch = try await NIOThreadPool.singleton.runIfActive {
                let parts = parts(from: part, of: snapshot)
                return try encoder.encode(
                    parts.map { part in
                        let run = try snapshot.events(of: part)
                        return (run, places(of: run).filter { run.firstIndex + UInt64($0) >= index })
                    }
                )
            }
            return .batch(batch)
        } catch let error as StoreError where error.code == .damaged {
            return .missing(index..<part.indices.upperBound, reason: error.message)
        }
    }

    /// A part, and what is behind it as long as all are small.
    private func parts(from first: LogPart, of snapshot: StoreSnapshot) -> [LogPart] {
        var (parts, eventCount, byteCount) = ([first], first.eventCount, first.estimatedByteCount)
        while let next = snapshot.part(holding: parts[parts.count - 1].indices.upperBound), case .frame = next {
            eventCount += next.eventCount
            byteCount += next.estimatedByteCount
            guard eventCount <= Self.eventCount, byteCount <= Self.byteCount else { break }
            parts.append(next)
        }
        return parts
    }

    /// Without a filter all that came in, and nothing that Martlet wrote itself.
    private func places(of run: EventRun) -> [Int] {
        if let filter { return engine.places(in: run, filter) }
        return run.groups.flatMap { $0.labels.stream == .audit ? Array($0.places) : [] }
    }
}
