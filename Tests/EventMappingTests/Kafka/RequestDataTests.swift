// SPDX-License-Identifier: Apache-2.0

import AuditModel
import EventMapping
import KafkaProtocol
import Testing

@Suite struct RequestDataTests {
    @Test func `bindings of ACLs are in words`() throws {
        var mapping = try Mapping()
        let creation: KafkaValue = [
            "resourceType": 2, "resourceName": "orders", "resourcePatternType": 4, "principal": "User:bob", "host": "*",
            "operation": 11, "permissionType": 3,
        ]

        let event = try #require(
            try mapping.map(30, 2, ["creations": [creation]], ["results": [["errorCode": 0]]]).last
        )

        let path = "data.request.data.creations.0"
        #expect(event.string("\(path).resourceType") == "Topic")
        #expect(event.string("\(path).resourceName") == "orders")
        #expect(event.string("\(path).resourcePatternType") == "PREFIXED")
        #expect(event.string("\(path).principal") == "User:bob")
        #expect(event.string("\(path).operation") == "AlterConfigs")
        #expect(event.string("\(path).permissionType") == "ALLOW")
        #expect(event.string("data.request.accessType") == "MODIFICATION")
    }

    @Test func `values of configurations are there unless they are secrets`() throws {
        var mapping = try Mapping()
        let configs: KafkaValue = [
            ["name": "retention.ms", "configOperation": 0, "value": "60000"],
            ["name": "ssl.keystore.password", "configOperation": 0, "value": .withheld],
            // The decoder ought to have withheld this one.
            ["name": "sasl.jaas.config", "configOperation": 2, "value": "hush-hush"],
            ["name": "cleanup.policy", "configOperation": 1, "value": nil],
        ]

        let event = try #require(
            try mapping.map(
                44,
                1,
                ["resources": [["resourceType": 2, "resourceName": "a", "configs": configs]], "validateOnly": true],
                ["responses": [["errorCode": 0, "resourceType": 2, "resourceName": "a"]]]
            ).last
        )

        let path = "data.request.data.resources.0"
        #expect(event.string("\(path).resourceType") == "Topic")
        #expect(event.string("\(path).configs.0.value") == "60000")
        #expect(event.string("\(path).configs.0.configOperation") == "SET")
        #expect(event.string("\(path).configs.1.value") == "<withheld>")
        #expect(event.string("\(path).configs.2.value") == "<withheld>")
        #expect(event.string("\(path).configs.3.configOperation") == "DELETE")
        #expect(!event.text.contains("hush-hush"))
    }

    /// Whoever deletes one topic behind a thousand others, that are not there, is seen.
    @Test(arguments: [1_000, 1_001, 30_000]) func `every name of a change is in an event`(count: Int) throws {
        var mapping = try Mapping()
        let names = (0..<count).map { "topic-\($0)" }

        let events = try mapping.map(
            20,
            1,
            ["topicNames": .array(names.map { .string($0) })],
            ["responses": .array(names.map { ["name": .string($0), "errorCode": 3] })]
        ).filter { $0.event.action == .request }

        var found: Set<String> = []
        for event in events {
            for field in ["topicNames", "names"] {
                for index in 0..<count {
                    guard let name = event.string("data.request.data.\(field).\(index)") else { break }
                    found.insert(name)
                }
            }
        }
        #expect(found == Set(names))
        #expect(events.count < 12, "about 60 KB of names in each")
        #expect(events.count > 1 || count == 1_000)
        #expect(events.allSatisfy { $0.text.utf8.count < 200_000 })
    }

    @Test func `a dry run says so, and stays its method`() throws {
        var mapping = try Mapping()

        let event = try #require(
            try mapping.map(
                19,
                5,
                ["topics": [["name": "a"]], "validateOnly": true],
                ["topics": [["name": "a", "errorCode": 0]]]
            ).last
        )

        #expect(event.event.method == "kafka.CreateTopics")
        #expect(event.bool("data.request.data.validateOnly") == true)
        #expect(event.bool("data.result.data.dryRun") == true)
        #expect(event.bool("data.martlet.dryRun") == true)
    }

    @Test func `salts, proofs and keyed hashes never appear`() throws {
        var mapping = try Mapping()
        let upsertion: KafkaValue = [
            "name": "dave", "mechanism": 2, "iterations": 4096, "salt": "salt-1", "saltedPassword": "proof-1",
        ]

        let scram = try mapping.map(
            51,
            0,
            ["deletions": [["name": "eve", "mechanism": 1]], "upsertions": [upsertion]],
            ["results": [["user": "dave", "errorCode": 0]]]
        )
        let token = try mapping.map(38, 2, ["maxLifetimeMs": 1], ["errorCode": 0, "tokenId": "t1", "hmac": "keyed-1"])
        let renewal = try mapping.map(39, 2, ["hmac": "keyed-2", "renewPeriodMs": 5], ["errorCode": 0])

        #expect(scram.last?.string("data.request.data.upsertions.0.mechanism") == "SCRAM-SHA-512")
        #expect(scram.last?.string("data.request.data.deletions.0.mechanism") == "SCRAM-SHA-256")
        #expect(scram.last?.integer("data.request.data.upsertions.0.iterations") == 4096)
        #expect(token.last?.string("data.result.data.answer.tokenId") == "t1")
        for event in scram + token + renewal {
            for secret in ["salt-1", "proof-1", "keyed-1", "keyed-2"] { #expect(!event.text.contains(secret)) }
        }
    }

    @Test func `quotas and reassignments`() throws {
        var mapping = try Mapping()

        let quota = try mapping.map(
            49,
            1,
            [
                "entries": [
                    [
                        "entity": [["entityType": "user", "entityName": nil]],
                        "ops": [["key": "producer_byte_rate", "value": .float(1024.5), "remove": false]],
                    ]
                ]
            ],
            ["entries": [["errorCode": 0]]]
        )
        let moved = try mapping.map(
            45,
            0,
            ["topics": [["name": "a", "partitions": [["partitionIndex": 1, "replicas": [4, 5]]]]]],
            ["errorCode": 0, "responses": []]
        )

        #expect(quota.last?["data.request.data.entries.0.ops.0.value"] as? Double == 1024.5)
        #expect(quota.last?.string("data.request.data.entries.0.ops.0.key") == "producer_byte_rate")
        #expect(moved.last?["data.request.data.topics.0.partitions.0.replicas"] as? [Int] == [4, 5])
    }

    @Test func `what DeleteAcls deleted is in its result`() throws {
        var mapping = try Mapping()
        let binding: KafkaValue = [
            "errorCode": 0, "resourceType": 3, "resourceName": "g", "patternType": 3, "principal": "User:bob",
            "host": "*", "operation": 3, "permissionType": 2,
        ]

        let event = try #require(
            try mapping.map(
                31,
                2,
                ["filters": [["resourceTypeFilter": 1, "operation": 1]]],
                ["filterResults": [["errorCode": 0, "matchingAcls": [binding]]]]
            ).last
        )

        let path = "data.result.data.answer.filterResults.0.matchingAcls.0"
        #expect(event.string("\(path).resourceType") == "Group")
        #expect(event.string("\(path).permissionType") == "DENY")
    }

    @Test func `large requests are bounded, and say what was left out`() throws {
        var mapping = try Mapping()
        let topics = (0..<50_000).map { KafkaValue.fields(["name": .string("topic-\($0)"), "numPartitions": 3]) }

        let event = try #require(
            try mapping.map(.exchange(.of(19, 5, .fields(["topics": .array(topics)]), .missing))).first
        )

        let kept = (event["data.request.data.topics"] as? [Any])?.count ?? 0
        #expect(kept > 100)
        #expect(event.integer("data.request.data.topicsLeftOut") == 50_000 - kept)
        #expect(event.mapped.bytes.count < 100_000)
        #expect(event.event.resource == "crn:///kafka=k-1")
    }

    @Test func `long and strange texts are harmless`() throws {
        let strange = "a\"b\\c\n\u{0}\u{7F}\u{202E}/x=y%"
        for name in [strange, String(repeating: "ü", count: 40_000), "", "*"] {
            var mapping = try Mapping()

            let events = try mapping.map(
                11,
                5,
                ["groupId": .string(name), "memberId": .string(name)],
                ["errorCode": 30]
            )

            #expect(events.count == 2)
            for event in events {
                #expect(event.mapped.bytes.count < 8000)
                #expect(event.event.outcome == (event.act == nil ? .denied : .failure))
                #expect(CRN(event.event.resource ?? "") != nil)
            }
        }
    }

    @Test func `errors are named with the resources they are about`() throws {
        var mapping = try Mapping()

        let event = try #require(
            try mapping.map(
                19,
                5,
                ["topics": [["name": "a"], ["name": "b"]]],
                ["topics": [["name": "a", "errorCode": 36], ["name": "b", "errorCode": 0]]]
            ).last
        )

        #expect(event.string("data.result.status") == "FAILURE")
        #expect(event.string("data.result.message") == "TOPIC_ALREADY_EXISTS")
        #expect(event.integer("data.result.data.succeeded") == 1)
        #expect(event.integer("data.result.data.failed") == 1)
        #expect(event.string("data.result.data.errors.0.resource") == "topic=a")
        #expect(event.integer("data.result.data.errors.0.errorCode") == 36)
    }
}
