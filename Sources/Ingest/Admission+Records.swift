// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat

/// Records of one source, one behind the other, and how far it was read behind them.
package struct SourceBatch: Sendable {
    package let source: String
    package let bytes: [UInt8]
    /// Where the events are in `bytes`.
    package let records: [SourceRecord]
    /// What the reader itself could make nothing of.
    package let pieces: [SourcePiece]
    /// In the source's own form.
    package let position: [UInt8]

    package init(
        source: String,
        bytes: [UInt8],
        records: [SourceRecord],
        settingAside pieces: [SourcePiece] = [],
        position: [UInt8]
    ) {
        self.source = source
        self.bytes = bytes
        self.records = records
        self.pieces = pieces
        self.position = position
    }
}

/// A batch with its frame made: all that is left is to write it.
///
/// SAFETY of storing it twice: nobody changes a frame that could not be written.
package struct ScannedBatch: Sendable {
    package let source: String
    fileprivate let frame: JournalFrame?
    fileprivate let rejected: [RejectedPiece]
    fileprivate let lineCount: Int
    fileprivate let position: [UInt8]
}

extension Admission {
    /// Makes a batch's frame, which is the submitter's; computes, and waits for nothing.
    package func scan(_ batch: SourceBatch, from submitter: String) -> ScannedBatch {
        var scanner = scanner(.audit, submitter: submitter, source: batch.source)
        scanner.position = batch.position
        let output = scanner.scan(Batch(bytes: batch.bytes, layout: .lines, records: batch.records))
        return ScannedBatch(
            source: batch.source,
            frame: output.frame,
            rejected: batch.pieces.map(\.rejected) + output.rejected,
            lineCount: output.lineCount,
            position: batch.position
        )
    }

    /// Stores batches of different sources, each of which succeeds or fails by itself.
    ///
    /// When this returns, the events and the position of those that succeeded survive a power cut. What is set aside is on disk before:
    /// after a crash in between it is there twice, and not lost. The position of a batch of which nothing is stored or set aside is not kept.
    ///
    /// A source must not be there twice: when the first of two fails and the second does not, the source's position is behind events that
    /// are not in the log.
    ///
    /// - Returns: in the same order, what became of each; `StoreError` or `QuarantineError`, and nothing of its events is stored then.
    package func store(
        _ batches: [ScannedBatch],
        from submitter: String
    ) async -> [Result<PartReport, any Error>] {
        var waiting: [AsyncStream<Result<PartReport, any Error>>] = []
        for batch in batches {
            let (stream, answer) = AsyncStream.makeStream(of: Result<PartReport, any Error>.self)
            waiting.append(stream)
            do {
                var report = PartReport(lineCount: batch.lineCount)
                report.quarantined = try await setAside(
                    batch.rejected,
                    .lines,
                    from: submitter,
                    source: batch.source,
                    position: batch.frame == nil ? batch.position : []
                )
                submit(batch.frame, report) {
                    answer.yield($0)
                    answer.finish()
                }
            } catch {
                answer.yield(.failure(error))
                answer.finish()
            }
        }
        var results: [Result<PartReport, any Error>] = []
        for stream in waiting {
            // Without an answer the task was cancelled, and nobody knows here whether the batch was stored.
            results.append(await stream.first { _ in true } ?? .failure(CancellationError()))
        }
        return results
    }

    private func submit(
        _ frame: JournalFrame?,
        _ report: PartReport,
        answer: @escaping @Sendable (Result<PartReport, any Error>) -> Void
    ) {
        guard let frame else { return answer(.success(report)) }
        let byteCount = frame.bodyByteCount
        store.submit(frame) { result in
            answer(
                result.mapError { $0 }.map { acknowledgement in
                    IngestTelemetry.accepted(acknowledgement, byteCount: byteCount)
                    var report = report
                    report.acknowledgement = acknowledgement
                    return report
                }
            )
        }
    }
}
