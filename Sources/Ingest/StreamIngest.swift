// SPDX-License-Identifier: Apache-2.0

import AuditStore
import JournalFormat
import NIOPosix

/// Brings a file or stream into a log: reads ahead, scans on all cores, stores in the order of the stream.
///
/// What it holds at once is bounded by `IngestLimits.chunksInFlight` parts.
package struct StreamIngest: Sendable {
    let admission: Admission
    let submitter: String
    let source: String

    /// How far it has come.
    package struct Progress: Sendable {
        package var readByteCount = 0
        package var totalByteCount: Int?
        /// Lines, or events when the layout is not lines, that were taken care of.
        package var lineCount = 0
        package var acceptedCount = 0
        package var repeatedCount = 0
        package var conflictCount = 0
        package var quarantinedCount = 0
        package var firstIndex: UInt64?
        package var lastIndex: UInt64?
        /// Unpacked bytes of the events that were accepted or repeated.
        package var byteCount = 0

        package init() {}

        /// Adds what became of a part.
        package mutating func add(_ report: PartReport, byteCount: Int, readByteCount: Int) {
            self.readByteCount = readByteCount
            self.byteCount += byteCount
            lineCount += report.lineCount
            acceptedCount += report.acknowledgement.acceptedCount
            repeatedCount += report.acknowledgement.repeated.count
            conflictCount += report.acknowledgement.conflicts.count
            quarantinedCount += report.quarantined.count
            if let indices = report.acknowledgement.indices {
                firstIndex = firstIndex ?? indices.lowerBound
                lastIndex = indices.upperBound - 1
            }
        }
    }

    package init(_ admission: Admission, submitter: String, source: String) {
        self.admission = admission
        self.submitter = submitter
        self.source = source
    }

    /// A scanned part with its place in the stream.
    private struct Scanned: Sendable {
        let place: Int
        let part: StreamReader.Part
        let output: BatchScanner.Output
    }

    /// An answer that is still to come.
    private struct Pending {
        let part: StreamReader.Part
        let output: BatchScanner.Output
        let answer: AsyncStream<Result<Acknowledgement, StoreError>>
    }

    /// Reads the stream to its end.
    ///
    /// Parts before `firstLine` are skipped. `progress` is called after each part that is on disk, `rejected` with what was
    /// set aside of a part, once that is on disk too.
    ///
    /// - Throws: `StreamError`, `StoreError`, `QuarantineError`; what `progress` was told is stored all the same.
    package func run(
        _ reader: sending StreamReader,
        firstLine: Int = 1,
        progress: (Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        let totalByteCount = reader.totalByteCount
        let parts = PartSource(reader, firstLine: firstLine, pool: pool)
        do {
            try await run(parts, totalByteCount: totalByteCount, progress: progress, rejected: rejected)
            if let end = parts.endBeforeFirstLine { try await recordGap(.truncated, from: firstLine, to: end) }
            try await pool.shutdownGracefully()
        } catch {
            try? await pool.shutdownGracefully()
            // What the stream's error says is told to the caller either way.
            if error is StreamError { try? await recordGap(.unreadable, from: parts.nextLine, to: nil) }
            throw error
        }
    }

    /// Says in the log what of the stream is missing.
    private func recordGap(_ reason: Gap.Reason, from line: Int, to last: Int?) async throws {
        try await admission.recordGap(
            Gap(
                submitter: submitter,
                source: source,
                from: "line \(line)",
                to: last.map { "line \($0)" },
                reason: reason
            )
        )
    }

    private func run(
        _ parts: PartSource,
        totalByteCount: Int?,
        progress: (Progress) -> Void,
        rejected: ([Rejection]) -> Void
    ) async throws {
        var state = Progress()
        state.totalByteCount = totalByteCount
        // A live stream's events are stored and told as they come; nothing waits for the next read, which may take long.
        let (inFlight, mayWait) = totalByteCount == nil ? (1, 0) : (IngestLimits.chunksInFlight, 2)
        var pending: [Pending] = []
        var failure: (any Error)?
        // Why the stream could not be read to its end: what came before that is stored all the same.
        var readFailure: (any Error)?
        await withTaskGroup(of: Scanned.self) { group in
            var place = 0
            var nextPlace = 0
            var scanned: [Int: Scanned] = [:]
            var isAtEnd = false
            while failure == nil {
                while !isAtEnd, place - nextPlace + pending.count < inFlight {
                    do {
                        guard let part = try await parts.next() else {
                            isAtEnd = true
                            break
                        }
                        group.addTask { [place] in scan(part, place: place) }
                        place += 1
                    } catch {
                        readFailure = error
                        isAtEnd = true
                    }
                }
                do {
                    if nextPlace < place {
                        while scanned[nextPlace] == nil, let next = await group.next() { scanned[next.place] = next }
                        if let next = scanned.removeValue(forKey: nextPlace) { pending.append(submit(next)) }
                        nextPlace += 1
                    }
                    // While parts are left to read, answers stay open so that the disk is never idle.
                    while let first = pending.first, isAtEnd && nextPlace == place || pending.count > mayWait {
                        pending.removeFirst()
                        try await settle(first, &state, progress, rejected)
                    }
                    if isAtEnd, nextPlace == place { break }
                } catch {
                    failure = error
                }
            }
            group.cancelAll()
        }
        // What is told is the beginning of the stream without a gap, because the next attempt goes on behind it. So of
        // what was submitted behind a part that was not stored the answers are awaited and not told.
        for next in pending { for await _ in next.answer {} }
        if let failure = failure ?? readFailure { throw failure }
    }

    private func scan(_ part: StreamReader.Part, place: Int) -> Scanned {
        let scanner = admission.scanner(.audit, submitter: submitter, source: source)
        let batch = Batch(
            bytes: part.bytes,
            layout: part.layout,
            firstLine: part.firstLine,
            byteOffset: part.byteOffset
        )
        return Scanned(place: place, part: part, output: scanner.scan(batch))
    }

    private func submit(_ scanned: Scanned) -> Pending {
        let (stream, continuation) = AsyncStream.makeStream(of: Result<Acknowledgement, StoreError>.self)
        if let frame = scanned.output.frame {
            admission.store.submit(frame) { answer in
                continuation.yield(answer)
                continuation.finish()
            }
        } else {
            continuation.yield(.success(Acknowledgement()))
            continuation.finish()
        }
        return Pending(part: scanned.part, output: scanned.output, answer: stream)
    }

    private func settle(
        _ pending: Pending,
        _ state: inout Progress,
        _ progress: (Progress) -> Void,
        _ rejected: ([Rejection]) -> Void
    ) async throws {
        var report = PartReport(lineCount: pending.part.lineCount)
        // Without an answer the task was cancelled, and nobody knows here whether the part was stored.
        guard let answer = await pending.answer.first(where: { _ in true }) else { throw CancellationError() }
        report.acknowledgement = try answer.get()
        IngestTelemetry.accepted(report.acknowledgement, byteCount: pending.part.bytes.count)
        report.quarantined = try await admission.setAside(
            pending.output.rejected,
            pending.part.layout,
            from: submitter,
            source: source
        )
        state.add(report, byteCount: pending.part.bytes.count, readByteCount: pending.part.readByteCount)
        progress(state)
        if !report.quarantined.isEmpty { rejected(report.quarantined) }
    }
}
