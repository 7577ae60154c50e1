// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import DurableFiles
import Foundation
import Ingest
import JournalFormat
import KafkaClient
import Logging
import MockKafka
import SystemPackage
import Testing

@testable import KafkaIngest

/// A log on disk, and a cluster beside it.
final class Fixture: @unchecked Sendable {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let now: Int64 = 1_795_305_600_000_000_000

    let brokers: MockBrokers
    private(set) var directory: FilePath
    private let producer: KafkaProducer

    init() throws {
        brokers = try MockBrokers()
        directory = FilePath(FileManager.default.temporaryDirectory.path).appending("topics-\(UUID().uuidString)")
        producer = try KafkaProducer(Self.properties(brokers), logger: Self.logger)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.string) }

    static func properties(_ brokers: MockBrokers) -> KafkaProperties {
        var properties = KafkaProperties()
        properties["bootstrap.servers"] = brokers.bootstrap
        properties["reconnect.backoff.max.ms"] = "200"
        properties["socket.timeout.ms"] = "2000"
        // Otherwise the mock keeps more records than their bytes say.
        properties["compression.type"] = "none"
        return properties
    }

    static func event(_ id: String) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"crn:///kafka=lkc-1","type":"io.confluent.kafka.server/request"}"#
    }

    /// Sends records, in this order.
    func send(
        _ values: [String],
        to topic: String = "audit",
        partition: Int32 = 0,
        headers: [KafkaHeader] = []
    ) async throws {
        var (records, bytes): ([OutgoingRecord], [UInt8]) = ([], [])
        for value in values {
            let start = bytes.count
            bytes += value.utf8
            records.append(OutgoingRecord(value: start..<bytes.count, partition: partition))
        }
        let failures = try await producer.send(records, of: bytes, to: topic, headers: headers)
        if let failure = failures.compactMap({ $0 }).first { throw failure }
    }

    /// Reads this cluster into another's log.
    func read(of other: Fixture) async throws -> Log {
        let own = directory
        defer { directory = own }
        directory = other.directory
        return try await read()
    }

    /// The log's name; makes the log where there is none.
    func logName() throws -> String {
        try LogStore(directory: directory, options: StoreOptions(now: { Self.now })).logName
    }

    /// What a log has after something was done with it.
    struct Log {
        var ids: [String] = []
        var gaps: [String] = []
        var setAside: [QuarantineEntry] = []
        var positions: [Int32: String] = [:]
        var state = TopicProgress()
    }

    /// Opens the log, reads topics to their ends, or for as long as `body` takes, and closes it.
    func read(
        _ change: (inout TopicReader.Options) -> Void = { _ in },
        while body: (@Sendable (TopicReader) async throws -> Void)? = nil
    ) async throws -> Log {
        let store = try LogStore(directory: directory, options: StoreOptions(now: { Self.now }))
        let quarantine = try Quarantine(directory: directory, fileSystem: RealFileSystem(), now: { Self.now })
        let events = SystemEventMaker(now: { Timestamp(nanosecondsSinceEpoch: Self.now) })
        let admission = Admission(store: store, quarantine: quarantine, events: events)
        var options = TopicReader.Options(topics: ["audit"])
        options.cluster = "c1"
        options.givesUp = true
        options.endsAtEnd = body == nil
        change(&options)
        let reader = try TopicReader(options, Self.properties(brokers), admission: admission, logger: Self.logger)
        do {
            if let body {
                try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { try await reader.run() }
                    try await body(reader)
                    tasks.cancelAll()
                }
            } else {
                try await reader.run()
            }
        } catch {
            await store.close()
            throw error
        }
        let log = try await contents(store, quarantine, reader)
        await store.close()
        return log
    }

    private func contents(_ store: LogStore, _ quarantine: Quarantine, _ reader: TopicReader) async throws -> Log {
        var log = Log()
        let snapshot = store.snapshot
        for index in snapshot.floorIndex..<snapshot.endIndex {
            guard let event = try snapshot.event(at: index) else { continue }
            let text = String(decoding: event.bytes, as: UTF8.self)
            if text.contains("dev.martlet.audit/gap") { log.gaps.append(text) }
            if let id = text.firstMatch(of: /"id":"([^"]*)"/)?.1, event.stream == .audit { log.ids.append(String(id)) }
        }
        log.setAside = try await quarantine.entries()
        for number in Int32(0)..<8 {
            let position = store.position(ofSource: "kafka:c1/audit/\(number)", submitter: "kafka")
            log.positions[number] = position.map { String(decoding: $0, as: UTF8.self) }
        }
        log.state = reader.state
        return log
    }
}
