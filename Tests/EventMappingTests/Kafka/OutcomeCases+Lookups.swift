// SPDX-License-Identifier: Apache-2.0

import KafkaProtocol

extension OutcomeCases {
    private static let cluster = "crn:///kafka=k-1"
    private static func topic(_ name: String) -> String { "\(cluster)/topic=\(name)" }
    private static func group(_ name: String) -> String { "\(cluster)/group=\(name)" }

    static let lookups: [OutcomeCase] = [
        OutcomeCase(
            "ListOffsets",
            2,
            7,
            ["replicaId": -1, "topics": [["name": "a"]]],
            ["topics": [["name": "a", "partitions": [["partitionIndex": 0, "errorCode": 29]]]]],
            ["denied Describe Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "Metadata",
            3,
            12,
            ["topics": [["name": "a"], ["name": "b"]], "allowAutoTopicCreation": false],
            ["topics": [["errorCode": 29, "name": "a"], ["errorCode": 0, "name": "b"]]],
            ["denied Describe Topic a", "allowed Describe Topic b"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "Metadata by id, unknown",
            3,
            12,
            ["topics": [["topicId": .uuid(.one), "name": nil]]],
            ["topics": [["errorCode": 100, "name": nil, "topicId": .uuid(.one)]]],
            [],
            act: "failure \(topic("AAAAAAAAAAAAAAAAAAAAAQ"))"
        ),
        OutcomeCase(
            "ListGroups never says no",
            16,
            4,
            ["statesFilter": []],
            ["errorCode": 0, "groups": []],
            [],
            act: "success \(cluster)"
        ),
        OutcomeCase(
            "OffsetForLeaderEpoch",
            23,
            4,
            ["replicaId": -1, "topics": [["topic": "a"]]],
            ["topics": [["topic": "a", "partitions": [["errorCode": 75, "partition": 0]]]]],
            ["allowed Describe Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "DescribeAcls",
            29,
            3,
            ["operation": 1],
            ["errorCode": 31],
            ["denied Describe Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeConfigs by type",
            32,
            4,
            [
                "resources": [
                    ["resourceType": 2, "resourceName": "a"], ["resourceType": 8, "resourceName": "1"],
                    ["resourceType": 32, "resourceName": "g"],
                ]
            ],
            [
                "results": [
                    ["errorCode": 29, "resourceType": 2, "resourceName": "a"],
                    ["errorCode": 0, "resourceType": 8, "resourceName": "1"],
                    ["errorCode": 30, "resourceType": 32, "resourceName": "g"],
                ]
            ],
            [
                "denied DescribeConfigs Topic a", "allowed DescribeConfigs Cluster kafka-cluster",
                "denied DescribeConfigs Group g",
            ],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeLogDirs",
            35,
            4,
            ["topics": nil],
            ["errorCode": 31, "results": []],
            ["denied Describe Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeLogDirs 1 hides refusals",
            35,
            1,
            ["topics": nil],
            ["results": []],
            [],
            act: "success \(cluster)"
        ),
        OutcomeCase(
            "DescribeDelegationToken",
            41,
            2,
            ["owners": nil],
            ["errorCode": 64, "tokens": []],
            [],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "ListPartitionReassignments",
            46,
            0,
            ["topics": nil],
            ["errorCode": 31],
            ["denied Describe Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeClientQuotas",
            48,
            1,
            ["strict": false],
            ["errorCode": 31],
            ["denied DescribeConfigs Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeUserScramCredentials",
            50,
            0,
            ["users": nil],
            ["errorCode": 0, "results": [["user": "dave", "errorCode": 91]]],
            ["allowed Describe Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeQuorum",
            55,
            1,
            ["topics": []],
            ["errorCode": 31],
            ["denied Describe Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase("DescribeCluster", 60, 0, [:], ["errorCode": 0], [], act: "success \(cluster)"),
        OutcomeCase(
            "DescribeCluster of controllers",
            60,
            1,
            ["endpointType": 2],
            ["errorCode": 31],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeProducers",
            61,
            0,
            ["topics": [["name": "a"]]],
            ["topics": [["name": "a", "partitions": [["errorCode": 29]]]]],
            ["denied Read Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "DescribeTransactions",
            65,
            0,
            ["transactionalIds": ["x"]],
            ["transactionStates": [["errorCode": 53, "transactionalId": "x"]]],
            ["denied Describe TransactionalId x"],
            act: "failure \(cluster)/transactional-id=x"
        ),
        OutcomeCase("ListTransactions", 66, 1, ["stateFilters": []], ["errorCode": 0], [], act: "success \(cluster)"),
        OutcomeCase(
            "ListConfigResources",
            74,
            1,
            ["resourceTypes": []],
            ["errorCode": 31],
            ["denied DescribeConfigs Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "DescribeTopicPartitions",
            75,
            0,
            ["topics": [["name": "a"]]],
            ["topics": [["errorCode": 29, "name": "a", "topicId": .uuid(.none)]]],
            ["denied Describe Topic a"],
            act: "failure \(topic("a"))"
        ),
    ]

    static let traffic: [OutcomeCase] = [
        OutcomeCase(
            "Produce, allowed",
            0,
            9,
            ["acks": -1, "topicData": [["name": "a"]]],
            ["responses": [["name": "a", "partitionResponses": [["index": 0, "errorCode": 0]]]]],
            [],
            act: "success \(topic("a"))"
        ),
        OutcomeCase(
            "Produce, refused",
            0,
            9,
            ["acks": -1, "topicData": [["name": "a"]]],
            ["responses": [["name": "a", "partitionResponses": [["index": 0, "errorCode": 29]]]]],
            ["denied Write Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "Produce, transaction refused",
            0,
            9,
            ["transactionalId": "x", "topicData": [["name": "a"]]],
            ["responses": [["name": "a", "partitionResponses": [["index": 0, "errorCode": 53]]]]],
            ["denied Write TransactionalId x"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "Produce, old brokers' idempotence",
            0,
            3,
            ["acks": -1, "topicData": [["name": "a"]]],
            ["responses": [["name": "a", "partitionResponses": [["index": 0, "errorCode": 31]]]]],
            ["denied IdempotentWrite Cluster kafka-cluster"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "Fetch",
            1,
            11,
            ["replicaId": -1, "topics": [["topic": "a"]]],
            ["errorCode": 0, "responses": [["topic": "a", "partitions": [["partitionIndex": 0, "errorCode": 29]]]]],
            ["denied Read Topic a"],
            act: "failure \(topic("a"))"
        ),
        OutcomeCase(
            "Fetch of a follower",
            1,
            15,
            ["replicaState": ["replicaId": 2], "topics": [["topicId": .uuid(.one)]]],
            ["errorCode": 31, "responses": []],
            ["denied ClusterAction Cluster kafka-cluster"],
            act: "failure \(topic("AAAAAAAAAAAAAAAAAAAAAQ"))"
        ),
        OutcomeCase(
            "InitProducerId without transaction",
            22,
            4,
            ["transactionalId": nil],
            ["errorCode": 31],
            ["denied IdempotentWrite Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "InitProducerId, allowed by either right",
            22,
            4,
            ["transactionalId": nil],
            ["errorCode": 0],
            [],
            act: "success \(cluster)"
        ),
        OutcomeCase(
            "InitProducerId of a transaction",
            22,
            4,
            ["transactionalId": "x"],
            ["errorCode": 53],
            ["denied Write TransactionalId x"],
            act: "failure \(cluster)/transactional-id=x"
        ),
        OutcomeCase(
            "AddPartitionsToTxn 3",
            24,
            3,
            ["v3AndBelowTransactionalId": "x", "v3AndBelowTopics": [["name": "a"], ["name": "b"]]],
            [
                "resultsByTopicV3AndBelow": [
                    ["name": "a", "resultsByPartition": [["partitionIndex": 0, "partitionErrorCode": 29]]],
                    ["name": "b", "resultsByPartition": [["partitionIndex": 0, "partitionErrorCode": 55]]],
                ]
            ],
            ["allowed Write TransactionalId x", "denied Write Topic a"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "AddPartitionsToTxn 4 is a broker's",
            24,
            4,
            ["transactions": [["transactionalId": "x"]]],
            ["errorCode": 31],
            ["denied ClusterAction Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "AddOffsetsToTxn",
            25,
            3,
            ["transactionalId": "x", "groupId": "g"],
            ["errorCode": 30],
            ["allowed Write TransactionalId x", "denied Read Group g"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "EndTxn",
            26,
            3,
            ["transactionalId": "x", "committed": true],
            ["errorCode": 90],
            ["allowed Write TransactionalId x"],
            act: "failure \(cluster)/transactional-id=x"
        ),
        OutcomeCase(
            "TxnOffsetCommit",
            28,
            3,
            ["transactionalId": "x", "groupId": "g", "topics": [["name": "a"]]],
            ["topics": [["name": "a", "partitions": [["partitionIndex": 0, "errorCode": 0]]]]],
            ["allowed Write TransactionalId x", "allowed Read Group g", "allowed Read Topic a"],
            act: "success \(topic("a"))"
        ),
        OutcomeCase(
            "WriteTxnMarkers",
            27,
            1,
            ["markers": []],
            ["markers": [["topics": [["name": "a", "partitions": [["errorCode": 31]]]]]]],
            ["denied Alter Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "ShareFetch",
            78,
            1,
            ["groupId": "g", "topics": [["topicId": .uuid(.one)]]],
            ["errorCode": 30, "responses": []],
            ["denied Read Group g"],
            act: "failure \(topic("AAAAAAAAAAAAAAAAAAAAAQ"))"
        ),
        OutcomeCase(
            "ShareAcknowledge",
            79,
            1,
            ["groupId": "g", "topics": [["topicId": .uuid(.one)]]],
            ["errorCode": 0, "responses": [["topicId": .uuid(.one), "partitions": [["errorCode": 29]]]]],
            ["denied Read Topic AAAAAAAAAAAAAAAAAAAAAQ"],
            act: "failure \(topic("AAAAAAAAAAAAAAAAAAAAAQ"))"
        ),
        OutcomeCase(
            "LeaderAndIsr",
            4,
            5,
            [:],
            ["errorCode": 31],
            ["denied ClusterAction Cluster kafka-cluster"],
            act: "failure \(cluster)"
        ),
        OutcomeCase(
            "AlterPartition",
            56,
            2,
            [:],
            ["errorCode": 0],
            ["allowed ClusterAction Cluster kafka-cluster"],
            act: "success \(cluster)"
        ),
    ]
}
