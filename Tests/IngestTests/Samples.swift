// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import ByteCoding
import DurableFiles
import JournalFormat
import SystemPackage

@testable import Ingest

enum Samples {
    static let now: Int64 = 1_795_305_600_000_000_000

    /// The least that is an event, and whatever members are to follow.
    static func event(_ id: String = "1", source: String = "crn:///kafka=lkc-1", and members: String = "") -> String {
        let type = "io.confluent.kafka.server/authorization"
        return #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"\#(type)"\#(members)}"#
    }

    /// Events as lines, of about so many bytes together.
    static func lines(byteCount: Int, padding: Int = 2000) -> [UInt8] {
        var bytes: [UInt8] = []
        var number = 0
        let rest = ",\"data\":{\"padding\":\"\(String(repeating: "x", count: padding))\"}"
        while bytes.count < byteCount {
            bytes += Array((event("event-\(number)", and: rest) + "\n").utf8)
            number += 1
        }
        return bytes
    }

    static let events = SystemEventMaker(now: { Timestamp(nanosecondsSinceEpoch: now) })

    static func options() -> StoreOptions {
        var options = StoreOptions(now: { now }, random: { 0x5EED })
        options.journalFileByteCount = 4 << 20
        options.repeatWindowEventCount = 1 << 10
        return options
    }
}

/// A log and its quarantine in a directory of their own.
struct TestLog: Sendable {
    static let directory: FilePath = "/data"

    let store: LogStore
    let quarantine: Quarantine
    private let scratch: Scratch?

    var admission: Admission { Admission(store: store, quarantine: quarantine, events: Samples.events) }

    /// On real files.
    init(_ options: StoreOptions = Samples.options()) throws {
        let scratch = try Scratch()
        self.scratch = scratch
        store = try LogStore(directory: scratch.path, options: options)
        quarantine = try Quarantine(directory: scratch.path, fileSystem: RealFileSystem(), now: { Samples.now })
    }

    /// On files that can be made to fail.
    init(_ fileSystem: SimulatedFileSystem, _ options: StoreOptions = Samples.options()) throws {
        scratch = nil
        store = try LogStore(directory: Self.directory, fileSystem: fileSystem, options: options)
        quarantine = try Quarantine(directory: Self.directory, fileSystem: fileSystem, now: { Samples.now })
    }

    func close() async {
        await store.close()
        await quarantine.close()
    }

    /// All events in order.
    func events() throws -> [StoredEvent] {
        let snapshot = store.snapshot
        return try (0..<snapshot.endIndex).compactMap { try snapshot.event(at: $0) }
    }

    /// What came in, in order.
    func texts() throws -> [String] { try texts(of: .audit) }

    /// The events of a stream, in order.
    func texts(of stream: LogStream) throws -> [String] {
        try events().filter { $0.stream == stream }.map { String(decoding: $0.bytes, as: UTF8.self) }
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

extension JournalFrame {
    /// The events in it, as text.
    var texts: [String] {
        (0..<eventCount).map { place in
            withEvent(place) { event in
                String(decoding: (0..<event.byteCount).map { event.byte(at: $0) }, as: UTF8.self)
            }
        }
    }
}
