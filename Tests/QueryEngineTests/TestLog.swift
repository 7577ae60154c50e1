// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import Foundation
import JournalFormat
import NIOPosix
import Synchronization
import SystemPackage

@testable import QueryEngine

/// A log in a directory of its own, filled by a test.
final class TestLog: Sendable {
    static let received: Int64 = 1_795_305_600_000_000_000
    static let engine: Result<Engine, any Error> = Result {
        Engine(catalog: try Catalog.embedded(), pool: .singleton, threadCount: 2)
    }

    let store: LogStore
    private let directory: URL
    private let now: NowBox

    /// When what is added next is received.
    private final class NowBox: Sendable {
        let time = Mutex(TestLog.received)
    }

    init(sealing: SealPolicy = SealPolicy()) throws {
        let now = NowBox()
        self.now = now
        directory = FileManager.default.temporaryDirectory.appending(path: "query-\(UUID().uuidString)")
        var options = StoreOptions(now: { now.time.withLock { $0 } }, random: { 0x5EED })
        options.sealing = sealing
        // Small, so that a log of a few hundred events has several files.
        options.journalFileByteCount = 128 << 10
        options.repeatWindowEventCount = 64
        store = try LogStore(directory: FilePath(directory.path), options: options)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    /// Has what is added from now on be received then.
    func setTime(_ nanosecondsSinceEpoch: Int64) {
        now.time.withLock { $0 = nanosecondsSinceEpoch }
    }

    /// Adds events, so many to a frame.
    func add(_ events: [[UInt8]], perFrame count: Int, stream: LogStream = .audit) async throws {
        for start in stride(from: 0, to: events.count, by: count) {
            let frame = JournalFrame(stream: stream, submitter: "User:alice", source: "test", capacity: 4096)
            // No two events are the same for the log, though their bytes may be.
            let next = store.snapshot.endIndex
            for (place, event) in events[start..<min(start + count, events.count)].enumerated() {
                let time = ReferenceEvent(event)?.time?.nanosecondsSinceEpoch
                frame.append(event.span.bytes, time: time, keyHash: (next + UInt64(place)) &* 0x9E37_79B9_7F4A_7C15)
            }
            frame.finish()
            _ = try await store.append(frame)
        }
    }

    /// All parts, read and checked.
    func runs() throws -> [EventRun] {
        let snapshot = store.snapshot
        return try snapshot.parts.map { try snapshot.events(of: $0) }
    }

    /// All rows that a query gives, and how it ended.
    func rows(_ request: QueryRequest) async throws -> (rows: [StoredEvent], outcome: QueryOutcome) {
        var run = try Self.engine.get().start(request, on: store.snapshot)
        var rows: [StoredEvent] = []
        while let next = try await run.next() { rows += next }
        return (rows, run.outcome)
    }
}

/// Gives a test a log and closes it, however the test ends.
func withLog(sealing: SealPolicy = SealPolicy(), _ body: (TestLog) async throws -> Void) async throws {
    let log = try TestLog(sealing: sealing)
    do {
        try await body(log)
        await log.store.close()
    } catch {
        await log.store.close()
        throw error
    }
}

/// The events of the example day, from brace to brace, as they are stored.
enum ExampleDay {
    static func events() throws -> [[UInt8]] {
        let day = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples/day")
        let names = try FileManager.default.contentsOfDirectory(atPath: day.standardizedFileURL.path)
        return try names.filter { $0.hasSuffix(".ndjson") }.sorted().flatMap { name in
            try Data(contentsOf: day.appending(path: name)).split(separator: UInt8(ascii: "\n")).map { line in
                Array(line.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
            }
        }
    }
}
