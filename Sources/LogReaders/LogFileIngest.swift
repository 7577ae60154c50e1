// SPDX-License-Identifier: Apache-2.0

import EventMapping
package import Ingest
package import NIOPosix
import Synchronization

/// Reads the parts of a log on a thread that may wait.
package final class LogPartSource: Sendable {
    private let reader: Mutex<LogFileReader>
    private let pool: NIOThreadPool

    /// Of the input, packed as it is; nil for what is not a file.
    package let totalByteCount: Int?

    /// Reads on `pool`, of which one thread is enough: parts are asked for one at a time.
    package init(_ reader: sending LogFileReader, pool: NIOThreadPool) {
        totalByteCount = reader.totalByteCount
        self.reader = Mutex(reader)
        self.pool = pool
    }

    /// The next part; nil at the end.
    package func next() async throws -> LogFileReader.Part? {
        try await pool.runIfActive { [self] in try reader.withLock { try $0.next() } }
    }
}

/// Brings a log that is whole into a log of ours.
///
/// Reading it again stores nothing twice, as long as its events are among the newest: ids follow from where lines stand.
package struct LogFileIngest: Sendable {
    private let admission: Admission
    private let submitter: String
    private let source: String

    package init(_ admission: Admission, submitter: String, source: String) {
        self.admission = admission
        self.submitter = submitter
        self.source = source
    }

    /// Reads to the end.
    ///
    /// `progress` is called after each part that is on disk, `rejected` with what was set aside of it.
    ///
    /// - Throws: `StreamError`, `StoreError`, `QuarantineError`; what `progress` was told is stored all the same.
    package func run(
        _ parts: LogPartSource,
        progress: (StreamIngest.Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws {
        var state = StreamIngest.Progress()
        state.totalByteCount = parts.totalByteCount
        do {
            while let part = try await parts.next() {
                var report = try await admission.accept(
                    part.events,
                    settingAside: part.malformed.map(SourcePiece.init),
                    from: submitter,
                    source: source,
                    position: []
                )
                report.lineCount = part.lineCount
                state.add(report, byteCount: part.events.count, readByteCount: part.readByteCount)
                progress(state)
                if !report.quarantined.isEmpty { rejected(report.quarantined) }
            }
        } catch let error as StreamError {
            let gap = Gap(
                submitter: submitter,
                source: source,
                from: "line \(state.lineCount + 1)",
                to: nil,
                reason: .unreadable
            )
            try? await admission.recordGap(gap)
            throw error
        }
    }
}
