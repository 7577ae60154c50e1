// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import KafkaProtocol
import Testing

@Suite struct RepeatedChecksTests {
    private static let request: KafkaFields = ["topics": [["name": "a"]], "allowAutoTopicCreation": false]
    private static func answer(_ code: KafkaValue) -> KafkaFields { ["topics": [["errorCode": code, "name": "a"]]] }

    @Test func `the first check is an event, its repeats are one when the window has ended`() throws {
        var mapping = try Mapping()
        func look(_ second: Int64) throws -> [String] {
            try mapping.map(3, 12, Self.request, Self.answer(29), time: .seconds(second)).checks
        }

        #expect(try look(0) == ["denied Describe Topic a"])
        #expect(try look(10) == [])
        #expect(try look(20) == [])
        #expect(mapping.mapper.nextFlush == .seconds(60))
        let repeats = try mapping.flush(.seconds(60))
        #expect(repeats.checks == ["denied Describe Topic a"])
        #expect(repeats.first?.integer("data.martlet.count") == 2)
        #expect(repeats.first?.mapped.fact?.granted == false)
        #expect(repeats.first?.event.timeText == "2026-11-22T13:24:40.534123Z")
        #expect(mapping.mapper.nextFlush == nil)
        #expect(try look(61) == ["denied Describe Topic a"])
    }

    @Test func `the end of the connection writes what is left`() throws {
        var mapping = try Mapping()
        _ = try mapping.map(3, 12, Self.request, Self.answer(0), time: .seconds(0))
        _ = try mapping.map(3, 12, Self.request, Self.answer(0), time: .seconds(1))

        let events = try mapping.map(.ended(time: .seconds(2)))

        #expect(events.checks == ["allowed Describe Topic a"])
        #expect(events.first?.integer("data.martlet.count") == 1)
    }

    @Test func `another outcome is another check`() throws {
        var mapping = try Mapping()

        #expect(try mapping.map(3, 12, Self.request, Self.answer(0)).checks == ["allowed Describe Topic a"])
        #expect(try mapping.map(3, 12, Self.request, Self.answer(29)).checks == ["denied Describe Topic a"])
        #expect(try mapping.map(3, 12, Self.request, Self.answer(0)).checks == [])
    }

    @Test func `with a window of nothing each check is an event`() throws {
        var policy = CapturePolicy.everything
        policy.checkWindow = 0
        var mapping = try Mapping(policy: policy)

        for _ in 0..<3 { #expect(try mapping.map(3, 12, Self.request, Self.answer(29)).checks.count == 1) }
        #expect(mapping.mapper.nextFlush == nil)
    }

    @Test func `a look-up of very many topics gives a bounded number of events, refusals first of all`() throws {
        var mapping = try Mapping()
        let topics = (0..<3000).map {
            KafkaValue.fields(["errorCode": $0 == 2999 ? 29 : 0, "name": .string("t\($0)")])
        }

        let events = try mapping.map(3, 12, ["topics": nil], ["topics": .array(topics)])

        #expect(events.checks.count == 1001)
        #expect(events.checks.last == "denied Describe Topic t2999")
    }
}
