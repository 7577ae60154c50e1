// SPDX-License-Identifier: Apache-2.0

package import AuditStore
import JournalFormat

/// Events of another log on their way into this one: scanned, in frames, not stored yet.
package struct PreparedRun: Sendable {
    fileprivate var frames: [JournalFrame] = []
    fileprivate var rejected: [RejectedPiece] = []
    /// Events that are to be stored or were rejected.
    package fileprivate(set) var eventCount = 0
    /// Bytes of them.
    package fileprivate(set) var byteCount = 0
    /// Events that were left out because they are the other log's own.
    package fileprivate(set) var skippedCount = 0
}

/// Brings runs of events from elsewhere into a log: the same admission as for a stream, without looking for line ends.
///
/// `prepare` is for any thread, `store` for one task, so that runs are stored in their order.
package struct EventRunIngest: Sendable {
    /// Bytes of events in one frame.
    private static let frameByteCount = 4 << 20

    private let admission: Admission
    private let submitter: String
    private let source: String
    private let takesSystemEvents: Bool

    /// - Parameters:
    ///   - admission: of the log that takes the events.
    ///   - submitter: who hands them in.
    ///   - source: where they come from.
    ///   - takesSystemEvents: whether the other log's own events are taken as well, as events like any other.
    package init(_ admission: Admission, submitter: String, source: String, takesSystemEvents: Bool) {
        self.admission = admission
        self.submitter = submitter
        self.source = source
        self.takesSystemEvents = takesSystemEvents
    }

    /// Scans the events of a run and puts them into frames.
    ///
    /// - Parameters:
    ///   - run: the events.
    ///   - firstLine: number of the run's first event among those of its source, from 1, for messages.
    /// - Returns: what `store` takes.
    package func prepare(_ run: EventRun, firstLine: Int) -> PreparedRun {
        var prepared = PreparedRun()
        var reader = EnvelopeReader(submitter: submitter, keySeed: admission.store.keySeed, limits: admission.limits)
        var frame: JournalFrame?
        func finish() {
            guard let full = frame else { return }
            full.finish()
            prepared.frames.append(full)
            frame = nil
        }
        let bytes = run.bytes.span.bytes
        for group in run.groups {
            guard group.labels.stream == .audit || takesSystemEvents else {
                prepared.skippedCount += group.places.count
                continue
            }
            for place in group.places {
                let range = run.ranges[place]
                prepared.eventCount += 1
                prepared.byteCount += range.count
                do throws(Rejection) {
                    let envelope = try reader.read(bytes, in: range)
                    if let full = frame,
                        full.bodyByteCount >= Self.frameByteCount || !full.hasRoom(for: range.count)
                    {
                        finish()
                    }
                    let current =
                        frame
                        ?? JournalFrame(
                            stream: .audit,
                            submitter: submitter,
                            source: source,
                            capacity: max(range.count, Self.frameByteCount)
                        )
                    frame = current
                    current.append(
                        bytes.extracting(envelope.range),
                        time: envelope.time,
                        keyHash: envelope.keyHash
                    )
                } catch {
                    var rejection = error
                    rejection.byteOffset -= range.lowerBound
                    rejection.line = firstLine + place
                    prepared.rejected.append(RejectedPiece(rejection: rejection, bytes: Array(run.bytes[range])))
                }
            }
        }
        finish()
        return prepared
    }

    /// Stores what was prepared; it survives a power cut when this returns, and so do rejected events in the quarantine.
    ///
    /// - Throws: `StoreError`, `QuarantineError`. Offering it again repeats nothing.
    package func store(_ prepared: PreparedRun) async throws -> PartReport {
        var report = PartReport(lineCount: prepared.eventCount)
        for frame in prepared.frames {
            let answer = try await admission.store.append(frame)
            IngestTelemetry.accepted(answer, byteCount: frame.bodyByteCount)
            report.acknowledgement.repeated += answer.repeated
            report.acknowledgement.conflicts += answer.conflicts
            if let indices = answer.indices {
                let first = report.acknowledgement.indices?.lowerBound ?? indices.lowerBound
                report.acknowledgement.indices = first..<indices.upperBound
            }
        }
        report.quarantined = try await admission.setAside(prepared.rejected, .objects, from: submitter, source: source)
        return report
    }
}
