// SPDX-License-Identifier: Apache-2.0

import AuditModel
import AuditStore
import CRdKafka
import DurableFiles
import EventMapping
import Ingest
import KafkaClient
import MockKafka
import QueryLanguage
import SystemPackage
import Testing

@testable import KafkaExport

@Suite struct TopicWriterTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private static func events(_ numbers: Range<Int>) -> [String] { numbers.map { Fixture.event("e\($0)") } }

    @Test func `every event is in the topic byte for byte, with the log and the index it is from`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 3)
        try await fixture.accept(Self.events(0..<200))
        let writer = try fixture.writer()
        try await fixture.runToEnd(writer)

        let records = try await fixture.records()
        #expect(records.map(\.value).sorted() == Self.events(0..<200).sorted())
        #expect(records.allSatisfy { $0.headers["content-type"] == "application/cloudevents+json; charset=UTF-8" })
        #expect(records.allSatisfy { $0.headers[MartletHeaders.log] == fixture.store.logName })
        for record in records {
            let index = try #require(record.headers[MartletHeaders.index].flatMap { UInt64($0) })
            let event = try #require(try fixture.store.snapshot.event(at: index))
            #expect(String(decoding: event.bytes, as: UTF8.self) == record.value)
        }
        #expect(writer.state.recordCount == 200)
    }

    @Test func `it goes on where it ended, and follows what comes`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 1)
        try await fixture.accept(Self.events(0..<10))
        try await fixture.runToEnd(fixture.writer())
        try await fixture.accept(Self.events(10..<20))
        let second = try fixture.writer()
        try await withThrowingTaskGroup(of: Void.self) { [fixture] tasks in
            tasks.addTask { try await fixture.run(second) { $0.recordCount == 15 } }
            try await Task.sleep(for: .milliseconds(300))
            try await fixture.accept(Self.events(20..<25))
            try await tasks.waitForAll()
        }
        #expect(try await fixture.records().map(\.value) == Self.events(0..<25))
    }

    @Test func `what arrived before a crash is not written again`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 2)
        try await fixture.accept(Self.events(0..<100))
        let path = fixture.directory.appending("sinks").appending("kafka.cursor")
        let files = RealFileSystem()
        try await fixture.run(fixture.writer()) { $0.nextIndex == 0 && $0.recordCount == 0 || $0.recordCount > 0 }
        // As a crash leaves it: the file as it was before anything was sent.
        var cursor = try #require(try WriterCursor.load(path, files))
        cursor.nextIndex = 0
        cursor.ends = [KafkaPartition("out", 0): 0, KafkaPartition("out", 1): 0]
        try cursor.save(path, files)
        try await fixture.runToEnd(fixture.writer())

        let records = try await fixture.records()
        #expect(records.map(\.value).sorted() == Self.events(0..<100).sorted())
    }

    @Test func `a filter says which events are written`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 1)
        try await fixture.accept(Self.events(0..<20))
        let filter = try Query.parseFilter("id:e7 OR id:e13", now: .epoch)
        try await fixture.runToEnd(fixture.writer(with: { $0.filter = filter }))
        #expect(try await fixture.records().map(\.value) == [Fixture.event("e7"), Fixture.event("e13")])
    }

    @Test func `events with the same resource are in one partition, in order`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 8)
        let events = (0..<400).map { number in
            Fixture.event("e\(number)", #","subject":"crn:///kafka=lkc-1/topic=t\#(number % 20)""#)
        }
        try await fixture.accept(events)
        try await fixture.runToEnd(fixture.writer(with: { $0.key = .resource }))

        let records = try await fixture.records()
        #expect(Set(records.map(\.partition)).count > 1)
        for topic in 0..<20 {
            let own = records.filter { $0.value.contains("topic=t\(topic)\"") }
            #expect(Set(own.map(\.partition)).count == 1)
            #expect(own.map(\.value) == events.filter { $0.contains("topic=t\(topic)\"") })
        }
    }

    @Test func `in binary mode data is the value and attributes are headers`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 1)
        let data = #"{"methodName" : "kafka.CreateTopics","n":[1,"}"]}"#
        let time = "2026-11-20T08:00:00Z"
        try await fixture.accept([
            Fixture.event(
                "e\\u00e41",
                #","subject":null,"route":"r\"1","time":"\#(time)","datacontenttype":"application/json","data":\#(data)"#
            )
        ])
        try await fixture.runToEnd(fixture.writer(with: { $0.mode = .binary }))

        let record = try #require(try await fixture.records().first)
        #expect(record.value == data)
        #expect(record.headers["ce_id"] == "eä1" && record.headers["ce_specversion"] == "1.0")
        #expect(record.headers["ce_source"] == "crn:///kafka=lkc-1" && record.headers["ce_time"] == time)
        #expect(record.headers["content-type"] == "application/json" && record.headers["ce_route"] == "r\"1")
        #expect(record.headers["ce_subject"] == nil && record.headers["ce_datacontenttype"] == nil)
    }

    @Test func `routes say where each event goes`() async throws {
        for topic in ["allowed", "denied", "secret"] { try fixture.brokers.makeTopic(topic, partitions: 1) }
        func event(_ id: String, _ method: String, _ topic: String, granted: Bool) -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"crn:///kafka=lkc-1","type":"io.confluent.kafka.server/authorization","data":{"methodName":"\#(method)","resourceName":"crn:///kafka=lkc-1/topic=\#(topic)","authorizationInfo":{"granted":\#(granted)}}}"#
        }
        let events = [
            event("1", "kafka.CreateTopics", "a", granted: true), event("2", "kafka.CreateTopics", "a", granted: false),
            event("3", "kafka.Produce", "a", granted: true), event("4", "kafka.Produce", "secret-1", granted: true),
            event("5", "kafka.Produce", "secret-1", granted: false),
        ]
        try await fixture.accept(events)
        let routes = try EventRoutes(
            .map([
                .init(
                    "routes",
                    .map([
                        .init(
                            "crn:///kafka=*/topic=secret-*",
                            .map([
                                .init(
                                    "produce",
                                    .map([.init("allowed", .string("secret")), .init("denied", .string(""))])
                                )
                            ])
                        )
                    ])
                ),
                .init(
                    "default_topics",
                    .map([.init("allowed", .string("allowed")), .init("denied", .string("denied"))])
                ),
            ])
        )
        try await fixture.runToEnd(fixture.writer(with: { $0.routes = routes }))
        #expect(try await fixture.records("allowed").map(\.value) == [events[0]])
        #expect(try await fixture.records("denied").map(\.value) == [events[1]])
        #expect(try await fixture.records("secret").map(\.value) == [events[3]])
    }

    @Test func `an event that the topic can't take is told in the log, and keeps no other back`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 1)
        let long = Fixture.event("long", #","data":{"x":"\#(String(repeating: "x", count: 1_000_000))"}"#)
        try await fixture.accept([Fixture.event("a"), long, Fixture.event("b")])
        let writer = try fixture.writer()
        try await fixture.run(writer) { $0.recordCount == 2 && $0.refusedCount == 1 }
        #expect(try await fixture.records().map(\.value) == [Fixture.event("a"), Fixture.event("b")])
        let gap = try #require(try fixture.store.snapshot.event(at: 3))
        let text = String(decoding: gap.bytes, as: UTF8.self)
        #expect(text.contains(#""source":"sink:kafka""#) && text.contains(#""from":"index 1""#))
    }

    @Test func `brokers that refuse and go away are waited for`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 4)
        try await fixture.accept(Self.events(0..<500))
        let produce: Int16 = 0
        fixture.brokers.fail(
            produce,
            with: [
                RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
                RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            ]
        )
        for node in Int32(1)...3 { fixture.brokers.setUp(node, isUp: false) }
        let writer = try fixture.writer(with: { $0.key = .resource })
        try await withThrowingTaskGroup(of: Void.self) { [fixture] tasks in
            tasks.addTask { try await fixture.run(writer) { $0.recordCount == 500 } }
            while writer.state.trouble == nil { try await Task.sleep(for: .milliseconds(10)) }
            for node in Int32(1)...3 { fixture.brokers.setUp(node, isUp: true) }
            try await tasks.waitForAll()
        }
        #expect(Set(try await fixture.records().map(\.value)) == Set(Self.events(0..<500)))
    }

    @Test func `a topic that is read into the log is not written`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 1)
        let writer = try fixture.writer(reading: { cluster, topic in !cluster.isEmpty && topic == "out" })
        await #expect(throws: WriterError.self) { try await writer.run() }
    }

    @Test func `a file that is no cursor is told, and nothing is written`() async throws {
        try fixture.brokers.makeTopic("out", partitions: 1)
        let path = fixture.directory.appending("sinks").appending("kafka.cursor")
        let files = RealFileSystem()
        try files.createDirectory(path.removingLastComponent())
        try files.replaceAtomically(path, with: Array("martlet-sink 2\n".utf8), mode: .ownerReadWrite)
        let writer = try fixture.writer()
        await #expect(throws: WriterError.self) { try await writer.run() }
    }
}
