// SPDX-License-Identifier: Apache-2.0

import AuditStore
import ByteCoding
import DurableFiles
import EventScanner
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
        bytes = Array(#"{"id":"\#(id)","source":"test","variant":\#(variant)"#.utf8)
        let padding = byteCount - bytes.count - #","padding":""}"#.utf8.count
        if padding > 0 {
            bytes += Array(#","padding":""#.utf8) + [UInt8](repeating: 0x20, count: padding) + Array(#"""#.utf8)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// The hash by which the store finds it again.
    func keyHash(submitter: String, seed: UInt64 = Samples.seed) -> UInt64 {
        var scanner = ObjectScanner(PathTable([("source", 0), ("id", 1)]))
        guard (try? scanner.scan(bytes.span.bytes, in: 0..<bytes.count)) != nil, let source = scanner.first(0),
            let id = scanner.first(1)
        else { return 0 }
        return EventKeyHash(seed: seed, submitter: submitter).hash(source: source, id: id, in: bytes.span.bytes)
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
            frame.append(
                event.bytes.span.bytes,
                time: Int64(truncatingIfNeeded: event.id),
                keyHash: event.keyHash(submitter: submitter)
            )
        }
        frame.finish()
        return frame
    }
}

enum Samples {
    /// What the random source of `options` always gives: the seed of the key hashes.
    static let seed: UInt64 = 0x5EED

    static let directory: FilePath = "/data"
    static let journal: FilePath = "/data/journal"

    /// Small files, so that a few batches begin a new one; a small window; a clock and a random source that stand still.
    static func options(journalFileByteCount: Int = 32 << 10, repeatWindowEventCount: Int = 64) -> StoreOptions {
        var options = StoreOptions(now: { 1_795_305_600_000_000_000 }, random: { seed })
        options.journalFileByteCount = journalFileByteCount
        options.repeatWindowEventCount = repeatWindowEventCount
        options.reserveByteCount = 4 << 10
        options.sealing.boundary = 2
        options.sealing.eventCount = 8
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
        for part in parts { events += try self.events(of: part).events }
        return events
    }
}
