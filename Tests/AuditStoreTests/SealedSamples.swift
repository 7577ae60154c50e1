// SPDX-License-Identifier: Apache-2.0

import AuditStore
import DurableFiles
import JournalFormat
import Synchronization

/// A clock that a test moves.
final class TestClock: Sendable {
    private let time: Mutex<Int64>

    init(_ now: Int64 = 1_795_305_600_000_000_000) {
        time = Mutex(now)
    }

    var now: Int64 { time.withLock { $0 } }

    func advance(by nanoseconds: Int64) {
        time.withLock { $0 += nanoseconds }
    }
}

/// An event as the log has it, with all its labels, to compare.
struct EventRecord: Hashable, CustomStringConvertible {
    let index: UInt64
    let received: Int64
    let stream: LogStream
    let submitter: String
    let source: String
    let position: [UInt8]
    let flags: UInt32
    let bytes: [UInt8]

    init(_ event: StoredEvent, position: [UInt8]) {
        index = event.index
        received = event.received
        stream = event.stream
        submitter = event.submitter
        source = event.source
        self.position = position
        flags = event.flags.rawValue
        bytes = event.bytes
    }

    var description: String {
        "\(index) \(stream.name) \(submitter) \(source) \(flags) \(String(decoding: bytes, as: UTF8.self).prefix(40))"
    }
}

extension EventRun {
    var records: [EventRecord] {
        groups.flatMap { group in
            group.places.map { EventRecord(event(at: $0, group.labels), position: group.labels.position) }
        }
    }
}

extension StoreSnapshot {
    /// All events in order with all their labels, read and checked.
    func allRecords() throws(StoreError) -> [EventRecord] {
        var records: [EventRecord] = []
        for part in parts { records += try events(of: part).records }
        return records
    }
}

extension StoreCore {
    /// Makes segments of what the journal has, as a sealing thread would.
    ///
    /// - Parameter all: whether the last segment may end anywhere.
    /// - Throws: as `SegmentMaker.writeNext` and `adopt`.
    mutating func seal(all: Bool = true) throws(StoreError) {
        var maker = segmentMaker()
        let snapshot = snapshot
        while maker.nextIndex < snapshot.endIndex {
            try maker.catchUp(with: snapshot, to: snapshot.endIndex)
            try adoptAll(of: &maker)
        }
        if all { maker.finishAll() }
        try adoptAll(of: &maker)
    }

    /// Writes every segment that is full, and has it count.
    mutating func adoptAll(of maker: inout SegmentMaker) throws(StoreError) {
        while let description = try maker.writeNext() {
            try adopt(description)
            maker.wasAdopted()
        }
    }

    /// Merges the oldest run of segments that fit one.
    ///
    /// - Returns: whether there was one.
    @discardableResult
    mutating func merge(atLeast count: Int = 2) throws(StoreError) -> Bool {
        let maker = segmentMaker()
        guard let segments = maker.mergeableSegments(of: snapshot, atLeast: count) else { return false }
        try adopt(maker.writeMerged(segments))
        return true
    }
}
