// SPDX-License-Identifier: Apache-2.0

/// How complete an hour of a source is.
package enum LedgerState: String, Codable, CaseIterable, Sendable {
    /// The server was up for the whole hour, the source was heard or is known to have been silent, and nothing is known to be
    /// missing.
    case complete
    /// Something is known to be missing.
    case gap
    /// Nobody can say.
    case unknown
}

/// Why an hour is not complete.
package struct LedgerReason: Codable, Equatable, Sendable {
    /// Of a gap, as its event says it: `quarantined`, `retention-took`, `missing-sequence`, ….
    ///
    /// Of an hour that is unknown: `server-down`, `unclean-end`, `no-sign-of-life`, `disk-full`, `silent`, `retention`,
    /// `damaged-segment`.
    package let code: String
    /// The first and the last that is missing, in the source's own words.
    package var from: String?
    package var to: String?
    /// How many are missing.
    package var lost: Int?
    /// When, RFC 3339.
    package var since: String?
    package var until: String?
    /// The segment that is damaged.
    package var segment: String?

    package init(_ code: String) {
        self.code = code
    }
}

extension LedgerReason {
    /// For people, on one line, with times to the second.
    ///
    /// - Parameter day: a time that begins so is shown without its day.
    /// - Returns: what happened, where, and when.
    package func text(onDay day: String? = nil) -> String {
        func short(_ time: String) -> String {
            let second = time.prefix("2026-11-22T10:00:00".count)
            return (day.map { second.hasPrefix($0 + "T") } == true ? second.dropFirst(11) : second) + "Z"
        }
        var text = code
        if let segment { text += " \(segment)" }
        if let lost { text += " \(lost)" }
        switch (from, to) {
        case (let from?, let to?): text += from == to ? " at \(from)" : " from \(from) to \(to)"
        case (let from?, nil): text += " from \(from)"
        case (nil, let to?): text += " up to \(to)"
        case (nil, nil): break
        }
        switch (since.map(short), until.map(short)) {
        case (let since?, let until?): text += " \(since) to \(until)"
        case (let since?, nil): text += " since \(since)"
        case (nil, let until?): text += " until \(until)"
        case (nil, nil): break
        }
        return text
    }
}

/// An hour of a source.
package struct LedgerRow: Codable, Equatable, Sendable {
    /// When the hour begins, in UTC; hours are those of receipt.
    package let hour: String
    package let submitter: String
    package let source: String
    package let events: Int
    package var firstIndex: UInt64?
    package var lastIndex: UInt64?
    package var firstReceived: String?
    package var lastReceived: String?
    /// How far the source was read behind the first frame of the hour, and behind the last, as it says it.
    package var firstPosition: String?
    package var lastPosition: String?
    /// How often the server started in this hour.
    package var restarts: Int
    package let state: LedgerState
    package let reasons: [LedgerReason]
    /// How many reasons there are beyond those named.
    package var moreReasons: Int?
}

/// A ledger: the rows of some hours, and what they come to.
package struct LedgerDocument: Codable, Equatable, Sendable {
    package struct Totals: Codable, Equatable, Sendable {
        package var events = 0
        package var sources = 0
        package var complete = 0
        package var gap = 0
        package var unknown = 0

        package init() {}
    }

    /// The first moment, and the first behind the last hour.
    package let from: String
    package let to: String
    /// By hour, then by source.
    package let rows: [LedgerRow]
    package let totals: Totals
    /// Why rows may be missing, if so.
    package let partialReason: String?

    /// What can be said of all of it: a gap if there is one anywhere; complete only if every row is, and there is one.
    package var state: LedgerState {
        if totals.gap > 0 { return .gap }
        return totals.unknown > 0 || totals.complete == 0 || partialReason != nil ? .unknown : .complete
    }
}
