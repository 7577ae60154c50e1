// SPDX-License-Identifier: Apache-2.0

/// Lines in the order of the log, of which some wait to learn what they become.
///
/// What stands behind a line that waits is not written before it: so how far a log was told is one offset, and nothing is told twice after
/// a restart.
struct HeldLines<Waiting: Sendable>: Sendable {
    enum Entry: Sendable {
        /// Decided: the events, which may be none.
        case decided([UInt8], eventCount: Int)
        case waiting(Waiting, until: Int64)
    }

    private var entries: [(place: LogPlace, entry: Entry)] = []
    private var first = 0

    var isEmpty: Bool { first == entries.count }
    var count: Int { entries.count - first }

    /// Where the first line stands that is not told.
    var firstPlace: LogPlace? { isEmpty ? nil : entries[first].place }

    mutating func append(_ entry: Entry, at place: LogPlace) {
        entries.append((place, entry))
    }

    /// Writes what is decided, as far as nothing in front of it waits.
    ///
    /// - Parameters:
    ///   - now: lines that wait until then or longer go on waiting.
    ///   - output: gets the events.
    ///   - decide: says what a line becomes; nil to wait on. When `isLast` it must not.
    mutating func release(
        now: Int64,
        into output: inout LogOutput,
        decide: (Waiting, _ place: LogPlace, _ isLast: Bool, inout LogOutput) -> Bool
    ) {
        while first < entries.count {
            switch entries[first].entry {
            case .decided(let events, let eventCount):
                output.events += events
                output.eventCount += eventCount
            case .waiting(let waiting, let until):
                let isLast = until <= now || count > MappingLimits.correlatedCount
                guard decide(waiting, entries[first].place, isLast, &output) else { return }
            }
            first += 1
            if first > 1024, first * 2 > entries.count {
                entries.removeFirst(first)
                first = 0
            }
        }
        entries.removeAll(keepingCapacity: true)
        first = 0
    }
}
