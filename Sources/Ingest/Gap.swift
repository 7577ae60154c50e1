// SPDX-License-Identifier: Apache-2.0

package import AuditModel
import AuditStore

/// Events of a source that are known not to be in the log, or not to be there as they came.
///
/// Whoever loses or sets aside something says so with one of these, in the `system` stream, so that the ledger can name the hour.
/// One for a stretch, not one for each event.
package struct Gap: Equatable, Sendable {
    /// Why; the raw values are written to the log and are never given another meaning.
    package enum Reason: String, CaseIterable, Sendable {
        /// The source deleted events before they were read.
        case retentionTook = "retention-took"
        /// What records the source's events was not running, and the source did not wait.
        case sourceDown = "source-down"
        /// A spool on disk had no room.
        case spoolOverflowed = "spool-overflowed"
        /// A queue in memory had no room.
        case queueDropped = "queue-dropped"
        /// Pieces of a stream were no events, and are kept in the quarantine.
        case quarantined
        /// The source is shorter than it was read already, so that what it had behind is gone or was replaced.
        case truncated
        /// The source could not be read behind a place.
        case unreadable
        /// The disk was full, and the source did not wait.
        case diskFull = "disk-full"
        /// What was held in memory went with a process that was killed.
        case shutdownUnclean = "shutdown-unclean"
        /// The source numbers what it sends, and numbers are missing.
        case missingSequence = "missing-sequence"
    }

    package let submitter: String
    /// The origin of the events, as their frames would have had it.
    package let source: String
    /// The first that is missing, in the source's own words, such as `line 17`; nil when nobody knows.
    package let from: String?
    /// The last that is missing.
    package let to: String?
    package let reason: Reason
    /// How many; nil when nobody knows.
    package let lostCount: Int?
    /// When they would have been received; nil for the moment at which the gap is recorded.
    package let timeRange: ClosedRange<Timestamp>?

    package init(
        submitter: String,
        source: String,
        from: String?,
        to: String?,
        reason: Reason,
        lostCount: Int? = nil,
        timeRange: ClosedRange<Timestamp>? = nil
    ) {
        self.submitter = submitter
        self.source = source
        self.from = from
        self.to = to
        self.reason = reason
        self.lostCount = lostCount
        self.timeRange = timeRange
    }

    /// What the event says, by name; nothing for what nobody knows.
    package var details: [(name: String, value: String)] {
        let all: [(name: String, value: String?)] = [
            ("submitter", submitter), ("source", source), ("reason", reason.rawValue), ("from", from), ("to", to),
            ("lost", lostCount.map(String.init)), ("since", timeRange?.lowerBound.description),
            ("until", timeRange?.upperBound.description),
        ]
        return all.compactMap { name, value in value.map { (name: name, value: $0) } }
    }
}

extension Gap.Reason {
    /// Why what waits in memory has no room, when storing it failed with an error.
    package init(failure: any Error) {
        self = (failure as? StoreError)?.code == .noSpace ? .diskFull : .queueDropped
    }
}

extension Gap {
    /// Pieces of one part of a stream that were put into the quarantine; at least one.
    init(quarantined rejections: [Rejection], _ layout: BatchLayout, from submitter: String, source: String) {
        let unit = layout == .lines ? "line" : "event"
        let lines = rejections.map(\.line)
        self.init(
            submitter: submitter,
            source: source,
            from: lines.min().map { "\(unit) \($0)" },
            to: lines.max().map { "\(unit) \($0)" },
            reason: .quarantined,
            lostCount: rejections.count
        )
    }
}
