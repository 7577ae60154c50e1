// SPDX-License-Identifier: Apache-2.0

import AuditStore
import ByteCoding
import DurableFiles
import JournalFormat
import Synchronization
import SystemPackage

/// An event of a test: what a client sends, and sends again when it got no answer.
struct SampleEvent: Hashable, Sendable {
    var id: UInt64
    var bytes: [UInt8]

    /// An event of about so many bytes.
    ///
    /// Its bytes are different for every id and every variant.
    init(_ id: UInt64, variant: Int = 0, byteCount: Int = 100) {
        self.id = id
        bytes = Array(#"{"id":"\#(id)","variant":\#(variant)}"#.utf8)
        if bytes.count < byteCount { bytes += [UInt8](repeating: 0x20, count: byteCount - bytes.count) }
    }
}

/// Events of one submitter that are sent together.
struct SampleBatch: Sendable {
    var events: [SampleEvent]
    var submitter = "User:alice"

    init(_ events: [SampleEvent], submitter: String = "User:alice") {
        self.events = events
        self.submitter = submitter
    }

    /// A new frame for each time the batch is sent, as a server makes it.
    func frame() -> JournalFrame {
        let frame = JournalFrame(stream: .audit, submitter: submitter, source: "test", capacity: 64)
        for event in events {
            // Any hash will do here: it only has to be the same for the same submitter and id.
            var key = SeededGenerator(seed: event.id &* 31 &+ UInt64(submitter.utf8.count))
            frame.append(event.bytes.span.bytes, time: Int64(truncatingIfNeeded: event.id), keyHash: key.next())
        }
        frame.finish()
        return frame
    }
}

enum Samples {
    static let directory: FilePath = "/data"
    static let journal: FilePath = "/data/journal"

    /// Small files, so that a few batches begin a new one; a small window; a clock and a random source that stand still.
    static func options(journalFileByteCount: Int = 32 << 10, repeatWindowEventCount: Int = 64) -> StoreOptions {
        var options = StoreOptions(now: { 1_795_305_600_000_000_000 }, random: { 0x5EED })
        options.journalFileByteCount = journalFileByteCount
        options.repeatWindowEventCount = repeatWindowEventCount
        return options
    }

    static func open(
        _ fileSystem: SimulatedFileSystem,
        _ options: StoreOptions = options()
    ) throws(StoreError) -> StoreCore {
        try StoreCore(directory: directory, fileSystem: fileSystem, options: options)
    }

    /// A store with one acknowledged event in each of so many commits; not closed.
    static func filled(_ fileSystem: SimulatedFileSystem, commits: Range<UInt64>) throws -> StoreCore {
        var core = try open(fileSystem)
        for id in commits { _ = try core.commit([SampleBatch([SampleEvent(id)])])[0].get() }
        return core
    }

    static func files(_ fileSystem: SimulatedFileSystem) throws -> [FilePath] {
        try fileSystem.names(in: journal).map { journal.appending($0) }
    }
}

extension StoreCore {
    mutating func commit(_ batches: [SampleBatch]) -> [Result<Acknowledgement, StoreError>] {
        commit(batches.map { $0.frame() })
    }

    /// One batch of one submitter.
    mutating func append(_ events: [SampleEvent], submitter: String = "User:alice") throws -> Acknowledgement {
        try commit([SampleBatch(events, submitter: submitter)])[0].get()
    }
}

extension StoreSnapshot {
    /// All events in order, read and checked.
    func allEvents() throws(StoreError) -> [StoredEvent] {
        var events: [StoredEvent] = []
        for position in 0..<frames.count {
            let frame = try read(frames[position])
            for (place, range) in frame.ranges().enumerated() {
                events.append(StoredEvent(frame, place: place, range: range))
            }
        }
        return events
    }
}
