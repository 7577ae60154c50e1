// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import KafkaProtocol
import Testing

@Suite struct TopicTests {
    private static let fetch: KafkaFields = ["replicaId": -1, "topics": [["topicId": .uuid(.one)]]]
    private static let fetched: KafkaFields = [
        "errorCode": 0,
        "responses": [["topicId": .uuid(.one), "partitions": [["partitionIndex": 0, "errorCode": 0]]]],
    ]

    @Test(
        arguments: [
            (3, ["topics": nil], ["topics": [["errorCode": 0, "name": "a", "topicId": .uuid(.one)]]]),
            (19, ["topics": [["name": "a"]]], ["topics": [["errorCode": 0, "name": "a", "topicId": .uuid(.one)]]]),
            (75, ["topics": [["name": "a"]]], ["topics": [["errorCode": 0, "name": "a", "topicId": .uuid(.one)]]]),
        ] as [(Int16, KafkaFields, KafkaFields)]
    )
    func `ids are resolved after an answer has told the name`(
        _ key: Int16,
        _ request: KafkaFields,
        _ answer: KafkaFields
    )
        throws
    {
        var mapping = try Mapping()
        _ = try mapping.map(key, 12, request, answer)

        let event = try #require(try mapping.map(1, 13, Self.fetch, Self.fetched).first)

        #expect(event.act == "success crn:///kafka=k-1/topic=a")
        #expect(event.string("data.request.data.topic") == "a")
    }

    @Test func `an unknown id stays an id, and the event says so`() throws {
        var mapping = try Mapping()

        let event = try #require(try mapping.map(1, 13, Self.fetch, Self.fetched).first)

        #expect(event.act == "success crn:///kafka=k-1/topic=AAAAAAAAAAAAAAAAAAAAAQ")
        #expect(event.string("data.request.data.unresolved")?.contains("id") == true)
    }

    @Test func `deleted topics are forgotten, after the event has their name`() throws {
        var mapping = try Mapping()
        mapping.cluster.learn("a", id: .one)

        let deleted = try mapping.map(
            20,
            6,
            ["topics": [["name": nil, "topicId": .uuid(.one)]]],
            ["responses": [["name": nil, "topicId": .uuid(.one), "errorCode": 0]]]
        )

        #expect(deleted.acts == ["success crn:///kafka=k-1/topic=a"])
        #expect(deleted.last?.string("data.request.data.topics.0.resolvedName") == "a")
        #expect(mapping.cluster.name(of: .one) == nil)
    }

    @Test func `a refusal by id is Describe, though the name is known`() throws {
        var mapping = try Mapping()
        mapping.cluster.learn("a", id: .one)

        let events = try mapping.map(
            20,
            6,
            ["topics": [["name": nil, "topicId": .uuid(.one)]]],
            ["responses": [["name": nil, "topicId": .uuid(.one), "errorCode": 29]]]
        )

        #expect(events.checks == ["denied Describe Topic a"])
        #expect(mapping.cluster.name(of: .one) == "a")
    }

    // MARK: - Topics made by looking

    private static let lookup: KafkaFields = ["topics": [["name": "new"]], "allowAutoTopicCreation": true]
    private static func found(_ code: KafkaValue) -> KafkaFields { ["topics": [["errorCode": code, "name": "new"]]] }

    @Test func `a topic that was not there and then is was made by looking`() throws {
        var mapping = try Mapping(policy: CapturePolicy())

        #expect(try mapping.map(3, 12, Self.lookup, Self.found(3), time: .seconds(0)).isEmpty)
        let events = try mapping.map(3, 12, Self.lookup, Self.found(0), time: .seconds(1))

        let event = try #require(events.first)
        #expect(events.count == 1)
        #expect(event.event.method == "kafka.CreateTopics")
        #expect(event.act == "success crn:///kafka=k-1/topic=new")
        #expect(event.bool("data.request.data.autoCreated") == true)
        #expect(event.string("data.request.data.by") == "Metadata")
        #expect(event.string("data.martlet.remark")?.hasPrefix("inferred") == true)
        #expect(event.mapped.category == .management)
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(0), time: .seconds(2)).isEmpty)
    }

    @Test func `a topic without a leader that nobody had seen is being made`() throws {
        var mapping = try Mapping(policy: CapturePolicy())

        let events = try mapping.map(3, 12, Self.lookup, Self.found(5))

        #expect(events.acts == ["unknown crn:///kafka=k-1/topic=new"])
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(5)).isEmpty)
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(0)).isEmpty)
    }

    @Test func `nothing is inferred where there is another explanation`() throws {
        // Known before.
        var mapping = try Mapping(policy: CapturePolicy())
        mapping.cluster.learn("new", id: nil)
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(5)).isEmpty)

        // The look-up does not let the broker make topics.
        let plain: KafkaFields = ["topics": [["name": "new"]], "allowAutoTopicCreation": false]
        mapping = try Mapping(policy: CapturePolicy())
        #expect(try mapping.map(3, 12, plain, Self.found(3)).isEmpty)
        #expect(try mapping.map(3, 12, plain, Self.found(0)).isEmpty)

        // Somebody made it by request in between.
        mapping = try Mapping(policy: CapturePolicy())
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(3)).isEmpty)
        _ = try mapping.map(19, 5, ["topics": [["name": "new"]]], Self.found(0))
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(0)).isEmpty)

        // Another principal asked, or too long ago.
        let cluster = mapping.cluster
        cluster.forget("new")
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(3), time: .seconds(0)).isEmpty)
        var other = try Mapping(policy: CapturePolicy(), cluster: cluster, connection: .numbered(9), user: "bob")
        #expect(try other.map(3, 12, Self.lookup, Self.found(0), time: .seconds(1)).isEmpty)
        mapping = try Mapping(policy: CapturePolicy())
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(3), time: .seconds(0)).isEmpty)
        #expect(try mapping.map(3, 12, Self.lookup, Self.found(0), time: .seconds(600)).isEmpty)
    }

    // MARK: - The first of each topic

    @Test func `Produce and Fetch have an event for each topic, once`() throws {
        var mapping = try Mapping()
        func produce(_ names: [KafkaValue]) throws -> [String] {
            let topics = names.map { KafkaValue.fields(["name": $0]) }
            let answers = names.map {
                KafkaValue.fields(["name": $0, "partitionResponses": [["index": 0, "errorCode": 0]]])
            }
            return try mapping.map(
                0,
                9,
                ["acks": -1, "topicData": .array(topics)],
                ["responses": .array(answers)]
            ).acts
        }

        #expect(try produce(["a", "b"]) == ["success crn:///kafka=k-1/topic=a", "success crn:///kafka=k-1/topic=b"])
        #expect(try produce(["b"]) == [])
        #expect(try produce(["c", "a"]) == ["success crn:///kafka=k-1/topic=c"])
        let fetched = try mapping.map(
            1,
            11,
            ["replicaId": -1, "topics": [["topic": "a"]]],
            ["errorCode": 0, "responses": [["topic": "a", "partitions": [["errorCode": 0]]]]]
        )
        #expect(fetched.acts == ["success crn:///kafka=k-1/topic=a"])
    }

    @Test func `each topic of a Produce has its own outcome`() throws {
        var mapping = try Mapping()

        let events = try mapping.map(
            0,
            9,
            ["acks": -1, "topicData": [["name": "a"], ["name": "b"], ["name": "c"]]],
            [
                "responses": [
                    ["name": "a", "partitionResponses": [["errorCode": 0]]],
                    ["name": "b", "partitionResponses": [["errorCode": 0], ["errorCode": 29]]],
                ]
            ]
        )

        #expect(
            events.acts == [
                "success crn:///kafka=k-1/topic=a", "failure crn:///kafka=k-1/topic=b",
                "unknown crn:///kafka=k-1/topic=c",
            ]
        )
        #expect(events.checks == ["denied Write Topic b"])
    }

    @Test func `without an answer a Produce is of unknown outcome`() throws {
        var mapping = try Mapping()

        let events = try mapping.map(
            .exchange(.of(0, 9, .fields(["acks": 0, "topicData": [["name": "a"]]]), .notWanted))
        )

        #expect(events.acts == ["unknown crn:///kafka=k-1/topic=a"])
        #expect(events.checks == [])
    }

    @Test func `nothing new and refused is a refusal alone`() throws {
        var mapping = try Mapping()

        let events = try mapping.map(
            .exchange(
                .of(
                    0,
                    9,
                    .nothingNew,
                    .fields([
                        "responses": [["name": "a", "partitionResponses": [["errorCode": 29]]]]
                    ])
                )
            )
        )

        #expect(events.checks == ["denied Write Topic a"])
        #expect(events.acts == [])
    }
}
