// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import KafkaProtocol
import Testing

/// An exchange and the checks and acts that must come of it.
///
/// Expected are what Kafka's handlers check, in their order, and where their answers have the codes.
struct OutcomeCase: Sendable, CustomTestStringConvertible {
    let name: String
    let key: Int16
    let version: Int16
    let request: KafkaFields
    let answer: KafkaFields
    let checks: [String]
    let act: String?

    var testDescription: String { name }

    init(
        _ name: String,
        _ key: Int16,
        _ version: Int16,
        _ request: KafkaFields,
        _ answer: KafkaFields,
        _ checks: [String],
        act: String?
    ) {
        self.name = name
        self.key = key
        self.version = version
        self.request = request
        self.answer = answer
        self.checks = checks
        self.act = act
    }
}

@Suite struct KafkaOutcomeTests {
    @Test(arguments: OutcomeCases.management + OutcomeCases.groups + OutcomeCases.lookups + OutcomeCases.traffic)
    func `an exchange gives these checks and this act`(_ expected: OutcomeCase) throws {
        var mapping = try Mapping()

        let events = try mapping.map(expected.key, expected.version, expected.request, expected.answer)

        #expect(events.checks == expected.checks)
        #expect(events.acts == (expected.act.map { [$0] } ?? []))
        for event in events {
            #expect(event.event.principal?.description == "User:alice")
            #expect(event.event.clientIPs == ["10.0.0.1"])
            #expect(event.event.clientID == "client-1")
            #expect(event.event.connectionID == KafkaConnection.plain.id)
            #expect(event.event.cluster == "k-1")
            #expect(event.event.timeText == "2026-11-22T13:24:20.534123Z")
            #expect(event.mapped.isDenial == (event.event.outcome == .denied))
        }
        #expect(
            Set(events.map(\.event.requestIDs)).count == (events.isEmpty ? 0 : 1),
            "events of one exchange are linked"
        )
    }

    @Test func `an exchange without its answer decides nothing`() throws {
        let request: KafkaFields = ["topics": [["name": "orders"]]]
        let answers: [(KafkaExchange.Answer, Outcome)] = [
            (.missing, .unknown), (.notDecoded, .unknown), (.notWanted, .unknown), (.refused(errorCode: 14), .failure),
        ]
        for (answer, outcome) in answers {
            var mapping = try Mapping()

            let events = try mapping.map(.exchange(.of(19, 5, .fields(request), answer)))

            #expect(events.checks == [])
            #expect(events.map(\.event.outcome) == [outcome])
            #expect(events.first?.string("data.result.message")?.isEmpty == false)
        }
    }

    @Test func `a request that was not decoded is an act on the cluster, with the answer's decisions`() throws {
        var mapping = try Mapping()
        let answer: KafkaFields = ["topics": [["name": "orders", "errorCode": 29]]]

        let events = try mapping.map(.exchange(.of(19, 5, .notDecoded, .fields(answer))))

        #expect(events.checks == ["denied Create Topic orders"])
        #expect(events.acts == ["failure crn:///kafka=k-1"])
        #expect(events.last?.string("data.martlet.remark") == "the request was not decoded")
    }

    @Test func `APIs without a method give nothing`() throws {
        var mapping = try Mapping()
        for key: Int16 in [17, 18, 36, 52, 58, 63, 71, 72, 83, 300, -1] {
            #expect(try mapping.map(key, 0, [:], ["errorCode": 0]).isEmpty)
        }
    }

    @Test func `what a fact says is what the event says`() throws {
        var mapping = try Mapping()

        let events = try mapping.map(
            20,
            4,
            ["topicNames": ["orders"]],
            ["responses": [["name": "orders", "errorCode": 29]]]
        )

        let fact = try #require(events.first?.mapped.fact)
        #expect(fact.eventID == events.first?.event.id)
        #expect(fact.principal == "User:alice")
        #expect([fact.operation, fact.resourceType, fact.resourceName] == ["Delete", "Topic", "orders"])
        #expect(fact.apiName == "DeleteTopics")
        #expect(!fact.granted)
        #expect(fact.time == .start)
        #expect(events.last?.mapped.fact == nil)
    }
}
