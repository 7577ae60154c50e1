// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import Ingest

/// What waits for being stored, in order, and how much room there is for more.
///
/// A value: whoever owns it locks it. Room is counted in bytes: of what waits, of what is being written, and of what was promised
/// to requests on their way. Promises are made up to the capacity; events of requests that had none may fill it too. An event
/// whose request was let through is taken up to a quarter beyond, so that a promise that was too small loses nothing. What finds no
/// room is counted, and becomes one gap in its place in the order.
struct RecordQueue {
    /// What a caller has to do for what it put in to be written.
    enum Wake {
        case now
        /// After `GatewayLimits.batchDelay`.
        case soon
        case notNeeded
    }

    /// Events that found no room.
    struct Dropped: Equatable {
        var count = 0
        var numbers: ClosedRange<UInt64>
        var times: ClosedRange<Int64>
    }

    private enum Entry {
        case events([UInt8], count: Int)
        case other(RecordedItem)
    }

    let capacity: Int
    private var entries: [Entry] = []
    private var first = 0
    private(set) var waitingByteCount = 0
    private(set) var waitingEventCount = 0
    private(set) var reservedByteCount = 0
    private(set) var dropped: Dropped?
    /// Events that were offered so far.
    private var number: UInt64 = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEmpty: Bool { first == entries.count && dropped == nil }

    // MARK: - Room

    mutating func reserve(_ byteCount: Int) -> Bool {
        // What was dropped has to be said before anything else is promised.
        guard dropped == nil, waitingByteCount + reservedByteCount + byteCount <= capacity else { return false }
        reservedByteCount += byteCount
        return true
    }

    mutating func release(_ byteCount: Int) {
        reservedByteCount = max(0, reservedByteCount - byteCount)
    }

    // MARK: - In

    /// Puts an event at the end; it is counted as dropped when there is no room.
    ///
    /// - Parameters:
    ///   - event: without the end of its line.
    ///   - isPromised: whether its request was let through because there was room.
    ///   - time: nanoseconds since 1970 (UTC).
    /// - Returns: what has to be done for it to be written; nil when it was dropped.
    mutating func append(_ event: [UInt8], isPromised: Bool, time: Int64) -> Wake? {
        number += 1
        let limit = isPromised ? capacity + capacity / 4 : capacity
        guard dropped == nil, waitingByteCount + event.count + 1 <= limit else {
            drop(1, time: time)
            return nil
        }
        waitingByteCount += event.count + 1
        waitingEventCount += 1
        if case .events(var lines, let count)? = entries.last, entries.count > first,
            lines.count + event.count < GatewayLimits.writeByteCount
        {
            entries[entries.count - 1] = .events([], count: 0)
            lines.append(contentsOf: event)
            lines.append(0x0A)
            entries[entries.count - 1] = .events(lines, count: count + 1)
        } else {
            entries.append(.events(event + [0x0A], count: 1))
        }
        if waitingEventCount >= GatewayLimits.batchEventCount || waitingByteCount >= GatewayLimits.batchByteCount {
            return .now
        }
        return waitingEventCount == 1 ? .soon : .notNeeded
    }

    mutating func append(_ item: RecordedItem) {
        entries.append(.other(item))
    }

    private mutating func drop(_ count: Int, time: Int64) {
        guard var dropped else {
            self.dropped = Dropped(count: count, numbers: number...number, times: time...time)
            return
        }
        dropped.count += count
        dropped.numbers = dropped.numbers.lowerBound...max(dropped.numbers.upperBound, number)
        dropped.times = min(dropped.times.lowerBound, time)...max(dropped.times.upperBound, time)
        self.dropped = dropped
    }

    // MARK: - Out

    /// The next item, which goes on counting as waiting until `stored` is called.
    ///
    /// What was dropped comes when all that waited before it is gone: then there is room again.
    mutating func next() -> (item: RecordedItem, byteCount: Int)? {
        guard first < entries.count else { return nil }
        let entry = entries[first]
        entries[first] = .events([], count: 0)
        first += 1
        if first == entries.count {
            entries.removeAll(keepingCapacity: false)
            first = 0
        }
        switch entry {
        case .events(let lines, let count):
            waitingEventCount -= count
            return (.events(lines: lines, count: count), lines.count)
        case .other(let item):
            return (item, 0)
        }
    }

    mutating func stored(byteCount: Int) {
        waitingByteCount -= byteCount
    }

    /// The events that found no room, once all that came before them is stored.
    mutating func takeDropped() -> Dropped? {
        guard first == entries.count else { return nil }
        defer { dropped = nil }
        return dropped
    }
}

extension Gap {
    /// Events that a gateway's queue had no room for.
    init(_ dropped: RecordQueue.Dropped, submitter: String, source: String, reason: Reason) {
        self.init(
            submitter: submitter,
            source: source,
            from: "event \(dropped.numbers.lowerBound) since the start",
            to: "event \(dropped.numbers.upperBound) since the start",
            reason: reason,
            lostCount: dropped.count,
            timeRange: Timestamp(
                nanosecondsSinceEpoch: dropped.times.lowerBound
            )...Timestamp(nanosecondsSinceEpoch: dropped.times.upperBound)
        )
    }
}
