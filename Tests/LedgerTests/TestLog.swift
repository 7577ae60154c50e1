// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import DurableFiles
import Foundation
import Ingest
import JournalFormat
import NIOPosix
import Synchronization
import SystemPackage

@testable import Ledger

/// A log in a directory of its own whose clock a test turns.
///
/// Times are seconds since `start`, which is the beginning of an hour.
final class TestLog: Sendable {
    static let start = Timestamp("2026-11-22T10:00:00Z") ?? .epoch

    let store: LogStore
    let admission: Admission
    let directory: URL
    private let quarantine: Quarantine
    private let events: SystemEventMaker
    private let clock: Clock

    private final class Clock: Sendable {
        let time = Mutex(TestLog.start)

        var now: Timestamp { time.withLock { $0 } }
    }

    init(retention: RetentionPolicy = RetentionPolicy(), waitsForSealing: Bool = false) throws {
        let clock = Clock()
        self.clock = clock
        directory = FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)")
        var options = StoreOptions(now: { clock.now.nanosecondsSinceEpoch }, random: { 0x5EED })
        options.journalFileByteCount = 1 << 20
        options.repeatWindowEventCount = 1024
        options.retention = retention
        options.waitsForSealing = waitsForSealing
        if waitsForSealing { options.journalFileByteCount = 64 << 20 }
        store = try LogStore(directory: FilePath(directory.path), options: options)
        quarantine = try Quarantine(
            directory: FilePath(directory.path),
            fileSystem: RealFileSystem(),
            now: { clock.now.nanosecondsSinceEpoch }
        )
        events = SystemEventMaker(now: { clock.now })
        admission = Admission(store: store, quarantine: quarantine, events: events)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func close() async {
        await store.close()
        await quarantine.close()
    }

    /// Moves the clock.
    func setTime(_ seconds: Int) {
        clock.time.withLock { $0 = Self.start.adding(.seconds(seconds)) }
    }

    /// Writes one of Martlet's own events.
    func say(
        _ kind: SystemEvent.Kind,
        at seconds: Int,
        _ details: [(name: String, value: String)] = []
    ) async throws {
        setTime(seconds)
        try await admission.record(events.make(kind, method: "Test", principal: "martlet", details: details))
    }

    /// Writes a sign of life every five minutes.
    func live(from first: Int, to last: Int) async throws {
        for seconds in stride(from: first, through: last, by: 300) { try await say(.heartbeat, at: seconds) }
    }

    /// Adds events as one frame.
    func add(
        _ count: Int = 1,
        at seconds: Int,
        from submitter: String = "token:a",
        source: String = "http",
        position: String = ""
    ) async throws {
        setTime(seconds)
        let frame = JournalFrame(
            stream: .audit,
            submitter: submitter,
            source: source,
            position: Array(position.utf8),
            capacity: 4096
        )
        for _ in 0..<count {
            let id = UUID().uuidString
            let event = #"{"specversion":"1.0","id":"\#(id)","source":"s","type":"t"}"#
            let bytes = Array(event.utf8)
            frame.append(bytes.span.bytes, time: nil, keyHash: UInt64(truncatingIfNeeded: id.hashValue))
        }
        frame.finish()
        _ = try await store.append(frame)
    }

    /// The ledger as of a time.
    func ledger(
        at seconds: Int,
        from: Int? = 0,
        to: Int? = nil,
        source: String? = nil
    ) async throws -> LedgerDocument {
        let request = LedgerRequest(
            from: from.map { Self.start.adding(.seconds($0)) },
            to: to.map { Self.start.adding(.seconds($0)) },
            source: source
        )
        return try await LedgerMaker(pool: .singleton, threadCount: 2).make(
            request,
            of: store.snapshot,
            now: Self.start.adding(.seconds(seconds))
        )
    }
}

extension LedgerDocument {
    /// Each row on a line: hour of the day, source, events, state, codes of the reasons.
    var lines: [String] {
        rows.map { row in
            let codes = row.reasons.map(\.code).joined(separator: ",")
            let hour = row.hour.dropFirst(11).prefix(2)
            return "\(hour) \(row.source) \(row.events) \(row.state)\(codes.isEmpty ? "" : " " + codes)"
        }
    }
}

/// Gives a test a log and closes it, however the test ends.
func withLog(_ log: TestLog, _ body: (TestLog) async throws -> Void) async throws {
    do {
        try await body(log)
        await log.close()
    } catch {
        await log.close()
        throw error
    }
}
