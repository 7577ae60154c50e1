// SPDX-License-Identifier: Apache-2.0

/// What a ledger may cost, and how long silence may be.
package enum LedgerLimits {
    /// How long a log may show no sign of life while its server is up: twice the longest interval of heartbeats.
    ///
    /// Beyond it nobody can say that the server was up.
    package static let longestSilence = Duration.seconds(600)

    /// How long a source may be silent before it is taken for gone.
    ///
    /// Until then each hour without an event needs a heartbeat, or is unknown.
    package static let sourceLifetime = Duration.seconds(7 * 86_400)

    /// Sources that one heartbeat's hour names: those that were heard last.
    ///
    /// A submitter may name as many sources as it likes; a frame and an hour's events stay small.
    package static let maximumHeartbeatSourceCount = 1000

    /// Sources of one ledger.
    ///
    /// The rest is left out, and the ledger says so.
    package static let maximumSourceCount = 10_000

    /// Rows of one ledger: a few sources for a year, or a thousand for two days.
    package static let maximumRowCount = 50_000

    /// Reasons that one row names.
    package static let maximumReasonCount = 16

    /// Frames of the journal that are looked at in one go.
    static let framesPerUnit = 1024

    static let nanosecondsPerHour: Int64 = 3_600_000_000_000
}

extension Duration {
    /// Whole nanoseconds.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
