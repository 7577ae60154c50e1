// SPDX-License-Identifier: Apache-2.0

import CRdKafka
import Ingest
import KafkaClient
import MockKafka
import Testing

@testable import KafkaIngest

@Suite struct TopicReaderTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private static func events(_ numbers: Range<Int>) -> [String] { numbers.map { Fixture.event("e\($0)") } }
    private static func ids(_ numbers: Range<Int>) -> [String] { numbers.map { "e\($0)" } }

    @Test func `every record of every partition is in the log once, and a second run adds what came since`()
        async throws
    {
        try fixture.brokers.makeTopic("audit", partitions: 3)
        for number in 0..<3 {
            try await fixture.send(Self.events(number * 100..<number * 100 + 100), partition: Int32(number))
        }
        let first = try await fixture.read()
        #expect(first.ids.sorted() == Self.ids(0..<300).sorted())
        #expect(first.positions == [0: "1 100", 1: "1 100", 2: "1 100"])
        #expect(first.state.storedCount == 300 && first.state.partitionCount == 3)

        try await fixture.send(Self.events(300..<310), partition: 1)
        let second = try await fixture.read()
        #expect(second.ids.sorted() == Self.ids(0..<310).sorted())
        #expect(second.state.recordCount == 10 && second.state.repeatedCount == 0)
        #expect(second.positions[1] == "1 110")
    }

    @Test func `a partition that was never read begins where it was asked to`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 1)
        try await fixture.send(Self.events(0..<5))
        let log = try await fixture.read(
            { $0.start = .latest },
            while: { [fixture] reader in
                while reader.state.partitionCount == 0 { try await Task.sleep(for: .milliseconds(10)) }
                try await fixture.send(Self.events(5..<8))
                while reader.state.storedCount < 3 { try await Task.sleep(for: .milliseconds(10)) }
            }
        )
        #expect(log.ids == Self.ids(5..<8))
    }

    @Test func `what is no event is set aside with its topic, partition and offset, and the rest is stored`()
        async throws
    {
        try fixture.brokers.makeTopic("audit", partitions: 2)
        try await fixture.send([Fixture.event("a"), "no event", "", Fixture.event("b")], partition: 1)
        let log = try await fixture.read()

        #expect(log.ids == ["a", "b"])
        #expect(log.setAside.map(\.source) == ["kafka:c1/audit/1", "kafka:c1/audit/1"])
        #expect(Set(log.setAside.map(\.byteOffset)) == [1, 2])
        #expect(Set(log.setAside.map(\.code)).contains("emptyRecord"))
        #expect(log.state.setAsideCount == 2)
        #expect(log.gaps.count == 1, "that they are not in the log is in the log")
    }

    @Test func `what was set aside or is missing is told once, also where no event was stored with it`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 2)
        try await fixture.send(["no event", "nor this"], partition: 0)
        try await fixture.send(Self.events(0..<5), partition: 1)
        let first = try await fixture.read()
        #expect(first.setAside.count == 2 && first.gaps.count == 1)
        #expect(first.positions[0] == "1 2")
        let second = try await fixture.read()
        #expect(second.setAside.count == 2 && second.gaps.count == 1 && second.state.recordCount == 0)

        // Another cluster of the same name, whose topic is empty.
        let other = try Fixture()
        try other.brokers.makeTopic("audit", partitions: 2)
        let third = try await other.read(of: fixture)
        #expect(third.gaps.count == 3)
        let fourth = try await other.read(of: fixture)
        #expect(fourth.gaps.count == 3)
        #expect(fourth.positions[0] == "1 0" && fourth.positions[1] == "1 0")
    }

    @Test func `offsets that the topic no longer has are a gap with both numbers`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 1)
        try await fixture.send(Self.events(0..<3))
        _ = try await fixture.read()
        // The mock keeps 5 MB of a partition.
        let long = String(repeating: "x", count: 100_000)
        for number in 0..<80 {
            let event = Fixture.event("long\(number)").dropLast() + #","data":{"x":"\#(long)"}}"#
            try await fixture.send([String(event)])
        }
        let log = try await fixture.read()

        let first = try #require(log.state.recordCount > 0 ? 83 - log.state.recordCount : nil)
        #expect(first > 3)
        let gap = try #require(log.gaps.first)
        #expect(log.gaps.count == 1)
        #expect(gap.contains(#""reason":"retention-took""#))
        #expect(gap.contains(#""from":"offset 3""#) && gap.contains(#""to":"offset \#(first - 1)""#))
        #expect(gap.contains(#""lost":"\#(first - 3)""#))
        #expect(log.positions[0] == "1 83")
    }

    @Test func `a topic that is shorter than it was is a gap, and is read from its beginning`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 1)
        try await fixture.send(Self.events(0..<10))
        _ = try await fixture.read()
        let other = try Fixture()
        try other.brokers.makeTopic("audit", partitions: 1)
        try await other.send(Self.events(20..<23))
        let log = try await other.read(of: fixture)

        #expect(log.ids == Self.ids(0..<10) + Self.ids(20..<23))
        #expect(log.gaps.count == 1 && log.gaps[0].contains(#""reason":"truncated""#))
        #expect(log.positions[0] == "1 3")
    }

    @Test func `what came out of this log is not put in again`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 1)
        try await fixture.send([Fixture.event("mine")])
        let name = try fixture.logName()
        try await fixture.send([Fixture.event("own")], headers: [KafkaHeader(MartletHeaders.log, name)])
        try await fixture.send([Fixture.event("other")], headers: [KafkaHeader(MartletHeaders.log, "another")])
        let log = try await fixture.read()

        #expect(log.ids == ["mine", "other"])
        #expect(log.state.ownCount == 1)
    }

    @Test func `numbers that are missing of a gateway are a gap, also across a restart`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 1)
        func send(_ numbers: [Int], _ gateway: String) async throws {
            for number in numbers {
                let headers = [
                    KafkaHeader(MartletHeaders.gateway, gateway), KafkaHeader(MartletHeaders.sequence, "\(number)"),
                ]
                try await fixture.send([Fixture.event("\(gateway)-\(number)")], headers: headers)
            }
        }
        try await send([1, 2, 3], "eu/1")
        try await send([7, 8], "us/1")
        let first = try await fixture.read()
        #expect(first.gaps.isEmpty && first.ids.count == 5)
        #expect(first.positions[0] == "1 5 us/1=9 eu/1=4")

        // One that is sent again is no gap.
        try await send([3, 4, 9, 10], "eu/1")
        try await send([9], "us/1")
        let second = try await fixture.read()
        let gap = try #require(second.gaps.first)
        #expect(second.gaps.count == 1)
        #expect(gap.contains(#""source":"gateway:eu/1""#) && gap.contains(#""reason":"missing-sequence""#))
        #expect(gap.contains(#""from":"sequence 5""#) && gap.contains(#""to":"sequence 8""#))
        #expect(gap.contains(#""lost":"4""#))
        #expect(second.ids.filter { $0 == "eu/1-3" }.count == 1)
    }

    @Test func `brokers that go away are waited for`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 4)
        for number in Int32(0)..<4 { try await fixture.send([Fixture.event("a\(number)")], partition: number) }
        let log = try await fixture.read(while: { [fixture] reader in
            while reader.state.storedCount < 4 { try await Task.sleep(for: .milliseconds(10)) }
            for node in Int32(1)...3 { fixture.brokers.setUp(node, isUp: false) }
            while reader.state.trouble == nil { try await Task.sleep(for: .milliseconds(10)) }
            for node in Int32(1)...3 { fixture.brokers.setUp(node, isUp: true) }
            for number in Int32(0)..<4 { try await fixture.send([Fixture.event("b\(number)")], partition: number) }
            while reader.state.storedCount < 8 { try await Task.sleep(for: .milliseconds(10)) }
        })
        #expect(log.ids.sorted() == ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"])
        #expect(log.gaps.isEmpty)
    }

    @Test func `a topic that is not there is an error at once when nobody waits for it`() async throws {
        fixture.brokers.refuse(topic: "audit", with: RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        await #expect(throws: KafkaClientError.self) { try await fixture.read() }
    }

    @Test func `how far it is behind is known`() async throws {
        try fixture.brokers.makeTopic("audit", partitions: 2)
        try await fixture.send(Self.events(0..<50))
        let log = try await fixture.read(while: { reader in
            while reader.state.storedCount < 50 || reader.state.rate == 0 {
                try await Task.sleep(for: .milliseconds(20))
            }
        })
        #expect(log.state.lag == 0 && log.state.unreadSince == nil)
        #expect(log.state.byteCount > 50 * 50)
    }
}
