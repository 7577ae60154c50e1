// SPDX-License-Identifier: Apache-2.0

import AuditModel

/// Decides when a log says that it lives, and of which hours it says which sources were silent.
///
/// States: *watching a part of an hour* at first, and again behind a pause in which nobody watched; *watching a whole hour* from the
/// beginning of the next one on. Only whole hours are spoken for.
struct HeartbeatClock {
    enum Beat: Equatable {
        /// Nothing was written for so long.
        case log
        /// An hour that was watched from its beginning to its end is over.
        case hour(start: Timestamp)
    }

    private static let hour = Duration.seconds(3600)

    private let interval: Duration
    private let longestPause: Duration
    private var currentHour: Timestamp
    private var isWhole = false
    private var last: Timestamp
    private var endIndex: UInt64
    /// When the log had grown last.
    private var grown: Timestamp

    /// - Parameters:
    ///   - interval: how long the log may be silent.
    ///   - longestPause: ticks further apart than this were not watching, as of a machine that slept.
    ///   - now: the first tick.
    ///   - endIndex: of the log.
    init(interval: Duration, longestPause: Duration, now: Timestamp, endIndex: UInt64) {
        self.interval = interval
        self.longestPause = longestPause
        self.endIndex = endIndex
        currentHour = Self.start(of: now)
        last = now
        grown = now
    }

    /// Says what is to be written now.
    mutating func tick(at now: Timestamp, endIndex: UInt64) -> [Beat] {
        var beats: [Beat] = []
        let isWatching = now <= last.adding(longestPause) && now >= last
        last = now
        let hour = Self.start(of: now)
        if !isWatching {
            isWhole = false
        } else if hour != currentHour {
            // No pause is as long as an hour, so this is the next one.
            if isWhole { beats.append(.hour(start: currentHour)) }
            isWhole = true
        }
        currentHour = hour
        if endIndex != self.endIndex || now < grown {
            self.endIndex = endIndex
            grown = now
        } else if grown.adding(interval) <= now {
            beats.append(.log)
            grown = now
        }
        return beats
    }

    private static func start(of time: Timestamp) -> Timestamp {
        time.adding(nanoseconds: -(time.utc.nanosecondOfDay % 3_600_000_000_000))
    }
}
