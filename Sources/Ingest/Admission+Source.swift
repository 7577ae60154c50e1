// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat

/// A piece of a source that its reader could make nothing of.
package struct SourcePiece: Sendable {
    let rejected: RejectedPiece

    /// - Parameters:
    ///   - bytes: the piece, without secrets.
    ///   - code: why it is set aside, for programs.
    ///   - message: the same as a sentence, without anything of the piece.
    ///   - byteOffset: of the piece in its source.
    ///   - line: from 1; 0 when lines are not counted.
    package init(bytes: [UInt8], code: String, message: String, byteOffset: Int, line: Int = 0) {
        rejected = RejectedPiece(
            rejection: Rejection(.told(code: code, detail: message), byteOffset: byteOffset, line: line),
            bytes: bytes
        )
    }
}

extension Admission {
    /// Accepts events that were made of a part of a source, and says with them how far it was read.
    ///
    /// When this returns, the events and the position survive a power cut, or neither was stored; `position(ofSource:from:)`
    /// gives the position back. What is set aside is on disk before: after a crash in between it is there twice, and not lost.
    /// Without an event the position is not kept.
    ///
    /// - Parameters:
    ///   - events: one a line.
    ///   - pieces: what the reader itself could make nothing of.
    ///   - submitter: whose frames they are in.
    ///   - source: as frames and the ledger name it.
    ///   - position: how far the source was read behind them, in its own form.
    /// - Returns: what was stored, and what was set aside.
    /// - Throws: `StoreError`; `QuarantineError`. Nothing of the events is stored then.
    package func accept(
        _ events: [UInt8],
        settingAside pieces: [SourcePiece] = [],
        from submitter: String,
        source: String,
        position: [UInt8]
    ) async throws -> PartReport {
        var scanner = scanner(.audit, submitter: submitter, source: source)
        scanner.position = position
        let output = scanner.scan(Batch(bytes: events, layout: .lines))
        var report = PartReport(lineCount: output.lineCount)
        report.quarantined = try await setAside(
            pieces.map(\.rejected) + output.rejected,
            .lines,
            from: submitter,
            source: source
        )
        if let frame = output.frame {
            report.acknowledgement = try await store.append(frame)
            IngestTelemetry.accepted(report.acknowledgement, byteCount: frame.bodyByteCount)
        }
        return report
    }

    /// How far a source was read, as the newest of its frames that says so has it.
    package func position(ofSource source: String, from submitter: String) -> [UInt8]? {
        store.position(ofSource: source, submitter: submitter)
    }
}
