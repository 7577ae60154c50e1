// SPDX-License-Identifier: Apache-2.0

import AuditCatalog
import AuditModel
import AuditStore
import DurableFiles
import Foundation
import Ingest
import KafkaClient
import Logging
import MockKafka
import NIOPosix
import QueryEngine
import SystemPackage
import Testing

@testable import KafkaExport

/// A log on disk, and a cluster beside it.
final class Fixture: Sendable {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let brokers: MockBrokers
    let directory: FilePath
    let store: LogStore
    let admission: Admission
    private let engine: Engine

    init() throws {
        brokers = try MockBrokers()
        directory = FilePath(FileManager.default.temporaryDirectory.path).appending("sink-\(UUID().uuidString)")
        let now = { @Sendable in Int64(1_795_305_600_000_000_000) }
        store = try LogStore(directory: directory, options: StoreOptions(now: now))
        let quarantine = try Quarantine(directory: directory, fileSystem: RealFileSystem(), now: now)
        let events = SystemEventMaker(now: { Timestamp(nanosecondsSinceEpoch: now()) })
        admission = Admission(store: store, quarantine: quarantine, events: events)
        engine = Engine(catalog: try Catalog.embedded(), pool: .singleton, threadCount: 2)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.string) }

    var properties: KafkaProperties {
        var properties = KafkaProperties()
        properties["bootstrap.servers"] = brokers.bootstrap
        properties["reconnect.backoff.max.ms"] = "200"
        properties["compression.type"] = "none"
        // Less than the longest event that a log takes.
        properties["message.max.bytes"] = "1000000"
        return properties
    }

    static func event(_ id: String, _ members: String = "") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"crn:///kafka=lkc-1","type":"io.confluent.kafka.server/request"\#(members)}"#
    }

    func accept(_ events: [String]) async throws {
        let lines = Array(events.joined(separator: "\n").utf8)
        _ = try await admission.accept(lines, .lines, from: "test", source: "test")
    }

    func writer(
        reading isRead: @escaping @Sendable (String, String) -> Bool = { _, _ in false },
        with change: (inout TopicWriter.Options) -> Void = { _ in }
    ) throws -> TopicWriter {
        var options = TopicWriter.Options()
        options.topic = "out"
        change(&options)
        return try TopicWriter(
            options,
            properties,
            admission: admission,
            engine: engine,
            directory: directory.appending("sinks"),
            fileSystem: RealFileSystem(),
            isRead: isRead,
            logger: Self.logger
        )
    }

    /// Runs a sink until something holds, and ends it.
    func run(_ writer: TopicWriter, until done: @escaping @Sendable (WriterProgress) -> Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await writer.run() }
            while !done(writer.state) { try await Task.sleep(for: .milliseconds(10)) }
            tasks.cancelAll()
            try await tasks.waitForAll()
        }
    }

    /// Runs a sink until it has come to the end of the log.
    func runToEnd(_ writer: TopicWriter) async throws {
        let end = store.snapshot.endIndex
        try await run(writer) { $0.nextIndex == end }
    }

    struct Record {
        let partition: Int32
        let value: String
        let headers: [String: String]
    }

    /// Everything in a topic, by partition in order.
    func records(_ topic: String = "out") async throws -> [Record] {
        let names = [
            MartletHeaders.log, MartletHeaders.index, "content-type", "ce_id", "ce_type", "ce_source", "ce_subject",
            "ce_specversion", "ce_time", "ce_datacontenttype", "ce_route",
        ]
        let consumer = try KafkaConsumer(properties, headers: names, logger: Self.logger)
        var open = Set(try await consumer.partitions(of: topic))
        for partition in open { try await consumer.read(partition, from: 0) }
        var records: [Record] = []
        while !open.isEmpty {
            for delivery in try await consumer.next() {
                switch delivery {
                case .records(let piece):
                    for record in piece.records {
                        let value = String(decoding: piece.bytes[record.value ?? 0..<0], as: UTF8.self)
                        let headers = Dictionary(uniqueKeysWithValues: record.headers.map { ($0.name, $0.text) })
                        records.append(Record(partition: piece.partition.number, value: value, headers: headers))
                    }
                case .end(let partition, _): open.remove(partition)
                case .failed(_, let error): throw error
                }
            }
        }
        await consumer.close()
        return records
    }
}
