// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import CZlib
import DurableFiles
import EventMapping
import Foundation
import Glibc
import Ingest
import JournalFormat
import Logging
import NIOPosix
import Synchronization
import SystemPackage
import Testing

@testable import LogReaders

/// A directory with a broker's log in it, a store, and a follower between the two, whose time is moved by hand.
///
/// SAFETY: a test calls from one task at a time, apart from the clock, which has a lock.
final class FollowedLog: @unchecked Sendable {
    let directory: FilePath
    let log: FilePath
    private let time = Mutex<Int64>(1_795_353_860_000_000_000)
    private var follower: LogFollower?
    private var opened: (store: LogStore, quarantine: Quarantine)?
    var correlator: AuthorizationCorrelator?

    init() throws {
        directory = FilePath(
            FileManager.default.temporaryDirectory.appending(path: "log-readers-\(UUID().uuidString)").path
        )
        log = directory.appending("logs").appending("kafka-authorizer.log")
        try FileManager.default.createDirectory(
            atPath: log.removingLastComponent().string,
            withIntermediateDirectories: true
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory.string)
    }

    // MARK: - The store

    func admission() throws -> Admission {
        if opened == nil {
            // A window of one event: nothing is once because repeats are noticed.
            var options = StoreOptions(now: { 1_795_353_860_000_000_000 }, random: { 0x5EED })
            options.journalFileByteCount = 4 << 20
            options.repeatWindowEventCount = 1
            let data = directory.appending("data")
            let store = try Self.open(data, options)
            let quarantine = try Quarantine(directory: data, fileSystem: RealFileSystem(), now: { 0 })
            opened = (store, quarantine)
        }
        let (store, quarantine) = try #require(opened)
        let events = SystemEventMaker(now: { Timestamp(nanosecondsSinceEpoch: 1_795_353_860_000_000_000) })
        return Admission(store: store, quarantine: quarantine, events: events)
    }

    /// The lock goes with the last reference to the store before, which a thread of its may have for a moment longer.
    private static func open(_ data: FilePath, _ options: StoreOptions) throws -> LogStore {
        for _ in 0..<10_000 {
            do throws(StoreError) {
                return try LogStore(directory: data, options: options)
            } catch  where error.code == .locked {
                sched_yield()
            } catch {
                throw error
            }
        }
        return try LogStore(directory: data, options: options)
    }

    /// As after the end of the process: what was not stored is forgotten.
    func restart() async throws {
        follower = nil
        guard let (store, quarantine) = opened else { return }
        await store.close()
        await quarantine.close()
        opened = nil
    }

    private func events() throws -> [StoredEvent] {
        let snapshot = try admission().store.snapshot
        return try snapshot.parts.flatMap { try snapshot.events(of: $0).events }
    }

    /// Events that came of lines.
    func texts() throws -> [String] {
        try events().filter { $0.stream == .audit }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// The numbers of the lines that became events.
    func numbers() throws -> [Int] {
        try texts().compactMap { text in
            text.firstRange(of: #""resourceName":"t-"#).flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
        }
    }

    /// Reasons of the gaps.
    func gaps() throws -> [String] {
        try events().filter { $0.stream == .system }.compactMap { event in
            let text = String(decoding: event.bytes, as: UTF8.self)
            guard text.contains("audit/gap"), let range = text.firstRange(of: #""reason":""#) else { return nil }
            return String(text[range.upperBound...].prefix { $0 != "\"" })
        }
    }

    func quarantined() async throws -> [QuarantineEntry] {
        _ = try admission()
        return try await opened?.quarantine.entries() ?? []
    }

    // MARK: - Following

    func advance(seconds: Int64) {
        time.withLock { $0 += seconds * 1_000_000_000 }
    }

    private func current() throws -> LogFollower {
        if let follower { return follower }
        let made = LogFollower(
            LogFollower.Options(path: log),
            parser: AuthorizerLogParser(
                cluster: try #require(CRN("crn:///kafka=test")),
                zone: .utc,
                correlator: correlator
            ),
            admission: try admission(),
            pool: .singleton,
            now: { [time = TimeBox(self)] in time.now },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        follower = made
        return made
    }

    fileprivate var nanoseconds: Int64 { time.withLock { $0 } }

    private struct TimeBox: @unchecked Sendable {
        // SAFETY: tests call from one task at a time, and the time has a lock.
        unowned let log: FollowedLog
        init(_ log: FollowedLog) { self.log = log }
        var now: Int64 { log.nanoseconds }
    }

    /// As a service does, until the task is cancelled.
    func run() async throws { try await current().run() }

    /// So many looks at the log.
    func look(_ count: Int = 1) async throws {
        for _ in 0..<count { _ = try await current().step() }
    }

    /// Looks until nothing has been new for a while.
    func lookToTheEnd() async throws {
        var quiet = 0
        while quiet < 4 { quiet = try await current().step() ? 0 : quiet + 1 }
    }

    // MARK: - Writing

    static func line(_ number: Int) -> String {
        let second = 1_795_353_860 + number
        let time = Timestamp(secondsSinceEpoch: second).description.replacing("T", with: " ").replacing(
            "Z",
            with: ",000"
        )
        return
            "[\(time)] INFO Principal = User:alice is Denied operation = READ from host = 10.0.0.1 on resource = "
            + "Topic:LITERAL:t-\(number) for request = Fetch with resourceRefCount = 1 based on rule DefaultDeny "
            + "(kafka.authorizer.logger)\n"
    }

    func append(_ text: String) throws {
        try append(Array(text.utf8))
    }

    func append(_ bytes: [UInt8]) throws {
        let file = try FileDescriptor.open(
            log,
            .writeOnly,
            options: [.append, .create],
            permissions: [.ownerReadWrite]
        )
        defer { try? file.close() }
        try file.writeAll(bytes)
    }

    func contents(_ path: FilePath) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path.string))) }

    func rename(to name: String) throws {
        try FileManager.default.moveItem(atPath: log.string, toPath: sibling(name).string)
    }

    /// As logrotate does with `copytruncate`.
    func copyAndCut(to name: String) throws {
        try Data(contents(log)).write(to: URL(filePath: sibling(name).string))
        try cut()
    }

    func cut() throws {
        let file = try FileDescriptor.open(log, .writeOnly, options: [.truncate])
        try file.close()
    }

    func pack(_ name: String) throws {
        let packed = try Self.gzip(contents(sibling(name)))
        try Data(packed).write(to: URL(filePath: sibling(name + ".gz").string))
        try remove(name)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: sibling(name).string)
    }

    func sibling(_ name: String) -> FilePath { log.removingLastComponent().appending(name) }

    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        // deflateInit2 is a macro; 16 asks for the gzip form.
        try #require(deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK)
        defer { deflateEnd(&stream) }
        let room = Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(room)
                deflate(&stream, Z_FINISH)
                count = room - Int(stream.avail_out)
            }
        }
    }
}
